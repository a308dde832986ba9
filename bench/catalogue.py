"""Every row that can be asked for, and the module that measures it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bench.figures import Figure
from bench.rows import allocation, crash, drain, list_growth, page, pdf_list, race, registration

Measure = Callable[[], list[Figure]]

ROWS: dict[str, Measure] = {
    "page": page.measure,
    "registration": registration.measure_flow,
    "registration_post": registration.measure_post,
    "registration_least": registration.measure_least,
    **race.MEASURES,
    "race_crash": crash.measure,
    "drain": drain.measure,
    "pdf_list": pdf_list.measure,
    "allocation": allocation.measure,
    "list_growth": list_growth.measure,
}


def chosen(names: Iterable[str]) -> dict[str, Measure]:
    """Return the rows of these names, all of them without any; raise KeyError naming the first unknown one."""
    return {name: ROWS[name] for name in names or ROWS}
