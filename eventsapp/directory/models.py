"""Who takes part: organisations, people and the dated ties between them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Base
from eventsapp.core.i18n import _l, _p
from eventsapp.core.keys import name_key, search_key

# Kinds of organisation, kept apart from their relation to the network.
ORGANISATION_KINDS = {
    "local_authority": _l("Collectivité territoriale"),
    "network": _l("Réseau"),
    "association": _l("Association"),
    "cooperative": _l("Coopérative"),
    "social_enterprise": _l("Entreprise sociale"),
    "company": _l("Entreprise"),
    "university": _l("Université"),
    "state": _p("organisme", "État"),
    "other": _l("Autre"),
}

RELATIONS = {
    "member": _l("Adhérent"),
    "signatory": _l("Signataire"),
    "partner": _l("Partenaire"),
    "funder": _l("Financeur"),
}


class Organisation(Base):
    """A legal person (organisme, collectivité)."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), unique=True)  # lower case, no accents
    kind: Mapped[str] = mapped_column(String(20), default="other")
    siren: Mapped[str | None] = mapped_column(String(9))
    region_code: Mapped[str | None] = mapped_column(String(2))  # INSEE, today's régions
    website: Mapped[str | None] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(Text, default="")
    is_demo: Mapped[bool] = mapped_column(default=False)

    relations: Mapped[list[Relation]] = relationship(cascade="all, delete-orphan", order_by="Relation.since")
    mandates: Mapped[list[Mandate]] = relationship(
        back_populates="organisation", order_by="Mandate.starts_on"
    )

    __table_args__ = (CheckConstraint(f"kind IN {tuple(ORGANISATION_KINDS)!r}", name="known_kind"),)


class Relation(Base):
    """What an organisation is to the network, and since when."""

    __tablename__ = "relation"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(10))
    since: Mapped[date]
    until: Mapped[date | None]

    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(RELATIONS)!r}", name="known_kind"),
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_start"),
    )


class Person(Base):
    """A natural person the network knows: speaker, referent, delegate. Names stay as typed."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    civility: Mapped[str] = mapped_column(String(5), default="")
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(210), default="", index=True)  # sorts and finds
    email: Mapped[str | None] = mapped_column(String(254))
    is_demo: Mapped[bool] = mapped_column(default=False)

    mandates: Mapped[list[Mandate]] = relationship(back_populates="person", order_by="Mandate.starts_on")

    __table_args__ = (
        CheckConstraint("civility IN ('', 'M.', 'Mme', 'Dr', 'Me', 'Pr')", name="known_civility"),
    )

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@event.listens_for(Organisation, "before_insert")
@event.listens_for(Organisation, "before_update")
def _refresh_organisation_key(_mapper: Any, _connection: Any, organisation: Organisation) -> None:
    # Neither database folds accents by itself, and the directory is also filled by commands and imports.
    organisation.name_key = search_key(organisation.name)[:200]


@event.listens_for(Person, "before_insert")
@event.listens_for(Person, "before_update")
def _refresh_person_key(_mapper: Any, _connection: Any, person: Person) -> None:
    person.name_key = name_key(person.family_name, person.given_name)


class Mandate(Base):
    """A person's function in an organisation, dated: a title on an old document must not change."""

    __tablename__ = "mandate"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(200))  # qualité
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="mandates")
    organisation: Mapped[Organisation] = relationship(back_populates="mandates")

    __table_args__ = (
        CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="ends_after_start"
        ),
    )


class Theme(Base):
    """A field of work (thématique)."""

    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    position: Mapped[int] = mapped_column(default=0)


class Charter(Base):
    """A charter that organisations sign."""

    __tablename__ = "charter"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300), unique=True)
    signed_on: Mapped[date]

    signatures: Mapped[list[Signature]] = relationship(
        cascade="all, delete-orphan", order_by="Signature.signed_on"
    )


class Signature(Base):
    """An organisation's commitment to a charter, on a date."""

    __tablename__ = "signature"

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charter.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    signed_on: Mapped[date]

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (UniqueConstraint("charter_id", "organisation_id"),)
