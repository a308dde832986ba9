"""Whatever people do, in whatever order, the promises on places and waiting lists hold."""

from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from eventsapp.accounts.models import Account
from eventsapp.core.db import db, unit_of_work
from eventsapp.core.errors import DomainError
from eventsapp.core.permissions import Scope
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.models import Meeting, Session
from eventsapp.meetings.services.editing import edit_meeting
from eventsapp.meetings.services.programme import edit_session
from eventsapp.registrations import places, rules
from eventsapp.registrations.choices import Choices
from eventsapp.registrations.colleagues import Colleague, Group
from eventsapp.registrations.models import Registration, RegistrationEvent, SessionPlace
from eventsapp.registrations.queries import queues, quota_shares
from eventsapp.registrations.services import (
    admitting,
    answering,
    changing,
    groups,
    merging,
    registering,
    transferring,
    waiting_list,
)
from tests.factories.accounts import make_account
from tests.factories.details import make_details
from tests.factories.meetings import in_days, make_meeting, make_session
from tests.factories.plans import meeting_plan, session_plan
from tests.factories.registering import register_or_remind
from tests.factories.registrations import make_setup

NAMES = "abcdefghijkl"
EMAILS = st.sampled_from([f"{name}@exemple.fr" for name in (*NAMES, "A")])  # A is a
WAITS = st.sampled_from([timedelta(0), timedelta(hours=1), timedelta(hours=50)])
RANKS = st.integers(0, 11)
CHOICES = st.sets(st.integers(0, 3), max_size=2)
CAPACITIES = st.integers(0, 4)
# (hour, hours, capacity): the second and third overlap the first, the fourth is apart.
PROGRAMME = [(1, 2, 1), (1, 1, 1), (2, 2, 2), (5, 1, 1)]
BRITTANY = {"key": "bretagne", "label": "Bretagne", "group": "region", "value": "53", "places": 1}
EVERYWHERE = Scope(everywhere=True)


