"""A held meeting with people, presences and written minutes, for the tests of this slice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from eventsapp.accounts.models import Account
from eventsapp.attendance import services as desk
from eventsapp.attendance.queries import half_days_of
from eventsapp.core.clock import now
from eventsapp.meetings.models import Meeting, Session
from eventsapp.minutes.models import Minutes, Publication
from eventsapp.minutes.queries import get_minutes
from eventsapp.minutes.services import publishing, writing
from eventsapp.registrations.models import Registration
from tests.factories.accounts import make_account
from tests.factories.meetings import make_meeting, make_session, make_session_role
from tests.factories.registrations import make_registration

TITLE = "Rencontre d’essai : l’économie sociale et solidaire"
DECISION = "Ouvrir un appel à projets commun."


@dataclass
class Held:
    meeting: Meeting
    workshop: Session
    account: Account
    minutes: Minutes
    elected: Registration
    listed: Registration
    discreet: Registration
    excused: Registration


def make_held_meeting(**values: object) -> Held:
    """Store a meeting of 1 December 2026 (9 h 30 to 17 h in Paris) with a plenary, a workshop and minutes."""
    starts_at = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    meeting = make_meeting(
        **{
            "title": TITLE,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=7, minutes=30),
            "state": "held",
            **values,
        }
    )
    make_session(meeting, hour=0, hours=2, kind="plenary", title="Ouverture")
    workshop = make_session(meeting, hour=5, hours=1.5, title="Monnaies locales")
    make_session_role(
        workshop,
        role="witness",
        name="Zoé Témoin (démonstration)",
        title="Gérante",
        organisation="Coopérative d’essai",
    )
    account = make_account(role="secretary", name="Secrétaire de démonstration")
    people = {
        "elected": {"family_name": "de l’Été", "given_name": "Élise", "participant_kind": "elected"},
        "listed": {"family_name": "Œuvre", "given_name": "Noël", "accepts_listing": True},
        "discreet": {"family_name": "Discret", "given_name": "Ada"},
        "excused": {"family_name": "Absente", "given_name": "Léa", "participant_kind": "elected"},
    }
    stored = {
        name: make_registration(meeting, **given, email=f"{name}@exemple.fr", phone="01 23 45 67 89")
        for name, given in people.items()
    }
    morning = half_days_of(meeting)[0].key
    for name, person in stored.items():
        state = "excused" if name == "excused" else "present"
        desk.note_attendance(meeting, person, morning, state, by=account, at=now())
    minutes = writing.create_minutes(meeting, by=account, at=now())
    return Held(meeting, workshop, account, minutes, **stored)


def write_minutes(held: Held) -> None:
    """Write what a complete record has: hours, chair, a synthesis, an intervention, a decision, an action."""
    writing.change_minutes(
        held.minutes,
        {
            "chair": "Mme Présidente (démonstration)",
            "secretary": "M. Secrétaire (démonstration)",
            "opened_at": held.meeting.starts_at,
            "closed_at": held.meeting.ends_at,
            "introduction": "Séance **ouverte** devant une salle pleine.",
        },
        seen=held.minutes.version,
        by=held.account,
        at=now(),
    )
    item = held.minutes.items[-1]
    writing.change_item(
        item,
        {
            "title": item.title,
            "rapporteur": "Paul Rapporteur (démonstration)",
            "summary": "- Un frein\n- Un levier",
        },
        seen=item.version,
        by=held.account,
        at=now(),
    )
    said = {
        "speaker": "Zoé Témoin (démonstration)",
        "title": "Gérante",
        "organisation": "",
        "text": "Il faut du temps.",
    }
    writing.add_block(item, "interventions", said, by=held.account, at=now())
    decided = {"text": DECISION, "outcome": "adopted", "votes_for": 24, "votes_against": 1, "abstentions": 3}
    writing.add_block(item, "decisions", decided, by=held.account, at=now())
    to_do = {
        "text": "Rédiger l’appel",
        "responsible": "La région",
        "due_on": datetime(2027, 1, 1, tzinfo=UTC).date(),
        "state": "to_do",
    }
    writing.add_block(item, "actions", to_do, by=held.account, at=now())


def publish(held: Held, reason: str = "") -> Publication:
    """Take the minutes through review and approval, and publish a version."""
    minutes = get_minutes(held.meeting.id)
    publishing.submit_for_review(minutes, by=held.account, at=now())
    publishing.approve_minutes(minutes, "Comité d’essai", by=held.account, at=now())
    return publishing.publish_minutes(minutes, reason, issuer="Réseau d’essai", by=held.account, at=now())


def correct(held: Held) -> None:
    """Write again after a publication."""
    publishing.resume_writing(get_minutes(held.meeting.id), by=held.account, at=now())
