"""Bounded lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import Select, func, select

from eventsapp.core.db import db

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list: never more than ``size`` items."""

    items: Sequence[Item]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages


def page_number() -> int:
    """Return the page asked for by ?page=, at least 1."""
    return max(1, min(request.args.get("page", 1, type=int), 1_000_000))


def paginate(statement: Select[Any], *, number: int, size: int = 50) -> Page[Any]:
    """Return one page of the statement's first entity, with the total: two statements."""
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    last = max(1, -(-total // size))
    number = min(number, last)
    rows = db.session.scalars(statement.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, number, size, total)


def paged(items: Sequence[Item], *, number: int, size: int = 50) -> Page[Item]:
    """Return one page of a list already in memory."""
    number = min(number, max(1, -(-len(items) // size)))
    return Page(items[(number - 1) * size : number * size], number, size, len(items))
