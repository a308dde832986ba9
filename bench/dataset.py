"""What the rows load: a meeting with six parallel workshops, people registered, messages queued. All of it invented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import func, select

from bench.databases import scratch_database
from eventsapp import create_app
from eventsapp.core.db import db, unit_of_work
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.models import Registration
from tests.factories.meetings import make_meeting, make_series, make_session, make_session_role
from tests.factories.registrations import make_registration, make_setup

SECRET = "a key for measures only, long enough to be one"
KINDS = ("elected", "officer", "network", "association")
_people = count(1)


@dataclass(frozen=True)
class Site:
    """The application on a scratch database, in this process; ``variables`` start servers on the same one."""

    app: Flask
    variables: Mapping[str, str]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Commit what the block stores; what it loaded stays readable."""
        with self.app.app_context():
            db.session().expire_on_commit = False
            with unit_of_work():
                yield


@contextmanager
def scratch_site(**settings: object) -> Iterator[Site]:
    """Give the application on an empty database with all of its tables."""
    with scratch_database("site") as url, TemporaryDirectory() as folder:
        variables = {"DATABASE_URL": url, "SECRET_KEY": SECRET, "MAIL_JOURNAL": f"{folder}/journal"}
        app = create_app({**variables, "LOG_LEVEL": "ERROR", **settings})
        with app.app_context():
            db.create_all()
        try:
            yield Site(app, variables)
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def load_meeting(*, capacity: int | None, workshop_capacity: int | None, registered: int = 0) -> Meeting:
    """Store a meeting as announced ones are: series, texts, six workshops side by side with two speakers each."""
    meeting = make_meeting(
        series_id=make_series(title="Les rencontres régionales de l’économie sociale et solidaire").id,
        title="Rencontre régionale des élues et élus à l’économie sociale et solidaire",
        summary="Une journée pour échanger sur les politiques locales de soutien à l’économie sociale et solidaire.",
        description="Accueil dès **9 heures**.\n\n- Plénière\n- Six ateliers au choix\n- Restitution\n\n"
        + SENTENCES,
        access_note="Métro *Hôtel de Région*. Boucle magnétique dans chaque salle.",
        address="151 avenue de la Démonstration",
        capacity=capacity,
        latitude=50.63,
        longitude=3.06,
    )
    make_setup(meeting, has_waiting_list=False)
    make_session(meeting, kind="plenary", title="Ouverture et plénière", hour=0, hours=1)
    workshops = [_load_workshop(meeting, number, workshop_capacity) for number in range(1, 7)]
    make_session(meeting, kind="plenary", title="Restitution des ateliers", hour=4, hours=1)
    for number in range(registered):
        _register(meeting, workshops[number % 6])
    return meeting


SENTENCES = (
    "Les participantes et participants de démonstration travaillent par petits groupes, puis rendent compte. "
    * 4
)


def _load_workshop(meeting: Meeting, number: int, capacity: int | None) -> Session:
    workshop = make_session(
        meeting,
        title=f"Atelier {number} : construire une politique locale",
        summary="Partir des projets suivis par les territoires, en tirer des conditions de réussite.",
        room=f"Salle {number}",
        capacity=capacity,
        hour=2,
    )
    for role in ("speaker", "moderator"):
        make_session_role(
            workshop, role=role, title="Chargée de mission", organisation="Métropole de démonstration"
        )
    return workshop


def _register(meeting: Meeting, workshop: Session) -> Registration:
    number = next(_people)
    return make_registration(
        meeting,
        sessions=[workshop],
        given_name=("Gwenaëlle", "Zoé", "Jean-Noël", "Françoise")[number % 4],
        organisation=f"Communauté de communes de démonstration {number % 60}",
        participant_kind=KINDS[number % len(KINDS)],
        region_code="32",
    )


def answers_of(number: int, workshops: list[int]) -> dict[str, str]:
    """Return the fields of the registration form as one person fills them in."""
    return {
        "civility": "",
        "given_name": "Gwenaëlle",
        "family_name": f"Démonstration {number}",
        "email": f"personne{number}@exemple.fr",
        "phone": "03 20 00 00 00",
        "organisation": f"Communauté de communes de démonstration {number % 60}",
        "job_title": "Conseillère communautaire",
        "participant_kind": KINDS[number % len(KINDS)],
        "region_code": "32",
        "needs": "",
        "accepts_listing": "y",
        "creneau_1": str(workshops[number % len(workshops)]),
    }


@dataclass(frozen=True)
class Stored:
    """What the database holds of a meeting: registrations, their places in workshops, their confirmations."""

    registrations: int
    confirmations: int


def stored_for(meeting_id: int) -> Stored:
    registered = select(func.count()).where(
        Registration.meeting_id == meeting_id, Registration.state == "confirmed"
    )
    queued = select(func.count()).where(
        OutgoingMail.about == f"meeting:{meeting_id}", OutgoingMail.purpose == "confirmation"
    )
    return Stored(db.session.scalar(registered) or 0, db.session.scalar(queued) or 0)
