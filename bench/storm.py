"""A crowd at a meeting of few places: people register, others leave, those who are offered a place answer.

And the audit of what is left: not one place too many, nobody skipped, offered twice or forgotten, each message once.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from bench.client import Answer, Script, get, post
from bench.dataset import Site, load_meeting
from bench.figures import BrokenPromise
from bench.rows.registration import Visits
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.links import registration_token
from eventsapp.registrations.models import Registration, RegistrationEvent, RegistrationSetup, SessionPlace
from tests.factories.registrations import make_registration

ATTEMPTS = 400
PLACES = 50
LEAVING = 25  # of the fifty places, those held at first by people who leave during the storm
ANSWERING = 40  # visitors who look for an offer and answer it
LOOKS = 6  # times each looks
SEED = 20261122


@dataclass
class Storm:
    """One meeting, its crowd, and what the server acknowledged. ``workshop``: the places are those of a workshop."""

    site: Site
    port: int
    meeting_id: int
    slug: str
    workshop_id: int | None
    leaving: list[str]  # tokens
    cookies: bytes = b""
    token: str = ""
    answers: Counter[str] = field(default_factory=Counter)
    registered: list[str] = field(default_factory=list)  # addresses whose registration was acknowledged
    answered: set[str] = field(default_factory=set)

    def scripts(self) -> list[Script]:
        """Return everybody, in a mixed order that is the same each time."""
        visits = Visits(self.slug, [self.workshop_id or 0])
        visits.enter(self.port)
        self.cookies, self.token = visits.cookies, visits.token
        crowd = [self.register(visits.answers()) for _number in range(ATTEMPTS)]
        crowd += [self.leave(token) for token in self.leaving]
        crowd += [self.answer_offers() for _number in range(ANSWERING)]
        random.Random(SEED).shuffle(crowd)
        return crowd

    def register(self, answers: dict[str, str]) -> Script:
        """Come; where the workshop is full, ask for its waiting list."""
        answer = yield self.registration(answers)
        if answer.status == 422 and self.workshop_id:
            waiting = {**answers, "creneau_1": "", f"attente_{self.workshop_id}": "y"}
            answer = yield self.registration(waiting)
        if self.count("registered", answer):
            self.registered.append(answers["email"])

    def registration(self, answers: dict[str, str]) -> bytes:
        return self.post(f"/rencontres/{self.slug}/inscription/confirmation", answers)

    def leave(self, token: str) -> Script:
        """Give a place back."""
        page = f"/mon-inscription/{token}"
        if self.workshop_id:
            answer = yield self.post(f"{page}/ateliers", {"creneau_1": "0"})
        else:
            answer = yield self.post(f"{page}/annulation", {})
        self.count("left", answer)

    def answer_offers(self) -> Script:
        """Look for an offer; accept two of three, decline the third."""
        for _look in range(LOOKS):
            if page := self.next_offer():
                declines = len(self.answered) % 3 == 0
                answer = yield self.post(page + ("/refus" if declines else "/place"), {})
                self.count("declined" if declines else "accepted", answer)
            else:
                yield get(f"/rencontres/{self.slug}/places.json")

    def next_offer(self) -> str | None:
        """Return the page of an offer that nobody answers yet."""
        with self.site.app.app_context():
            for page in self.offers():
                if page not in self.answered:
                    self.answered.add(page)
                    return page
        return None

    def offers(self) -> Iterator[str]:
        offered = select(Registration).where(Registration.meeting_id == self.meeting_id)
        if self.workshop_id is None:
            for registration in db.session.scalars(offered.where(Registration.state == "offered")):
                yield f"/mon-inscription/{registration_token(registration)}"
            return
        places = select(SessionPlace.registration_id).where(
            SessionPlace.session_id == self.workshop_id, SessionPlace.state == "offered"
        )
        for registration in db.session.scalars(offered.where(Registration.id.in_(places))):
            yield f"/mon-inscription/{registration_token(registration)}/ateliers/{self.workshop_id}"

    def post(self, path: str, fields: dict[str, str]) -> bytes:
        return post(path, {"csrf_token": self.token, **fields}, self.cookies)

    def count(self, what: str, answer: Answer) -> bool:
        is_done = answer.status == 303
        self.answers[what if is_done else f"{what}: {answer.status}"] += 1
        return is_done


def prepare(site: Site, port: int, *, of_workshop: bool) -> Storm:
    """Store a meeting with fifty places, half of them held by people about to leave."""
    with site.writing():
        meeting = load_meeting(capacity=None if of_workshop else PLACES, workshop_capacity=None)
        setup = db.session.get_one(RegistrationSetup, meeting.id)
        setup.has_waiting_list = True
        workshop = meeting.workshops[0]
        if of_workshop:
            workshop.capacity = PLACES
        people = [_holder(meeting, workshop if of_workshop else None, number) for number in range(LEAVING)]
        tokens = [registration_token(one) for one in people]
    return Storm(site, port, meeting.id, meeting.slug, workshop.id if of_workshop else None, tokens)


def _holder(meeting: Meeting, workshop: Session | None, number: int) -> Registration:
    sessions = [workshop] if workshop else []
    return make_registration(meeting, sessions=sessions, email=f"partante{meeting.id}-{number}@exemple.fr")


# --- What is left ---------------------------------------------------------------------------------


def audit(storm: Storm) -> dict[str, int]:
    """Return the figures of a storm that is over; raise BrokenPromise naming everything that is wrong."""
    with storm.site.app.app_context():
        wrong = [*_wrong_answers(storm), *_wrong_places(storm), *_wrong_registrations(storm)]
        figures = _figures(storm)
    if wrong:
        raise BrokenPromise(f"{'; '.join(wrong)} ({figures})")
    return figures


def _wrong_answers(storm: Storm) -> Iterator[str]:
    for what, times in storm.answers.items():
        if ": " in what:
            yield f"{times} answers «{what}»"


def _wrong_places(storm: Storm) -> Iterator[str]:
    numbers, waiting = taken_numbers(storm), _waiting(storm)
    if len(numbers) > PLACES:
        yield f"{len(numbers)} places given of {PLACES}"
    if len(set(numbers)) != len(numbers):
        yield f"{len(numbers) - len(set(numbers))} numbers given twice"
    if waiting and len(numbers) < PLACES:
        yield f"{PLACES - len(numbers)} places free while {waiting} people wait"


def _wrong_registrations(storm: Storm) -> Iterator[str]:
    people = db.session.scalars(select(Registration).where(Registration.meeting_id == storm.meeting_id)).all()
    stored = Counter(one.email for one in people)
    if lost := [email for email in storm.registered if stored[email] != 1]:
        yield f"{len(lost)} acknowledged registrations are not there once"
    about = select(OutgoingMail.purpose, OutgoingMail.recipient).where(
        OutgoingMail.about == f"meeting:{storm.meeting_id}"
    )
    mails = Counter((purpose, recipient) for purpose, recipient in db.session.execute(about))
    come = [one for one in people if not one.email.startswith("partante")]
    if untold := [one for one in come if not first_messages(mails, one)]:
        yield f"{len(untold)} registrations without their message"
    if unknown := [key for key in mails if key[1] not in stored]:
        yield f"{len(unknown)} messages about nobody"
    yield from _wrong_offers(people, mails)


def first_messages(mails: Counter[tuple[str, str]], registration: Registration) -> int:
    """Return how many messages said how the registration stood when it came."""
    return mails["confirmation", registration.email] + mails["waiting", registration.email]


def _wrong_offers(people: Iterable[Registration], mails: Counter[tuple[str, str]]) -> Iterator[str]:
    emails = {one.id: one.email for one in people}
    statement = select(RegistrationEvent.registration_id, RegistrationEvent.kind).where(
        RegistrationEvent.registration_id.in_(emails)
    )
    events = Counter((id_, kind) for id_, kind in db.session.execute(statement))
    if twice := [key for key, times in events.items() if key[1] == "place_offered" and times > 1]:
        yield f"{len(twice)} people offered a place twice"
    if untold := [id_ for id_, kind in events if kind == "place_offered" and not mails[kind, emails[id_]]]:
        yield f"{len(untold)} offers without their message"


def taken_numbers(storm: Storm) -> list[int]:
    """Return the numbers of the places held or offered."""
    if storm.workshop_id is None:
        number = Registration.place_number
        statement = select(number).where(Registration.meeting_id == storm.meeting_id, number.is_not(None))
    else:
        number = SessionPlace.place_number
        statement = select(number).where(SessionPlace.session_id == storm.workshop_id, number.is_not(None))
    return [found for found in db.session.scalars(statement) if found is not None]


def _waiting(storm: Storm) -> int:
    if storm.workshop_id is None:
        waiting = select(Registration.id).filter_by(meeting_id=storm.meeting_id, state="waiting")
    else:
        waiting = select(SessionPlace.id).filter_by(session_id=storm.workshop_id, state="waiting")
    return len(db.session.scalars(waiting).all())


def _figures(storm: Storm) -> dict[str, int]:
    places = {"places": len(taken_numbers(storm)), "waiting": _waiting(storm)}
    return {**dict(sorted(storm.answers.items())), **places}
