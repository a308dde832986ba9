"""``flask demo load``: everything one needs to try the site, the same at every start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import click
from flask.cli import AppGroup
from sqlalchemy import select

from eventsapp.accounts.models import Account
from eventsapp.accounts.services.managing import GrantedRole, create_account
from eventsapp.accounts.services.passwords import set_password
from eventsapp.attendance.rules import half_days
from eventsapp.cli.demo import facts
from eventsapp.cli.demo.approval import validate_registrations
from eventsapp.cli.demo.directory import load_directory
from eventsapp.cli.demo.form import ask_questions
from eventsapp.cli.demo.late import ask_late
from eventsapp.cli.demo.participants import mark_present, register_again, register_people
from eventsapp.cli.demo.programme import (
    load_coming_edition,
    load_committee,
    load_meetings_of_2014,
    load_review_day,
    load_training,
)
from eventsapp.cli.demo.queue import fill_waiting_lists
from eventsapp.cli.demo.records import publish_records
from eventsapp.cli.demo.wishes import rank_workshops
from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.geography.services import load_territories
from eventsapp.meetings.models import Meeting
from eventsapp.news.services import publish_article, write_article
from eventsapp.registrations.models import RegistrationSetup
from eventsapp.reminders.models import ReminderRule

PASSWORD = "demonstration"  # noqa: S105 - printed on the terminal, for data that are invented
COMING_REGISTERED = (80, 52, 41, 72, 15)  # the first meeting is full
FULL, TWICE, ASKING, WISHED, VALIDATED = range(5)  # what each of them shows
HELD_REGISTERED, TRAINED, IN_COMMITTEE = 36, 11, 18
ACCESS_CODE = "ESSAI"
# What there is to try at each coming meeting, printed beside the accounts.
TO_TRY = (
    (facts.CITIES[FULL].name, "complète : listes d’attente, une place proposée"),
    (facts.CITIES[TWICE].name, "une personne inscrite deux fois ; inscription de plusieurs collègues"),
    (facts.CITIES[ASKING].name, "un formulaire de questions, posées aussi pour des collègues"),
    (facts.CITIES[WISHED].name, "des vœux classés à répartir dans les ateliers"),
    (facts.CITIES[VALIDATED].name, "des inscriptions à valider, une validation en nombre déjà faite"),
    ("Formation", f"code d’accès « {ACCESS_CODE} », adresse vérifiée, à distance ou sur place"),
    ("Comité", "dans quelques jours : des demandes tardives à décider"),
)

demo_cli = AppGroup("demo", help="Demonstration data.")


@dataclass(frozen=True)
class DemoAccount:
    """Somebody who can sign in to the demonstration."""

    email: str
    name: str
    role: GrantedRole
    does: str


ACCOUNTS = (
    DemoAccount(
        "admin@rencontres.example", "Admin Démonstration", GrantedRole("administrator"), "administre tout"
    ),
    DemoAccount(
        "organisation@rencontres.example", "Orga Démonstration", GrantedRole("organiser"), "organise"
    ),
    DemoAccount(
        "secretariat@rencontres.example", "Secrétariat Démonstration", GrantedRole("secretary"), "publie"
    ),
    DemoAccount(
        "delegation.lille@rencontres.example",
        "Délégation Démonstration",
        GrantedRole("organiser", territory_code="32"),
        "organise dans les Hauts-de-France",
    ),
)


@demo_cli.command("load")
def load() -> None:
    """Load territories, and the demonstration unless the site already has meetings."""
    at = now()
    with unit_of_work():
        load_territories(at=at)
    with unit_of_work():
        if db.session.scalar(select(Meeting.id).limit(1)) is None:
            load_demo(at=at)


@demo_cli.command("accounts")
def accounts() -> None:
    """Print the demonstration's accounts that still exist, and what there is to try."""
    with unit_of_work():
        emails = set(db.session.scalars(select(Account.email).where(Account.disabled_at.is_(None))))
    shown = [account for account in ACCOUNTS if account.email in emails]
    if shown:
        click.echo(f"Comptes de démonstration (mot de passe : {PASSWORD})")
    for account in shown:
        click.echo(f"  {account.email:<38} {account.does}")
    if shown:
        click.echo("À essayer (Gestion, Rencontres)")
        for meeting, what in TO_TRY:
            click.echo(f"  {meeting:<12} {what}")


