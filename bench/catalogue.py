"""Every row that can be asked for, and the module that measures it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bench.figures import Figure
from bench.rows import drain, page, pdf_list, race, registration

Measure = Callable[[], list[Figure]]

ROWS: dict[str, Measure] = {
    "page": page.measure,
    "registration": registration.measure_flow,
    "registration_post": registration.measure_post,
    "race": race.measure,
    "drain": drain.measure,
    "pdf_list": pdf_list.measure,
}


def chosen(names: Iterable[str]) -> dict[str, Measure]:
    """Return the rows of these names, all of them without any; raise KeyError naming the first unknown one."""
    return {name: ROWS[name] for name in names or ROWS}
