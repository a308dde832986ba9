"""Content of a publication, and its two readings: the PDF document and the page with the same words.

The content is plain data (JSON), frozen with its fingerprint; it holds only what becomes public.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from eventsapp.attendance.documents import listed_name
from eventsapp.attendance.models import Attendance
from eventsapp.attendance.rules import standing
from eventsapp.core.i18n import speaking
from eventsapp.core.keys import search_key
from eventsapp.core.links import public_url
from eventsapp.meetings.models import Meeting, Session, SessionRole
from eventsapp.minutes.models import ActionItem, AgendaItem, Decision, Intervention, Minutes
from eventsapp.minutes.reading import readable
from eventsapp.minutes.rules import fingerprint, may_be_named
from eventsapp.registrations.models import Registration

Marks = Mapping[int, Mapping[str, Attendance]]
FORMAT = 1  # of the content; a later form of it gets the next number


def content_of(
    minutes: Minutes,
    people: Sequence[Registration],
    marks: Marks,
    *,
    issuer: str,
    reference: str,
    number: int,
    reason: str,
    at: datetime,
) -> dict[str, Any]:
    """Return everything a publication shows, as plain data."""
    meeting = minutes.meeting
    return {
        "format": FORMAT,
        "reference": reference,
        "number": number,
        "reason": reason,
        "published_at": at.isoformat(),
        "issuer": issuer,
        "meeting": _meeting(meeting),
        "chair": minutes.chair,
        "secretary": minutes.secretary,
        "writer": minutes.writer,
        "opened_at": _iso(minutes.opened_at),
        "closed_at": _iso(minutes.closed_at),
        "approved_at": _iso(minutes.approved_at),
        "approval_note": minutes.approval_note,
        "attendance": attendance_of(meeting, people, marks),
        "introduction": minutes.introduction,
        "items": [_item(item) for item in minutes.items],
        "conclusion": minutes.conclusion,
        "distribution": minutes.distribution,
    }


def attendance_of(meeting: Meeting, people: Sequence[Registration], marks: Marks) -> dict[str, Any]:
    """Return who spoke, was present, represented or excused: names by the publication policy, others counted."""
    speakers = _speakers(meeting.sessions)
    spoke = {search_key(speaker["name"]) for speaker in speakers}
    others = [person for person in people if search_key(person.full_name) not in spoke]
    groups: dict[str, Any] = {"speakers": speakers}
    for state in ("present", "represented", "excused"):
        there = [person for person in others if _standing(marks, person) == state]
        named = [person for person in there if may_be_named(person)]
        groups[state] = [_person(person, marks, state) for person in named]
        groups[f"{state}_unnamed"] = len(there) - len(named)
    return groups


def publication_html(content: Mapping[str, Any], sha256: str) -> str:
    """Return the document of a publication as the HTML the worker makes a PDF of; documents speak French."""
    with speaking("fr"):
        # Not render_template: it would add what belongs to the page of the person who clicks.
        return current_app.jinja_env.get_template("minutes/pdf/minutes.html").render(
            current_locale="fr",
            minutes=readable(content),
            sha256=sha256,
            verification_href=public_url("publications.verify", reference=content["reference"]),
        )


def is_intact(content: Mapping[str, Any], sha256: str) -> bool:
    """Tell whether the content still has the fingerprint it was published with."""
    return fingerprint(content) == sha256


def _meeting(meeting: Meeting) -> dict[str, Any]:
    return {
        "title": meeting.title,
        "kind": meeting.kind,
        "slug": meeting.slug,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "time_zone": meeting.time_zone,
        "venue": meeting.venue,
        "address": meeting.address,
        "city": meeting.city,
        "is_demo": meeting.is_demo,
    }


def _speakers(sessions: Iterable[Session]) -> list[dict[str, str]]:
    found: dict[str, SessionRole] = {}
    for role in (role for session in sessions for role in session.roles):
        found.setdefault(search_key(role.name), role)
    return [_role(role) for role in found.values()]


def _role(role: SessionRole) -> dict[str, str]:
    return {"name": role.name, "title": role.title, "organisation": role.organisation, "role": role.role}


def _standing(marks: Marks, person: Registration) -> str:
    return standing(mark.state for mark in marks.get(person.id, {}).values())


def _person(person: Registration, marks: Marks, state: str) -> dict[str, str]:
    shown = {
        "name": listed_name(person),
        "title": person.job_title,
        "organisation": person.organisation,
    }
    if state == "represented":
        held = marks.get(person.id, {}).values()
        shown["by"] = next((mark.represented_by for mark in held if mark.represented_by), "")
    return shown


def _item(item: AgendaItem) -> dict[str, Any]:
    return {
        "title": item.title,
        "rapporteur": item.rapporteur,
        "summary": item.summary,
        "session": _session(item.session) if item.session else None,
        "interventions": [_intervention(block) for block in item.interventions],
        "decisions": [_decision(block) for block in item.decisions],
        "actions": [_action(block) for block in item.actions],
    }


def _session(session: Session) -> dict[str, Any]:
    return {
        "kind": session.kind,
        "room": session.room,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "roles": [_role(role) for role in session.roles],
    }


def _intervention(block: Intervention) -> dict[str, Any]:
    return {
        "speaker": block.speaker,
        "title": block.title,
        "organisation": block.organisation,
        "text": block.text,
    }


def _decision(block: Decision) -> dict[str, Any]:
    votes = (block.votes_for, block.votes_against, block.abstentions)
    return {
        "text": block.text,
        "outcome": block.outcome,
        "votes": None if votes == (None, None, None) else [vote or 0 for vote in votes],
    }


def _action(block: ActionItem) -> dict[str, Any]:
    return {
        "text": block.text,
        "responsible": block.responsible,
        "due_on": block.due_on.isoformat() if block.due_on else None,
        "state": block.state,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
