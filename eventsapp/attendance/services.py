"""Every write of presences, and the orders of what is printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from eventsapp.accounts.models import Account
from eventsapp.attendance import documents
from eventsapp.attendance.errors import (
    HalfDayIsNotOver,
    HalfDayIsUnknown,
    ListIsTooLong,
    RegistrationIsCancelled,
    RepresentativeIsMissing,
)
from eventsapp.attendance.headings import file_name
from eventsapp.attendance.models import Attendance
from eventsapp.attendance.queries import (
    everyone_expected,
    everyone_in_session,
    expected_count,
    half_days_of,
    marks_of_meeting,
    purpose_of,
    unmarked_ids,
)
from eventsapp.attendance.rules import MOST_LISTED, HalfDay
from eventsapp.core.db import db, lock
from eventsapp.core.i18n import _, speaking
from eventsapp.core.zones import local_day
from eventsapp.geography.queries import regions
from eventsapp.meetings.models import Meeting
from eventsapp.pdf.models import PdfOrder
from eventsapp.pdf.orders import order_pdf
from eventsapp.registrations.models import Registration

DAYS_KEPT = 30  # a list about people does not stay once printed


def note_attendance(
    meeting: Meeting,
    registration: Registration,
    half_day: str,
    state: str,
    *,
    by: Account,
    at: datetime,
    represented_by: str = "",
) -> Attendance:
    """The person is noted in that state for that half-day, whatever was noted before."""
    _half_day(meeting, half_day)
    if state == "represented" and not represented_by:
        raise RepresentativeIsMissing
    lock(Meeting, meeting.id)
    db.session.refresh(registration)
    if not registration.is_confirmed():
        raise RegistrationIsCancelled
    row = db.session.scalars(
        select(Attendance).filter_by(registration_id=registration.id, half_day=half_day)
    ).one_or_none() or Attendance(registration_id=registration.id, half_day=half_day)
    row.state = state
    row.represented_by = represented_by if state == "represented" else ""
    row.noted_at, row.noted_by_id = at, by.id
    db.session.add(row)
    db.session.flush()
    return row


def follow_merge(kept: Registration, other: Registration) -> None:
    """What was noted of the other registration is noted of the kept one, for the half-days it had nothing for."""
    noted = select(Attendance.half_day).where(Attendance.registration_id == kept.id)
    missing = update(Attendance).where(
        Attendance.registration_id == other.id, Attendance.half_day.not_in(noted)
    )
    db.session.execute(
        missing.values(registration_id=kept.id), execution_options={"synchronize_session": False}
    )


def forget_attendance(meeting: Meeting, registration: Registration, half_day: str) -> None:
    """Nothing is noted any more for that person and half-day."""
    _half_day(meeting, half_day)
    db.session.execute(
        delete(Attendance).where(
            Attendance.registration_id == registration.id, Attendance.half_day == half_day
        )
    )


def close_half_day(meeting: Meeting, half_day: str, *, by: Account, at: datetime) -> int:
    """Those with nothing noted are absent for that half-day; return how many. Refused before its end."""
    if _half_day(meeting, half_day).ends_at > at:
        raise HalfDayIsNotOver
    lock(Meeting, meeting.id)
    missing = unmarked_ids(meeting.id, half_day)
    db.session.add_all(
        Attendance(registration_id=key, half_day=half_day, state="absent", noted_at=at, noted_by_id=by.id)
        for key in missing
    )
    db.session.flush()
    return len(missing)


def _half_day(meeting: Meeting, key: str) -> HalfDay:
    known = {half_day.key: half_day for half_day in half_days_of(meeting)}
    if key not in known:
        raise HalfDayIsUnknown
    return known[key]


def order_participant_list(
    meeting: Meeting, who: str, grouping: str, *, by: Account, at: datetime
) -> PdfOrder:
    """The list of participants, as things stand now, is ordered; only who asked may read it.

    Return its first file: a long list has several. Refused beyond MOST_LISTED.
    """
    _refuse_too_many(expected_count(meeting.id), field="who")
    names = {region.code: region.name for region in regions()}
    people, marks = everyone_expected(meeting.id), marks_of_meeting(meeting.id)
    with speaking("fr"):
        content = documents.participant_list(meeting, people, marks, names, who=who, grouping=grouping)
        files = [documents.render_list(file) for file in documents.files_of_list(content)]
        title = _("Liste des participantes et participants : %(title)s", title=meeting.title)
    return _order(meeting, "participants", title, files, by=by, at=at)


def order_sign_in_sheet(meeting: Meeting, occasion: str, *, by: Account, at: datetime) -> PdfOrder:
    """The sheet of one day ('2026-12-01') or of one session ('12') is ordered; only who asked may read it.

    Return its first file: a long sheet has several. Refused beyond MOST_LISTED.
    """
    with speaking("fr"):
        sheet = documents.files_of_sheet(_sheet(meeting, occasion))
        files = [documents.render_sheet(file) for file in sheet]
        title = _("Feuille d’émargement : %(title)s", title=meeting.title)
    return _order(meeting, "emargement", title, files, by=by, at=at)


def _sheet(meeting: Meeting, occasion: str) -> dict[str, Any]:
    sessions = {str(session.id): session for session in meeting.sessions}
    if occasion in sessions:
        people = everyone_in_session(int(occasion))
        _refuse_too_many(len(people), field="occasion")
        return documents.session_sheet(meeting, sessions[occasion], people)
    half_days = [half_day for half_day in half_days_of(meeting) if half_day.key[:10] == occasion]
    if not half_days:
        raise HalfDayIsUnknown
    _refuse_too_many(expected_count(meeting.id), field="occasion")
    return documents.half_day_sheet(meeting, half_days, everyone_expected(meeting.id))


def _refuse_too_many(people: int, *, field: str) -> None:
    if people > MOST_LISTED:
        raise ListIsTooLong(field=field)


def _order(
    meeting: Meeting, kind: str, title: str, files: Sequence[str], *, by: Account, at: datetime
) -> PdfOrder:
    day = local_day(meeting.starts_at, meeting.time_zone)
    several, count = len(files) > 1, len(files)
    orders = [
        order_pdf(
            purpose=purpose_of(meeting.id),
            title=f"{title} ({number}/{count})" if several else title,
            filename=file_name(day, meeting.city, f"{kind}_{number}-{count}" if several else kind),
            html=html,
            requested_by=by.id,
            keep_days=DAYS_KEPT,
            at=at,
        )
        for number, html in enumerate(files, 1)
    ]
    return orders[0]
