"""Registrations and places in workshops. The constraints here are the last line of defence."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from eventsapp.core.db import Base, UtcDateTime, partial_index
from eventsapp.core.i18n import _l, _p
from eventsapp.core.keys import email_key, name_key, search_key
from eventsapp.meetings.models import Meeting, Session
from eventsapp.registrations.likeness import likeness_key, mailbox_key
from eventsapp.registrations.models.form import Answer

# An expected person has answered everything or nearly; a place is held for them where one was free.
REGISTRATION_STATES = {
    "unverified": _l("Adresse à vérifier"),
    "pending": _l("À valider"),
    "confirmed": _l("Confirmée"),
    "waiting": _l("En attente"),
    "offered": _l("Place proposée"),
    "cancelled": _l("Annulée"),
    "refused": _l("Refusée"),
}
ENDED_STATES = ("cancelled", "refused")
# Those told what becomes of the meeting; an address that has not been verified may be anybody's.
TOLD_STATES = ("confirmed", "pending", "waiting", "offered")
ATTENDANCE_MODES = {"on_site": _l("Sur place"), "remote": _l("À distance")}

# A wish is ranked and holds nothing; a released place has no row.
PLACE_STATES = ("wished", "confirmed", "waiting", "offered")

# In what capacity somebody comes; feeds lists and totals.
PARTICIPANT_KINDS = {
    "elected": _l("Élue ou élu"),
    "officer": _l("Agente ou agent d’une collectivité"),
    "network": _l("Réseau"),
    "association": _l("Association"),
    "company": _l("Entreprise ou coopérative"),
    "university": _l("Université"),
    "state": _p("organisme", "État"),
    "other": _l("Autre"),
}


class Registration(Base):
    """One person's place at one meeting. Names stay as typed; ``email_key`` compares addresses."""

    __tablename__ = "registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))  # first of several indexes below
    reference: Mapped[str] = mapped_column(String(12), unique=True)  # said on the phone, typed at the desk
    state: Mapped[str] = mapped_column(String(10), default="confirmed")
    mode: Mapped[str] = mapped_column(String(8), default="on_site")
    place_number: Mapped[int | None]  # 1…capacity of the meeting; also while a place is held, never remotely
    quota_key: Mapped[str] = mapped_column(String(40), default="")  # whose reserved place this is
    queue_rank: Mapped[int | None]  # order in the waiting list, the lowest first
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # nobody is offered a place twice
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # to take an offer, to prove an address
    civility: Mapped[str] = mapped_column(String(5), default="")
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(210))  # family then given name, no accents: search and sort
    likeness_key: Mapped[str] = mapped_column(
        String(210), server_default=""
    )  # its words in order: duplicates
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))
    mailbox_key: Mapped[str] = mapped_column(String(254), server_default="")  # the address without its label
    phone: Mapped[str] = mapped_column(String(30), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    organisation_key: Mapped[str] = mapped_column(String(200), default="")  # no accents: sort
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    job_title: Mapped[str] = mapped_column(String(200), default="")  # qualité
    participant_kind: Mapped[str] = mapped_column(String(12), default="other")
    region_code: Mapped[str | None] = mapped_column(String(2))
    needs: Mapped[str] = mapped_column(Text, default="")  # access, diet: seen by the desk only, erased after
    accepts_listing: Mapped[bool] = mapped_column(default=False)  # name may be published
    consent_text_version: Mapped[str] = mapped_column(String(20), default="")
    locale: Mapped[str] = mapped_column(String(2), default="fr")
    search_key: Mapped[str] = mapped_column(Text, default="")  # every word the list is searched by
    link_version: Mapped[int] = mapped_column(default=1)  # a higher one ends earlier personal links
    revision: Mapped[int] = mapped_column(default=0)  # grows with each change, for SEQUENCE (RFC 5545)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # none: by the person
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # or refused
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the address answered
    group_key: Mapped[str | None] = mapped_column(String(12))  # registered in one go
    contact_name: Mapped[str] = mapped_column(String(200), default="")  # whoever registered colleagues
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))
    is_demo: Mapped[bool] = mapped_column(default=False)

    meeting: Mapped[Meeting] = relationship()
    places: Mapped[list[SessionPlace]] = relationship(
        back_populates="registration", cascade="all, delete-orphan", order_by="SessionPlace.session_id"
    )
    # By question. Read only, and only where a query asks for it: answers are written by their own service.
    answers: Mapped[dict[int, Answer]] = relationship(
        viewonly=True, lazy="raise", collection_class=attribute_keyed_dict("question_id")
    )

    __table_args__ = (
        CheckConstraint(f"state IN {tuple(REGISTRATION_STATES)!r}", name="known_state"),
        CheckConstraint(f"participant_kind IN {tuple(PARTICIPANT_KINDS)!r}", name="known_kind"),
        CheckConstraint(f"mode IN {tuple(ATTENDANCE_MODES)!r}", name="known_mode"),
        CheckConstraint(
            "(state IN ('cancelled', 'refused')) = (cancelled_at IS NOT NULL)", name="cancelled_has_time"
        ),
        CheckConstraint(
            "place_number IS NOT NULL OR state NOT IN ('confirmed', 'offered') OR mode = 'remote'",
            name="confirmed_has_place",
        ),
        CheckConstraint(
            "place_number IS NULL OR (state NOT IN ('waiting', 'cancelled', 'refused') AND mode = 'on_site')",
            name="place_is_held_by_somebody_expected",
        ),
        CheckConstraint("(state = 'waiting') = (queue_rank IS NOT NULL)", name="waiting_has_rank"),
        CheckConstraint(
            "(state IN ('unverified', 'offered')) = (held_until IS NOT NULL)", name="deadline_when_held"
        ),
        CheckConstraint("place_number >= 1", name="place_number_positive"),
        partial_index(
            "uq_registration_active_email",
            "meeting_id",
            "email_key",
            where="state NOT IN ('cancelled', 'refused')",
            unique=True,
        ),
        UniqueConstraint("meeting_id", "place_number", name="uq_registration_place_number"),
        Index("ix_registration_meeting_name", "meeting_id", "name_key"),
        Index("ix_registration_likeness", "meeting_id", "likeness_key"),
        Index("ix_registration_mailbox", "meeting_id", "mailbox_key"),
        Index("ix_registration_queue", "meeting_id", "state", "queue_rank"),
        partial_index("ix_registration_held", "state", "held_until", where="held_until IS NOT NULL"),
        *(
            partial_index(f"ix_registration_{name}", name, where=f"{name} IS NOT NULL")
            for name in ("organisation_id", "group_key", "merged_into_id")
        ),
    )

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    def is_active(self) -> bool:
        """Tell whether something is still to come of it: not cancelled, not refused."""
        return self.state not in ENDED_STATES

    def is_confirmed(self) -> bool:
        return self.state == "confirmed"

    def chosen_session_ids(self) -> set[int]:
        """The workshops in which a place is held; those asked for, while the meeting itself has no place for them."""
        return {place.session_id for place in self.places if place.is_held() or not self.may_hold_sessions()}

    def may_hold_sessions(self) -> bool:
        """Tell whether workshops are held, and not only asked for: the meeting itself has a place for them."""
        return self.place_number is not None and self.state != "offered"

    def set_keys(self) -> None:
        """Make the columns that compare, sort and search agree with what is shown."""
        self.email_key = email_key(self.email)
        self.mailbox_key = mailbox_key(self.email_key)
        self.name_key = name_key(self.family_name, self.given_name)
        self.likeness_key = likeness_key(self.name_key)
        self.organisation_key = search_key(self.organisation)[:200]
        words = (self.name_key, self.organisation_key, self.email_key, self.reference.lower())
        self.search_key = " ".join(words)


