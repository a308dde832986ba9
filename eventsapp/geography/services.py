"""Writes of the geography slice: the table of territories is filled from the committed files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from eventsapp.core.db import db
from eventsapp.geography.files import Row, read_territories
from eventsapp.geography.models import Territory

BATCH = 2000
OURS = ("id", "loaded_at")  # the files know nothing of these
COLUMNS = tuple(column.name for column in Territory.__table__.columns if column.name not in OURS)

Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Loading:
    """What a loading did."""

    added: int
    changed: int
    unchanged: int


def load_territories(*, at: datetime) -> Loading:
    """Every territory of the files is in the table, as the files say. Loading twice changes nothing.

    Territories of other vintages stay: an address keeps the name of its time.
    """
    present = _present()
    added: list[Row] = []
    changed: list[Row] = []
    unchanged = 0
    for row in read_territories():
        known = present.get((row["kind"], row["code"], row["vintage"]))
        if known is None:
            added.append({**row, "loaded_at": at})
        elif known[1:] != tuple(row[column] for column in COLUMNS):
            changed.append({**row, "id": known[0], "loaded_at": at})
        else:
            unchanged += 1
    _write(added, changed)
    return Loading(len(added), len(changed), unchanged)


def _present() -> dict[Key, tuple[Any, ...]]:
    table = Territory.__table__.c
    rows = db.session.execute(select(table.id, *(table[column] for column in COLUMNS)))
    kind, code, vintage = (1 + COLUMNS.index(name) for name in ("kind", "code", "vintage"))
    return {(row[kind], row[code], row[vintage]): tuple(row) for row in rows}


def _write(added: list[Row], changed: list[Row]) -> None:
    for start in range(0, len(added), BATCH):
        db.session.execute(insert(Territory.__table__), added[start : start + BATCH])  # type: ignore[arg-type]
    for start in range(0, len(changed), BATCH):
        db.session.execute(update(Territory), changed[start : start + BATCH])
