"""Two meetings in two régions with one of everything: what an attacker would like to reach from one to the other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask

from eventsapp.accounts.models import Account
from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.directory.models import Organisation, Person, Theme
from eventsapp.invitations.mails import invitation_draft
from eventsapp.invitations.models import InviteeImport
from eventsapp.mail.outbox import queue_mail
from eventsapp.meetings.models import Document, Meeting
from eventsapp.minutes.models import AgendaItem, Intervention, Minutes
from eventsapp.news.models import Article
from eventsapp.registrations.links import registration_token
from eventsapp.registrations.models import (
    AnswerFile,
    Batch,
    ChangeRequest,
    FormTemplate,
    Question,
    Registration,
    RegistrationEvent,
    SavedView,
)
from tests.factories.accounts import make_account
from tests.factories.database import store, stored
from tests.factories.invitations import make_campaign, make_invitation
from tests.factories.meetings import in_days, make_meeting, make_session
from tests.factories.registrations import make_registration
from tests.factories.reminders import make_rule

SHARED = ("article_id", "organisation_id", "person_id", "account_id", "template_id")
CONVERTED = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass
class Place:
    """One meeting: the parts that its addresses ask for."""

    meeting: Meeting
    parts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Scene:
    lille: Place
    lyon: Place
    accounts: dict[str, Account]


def make_scene(app: Flask) -> Scene:
    """Store both meetings and an account of each kind; those with a scope hold it for Lille."""
    with stored(app):
        shared = _shared()
        lille, lyon = _place("32", "Lille", shared), _place("84", "Lyon", shared)
        accounts = {
            "nobody": make_account(role=None),
            "secretary of a meeting": make_account(role="secretary", meeting_id=lille.meeting.id),
            "organiser of a region": make_account(territory_code="32"),
            "organiser": make_account(),
            "administrator": make_account(role="administrator"),
        }
    return Scene(lille, lyon, accounts)


def address(rule: Any, parts: dict[str, Any]) -> str:
    """Return an address of the rule with these parts, «x» for those not named, percent signs as given."""
    return CONVERTED.sub(lambda found: str(parts.get(found[1], "x")), rule.rule)


def _shared() -> dict[str, Any]:
    organisation = store(Organisation(name="Commune d’essai"))
    store(Theme(name="Monnaies locales"))
    return {
        "organisation_id": organisation.id,
        "person_id": store(Person(given_name="Ada", family_name="Essai")).id,
        "article_id": store(Article(slug="essai", title="Essai", body="Texte", created_at=now())).id,
        "account_id": make_account().id,
        "template_id": store(FormTemplate(title="Repas", created_at=now())).id,
    }


def _place(region: str, city: str, shared: dict[str, Any]) -> Place:
    meeting = make_meeting(region_code=region, city=city, starts_at=in_days(10), capacity=100)
    session = make_session(meeting, capacity=10)
    registration = make_registration(meeting, sessions=[session], needs="sans gluten", phone="0123456789")
    campaign = make_campaign(meeting)
    invitation = make_invitation(campaign)
    kept = store(
        InviteeImport(
            campaign_id=campaign.id,
            filename="liste.csv",
            content=b"courriel;nom\na@exemple.fr;A\n",
            columns=["email", "family_name"],
            created_at=now(),
            expires_at=now() + timedelta(hours=1),
        )
    )
    minutes = store(Minutes(meeting_id=meeting.id, created_at=now(), changed_at=now()))
    item = store(AgendaItem(minutes_id=minutes.id, title="Point"))
    block = store(Intervention(item_id=item.id, speaker="Ada", text="Propos"))
    document = Document(meeting_id=meeting.id, title="Plan", filename="plan.pdf", added_at=now())
    document.media_type, document.content = "application/pdf", b"%PDF-1.7"
    draft = invitation_draft(invitation, campaign, meeting)
    mail = queue_mail(at=now(), **vars(draft))
    db.session.flush()
    parts = {
        "meeting_id": meeting.id,
        "slug": meeting.slug,
        "session_id": session.id,
        "registration_id": registration.id,
        "campaign_id": campaign.id,
        "invitation_id": invitation.id,
        "import_id": kept.id,
        "rule_id": make_rule(meeting).id,
        "item_id": item.id,
        "kind": "interventions",
        "block_id": block.id,
        "document_id": store(document).id,
        "mail_id": mail.id if mail else 0,
        "token": registration_token(registration),
        "reference": registration.reference,
        **_parts_of_registrations(meeting, registration),
        **shared,
    }
    return Place(meeting, parts)


def _parts_of_registrations(meeting: Meeting, registration: Registration) -> dict[str, Any]:
    """What the office keeps about registrations: a view of somebody else, a note, an order, a question, a file."""
    of_registration, author = {"registration_id": registration.id}, make_account()
    twin = make_registration(meeting, family_name=registration.family_name)
    question = store(Question(meeting_id=meeting.id, kind="file", label="Justificatif"))
    note = RegistrationEvent(**of_registration, kind="note", text="Essai", happened_at=now(), by_id=author.id)
    batch = Batch(
        meeting_id=meeting.id, kind="cancellation", made_at=now(), made_by_id=author.id, expires_at=in_days(1)
    )
    file = AnswerFile(
        **of_registration,
        question_id=question.id,
        filename="a.pdf",
        media_type="application/pdf",
        content=b"x",
    )
    file.uploaded_at = now()
    return {
        "first_id": registration.id,
        "second_id": twin.id,
        "note_id": store(note).id,
        "batch_id": store(batch).id,
        "view_id": store(SavedView(account_id=author.id, name="Vue", saved_at=now())).id,
        "question_id": question.id,
        "file_id": store(file).id,
        "request_id": store(ChangeRequest(**of_registration, kind="cancellation", asked_at=now())).id,
    }
