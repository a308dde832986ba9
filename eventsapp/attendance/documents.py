"""Content of the list of participants and of the sign-in sheets: plain data, rendered by the worker.

The rows come from the same records as the minutes. Never an e-mail address nor a phone number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import current_app

from eventsapp.attendance.headings import heading, sentence
from eventsapp.attendance.models import Attendance
from eventsapp.attendance.rules import ROWS_OF_A_FILE, HalfDay, cut, in_capitals, standing, tally
from eventsapp.core.i18n import _, format_day, format_hours
from eventsapp.core.keys import search_key
from eventsapp.meetings.models import SESSION_ROLES, Meeting, Session
from eventsapp.registrations.models import PARTICIPANT_KINDS, Registration

Marks = Mapping[int, Mapping[str, Attendance]]
WALK_IN_ROWS = 8


def participant_list(
    meeting: Meeting,
    people: Sequence[Registration],
    marks: Marks,
    regions: Mapping[str, str],
    *,
    who: str = "registered",
    grouping: str = "name",
) -> dict[str, Any]:
    """Return the list of those registered or of those present, with totals; the excused stand apart."""
    standings = {person.id: standing(_states(marks, person.id)) for person in people}
    roles = _roles_by_name(meeting.sessions)
    excused = [person for person in people if standings[person.id] == "excused"]
    listed = [
        person
        for person in people
        if (standings[person.id] == "present" if who == "present" else standings[person.id] != "excused")
    ]
    return {
        "heading": heading(meeting),
        "who": who,
        "is_alphabetical": grouping == "name",
        "groups": _groups(listed, regions, roles, grouping),
        "total": len(listed),
        "by_kind": _totals(str(PARTICIPANT_KINDS[person.participant_kind]) for person in listed),
        "by_region": _totals(regions.get(person.region_code or "", _("Non précisée")) for person in listed),
        "excused": [_row(person, regions, roles) for person in excused],
        "speakers": _speakers_not_registered(meeting.sessions, people),
    }


def half_day_sheet(
    meeting: Meeting, half_days: Sequence[HalfDay], people: Sequence[Registration]
) -> dict[str, Any]:
    """Return the sheet of one day of the meeting: a column to sign for each of its half-days."""
    return {
        "heading": heading(meeting),
        "when_sentence": sentence(format_day(half_days[0].starts_at, meeting.time_zone)),
        "session": None,
        "moderators": [],
        "columns": [_column(half_day) for half_day in half_days],
        **_lines(people),
    }


def session_sheet(meeting: Meeting, session: Session, people: Sequence[Registration]) -> dict[str, Any]:
    """Return the sheet of one workshop: one column to sign."""
    hours = format_hours(session.starts_at, session.ends_at, meeting.time_zone)
    return {
        "heading": heading(meeting),
        "when_sentence": f"{sentence(format_day(session.starts_at, meeting.time_zone))}, {hours}",
        "session": {"title": session.title, "room": session.room},
        "moderators": [role.name for role in session.roles if role.role == "moderator"],
        "columns": [{"label": _("Séance"), "hours": hours}],
        **_lines(people),
    }


def half_day_label(half_day: HalfDay) -> str:
    """«Matin», «Après-midi» or «Soirée»."""
    labels = {"am": _("Matin"), "pm": _("Après-midi"), "evening": _("Soirée")}
    return labels[half_day.part]


def listed_name(person: Registration) -> str:
    """«DE LA TOUR Élise», the form of lists."""
    return f"{in_capitals(person.family_name)} {person.given_name}"


def _states(marks: Marks, person_id: int) -> list[str]:
    return [mark.state for mark in marks.get(person_id, {}).values()]


def _column(half_day: HalfDay) -> dict[str, str]:
    hours = format_hours(half_day.starts_at, half_day.ends_at, half_day.time_zone)
    return {"label": half_day_label(half_day), "hours": hours}


def _lines(people: Sequence[Registration]) -> dict[str, Any]:
    rows = [
        {
            "number": number,
            "civility": person.civility,
            "name": listed_name(person),
            "job_title": person.job_title,
            "organisation": person.organisation,
        }
        for number, person in enumerate(people, 1)
    ]
    return {
        "rows": rows,
        "total": len(rows),
        "blank_rows": list(range(len(rows) + 1, len(rows) + 1 + WALK_IN_ROWS)),
    }


def _row(person: Registration, regions: Mapping[str, str], roles: Mapping[str, list[str]]) -> dict[str, str]:
    return {
        "name": listed_name(person),
        "job_title": person.job_title,
        "organisation": person.organisation,
        "territory": regions.get(person.region_code or "", ""),
        "role": ", ".join(roles.get(search_key(person.full_name), [])),
    }


def _groups(
    people: Sequence[Registration],
    regions: Mapping[str, str],
    roles: Mapping[str, list[str]],
    grouping: str,
) -> list[dict[str, Any]]:
    named: dict[str, list[Registration]] = {}
    for person in people:
        named.setdefault(_group_name(person, grouping), []).append(person)
    order = (
        sorted(named, key=lambda name: (name == "", search_key(name))) if grouping != "name" else list(named)
    )
    return [
        {
            "title": name or _("Sans organisme"),
            "count": len(named[name]),
            "rows": [_row(person, regions, roles) for person in named[name]],
        }
        for name in order
    ]


def _group_name(person: Registration, grouping: str) -> str:
    if grouping == "kind":
        return str(PARTICIPANT_KINDS[person.participant_kind])
    return person.organisation if grouping == "organisation" else ""


def _totals(values: Iterable[str]) -> list[list[Any]]:
    counted = tally(values)
    return [
        [name, counted[name]] for name in sorted(counted, key=lambda name: (-counted[name], search_key(name)))
    ]


def _roles_by_name(sessions: Iterable[Session]) -> dict[str, list[str]]:
    roles: dict[str, list[str]] = {}
    for role in (role for session in sessions for role in session.roles):
        held = roles.setdefault(search_key(role.name), [])
        label = str(SESSION_ROLES[role.role])
        if label not in held:
            held.append(label)
    return roles


def _speakers_not_registered(
    sessions: Iterable[Session], people: Iterable[Registration]
) -> list[dict[str, str]]:
    registered = {search_key(person.full_name) for person in people}
    roles = _roles_by_name(sessions)
    found = {search_key(role.name): role for session in sessions for role in session.roles}
    return [
        {
            "name": role.name,
            "job_title": role.title,
            "organisation": role.organisation,
            "role": ", ".join(roles[key]),
        }
        for key, role in sorted(found.items())
        if key not in registered
    ]


def files_of_list(content: Mapping[str, Any], most: int = ROWS_OF_A_FILE) -> list[dict[str, Any]]:
    """Return the list as one file, or as several of at most so many rows; the totals are in the last one."""
    tables = [
        *(("groups", group) for group in content["groups"]),
        *((kind, {"rows": content[kind]}) for kind in ("speakers", "excused")),
    ]
    files = []
    for parts in cut([len(table["rows"]) for _kind, table in tables], most):
        file: dict[str, Any] = {**content, "groups": [], "speakers": [], "excused": []}
        for index, rows in parts:
            kind, table = tables[index]
            part = {**table, "rows": table["rows"][rows], "goes_on": rows.start > 0}
            file[kind] += [part] if kind == "groups" else part["rows"]
        files.append(file)
    return _numbered(files)


def files_of_sheet(content: Mapping[str, Any], most: int = ROWS_OF_A_FILE) -> list[dict[str, Any]]:
    """Return the sheet as one file, or as several of at most so many rows; blank rows and totals are in the last one."""
    rows = content["rows"]
    begins = range(0, max(1, len(rows)), most)
    return _numbered([{**content, "rows": rows[begin : begin + most]} for begin in begins])


def _numbered(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**file, "file": {"number": number, "count": len(files), "is_last": number == len(files)}}
        for number, file in enumerate(files, 1)
    ]


def render_list(content: Mapping[str, Any]) -> str:
    """Return one file of the list of participants as the HTML the worker makes a PDF of; documents speak French."""
    return _render("attendance/pdf/participants.html", content)


def render_sheet(content: Mapping[str, Any]) -> str:
    """Return one file of a sign-in sheet as the HTML the worker makes a PDF of."""
    return _render("attendance/pdf/sign_in_sheet.html", content)


def _render(template: str, content: Mapping[str, Any]) -> str:
    # Not render_template: it would add what belongs to the page of the person who clicks.
    return current_app.jinja_env.get_template(template).render(current_locale="fr", **content)
