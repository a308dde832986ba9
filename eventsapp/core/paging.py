"""Bounded lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import Select, func, literal, select

from eventsapp.core.db import db

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list: never more than ``size`` items.

    ``most`` is where counting stopped: a higher ``total`` only says that there are more than that.
    """

    items: Sequence[Item]
    number: int
    size: int
    total: int
    most: int | None = None
    has_more: bool = False  # looked at, where the total does not tell

    @property
    def is_counted(self) -> bool:
        return self.most is None or self.total <= self.most

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages if self.is_counted else self.has_more


def page_number() -> int:
    """Return the page asked for by ?page=, at least 1."""
    return max(1, min(request.args.get("page", 1, type=int), 1_000_000))


def paginate(statement: Select[Any], *, number: int, size: int = 50) -> Page[Any]:
    """Return one page of the statement's first entity, with the total: two statements."""
    some = statement.order_by(None)
    total = db.session.scalar(select(func.count()).select_from(some.subquery())) or 0
    number = min(number, max(1, -(-total // size)))
    return Page(_rows(statement, number, size), number, size, total)


def paginate_endless(
    statement: Select[Any], *, number: int, size: int, most: int, total: int | None = None
) -> Page[Any]:
    """Like ``paginate``, but nothing is counted past ``most``: however long the list, its page costs the same.

    The total is not counted at all when it is known already, or when everything is on this page.
    """
    rows = _rows(statement, number, size, more=1)
    if total is None:
        ends_here = len(rows) <= size and (rows or number == 1)
        total = (number - 1) * size + len(rows) if ends_here else _count(statement, most)
    last = max(1, -(-total // size))
    if not rows and number > last:
        number, rows = last, _rows(statement, last, size, more=1)
    return Page(rows[:size], number, size, total, most, len(rows) > size)


def _rows(statement: Select[Any], number: int, size: int, *, more: int = 0) -> Sequence[Any]:
    found = statement.limit(size + more).offset((number - 1) * size)
    return db.session.scalars(found).unique().all()


def _count(statement: Select[Any], most: int) -> int:
    # One column of its own: read from an index alone where there is one.
    some = statement.order_by(None).with_only_columns(literal(1), maintain_column_froms=True)
    return db.session.scalar(select(func.count()).select_from(some.limit(most + 1).subquery())) or 0


def paged(items: Sequence[Item], *, number: int, size: int = 50) -> Page[Item]:
    """Return one page of a list already in memory."""
    number = min(number, max(1, -(-len(items) // size)))
    return Page(items[(number - 1) * size : number * size], number, size, len(items))
