"""The committed files of territories, as rows ready for the table."""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eventsapp.geography.models import TerritoryKind
from eventsapp.geography.names import search_name

DATA = Path(__file__).parent / "data"
BEFORE_THE_REFORM = 2015

Row = dict[str, Any]


def read_territories() -> Iterator[Row]:
    """Yield every territory: régions of today and of 2015, départements, EPCI, communes."""
    vintage = int((DATA / "VINTAGE").read_text(encoding="utf-8"))
    for former in _lines("regions_2015.csv"):
        yield _territory(TerritoryKind.REGION, BEFORE_THE_REFORM, former, successor_code=former["successor"])
    for region in _lines("regions.csv"):
        yield _territory(TerritoryKind.REGION, vintage, region, region_code=region["code"])
    for department in _lines("departments.csv"):
        yield _territory(TerritoryKind.DEPARTMENT, vintage, department, department_code=department["code"])
    for epci in _lines("epcis.csv"):
        yield _territory(TerritoryKind.EPCI, vintage, epci, epci_code=epci["code"])
    for commune in _lines("communes.csv.gz"):
        yield _territory(TerritoryKind.COMMUNE, vintage, commune)


def _lines(name: str) -> Iterator[dict[str, str]]:
    content = (DATA / name).read_bytes()
    text = (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8")
    return csv.DictReader(io.StringIO(text))


def _territory(kind: TerritoryKind, vintage: int, line: dict[str, str], **known: str) -> Row:
    return {
        "kind": kind.value,
        "code": line["code"],
        "vintage": vintage,
        "name": line["name"],
        "search_name": search_name(line["name"]),
        "region_code": line.get("region") or None,
        "department_code": line.get("department") or None,
        "epci_code": line.get("epci") or None,
        "postal_codes": line.get("postal_codes", "").replace("|", " "),
        "population": _number(line, "population", int),
        "latitude": _number(line, "latitude", float),
        "longitude": _number(line, "longitude", float),
        "precision": line.get("precision") or None,
        "successor_code": None,
        **known,
    }


def _number(line: dict[str, str], column: str, convert: type[int] | type[float]) -> float | None:
    text = line.get(column)
    return convert(text) if text else None
