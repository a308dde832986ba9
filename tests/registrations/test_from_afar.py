"""Whoever follows from afar takes no place in a workshop, whatever their link or an order asks for."""

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.registrations.errors import WorkshopsAreOnSite
from eventsapp.registrations.links import registration_token
from eventsapp.registrations.models import SessionPlace
from eventsapp.registrations.queries.batches import Selection
from eventsapp.registrations.services import admitting, bulk, changing
from eventsapp.registrations.services.wishes import change_wishes
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration, make_setup

AFAR = {"mode": "remote", "place_number": None}


def make_scene(workshop_choice="direct", **values):
    meeting = make_meeting(capacity=5)
    make_setup(meeting, attendance="both", workshop_choice=workshop_choice)
    return make_session(meeting, capacity=5), make_registration(meeting, **{**AFAR, **values})


@pytest.mark.usefixtures("context", "writing")
class TestServices:
    @pytest.mark.parametrize("state", ["pending", "confirmed"])
    @pytest.mark.parametrize("by_office", [False, True])
    def test_workshops_cannot_be_chosen(self, state, by_office):
        workshop, registration = make_scene(state=state)
        account = make_account()
        with pytest.raises(WorkshopsAreOnSite):
            changing.change_registration(
                registration=registration,
                session_ids=[workshop.id],
                by=account if by_office else None,
                at=now(),
            )
        if state == "pending":
            admitting.approve_registration(registration=registration, by=account, at=now())
        assert db.session.scalars(select(SessionPlace)).all() == []

    def test_workshops_cannot_be_wished_for(self):
        workshop, registration = make_scene(workshop_choice="wishes")
        with pytest.raises(WorkshopsAreOnSite):
            change_wishes(registration=registration, wishes=[[workshop.id]], at=now())

    def test_an_order_says_why_it_moved_nobody(self):
        workshop, registration = make_scene()
        order = bulk.give_order(
            selection=Selection(registration.meeting_id, ids=(registration.id,)),
            kind="move",
            options={"session_id": workshop.id},
            by=make_account(),
            at=now(),
        )
        (item,) = db.session.scalars(select(bulk.BatchItem).where(bulk.BatchItem.batch_id == order.id))
        assert (item.outcome, item.reason) == ("refused", str(WorkshopsAreOnSite.message))


@pytest.mark.parametrize("choice", ["direct", "wishes"])
def test_the_personal_page_proposes_no_workshop(app, client, choice):
    with stored(app):
        workshop, registration = make_scene(workshop_choice=choice)
        path = f"/mon-inscription/{registration_token(registration)}"
    assert "Vos ateliers" not in client.get(path).text
    for step in ("/ateliers", "/voeux"):
        assert client.get(path + step).status_code == 303, step
        client.post(path + step, data={"creneau_1": workshop.id, "creneau_1_voeu_1": workshop.id})
    with app.app_context():
        assert db.session.scalars(select(SessionPlace)).all() == []