class SessionPlace(Base):
    """What one registration has in one session: a ranked wish, a place, a rank in its waiting list.

    The row goes when the place is released.
    """

    __tablename__ = "session_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))  # first of several indexes below
    state: Mapped[str] = mapped_column(String(10), default="confirmed")
    place_number: Mapped[int | None]  # 1…capacity of the session, for a place taken or offered
    rank: Mapped[int | None]  # 1: first wish; kept once the wish is granted
    queue_rank: Mapped[int | None]  # order in the session's waiting list, the lowest first
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # to take the offer
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when this state began

    registration: Mapped[Registration] = relationship(back_populates="places")
    session: Mapped[Session] = relationship()

    __table_args__ = (
        UniqueConstraint("session_id", "registration_id", name="uq_session_place_registration"),
        UniqueConstraint("session_id", "place_number", name="uq_session_place_number"),
        CheckConstraint(f"state IN {PLACE_STATES!r}", name="known_state"),
        CheckConstraint("place_number >= 1", name="place_number_positive"),
        CheckConstraint(
            "(state IN ('confirmed', 'offered')) = (place_number IS NOT NULL)", name="confirmed_has_place"
        ),
        CheckConstraint("state <> 'wished' OR rank >= 1", name="wish_has_rank"),
        CheckConstraint("(state = 'waiting') = (queue_rank IS NOT NULL)", name="waiting_has_rank"),
        CheckConstraint("(state = 'offered') = (held_until IS NOT NULL)", name="offer_has_deadline"),
        Index("ix_session_place_queue", "session_id", "queue_rank", "place_number"),
        partial_index("ix_session_place_held", "state", "held_until", where="held_until IS NOT NULL"),
    )

    def is_held(self) -> bool:
        """Tell whether a place is taken, not merely wished for or waited for."""
        return self.state == "confirmed"
