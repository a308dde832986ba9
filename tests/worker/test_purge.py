"""The purge erases what had its time, and nothing that has not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from eventsapp.accounts.models import MagicLink, SignInAttempt
from eventsapp.accounts.services.signing_in import create_link
from eventsapp.attendance.models import Attendance
from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.invitations.models import Invitation
from eventsapp.meetings.models import Meeting
from eventsapp.pdf.models import PdfOrder
from eventsapp.pdf.orders import order_pdf, render_due_orders
from eventsapp.registrations.models import ChangeRequest, Registration, RegistrationEvent, SessionPlace
from eventsapp.registrations.services.answering import expire_due_offers
from eventsapp.worker.tasks import purge
from tests.factories.accounts import make_account
from tests.factories.database import store
from tests.factories.invitations import make_campaign, make_invitation
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration

pytestmark = pytest.mark.usefixtures("context")


def ago(days: float):
    return now() - timedelta(days=days)


def number_of(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_attempts_to_sign_in_are_kept_thirty_days():
    with unit_of_work():
        for days, address in ((31, "192.0.2.1"), (29, "192.0.2.2")):
            attempt = {"email_key": "a@exemple.fr", "kind": "password", "succeeded": False}
            store(SignInAttempt(address=address, at=ago(days), **attempt))
    purge()
    assert db.session.scalars(select(SignInAttempt.address)).all() == ["192.0.2.2"]


def test_sign_in_links_are_gone_thirty_days_after_their_last_minute():
    with unit_of_work():
        account = make_account()
        _old, kept = (
            create_link(account, purpose="sign_in", lasts=timedelta(minutes=20), at=ago(days))[0]
            for days in (31, 29)
        )
    purge()
    assert db.session.scalars(select(MagicLink.id)).all() == [kept.id]


def test_documents_past_their_time_are_gone_with_their_content():
    with unit_of_work():
        for days, title in ((31, "ancien"), (29, "récent")):
            document = {
                "purpose": "attendance:1",
                "filename": title,
                "html": "<html lang=fr><title>x</title>",
            }
            order_pdf(title=title, keep_days=30, at=ago(days), **document)
    assert render_due_orders(now(), 2) == 2
    purge()
    (left,) = db.session.scalars(select(PdfOrder)).all()
    assert (left.title, left.content is not None) == ("récent", True)


def held(days: float, **values) -> Meeting:
    return make_meeting(state="held", starts_at=ago(days), ends_at=ago(days), **values)


def test_people_are_kept_three_years_after_their_meeting():
    with unit_of_work():
        for meeting in (held(3 * 365 + 1, title="Ancienne"), held(3 * 365 - 1, title="Récente")):
            come_to(meeting)
            make_registration(meeting, is_demo=True)
    purge()
    left = select(Meeting.title, Registration.is_demo).join(Registration.meeting).order_by(Registration.id)
    assert db.session.execute(left).all() == [("Ancienne", True), ("Récente", False), ("Récente", True)]
    for table in (SessionPlace, RegistrationEvent, Attendance, Invitation):
        assert number_of(table) == 1, table


def come_to(meeting: Meeting) -> None:
    """One person was invited, came to a workshop, and has a history."""
    registration = make_registration(meeting, sessions=[make_session(meeting)])
    store(RegistrationEvent(registration_id=registration.id, kind="note", happened_at=now()))
    store(
        Attendance(registration_id=registration.id, half_day="2020-01-01:am", state="present", noted_at=now())
    )
    make_invitation(make_campaign(meeting), answer="registered", registration_id=registration.id)


def test_a_substitute_is_forgotten_a_month_after_the_meeting_when_nobody_answered():
    with unit_of_work():
        for days, title in ((31, "Ancienne"), (29, "Récente")):
            registration = make_registration(held(days, title=title))
            asked = {"kind": "transfer", "message": "Malade", "asked_at": ago(days + 1)}
            payload = {"details": {"email": "yves@exemple.fr"}, "reason": "late"}
            store(ChangeRequest(registration_id=registration.id, payload=payload, **asked))
    purge()
    db.session.expire_all()
    old, recent = db.session.scalars(select(ChangeRequest).order_by(ChangeRequest.id))
    assert (old.state, old.payload, old.decided_at is not None) == ("withdrawn", {}, True)
    assert (recent.state, recent.payload["details"]) == ("open", {"email": "yves@exemple.fr"})


def never_verified(meeting: Meeting, days: float, **values) -> Registration:
    """Somebody whose address did not answer, so many days ago, as the worker leaves them."""
    registration = make_registration(
        meeting, state="unverified", held_until=ago(days), registered_at=ago(days + 1), **values
    )
    assert expire_due_offers(at=ago(days)) == 1
    return registration


def test_an_address_that_was_never_proved_is_forgotten_a_month_later():
    with unit_of_work():
        meeting = make_meeting()
        never_verified(meeting, 31, email="jamais@exemple.fr")
        kept = [
            never_verified(meeting, 29, email="recent@exemple.fr"),
            make_registration(meeting, state="cancelled", cancelled_at=ago(100)),
            make_registration(meeting, verified_at=ago(100)),
        ]
    purge()
    left = db.session.scalars(select(Registration.id).order_by(Registration.id)).all()
    assert left == [one.id for one in kept]
    assert number_of(RegistrationEvent) == 1


def test_what_became_one_with_an_unproved_registration_goes_with_it():
    with unit_of_work():
        meeting = make_meeting()
        unproved = never_verified(meeting, 31)
        first = make_registration(meeting, state="cancelled", merged_into_id=unproved.id)
        make_registration(meeting, state="cancelled", merged_into_id=first.id)
    purge()
    assert number_of(Registration) == 0


def test_a_merged_registration_goes_with_the_one_it_was_merged_into():
    with unit_of_work():
        meeting = held(4 * 365)
        kept = make_registration(meeting)
        make_registration(meeting, state="cancelled", merged_into_id=kept.id)
    purge()
    assert number_of(Registration) == 0
