"""What is erased once it is of no more use."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from eventsapp.core.db import db
from eventsapp.invitations.models import Campaign, Invitation
from eventsapp.registrations.services.retention import meetings_long_over


def erase_old_invitations(*, at: datetime) -> None:
    """Those invited to a meeting held three years ago are gone; the invented ones of the demonstration stay."""
    campaigns = select(Campaign.id).where(Campaign.meeting_id.in_(meetings_long_over(at=at)))
    db.session.execute(
        delete(Invitation).where(Invitation.campaign_id.in_(campaigns), Invitation.is_demo.is_(False))
    )
