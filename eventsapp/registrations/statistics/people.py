"""Expected people by what they said of themselves and by how they come. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter

from eventsapp.core.i18n import Text, _, _l, format_number
from eventsapp.directory.models import ORGANISATION_KINDS
from eventsapp.registrations.filters import REGIONS
from eventsapp.registrations.models import ATTENDANCE_MODES, PARTICIPANT_KINDS
from eventsapp.registrations.queries.statistics import Crowd, Largest
from eventsapp.registrations.statistics.tables import MOST_LINES, Line, Table, table_of_people

ORIGINS: dict[str, Text] = {
    "person": _l("La personne elle-même"),
    "colleague": _l("Une ou un collègue"),
    "office": _l("L’équipe de la rencontre"),
}


def tables_of_crowds(people: Iterable[Crowd]) -> list[Table]:
    """Return one table for each thing that crowds tell apart."""
    expected = [crowd for crowd in people if crowd.is_expected]

    def by(key: str, title: Text, label: Text, field: str, words: Mapping[str, Text], none: Text) -> Table:
        return table_of_people(key, title, label, _lines(expected, attrgetter(field), words, none))

    unknown = _l("Non précisée")
    return [
        by("types", _l("Par type de participant"), _l("Type"), "kind", PARTICIPANT_KINDS, unknown),
        by("regions", _l("Par région"), _l("Région"), "region", REGIONS, unknown),
        by(
            "types-organismes",
            _l("Par type d’organisme"),
            _l("Type"),
            "organisation_kind",
            ORGANISATION_KINDS,
            _l("Organismes hors de l’annuaire"),
        ),
        by(
            "participation",
            _l("Sur place ou à distance"),
            _l("Participation"),
            "mode",
            ATTENDANCE_MODES,
            unknown,
        ),
        by(
            "origine", _l("Qui a fait l’inscription"), _l("Inscription faite par"), "origin", ORIGINS, unknown
        ),
    ]


def _lines(
    people: Iterable[Crowd], word_of: Callable[[Crowd], str | None], words: Mapping[str, Text], none: Text
) -> list[Line]:
    """One line for each word that somebody has, the largest first; last those who have none."""
    expected, confirmed = Counter[str | None](), Counter[str | None]()
    for crowd in people:
        word = word_of(crowd)
        known = word if word in words else None
        expected[known] += crowd.number
        confirmed[known] += crowd.number if crowd.state == "confirmed" else 0
    total = expected.total()
    largest_first = sorted((word for word in words if expected[word]), key=lambda word: -expected[word])
    lines = [Line(words[word], expected[word], total, confirmed[word]) for word in largest_first]
    return lines + [Line(none, expected[None], total, confirmed[None])] * bool(expected[None])


def organisations_table(largest: Largest) -> Table:
    """Return the organisations with most people; the others in one line, those who named none in another."""
    groups = largest.groups if largest.number <= MOST_LINES else largest.groups[: MOST_LINES - 1]
    total = largest.expected + largest.without.expected
    lines = [Line(one.label, one.expected, total, one.confirmed) for one in groups]
    if hidden := largest.number - len(groups):
        others = largest.expected - sum(one.expected for one in groups)
        sure = largest.confirmed - sum(one.confirmed for one in groups)
        lines.append(Line(_("%(count)s autres organismes", count=format_number(hidden)), others, total, sure))
    if largest.without.expected:
        lines.append(Line(_l("Sans organisme"), largest.without.expected, total, largest.without.confirmed))
    return table_of_people("organismes", _l("Organismes les plus représentés"), _l("Organisme"), lines)
