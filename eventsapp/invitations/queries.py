"""Reads of campaigns and invitations. Each says what it loads; nothing else is read later."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased, joinedload

from eventsapp.core.db import db
from eventsapp.core.paging import Page, paginate
from eventsapp.invitations.models import ANSWERS, Campaign, Invitation, InviteeImport
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import Registration

MOST_CAMPAIGNS = 100


@dataclass(frozen=True)
class Figures:
    """What a campaign has come to."""

    invited: int = 0
    sent: int = 0
    registered: int = 0
    declined: int = 0
    silent: int = 0  # sent, no answer
    unsubscribed: int = 0


def get_campaign(meeting: Meeting, campaign_id: int) -> Campaign:
    """Return a campaign of the meeting, which the caller loaded by scope; NoResultFound (404) otherwise."""
    statement = select(Campaign).where(Campaign.id == campaign_id, Campaign.meeting_id == meeting.id)
    return db.session.scalars(statement).one()


def list_campaigns(meeting: Meeting) -> Sequence[Campaign]:
    """Return the meeting's campaigns, the latest first, at most a hundred."""
    statement = select(Campaign).where(Campaign.meeting_id == meeting.id)
    return db.session.scalars(statement.order_by(Campaign.id.desc()).limit(MOST_CAMPAIGNS)).all()


def figures_of(campaign_ids: Collection[int]) -> Mapping[int, Figures]:
    """Return the figures of each campaign, in one statement; campaigns without anybody have noughts."""
    is_sent = Invitation.sent_at.is_not(None)
    counted = (
        select(
            Invitation.campaign_id,
            func.count(),
            _number(is_sent),
            _number(Invitation.answer == "registered"),
            _number(Invitation.answer == "declined"),
            _number(is_sent & (Invitation.answer == "none") & Invitation.withdrawn_at.is_(None)),
            _number(Invitation.unsubscribed_at.is_not(None)),
        )
        .where(Invitation.campaign_id.in_(campaign_ids))
        .group_by(Invitation.campaign_id)
    )
    found = {row[0]: Figures(*row[1:]) for row in db.session.execute(counted)}
    return {key: found.get(key, Figures()) for key in campaign_ids}


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def list_invitations(campaign: Campaign, *, answer: str, text: str, page: int) -> Page[Invitation]:
    """Return one page of the campaign's invitations by name; an unknown answer narrows nothing."""
    statement = select(Invitation).where(Invitation.campaign_id == campaign.id)
    if answer in ANSWERS:
        statement = statement.where(Invitation.answer == answer)
    for word in text.lower().split()[:5]:
        shown = func.lower(
            Invitation.given_name + " " + Invitation.family_name + " " + Invitation.organisation
        )
        found = shown.contains(word, autoescape=True) | Invitation.email_key.contains(word, autoescape=True)
        statement = statement.where(found)
    order = (func.lower(Invitation.family_name), func.lower(Invitation.given_name), Invitation.id)
    return paginate(statement.order_by(*order), number=page)


def get_invitation(campaign: Campaign, invitation_id: int) -> Invitation:
    """Return an invitation of the campaign; NoResultFound (404) otherwise."""
    statement = select(Invitation).where(
        Invitation.id == invitation_id, Invitation.campaign_id == campaign.id
    )
    return db.session.scalars(statement).one()


def get_personal_invitation(invitation_id: int) -> Invitation:
    """Return the invitation that a personal link names, with its campaign and its meeting."""
    statement = select(Invitation).where(Invitation.id == invitation_id)
    loaded = joinedload(Invitation.campaign).joinedload(Campaign.meeting)
    return db.session.scalars(statement.options(loaded)).one()


def is_standing(meeting_id: int, invitation_id: int) -> bool:
    """Tell whether this is an invitation to the meeting that nobody has withdrawn."""
    statement = select(Invitation.id).join(Invitation.campaign)
    mine = Invitation.id == invitation_id, Campaign.meeting_id == meeting_id
    return db.session.scalar(statement.where(*mine, Invitation.withdrawn_at.is_(None))) is not None


def get_import(campaign: Campaign, import_id: int) -> InviteeImport:
    """Return a file sent for the campaign; NoResultFound (404) otherwise."""
    statement = select(InviteeImport).where(
        InviteeImport.id == import_id, InviteeImport.campaign_id == campaign.id
    )
    return db.session.scalars(statement).one()


def invited_keys(campaign: Campaign) -> set[str]:
    """Return the keys of the addresses that the campaign invites."""
    return set(db.session.scalars(select(Invitation.email_key).where(Invitation.campaign_id == campaign.id)))


def registered_keys(meeting_id: int) -> set[str]:
    """Return the keys of the addresses that hold a registration for the meeting."""
    return set(db.session.scalars(select(Registration.email_key).where(_is_registered(meeting_id))))


def is_registered(meeting_id: int, email_key: str) -> bool:
    """Tell whether the address holds a registration for the meeting."""
    statement = select(Registration.id).where(_is_registered(meeting_id), Registration.email_key == email_key)
    return db.session.scalar(statement.limit(1)) is not None


def _is_registered(meeting_id: int) -> ColumnElement[bool]:
    return and_(Registration.meeting_id == meeting_id, Registration.state != "cancelled")


def waiting_to_leave(campaign: Campaign) -> Select[Invitation]:
    """Return the statement of the invitations that have still to leave.

    Not those of people who answered, are registered, or asked one of the meeting's campaigns for no more.
    """
    other, others = aliased(Invitation), aliased(Campaign)
    stopped = (
        select(other.id)
        .join(others, other.campaign_id == others.id)
        .where(others.meeting_id == campaign.meeting_id, other.email_key == Invitation.email_key)
        .where(other.unsubscribed_at.is_not(None))
    )
    registered = select(Registration.id).where(
        _is_registered(campaign.meeting_id), Registration.email_key == Invitation.email_key
    )
    return select(Invitation).where(
        Invitation.campaign_id == campaign.id,
        Invitation.sent_at.is_(None),
        Invitation.answer == "none",
        ~stopped.exists(),
        ~registered.exists(),
    )


def count_waiting(campaign: Campaign) -> int:
    """Return how many people the campaign would be sent to now."""
    return db.session.scalar(select(func.count()).select_from(waiting_to_leave(campaign).subquery())) or 0


def first_waiting(campaign: Campaign) -> Invitation | None:
    """Return one of the invitations that would leave now, to show its message."""
    return db.session.scalars(waiting_to_leave(campaign).order_by(Invitation.id).limit(1)).first()


def get_sample(campaign: Campaign) -> Invitation:
    """Return an invitation of the campaign, one to leave if there is; NoResultFound (404) when it has none."""
    statement = select(Invitation).where(Invitation.campaign_id == campaign.id).order_by(Invitation.id)
    return first_waiting(campaign) or db.session.scalars(statement.limit(1)).one()
