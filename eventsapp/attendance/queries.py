"""Reads of the desk and of its documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select

from eventsapp.attendance.models import Attendance
from eventsapp.attendance.rules import STANDINGS, HalfDay, half_days
from eventsapp.core.db import db
from eventsapp.core.keys import search_key
from eventsapp.core.paging import Page, paginate
from eventsapp.meetings.models import Meeting
from eventsapp.pdf.models import PdfOrder
from eventsapp.pdf.queries import get_restricted_order
from eventsapp.registrations.models import Registration, SessionPlace
from eventsapp.registrations.questions.answers import in_words
from eventsapp.registrations.questions.queries import desk_answers

DESK_PAGE = 60


def half_days_of(meeting: Meeting) -> list[HalfDay]:
    """Return the half-days of the meeting, with its programme's hours."""
    return half_days(meeting.starts_at, meeting.ends_at, meeting.time_zone, meeting.sessions)


def confirmed(meeting_id: int) -> Select[Any]:
    """Return the statement of those expected, by name."""
    return (
        select(Registration)
        .where(Registration.meeting_id == meeting_id, Registration.state == "confirmed")
        .order_by(Registration.name_key, Registration.id)
    )


def find_expected(meeting_id: int, text: str, *, number: int) -> Page[Registration]:
    """Return one page of those expected whose name, organisation or reference holds each typed word."""
    statement = confirmed(meeting_id)
    for word in search_key(text).split()[:6]:
        statement = statement.where(Registration.search_key.contains(word, autoescape=True))
    return paginate(statement, number=number, size=DESK_PAGE)


def marks_of(registration_ids: Iterable[int]) -> dict[int, dict[str, Attendance]]:
    """Return what is noted for these people: registration → half-day → its row."""
    return _by_person(select(Attendance).where(Attendance.registration_id.in_(list(registration_ids))))


def marks_of_meeting(meeting_id: int) -> dict[int, dict[str, Attendance]]:
    """Return every mark of the meeting: registration → half-day → its row."""
    return _by_person(
        select(Attendance).join(Attendance.registration).where(Registration.meeting_id == meeting_id)
    )


def _by_person(statement: Select[Any]) -> dict[int, dict[str, Attendance]]:
    marks: dict[int, dict[str, Attendance]] = {}
    for row in db.session.scalars(statement):
        marks.setdefault(row.registration_id, {})[row.half_day] = row
    return marks


def answers_at_desk(registration_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """Return what each registration answered to the questions that only the desk reads: (question, answer)."""
    found = desk_answers(list(registration_ids))
    return {key: [(one.label, in_words(one, value)) for one, value in said] for key, said in found.items()}


def counts_by_half_day(meeting_id: int) -> dict[str, dict[str, int]]:
    """Return how many are in each state: half-day → state → number, cancelled registrations left out."""
    rows = db.session.execute(
        select(Attendance.half_day, Attendance.state, func.count())
        .join(Attendance.registration)
        .where(Registration.meeting_id == meeting_id, Registration.state == "confirmed")
        .group_by(Attendance.half_day, Attendance.state)
    )
    counts: dict[str, dict[str, int]] = {}
    for half_day, state, number in rows:
        counts.setdefault(half_day, {})[state] = number
    return counts


def standing_counts(meeting_id: int) -> dict[str, int]:
    """Return how many people count as present, represented, excused or absent for the whole meeting.

    The same order of precedence as ``rules.standing``, counted by the database: one statement.
    """
    rank = case({state: rank for rank, state in enumerate(STANDINGS)}, value=Attendance.state)
    best = (
        select(func.min(rank).label("rank"))
        .join(Attendance.registration)
        .where(Registration.meeting_id == meeting_id, Registration.state == "confirmed")
        .group_by(Attendance.registration_id)
        .subquery()
    )
    rows = db.session.execute(select(best.c.rank, func.count()).group_by(best.c.rank))
    return {STANDINGS[rank]: number for rank, number in rows}


def expected_count(meeting_id: int) -> int:
    """Return the number of confirmed registrations."""
    return db.session.scalar(select(func.count()).select_from(confirmed(meeting_id).subquery())) or 0


def get_registration(meeting_id: int, registration_id: int) -> Registration:
    """Return the meeting's registration; NoResultFound when it is another meeting's."""
    return db.session.scalars(
        select(Registration).where(Registration.id == registration_id, Registration.meeting_id == meeting_id)
    ).one()


def everyone_expected(meeting_id: int) -> Sequence[Registration]:
    """Return those expected, by name: the content of a document, bounded by the meeting's places."""
    return db.session.scalars(confirmed(meeting_id)).all()


def everyone_in_session(session_id: int) -> Sequence[Registration]:
    """Return those who hold a place in the session, by name."""
    return db.session.scalars(
        select(Registration)
        .join(Registration.places)
        .where(SessionPlace.session_id == session_id, SessionPlace.state == "confirmed")
        .where(Registration.state == "confirmed")
        .order_by(Registration.name_key, Registration.id)
    ).all()


def unmarked_ids(meeting_id: int, half_day: str) -> Sequence[int]:
    """Return the registrations with nothing noted for that half-day."""
    marked = select(Attendance.registration_id).where(Attendance.half_day == half_day)
    return db.session.scalars(
        select(Registration.id).where(
            Registration.meeting_id == meeting_id,
            Registration.state == "confirmed",
            Registration.id.not_in(marked),
        )
    ).all()


def purpose_of(meeting_id: int) -> str:
    """Return what the orders of documents of this meeting are known by."""
    return f"attendance:{meeting_id}"


def get_order(meeting_id: int, token: str, account_id: int, at: datetime) -> PdfOrder:
    """Return the document this account ordered for this meeting; raises NoResultFound."""
    return get_restricted_order(token, purpose=purpose_of(meeting_id), account_id=account_id, at=at)


def files_ordered_with(order: PdfOrder) -> int:
    """Return how many files were ordered in one go with this one, itself included."""
    together = select(func.count(PdfOrder.id)).where(
        PdfOrder.purpose == order.purpose,
        PdfOrder.restricted_to_account_id == order.restricted_to_account_id,
        PdfOrder.ordered_at == order.ordered_at,
    )
    return db.session.scalars(together).one()


def recent_orders(meeting_id: int, account_id: int) -> Sequence[PdfOrder]:
    """Return the latest documents this account ordered for the meeting, the newest first, files in order."""
    return db.session.scalars(
        select(PdfOrder)
        .where(PdfOrder.purpose == purpose_of(meeting_id))
        .where(PdfOrder.restricted_to_account_id == account_id)
        .order_by(PdfOrder.ordered_at.desc(), PdfOrder.id)
        .limit(20)
    ).all()
