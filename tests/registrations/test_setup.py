"""Setting the rules of a meeting's registrations breaks no promise made to anybody."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.directory.models import Mandate, Organisation, Person, Relation
from eventsapp.registrations import queries
from eventsapp.registrations.models import Registration, RegistrationSetup, SessionPlace
from eventsapp.registrations.rules import Quota
from eventsapp.registrations.services import admitting
from eventsapp.registrations.setup import services
from eventsapp.registrations.setup.errors import (
    DeadlineIsAfterStart,
    ModeIsInUse,
    QuotaIsRepeated,
    QuotasExceedCapacity,
    QuotasNeedCapacity,
    WaitingListIsInUse,
    WishesAreExpressed,
)
from eventsapp.registrations.setup.plans import plan_of
from eventsapp.registrations.setup.queries import usage_of
from tests.factories.accounts import make_account
from tests.factories.database import store
from tests.factories.details import make_details
from tests.factories.meetings import make_meeting, make_session, make_session_role
from tests.factories.registering import register_person
from tests.factories.registrations import make_registration, make_setup, make_wait
from tests.statements import count_statements

pytestmark = pytest.mark.usefixtures("context", "writing")

MEMBERS = Quota("members", "Adhérents", "members", 2)
BRITTANY = Quota("region:53", "Bretagne", "region", 1, "53")
ELECTED = Quota("kind:elected", "Élues et élus", "kind", 1, "elected")
SPEAKERS = Quota("speakers", "Intervenants", "speakers", 1)


def change(meeting, **changes):
    plan = replace(plan_of(queries.get_setup(meeting.id)), **changes)
    return services.change_setup(meeting_id=meeting.id, plan=plan, by=make_account(), at=now())


def quota_of(registration):
    db.session.refresh(registration)
    return registration.quota_key


def test_rules_are_kept_for_a_meeting_that_had_none():
    meeting = make_meeting(capacity=10)
    closes_at = meeting.starts_at - timedelta(days=1)
    change(
        meeting,
        admission="approval",
        access_code="Sésame",
        quotas=(MEMBERS, BRITTANY),
        workshop_choice="wishes",
        wishes_close_at=closes_at,
        changes_close_at=closes_at,
        takes_late_requests=False,
    )
    db.session.expire_all()
    setup = db.session.scalars(select(RegistrationSetup)).one()
    assert (setup.admission, setup.access_code, setup.wishes_close_at) == ("approval", "Sésame", closes_at)
    assert plan_of(setup).quotas == (MEMBERS, BRITTANY)
    assert setup.takes_late_requests is False


def test_a_plan_that_changes_nothing_writes_nothing():
    meeting = make_meeting()
    change(meeting)
    assert db.session.scalars(select(RegistrationSetup)).all() == []


@pytest.mark.parametrize(
    ("capacity", "quotas", "refusal"),
    [
        (None, (MEMBERS,), QuotasNeedCapacity),
        (2, (MEMBERS, BRITTANY), QuotasExceedCapacity),
        (9, (MEMBERS, MEMBERS), QuotaIsRepeated),
    ],
)
def test_quotas_are_a_part_of_the_places(capacity, quotas, refusal):
    meeting = make_meeting(capacity=capacity)
    with pytest.raises(refusal):
        change(meeting, quotas=quotas)


def test_quotas_may_take_every_place():
    meeting = make_meeting(capacity=3)
    change(meeting, quotas=(MEMBERS, BRITTANY))
    assert queries.get_setup(meeting.id).quotas[1]["key"] == "region:53"


@pytest.mark.parametrize("name", ["changes_close_at", "wishes_close_at"])
def test_a_deadline_falls_before_the_meeting(name):
    meeting = make_meeting()
    with pytest.raises(DeadlineIsAfterStart) as refusal:
        change(meeting, **{name: meeting.starts_at + timedelta(minutes=1)})
    assert refusal.value.field == name.replace("close_at", "day")
    change(meeting, **{name: meeting.starts_at})


def test_new_quotas_count_those_who_came_before_them():
    meeting = make_meeting(capacity=20)
    organisation = Organisation(
        name="Ville", name_key="ville", kind="local_authority", website="https://www.ville.example/"
    )
    organisation.relations = [Relation(kind="member", since=now().date() - timedelta(days=1))]
    known = store(Person(given_name="Zoé", family_name="Connue", email="Zoe@Ailleurs.example"))
    store(organisation)
    store(Mandate(person_id=known.id, organisation_id=organisation.id, title="Maire"))
    speaker = store(Person(given_name="Yves", family_name="Voix", email="yves@exemple.fr"))
    make_session_role(make_session(meeting), person_id=speaker.id)
    of = {
        "known": make_registration(meeting, email="zoe@ailleurs.example"),
        "domain": make_registration(meeting, email="a@ville.example"),
        "speaker": make_registration(meeting, email="yves@exemple.fr"),
        "breton": make_registration(meeting, region_code="53"),
        "elected": make_registration(meeting, participant_kind="elected"),
        "other": make_registration(meeting, email="a@pasville.example"),
        "waiting": make_registration(meeting, state="waiting", region_code="53"),
        "gone": make_registration(meeting, state="cancelled", region_code="53"),
    }
    change(meeting, quotas=(MEMBERS, SPEAKERS, BRITTANY, ELECTED))
    assert {name: quota_of(registration) for name, registration in of.items()} == {
        "known": "members",
        "domain": "members",
        "speaker": "speakers",
        "breton": "region:53",
        "elected": "kind:elected",
        "other": "",
        "waiting": "region:53",
        "gone": "",
    }
    change(meeting, quotas=())
    assert {quota_of(registration) for registration in of.values()} == {""}


def test_the_quota_counted_for_many_is_the_one_counted_for_one():
    meeting = make_meeting(capacity=20)
    organisation = Organisation(name="Ville", name_key="ville", kind="network", website="ville.example")
    organisation.relations = [Relation(kind="member", since=now().date())]
    store(organisation)
    change(meeting, quotas=(MEMBERS, BRITTANY))
    for email in ("a@ville.example", "b@autre.example"):
        registration = register_person(
            meeting=meeting, details=make_details(email=email, region_code="53"), at=now()
        )
        alone = admitting.verify_address(registration=registration, at=now()).quota_key
        change(meeting, quotas=())
        change(meeting, quotas=(MEMBERS, BRITTANY))
        assert quota_of(registration) == alone


def test_a_smaller_quota_takes_no_place_back_and_frees_the_others():
    meeting = make_meeting(capacity=2)
    make_setup(meeting, quotas=[vars(replace(BRITTANY, places=2))])
    kept = make_registration(meeting, quota_key="region:53", region_code="53")
    waiting = make_registration(meeting, state="waiting")
    change(meeting, quotas=())
    db.session.refresh(waiting)
    db.session.refresh(kept)
    assert (kept.state, waiting.state) == ("confirmed", "offered")


def test_a_waiting_list_is_not_closed_on_those_who_wait():
    meeting = make_meeting(capacity=1)
    make_registration(meeting)
    waiting = make_registration(meeting, state="waiting")
    with pytest.raises(WaitingListIsInUse) as refusal:
        change(meeting, has_waiting_list=False)
    assert "(1)" in str(refusal.value.message)
    waiting.state, waiting.queue_rank, waiting.cancelled_at = "cancelled", None, now()
    db.session.flush()
    assert change(meeting, has_waiting_list=False).has_waiting_list is False


@pytest.mark.parametrize("state", ["workshop", "offered", "pending", "unverified"])
def test_whoever_counts_on_the_waiting_list_keeps_it_open(state):
    meeting = make_meeting(capacity=1)
    until = now() + timedelta(hours=1)
    if state == "workshop":
        make_wait(make_registration(meeting), make_session(meeting))
    elif state == "offered":
        make_registration(meeting, state="offered", held_until=until)
    else:
        held_until = until if state == "unverified" else None
        make_registration(meeting, state=state, place_number=None, held_until=held_until)
    with pytest.raises(WaitingListIsInUse):
        change(meeting, has_waiting_list=False)


def test_wishes_are_not_thrown_away():
    meeting = make_meeting()
    make_setup(meeting, workshop_choice="wishes")
    registration = make_registration(meeting)
    wish = SessionPlace(state="wished", rank=1, taken_at=now())
    wish.session_id, wish.registration_id = make_session(meeting).id, registration.id
    store(wish)
    with pytest.raises(WishesAreExpressed):
        change(meeting, workshop_choice="direct")
    queries.get_setup(meeting.id).allocated_at = now()
    db.session.flush()
    assert change(meeting, workshop_choice="direct").workshop_choice == "direct"


@pytest.mark.parametrize(("mode", "others"), [("remote", "on_site"), ("on_site", "remote")])
def test_nobody_is_told_to_come_otherwise(mode, others):
    meeting = make_meeting()
    make_setup(meeting, attendance="both")
    make_registration(meeting, mode=mode, place_number=1 if mode == "on_site" else None)
    with pytest.raises(ModeIsInUse):
        change(meeting, attendance=others)
    assert change(meeting, attendance=mode).attendance == mode


def test_those_to_validate_stay_to_validate():
    meeting = make_meeting()
    make_setup(meeting, admission="approval")
    pending = make_registration(meeting, state="pending")
    change(meeting, admission="open")
    db.session.refresh(pending)
    assert pending.state == "pending"


def test_a_waiting_list_opened_late_changes_nothing_for_those_who_have_a_place():
    meeting = make_meeting(capacity=1)
    make_setup(meeting, has_waiting_list=False)
    kept = make_registration(meeting)
    change(meeting, has_waiting_list=True)
    db.session.refresh(kept)
    assert kept.state == "confirmed"


def test_usage_counts_people_once():
    meeting = make_meeting(capacity=9)
    workshops = [make_session(meeting), make_session(meeting, hour=4)]
    registration = make_registration(meeting)
    for workshop in workshops:
        make_wait(registration, workshop)
    make_registration(meeting, state="pending")
    make_registration(meeting, state="cancelled")
    usage = usage_of(meeting.id)
    assert (usage.active, usage.pending, usage.queued, usage.wishing) == (2, 1, 1, 0)


def test_rules_cost_the_same_for_two_people_or_sixty(app):
    counts = []
    for number in (2, 60):
        meeting = make_meeting(capacity=500)
        for _time in range(number):
            make_registration(meeting, region_code="53")
        with count_statements(app) as statements:
            change(meeting, quotas=(MEMBERS, BRITTANY))
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_meeting_is_locked_before_anything_is_decided(app):
    meeting = make_meeting(capacity=5)
    account = make_account()
    plan = replace(plan_of(queries.get_setup(meeting.id)), checks_email=True)
    meeting_id = meeting.id
    db.session.expire_all()
    with count_statements(app) as statements:
        services.change_setup(meeting_id=meeting_id, plan=plan, by=account, at=now())
    assert "FROM meeting" in statements[0]
    if db.engine.dialect.name == "postgresql":
        assert "FOR UPDATE" in statements[0]
    assert not db.session.scalars(select(Registration)).all()