class Desk(RuleBasedStateMachine):
    """A meeting of few places, four workshops, some people, an organiser and a clock."""

    app = None

    def __init__(self):
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()
        self.at = in_days(0)  # a round hour: the same sequence gives the same meeting
        self.refused = Counter()

    @initialize(
        quotas=st.sampled_from([[], [BRITTANY]]),
        frozen=st.booleans(),
        admission=st.sampled_from(["open", "open", "approval"]),
        checks_email=st.sampled_from([False, False, True]),
        asked=st.lists(CHOICES, min_size=5, max_size=5),
    )
    def open_the_meeting(self, quotas, frozen, admission, checks_email, asked):
        with unit_of_work():
            for table in reversed(db.metadata.sorted_tables):
                db.session.execute(table.delete())
            meeting = make_meeting(capacity=3)
            make_setup(
                meeting,
                quotas=quotas,
                offers_frozen_at=self.at if frozen else None,
                admission=admission,
                checks_email=checks_email,
                allows_groups=True,
            )
            sessions = [make_session(meeting, hour=h, hours=n, capacity=c) for h, n, c in PROGRAMME]
            self.meeting_id, self.session_ids = meeting.id, [session.id for session in sessions]
            self.organiser_id = make_account().id
        for name, chosen in zip(NAMES, asked, strict=False):
            self.register(f"{name}@exemple.fr", set(), chosen, "32")

    def teardown(self):
        db.session.remove()
        self.context.pop()

    # --- What people do ---------------------------------------------------------------------------

    def attempt(self, work, *, keeps_order=True):
        """Run one request; check that what it gave or offered by itself went in order."""
        self.at += timedelta(seconds=1)  # no two requests at the same instant
        before, held_before = self.lines(), self.held()
        try:
            with unit_of_work():
                work()
        except DomainError as refusal:
            self.refused[type(refusal).__name__] += 1
        if keeps_order:
            self.check_order(before, self.lines())
            self.check_newcomers(before, held_before)

    @rule(email=EMAILS, chosen=CHOICES, awaited=CHOICES, region=st.sampled_from(["32", "53"]))
    def register(self, email, chosen, awaited, region):
        choices = Choices(session_ids=self.ids(chosen), waiting_ids=self.ids(awaited - chosen))
        details = make_details(email=email, region_code=region)
        self.attempt(
            lambda: register_or_remind(meeting=self.meeting(), details=details, choices=choices, at=self.at)
        )

    @rule(emails=st.lists(EMAILS, min_size=1, max_size=3), accepts=st.booleans(), number=st.integers(0, 99))
    def register_colleagues(self, emails, accepts, number):
        group = Group(
            key=f"groupe {number}",
            contact_name="Carla Démonstration",
            contact_email="contact@exemple.fr",
            colleagues=[Colleague(make_details(email=email, region_code="32")) for email in emails],
            choices=Choices(),
            accepts_waiting=accepts,
        )
        self.attempt(lambda: groups.register_group(meeting=self.meeting(), group=group, at=self.at))

    @rule(rank=RANKS)
    def verify(self, rank):
        if one := self.somebody(rank, state="unverified"):
            self.attempt(lambda: admitting.verify_address(registration=one, at=self.at))

    @rule(rank=RANKS, email=EMAILS, region=st.sampled_from(["32", "53"]))
    def pass_on(self, rank, email, region):
        if one := self.somebody(rank):
            details = make_details(email=email, region_code=region)
            self.attempt(
                lambda: transferring.pass_on_place(registration=one, details=details, at=self.at),
                keeps_order=False,  # the place changes hands, nobody gives it back
            )

    @rule(rank=RANKS, chosen=CHOICES, awaited=CHOICES)
    def change(self, rank, chosen, awaited):
        if one := self.somebody(rank):
            choices = {"session_ids": self.ids(chosen), "waiting_ids": self.ids(awaited - chosen)}
            self.attempt(lambda: changing.change_registration(registration=one, **choices, at=self.at))

    @rule(rank=RANKS)
    def cancel(self, rank):
        if one := self.somebody(rank):
            self.attempt(lambda: changing.cancel_registration(registration=one, at=self.at))

    @rule(rank=RANKS, accepts=st.booleans(), after=WAITS)
    def answer(self, rank, accepts, after):
        if one := self.somebody(rank, state="offered"):
            self.at += after
            key, is_late = one.id, one.held_until <= self.at + timedelta(seconds=1)
            answer = answering.accept_place if accepts else answering.decline_place
            self.attempt(lambda: answer(registration=one, at=self.at))
            assert db.session.get_one(Registration, key).is_confirmed() is (accepts and not is_late)

    @rule(rank=RANKS, accepts=st.booleans(), after=WAITS)
    def answer_about_a_workshop(self, rank, accepts, after):
        if place := self.some_place(rank, "offered"):
            self.at += after
            answer = answering.accept_session_place if accepts else answering.decline_session_place
            self.attempt(lambda: answer(**place, at=self.at))

    # --- What the clock and organisers do ---------------------------------------------------------

    @rule(after=WAITS)
    def sweep(self, after):
        self.at += after
        self.attempt(lambda: answering.expire_due_offers(at=self.at))
        assert queues.meeting_with_ended_offers(at=self.at) is None

    @rule(rank=RANKS, admits=st.booleans())
    def decide(self, rank, admits):
        if one := self.somebody(rank, state="pending"):
            decision = admitting.approve_registration if admits else admitting.refuse_registration
            self.attempt(lambda: decision(registration=one, by=self.organiser(), at=self.at))

    @rule(email=EMAILS, chosen=CHOICES)
    def register_by_hand(self, email, chosen):
        self.attempt(
            lambda: registering.register_by_hand(
                meeting=self.meeting(),
                details=make_details(email=email, region_code="32"),
                choices=Choices(session_ids=self.ids(chosen)),
                by=self.organiser(),
                at=self.at,
            )
        )

    @rule(rank=RANKS, other=RANKS)
    def merge(self, rank, other):
        kept, other = self.somebody(rank), self.somebody(other)
        if kept:
            self.attempt(
                lambda: merging.merge_registrations(
                    kept=kept, other=other, tells=True, by=self.organiser(), at=self.at
                ),
                keeps_order=False,  # a place or a rank passes to the registration that is kept
            )

    @rule(rank=RANKS, workshop=st.booleans(), move=st.sampled_from(["up", "down", "first"]))
    def move(self, rank, workshop, move):
        if target := self.some_place(rank, "waiting") if workshop else self.some_waiting(rank):
            self.attempt(
                lambda: waiting_list.move_in_line(**target, move=move, by=self.organiser(), at=self.at)
            )

    @rule(rank=RANKS, workshop=st.booleans())
    def offer_by_hand(self, rank, workshop):
        if target := self.some_place(rank, "waiting") if workshop else self.some_waiting(rank):
            self.attempt(
                lambda: waiting_list.offer_by_hand(**target, by=self.organiser(), at=self.at),
                keeps_order=False,
            )

    @rule(on=st.booleans())
    def freeze(self, on):
        decide = waiting_list.freeze_offers if on else waiting_list.resume_offers
        self.attempt(lambda: decide(meeting_id=self.meeting_id, at=self.at))

    @rule(capacity=CAPACITIES)
    def change_capacity(self, capacity):
        plan = meeting_plan(self.meeting(), capacity=capacity)
        self.attempt(lambda: edit_meeting(self.meeting(), plan, EVERYWHERE, by=self.organiser(), at=self.at))

    @rule(number=st.integers(0, 3), capacity=st.integers(1, 4))
    def change_workshop_capacity(self, number, capacity):
        session = db.session.get_one(Session, self.session_ids[number])
        plan = session_plan(session, capacity=capacity)
        self.attempt(lambda: edit_session(session, plan, by=self.organiser(), at=self.at))

    @rule(number=st.integers(0, 3), hour=st.integers(1, 5))
    def move_workshop(self, number, hour):
        session = db.session.get_one(Session, self.session_ids[number])
        starts_at = self.meeting().starts_at + timedelta(hours=hour)
        plan = session_plan(session, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
        self.attempt(
            lambda: edit_session(session, plan, accepts_clashes=True, by=self.organiser(), at=self.at)
        )

    # --- What seldom follows by chance: a place free while others wait for it ----------------------

    @rule(rank=RANKS, email=EMAILS, region=st.sampled_from(["32", "53"]))
    def leave_and_arrive_while_frozen(self, rank, email, region):
        self.freeze(True)
        self.cancel(rank)
        self.register(email, set(), set(), region)

    @rule(rank=RANKS, other=RANKS)
    def leave_and_join_a_workshop_while_frozen(self, rank, other):
        if awaited := self.some_place(rank, "waiting"):
            self.freeze(True)
            session_id, none = awaited["session_id"], {"session_ids": (), "waiting_ids": ()}
            holders = [
                place.registration
                for place in db.session.scalars(select(SessionPlace).filter_by(session_id=session_id))
                if place.is_held()
            ]
            for one in holders:
                self.attempt(
                    lambda one=one: changing.change_registration(registration=one, **none, at=self.at)
                )
            if one := self.somebody(other, state="confirmed"):
                choices = {"session_ids": (session_id,), "waiting_ids": ()}
                self.attempt(lambda: changing.change_registration(registration=one, **choices, at=self.at))

    # --- What always holds ------------------------------------------------------------------------

    @invariant()
    def nobody_holds_what_is_not_theirs(self):
        db.session.rollback()
        active = self.active()
        taken = [one.place_number for one in active if one.place_number]
        assert len(taken) <= self.meeting().capacity
        assert len(set(taken)) == len(taken)
        assert len({one.email_key for one in active}) == len(active)
        rows = db.session.scalars(select(SessionPlace)).all()
        assert {row.registration_id for row in rows} <= {one.id for one in active}
        for session in db.session.scalars(select(Session)):
            numbers = [row.place_number for row in rows if row.session_id == session.id and row.place_number]
            assert len(set(numbers)) == len(numbers) <= session.capacity
        for one in active:
            assert rules.first_overlap([row.session for row in one.places if row.is_held()]) is None
            is_placed = one.is_confirmed() or (one.place_number and one.state in ("unverified", "pending"))
            assert is_placed or {row.state for row in one.places} <= {"wished"}

    @invariant()
    def no_free_place_waits_for_somebody_who_waits_for_it(self):
        meeting, setup = self.meeting(), self.setup()
        if not rules.offers_by_itself(meeting, setup, self.at):
            return
        quotas = rules.read_quotas(setup.quotas)
        shares = quota_shares(meeting.id)
        taken = sum(shares.taken.values())
        for one in self.active():
            if one.state == "waiting":
                assert not rules.has_place(meeting.capacity, taken, quotas, shares.taken, one.quota_key)
        for session in db.session.scalars(select(Session)):
            rows = db.session.scalars(select(SessionPlace).where(SessionPlace.session_id == session.id)).all()
            taken = sum(row.place_number is not None for row in rows)
            assert taken >= session.capacity or not any(row.state == "waiting" for row in rows)

    @invariant()
    def nobody_is_offered_a_place_twice(self):
        statement = select(RegistrationEvent.registration_id).where(
            RegistrationEvent.kind == "place_offered", RegistrationEvent.text == ""
        )
        assert max(Counter(db.session.scalars(statement)).values(), default=0) <= 1

    @invariant()
    def each_message_leaves_once_for_each_cause(self):
        counted = select(RegistrationEvent.kind, func.count()).group_by(RegistrationEvent.kind)
        happened = defaultdict(int, db.session.execute(counted).all())
        mails = select(OutgoingMail.purpose, func.count()).group_by(OutgoingMail.purpose)
        mails = mails.where(OutgoingMail.template.not_like("%/merged%"))  # a merge has its own messages
        queued = defaultdict(int, db.session.execute(mails).all())
        assert queued["place_offered"] == happened["place_offered"] + happened["workshop_moved"]
        ended = select(func.count()).where(
            Registration.state == "cancelled", Registration.merged_into_id.is_(None)
        )
        told = db.session.scalar(ended) - happened["never_verified"]  # nobody proved that address
        assert queued["cancellation"] == told + happened["transferred"]  # whoever gave their place is told

    # --- Means ------------------------------------------------------------------------------------

    def meeting(self):
        return db.session.get_one(Meeting, self.meeting_id)

    def setup(self):
        with unit_of_work():
            return places.hold_whole(self.meeting_id).setup

    def organiser(self):
        return db.session.get_one(Account, self.organiser_id)

    def ids(self, numbers):
        return tuple(self.session_ids[number] for number in sorted(numbers))

    def active(self):
        found = db.session.scalars(select(Registration).order_by(Registration.id))
        return [one for one in found if one.is_active()]

    def somebody(self, rank, state=None):
        statement = select(Registration).order_by(Registration.id)
        found = db.session.scalars(statement if state is None else statement.filter_by(state=state)).all()
        return found[rank % len(found)] if found else None

    def some_waiting(self, rank):
        one = self.somebody(rank, state="waiting")
        return one and {"registration": one}

    def some_place(self, rank, state):
        statement = select(SessionPlace).filter_by(state=state).order_by(SessionPlace.id)
        found = db.session.scalars(statement).all()
        place = found[rank % len(found)] if found else None
        return place and {"registration": place.registration, "session_id": place.session_id}

    def lines(self):
        """By line (a quota of the meeting, a workshop): who waits, in order, and to whom a place is offered."""
        db.session.rollback()
        waiting, offered = defaultdict(list), defaultdict(set)
        rows = [(one.quota_key, one.id, one) for one in self.active()]
        rows += [(x.session_id, x.registration_id, x) for x in db.session.scalars(select(SessionPlace))]
        for line, key, row in rows:
            if row.state == "waiting":
                waiting[line].append((row.queue_rank, row.id, key))
            elif row.state == "offered":
                offered[line].add((key, row.offered_at))
        in_order = {line: [key for *_rank, key in sorted(found)] for line, found in waiting.items()}
        return in_order, offered

    def check_order(self, before, after):
        """Nobody who was in line before somebody offered a place now is still waiting in that line."""
        (waited, offered_before), (waits, offered) = before, after
        for line in offered:
            moved = self.asked_to_choose(line)
            new = {key for key, _at in offered[line] - offered_before[line]} - moved
            for key in new:
                line_before = waited.get(line, [])
                ahead = line_before[: line_before.index(key)] if key in line_before else line_before
                assert not set(ahead) & set(waits.get(line, []))

    def held(self):
        """By line: who holds a place without an offer to answer."""
        held = defaultdict(set)
        for one in self.active():
            if one.place_number and one.state != "offered":
                held[one.quota_key].add(one.id)
        for row in db.session.scalars(select(SessionPlace)):
            if row.is_held():
                held[row.session_id].add(row.registration_id)
        return held

    def check_newcomers(self, before, held_before):
        """Nobody who was neither in line nor offered a place took one while others waited for it."""
        waited, offered = before
        for line, holders in self.held().items():
            new = holders - held_before[line] - {key for key, _at in offered[line]}
            still = set(waited.get(line, [])) & set(self.lines()[0].get(line, []))
            assert not (new and still)

    def asked_to_choose(self, line):
        """Those who keep a place for a choice: it was theirs, the line has no claim on it."""
        moved = select(RegistrationEvent.registration_id).where(RegistrationEvent.kind == "workshop_moved")
        return set(db.session.scalars(moved.where(RegistrationEvent.happened_at == self.at)))


@pytest.mark.slow
@pytest.mark.timeout(600)  # a thousand transactions, each durable
def test_promises_hold_after_any_sequence(app, empty_database):
    Desk.app = app
    Desk.TestCase.settings = settings(
        max_examples=40,
        stateful_step_count=30,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    Desk.TestCase("runTest").runTest()