def load_demo(*, at: datetime) -> None:
    """The whole demonstration is in the database; the same ``at`` gives the same data."""
    _admin, organiser, secretary, _delegate = [_account(account, at) for account in ACCOUNTS]
    themes = load_directory()
    held = load_meetings_of_2014(themes, at=at)
    review_day = load_review_day(themes, at=at)
    for number, meeting in enumerate([*held, review_day]):
        count = facts.REVIEW_DAY_PARTICIPANTS if meeting is review_day else HELD_REGISTERED
        _hold(meeting, count, start=number * 37)
        publish_records(meeting, by=secretary)
    for number, meeting in enumerate(load_coming_edition(themes, at=at)):
        _fill(meeting, number, by=organiser, at=at)
        db.session.add_all(_reminders(meeting, at))
    _open_training(load_training(themes, at=at), at=at)
    _open_committee(load_committee(themes, at=at), at=at)
    _write_news(at)
    db.session.flush()


def _account(account: DemoAccount, at: datetime) -> Account:
    created = create_account(name=account.name, email=account.email, roles=[account.role], by=None, at=at)
    set_password(created, PASSWORD)
    return created


def _hold(meeting: Meeting, count: int, *, start: int) -> None:
    registered = register_people(meeting, count, start=start, before=meeting.starts_at - timedelta(days=3))
    parts = half_days(meeting.starts_at, meeting.ends_at, meeting.time_zone, meeting.sessions)
    mark_present(registered, [part.key for part in parts], at=meeting.ends_at)


def _fill(meeting: Meeting, number: int, *, by: Account, at: datetime) -> None:
    """Each meeting of the coming edition has people, and something else to show."""
    registered = register_people(
        meeting,
        COMING_REGISTERED[number],
        start=300 + number * 41,
        before=at,
        in_workshops=number != WISHED,
    )
    if number == FULL:
        fill_waiting_lists(meeting, registered, start=900, at=at)
    elif number == TWICE:
        db.session.add(RegistrationSetup(meeting_id=meeting.id, allows_groups=True))
        register_again(registered[9], number=len(registered) + 1, at=at)
    elif number == ASKING:
        ask_questions(meeting, registered, by=by)
    elif number == WISHED:
        rank_workshops(meeting, registered)
    elif number == VALIDATED:
        validate_registrations(meeting, registered, by=by, at=at)


def _open_training(meeting: Meeting, *, at: datetime) -> None:
    """Whoever has the code registers; their address is verified, colleagues may come along."""
    db.session.add(
        RegistrationSetup(
            meeting_id=meeting.id,
            access_code=ACCESS_CODE,
            checks_email=True,
            attendance="both",
            allows_groups=True,
        )
    )
    register_people(meeting, TRAINED, start=1000, before=at)


def _open_committee(meeting: Meeting, *, at: datetime) -> None:
    """Registration is closed; two people ask for something all the same."""
    closed_at = meeting.registration_ends_at()
    registered = register_people(meeting, IN_COMMITTEE, start=1100, before=closed_at)
    ask_late(registered, start=1200, at=at)


def _reminders(meeting: Meeting, at: datetime) -> list[ReminderRule]:
    return [
        ReminderRule(meeting_id=meeting.id, days_before=days, hour=9, subject=subject, created_at=at)
        for days, subject in ((7, "Dans une semaine : informations pratiques"), (1, "À demain"))
    ]


def _write_news(at: datetime) -> None:
    year = date(at.year, 1, 1)
    for title, kind, summary, body in (
        (
            "Les inscriptions aux rencontres régionales sont ouvertes",
            "news",
            "Cinq villes, deux temps d’ateliers : choisissez votre rencontre.",
            f"Texte de démonstration, édition {year.year}.\n\nL’inscription se fait en ligne, **sans compte**. "
            "Un lien personnel permet de changer d’atelier ou d’annuler.",
        ),
        (
            "Comment lire un compte rendu publié",
            "news",
            "Chaque compte rendu porte un numéro, une version et une empreinte que chacun peut vérifier.",
            "Texte de démonstration.\n\n- La page web et le PDF disent la même chose.\n- Une correction donne une "
            "nouvelle version, qui dit pourquoi.",
        ),
    ):
        article = write_article(title=title, kind=kind, summary=summary, body=body, at=at)
        publish_article(article, at=at)
        article.is_demo = True
