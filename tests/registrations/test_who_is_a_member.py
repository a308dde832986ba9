"""Where a place depends on whose an address is, nobody learns it by typing the address: it is proved first."""

import re

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.directory.models import Organisation, Relation
from eventsapp.registrations.errors import MeetingIsFull
from eventsapp.registrations.models import Registration
from eventsapp.registrations.services import admitting
from tests.factories.database import store, stored
from tests.factories.details import make_details
from tests.factories.meetings import make_meeting
from tests.factories.registering import register_person
from tests.factories.registrations import make_registration, make_setup
from tests.registrations.pages import DETAILS

MEMBER, STRANGER = "a@ville.example", "a@ailleurs.example"
FOR_MEMBERS = {"key": "members", "label": "Adhérents", "group": "members", "places": 1, "value": ""}
RULES = [
    {"admission": "members"},
    {"quotas": [FOR_MEMBERS]},
    {"quotas": [FOR_MEMBERS], "has_waiting_list": False},
    {"quotas": [FOR_MEMBERS], "has_waiting_list": False, "admission": "members"},
]


def make_member():
    organisation = Organisation(
        name="Ville", name_key="ville", kind="network", website="https://ville.example"
    )
    organisation.relations = [Relation(kind="member", since=now().date())]
    store(organisation)


def make_nearly_full_meeting(**rules):
    """One place is left, and it is reserved where the rules reserve one."""
    meeting = make_meeting(capacity=2)
    make_setup(meeting, **rules)
    make_registration(meeting)
    return meeting


@pytest.mark.parametrize("rules", RULES)
def test_pages_and_places_say_the_same_to_a_member_and_to_a_stranger(app, client, rules):
    said = []
    with stored(app):
        make_member()
    for email in (MEMBER, STRANGER):
        with stored(app):
            meeting = make_nearly_full_meeting(**rules)
        path, visitor = f"/rencontres/{meeting.slug}", app.test_client()
        page = visitor.post(
            f"{path}/inscription/confirmation", data={**DETAILS, "email": email}, follow_redirects=True
        )
        text = re.sub(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", "…", page.text)
        text = text.replace(meeting.slug, "…").replace(meeting.title, "…")
        said.append((page.status_code, text, visitor.get(f"{path}/places.json").json))
    assert said[0] == said[1]
    assert "Il reste à confirmer votre adresse" in said[0][1]


@pytest.mark.parametrize("rules", RULES[1:3])
def test_groups_say_the_same_of_members_and_of_strangers(app, client, rules):
    said = []
    with stored(app):
        make_member()
    for emails in ((MEMBER,), (STRANGER,), (MEMBER, STRANGER), (STRANGER, "b@ailleurs.example")):
        with stored(app):
            meeting = make_nearly_full_meeting(allows_groups=True, **rules)
        rows = {
            f"colleagues-{number}-{name}": value
            for number, email in enumerate(emails)
            for name, value in {**DETAILS, "email": email}.items()
        }
        contact = {"contact_name": "Carla", "contact_email": "carla@exemple.fr"}
        page = client.post(
            f"/rencontres/{meeting.slug}/inscription/groupe", data={**DETAILS, **contact, **rows}
        )
        said.append(page.status_code)
    assert said == [303, 303, 422, 422]


@pytest.mark.usefixtures("context", "writing")
class TestOnceTheAddressIsProved:
    """The reserved place is the member's, and nobody else's."""

    def register(self, meeting, email):
        return register_person(meeting=meeting, details=make_details(email=email), at=now())

    def verify(self, registration):
        return admitting.verify_address(registration=registration, at=now())

    def test_a_member_has_the_reserved_place_and_others_wait(self):
        make_member()
        meeting = make_nearly_full_meeting(quotas=[FOR_MEMBERS])
        stranger, member = (self.register(meeting, email) for email in (STRANGER, MEMBER))
        assert (stranger.place_number, member.place_number) == (None, None)
        assert self.verify(stranger).state == "waiting"
        member = self.verify(member)
        assert (member.state, member.quota_key, member.place_number) == ("confirmed", "members", 2)

    def test_where_nobody_waits_a_stranger_has_nothing(self):
        make_member()
        meeting = make_nearly_full_meeting(quotas=[FOR_MEMBERS], has_waiting_list=False)
        stranger, member = (self.register(meeting, email) for email in (STRANGER, MEMBER))
        with pytest.raises(MeetingIsFull):
            self.verify(stranger)
        assert self.verify(member).state == "confirmed"
        with pytest.raises(MeetingIsFull):  # no reserved place is left to be proved
            self.register(meeting, "b@ville.example")

    def test_a_place_that_everybody_may_have_counts_as_the_member_s_reserved_one(self):
        make_member()
        meeting = make_meeting(capacity=2)
        make_setup(meeting, quotas=[FOR_MEMBERS])
        member = self.verify(self.register(meeting, MEMBER))
        assert (member.quota_key, member.place_number) == ("members", 1)
        assert self.verify(self.register(meeting, STRANGER)).state == "confirmed"
        numbers = db.session.scalars(select(Registration.place_number).order_by(Registration.id)).all()
        assert numbers == [1, 2]
