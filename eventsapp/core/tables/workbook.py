"""A workbook (XLSX or ODS), read by a process of its own.

Its reader makes room for every cell up to the farthest: one cell filled at the end of a sheet, or a small file
that unpacks into gigabytes, ends the process that reads it. That process must not be the one that answers people.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from eventsapp.core.i18n import Text, _l
from eventsapp.core.tables.errors import (
    FileHasTooManyLines,
    WorkbookIsUnreadable,
)
from eventsapp.core.tables.sheet import CONTROLS, MOST_COLUMNS, MOST_LINES, Row

CHILD = Path(__file__).with_name("workbook_child.py")
SECONDS = 20
MOST_MEMORY_MEGABYTES = 1024


def read_workbook(content: bytes) -> tuple[list[Row], Text]:
    """Return the lines of the first sheet in sight that holds any, and its name in words."""
    limits = [str(number) for number in (MOST_LINES + 1, MOST_COLUMNS + 1, MOST_MEMORY_MEGABYTES)]
    try:
        read = subprocess.run(  # noqa: S603 - our own file
            [sys.executable, "-I", str(CHILD), *limits],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=True,
        )
        found = json.loads(read.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise WorkbookIsUnreadable from error
    if found["has_more"]:
        raise FileHasTooManyLines(MOST_LINES)
    rows = [Row(number, tuple(CONTROLS.sub("", cell) for cell in cells)) for number, cells in found["rows"]]
    return rows, _l("feuille « %(name)s »", name=found["name"])
