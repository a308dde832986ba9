"""Registrations of the demonstration, stored as rows: nobody is written to."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from itertools import groupby

from eventsapp.attendance.models import Attendance
from eventsapp.cli.demo.people import DemoPerson, people
from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.models import Registration, SessionPlace

ALPHABET = "ACDEFGHJKLMNPQRTUVWXY34679"  # that of references given to real registrations


def register_people(
    meeting: Meeting, count: int, *, start: int, before: datetime, in_workshops: bool = True
) -> list[Registration]:
    """``count`` people hold a place, and one in each slot of workshops that has room for them.

    The latest to register comes first.
    """
    registrations = [
        _registration(meeting, person, number, before - timedelta(hours=number))
        for number, person in enumerate(people(count, start=start), 1)
    ]
    for number, registration in enumerate(registrations, 1):
        registration.place_number = number
    for _hour, parallel in groupby(meeting.workshops, key=lambda session: session.starts_at):
        if in_workshops:
            _spread(registrations, list(parallel))
    db.session.add_all(registrations)
    db.session.flush()
    return registrations


def register_again(first: Registration, *, number: int, at: datetime) -> Registration:
    """The same person holds a second place, under another address of the same mailbox."""
    local, _at, domain = first.email.partition("@")
    person = DemoPerson(
        civility=first.civility,
        given_name=first.given_name,
        family_name=first.family_name.upper(),
        email=f"{local}+2@{domain}",
        organisation=first.organisation,
        job_title=first.job_title,
        participant_kind=first.participant_kind,
        region_code=first.region_code or "",
        accepts_listing=False,
    )
    again = _registration(first.meeting, person, number, at)
    again.place_number = number
    db.session.add(again)
    db.session.flush()
    return again


def put_in_line(
    meeting: Meeting, count: int, *, start: int, after: int, before: datetime
) -> list[Registration]:
    """``count`` people wait for a place, in order; ``after`` so many people who registered."""
    line = [
        _registration(meeting, person, after + rank, before - timedelta(minutes=10 * (count - rank)))
        for rank, person in enumerate(people(count, start=start), 1)
    ]
    for rank, registration in enumerate(line, 1):
        registration.state, registration.queue_rank = "waiting", rank
    db.session.add_all(line)
    db.session.flush()
    return line


def mark_present(registrations: list[Registration], half_days: list[str], *, at: datetime) -> None:
    """Most came; every ninth person was excused, every fourteenth absent."""
    db.session.add_all(
        Attendance(
            registration_id=registration.id,
            half_day=half_day,
            state="excused" if number % 9 == 8 else "absent" if number % 14 == 13 else "present",
            evidence="paper",
            noted_at=at,
        )
        for number, registration in enumerate(registrations)
        for half_day in half_days
    )
    db.session.flush()


def _registration(meeting: Meeting, person: DemoPerson, number: int, registered_at: datetime) -> Registration:
    registration = Registration(
        meeting_id=meeting.id,
        reference=_reference(meeting, number),
        **vars(person),
        consent_text_version="demo",
        registered_at=registered_at,
        is_demo=True,
    )
    registration.set_keys()
    return registration


def _spread(registrations: list[Registration], parallel: list[Session]) -> None:
    """Fill the sessions unevenly, so that one is full and others have room."""
    taken = dict.fromkeys(range(len(parallel)), 0)
    for number, registration in enumerate(registrations):
        wanted = 0 if number % 5 < 2 else number % len(parallel)
        free = [index for index in _turn(wanted, len(parallel)) if _has_room(parallel[index], taken[index])]
        if not free:
            continue
        taken[free[0]] += 1
        registration.places.append(
            SessionPlace(
                session_id=parallel[free[0]].id,
                place_number=taken[free[0]],
                taken_at=registration.registered_at,
            )
        )


def _turn(first: int, length: int) -> list[int]:
    return [(first + step) % length for step in range(length)]


def _has_room(session: Session, taken: int) -> bool:
    return session.capacity is None or taken < session.capacity


def _reference(meeting: Meeting, number: int) -> str:
    digest = hashlib.sha256(f"{meeting.slug}:{number}".encode()).digest()
    letters = "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:8])
    return f"{letters[:4]}-{letters[4:]}"
