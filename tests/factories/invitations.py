"""Campaigns and invitations, stored as rows: no rule is asked, no mail is queued."""

from __future__ import annotations

from itertools import count
from typing import Any

from eventsapp.core.clock import now
from eventsapp.core.keys import email_key
from eventsapp.invitations.models import Campaign, Invitation
from eventsapp.meetings.models import Meeting
from tests.factories.database import store

_numbers = count(1)


def make_campaign(meeting: Meeting, **values: Any) -> Campaign:
    """Store a campaign that has not left and invites nobody."""
    number = next(_numbers)
    defaults = {
        "meeting_id": meeting.id,
        "title": f"Campagne {number}",
        "subject": f"Invitation {number}",
        "message": "Nous serions **heureux** de vous accueillir.",
        "created_at": now(),
    }
    return store(Campaign(**{**defaults, **values}))


def make_invitation(campaign: Campaign, **values: Any) -> Invitation:
    """Store an invitation without an answer, whose message has not left."""
    number = next(_numbers)
    values.setdefault("email", f"invitee{number}@exemple.fr")
    if values.get("answer", "none") != "none":
        values.setdefault("answered_at", now())
    defaults = {
        "campaign_id": campaign.id,
        "email_key": email_key(values["email"]),
        "given_name": "Personne",
        "family_name": f"Invitée {number}",
        "organisation": "Métropole de démonstration",
        "added_at": now(),
    }
    return store(Invitation(**{**defaults, **values}))
