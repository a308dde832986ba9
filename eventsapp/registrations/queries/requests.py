"""Reads of what people ask after the deadline."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from eventsapp.core.db import db
from eventsapp.core.paging import Page, paginate
from eventsapp.registrations.models import ChangeRequest, Registration, SessionPlace


def open_request_of(registration_id: int) -> ChangeRequest | None:
    """Return the request of the registration that waits for an answer."""
    mine = ChangeRequest.registration_id == registration_id
    return db.session.scalars(select(ChangeRequest).where(mine, ChangeRequest.state == "open")).one_or_none()


def page_of_requests(meeting_id: int, page: int) -> Page[ChangeRequest]:
    """Return one page of the meeting's requests with their registrations and places: the open ones, then the latest."""
    statement = (
        select(ChangeRequest)
        .join(ChangeRequest.registration)
        .where(Registration.meeting_id == meeting_id)
        .options(
            contains_eager(ChangeRequest.registration)
            .selectinload(Registration.places)
            .joinedload(SessionPlace.session)
        )
        .order_by(
            ChangeRequest.decided_at.is_not(None), ChangeRequest.asked_at.desc(), ChangeRequest.id.desc()
        )
    )
    return paginate(statement, number=page, size=20)


def get_request(meeting_id: int, request_id: int) -> ChangeRequest:
    """Return one request of the meeting, with its registration; NoResultFound (404) when it is another's."""
    statement = (
        select(ChangeRequest)
        .join(ChangeRequest.registration)
        .where(Registration.meeting_id == meeting_id, ChangeRequest.id == request_id)
        .options(
            joinedload(ChangeRequest.registration)
            .selectinload(Registration.places)
            .joinedload(SessionPlace.session),
        )
    )
    return db.session.scalars(statement).unique().one()
