"""Territories by official code and vintage."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventsapp.core.db import Base, UtcDateTime


class TerritoryKind(StrEnum):
    """Levels of the French map. An EPCI may span départements and even régions."""

    REGION = "region"
    DEPARTMENT = "department"
    EPCI = "epci"
    COMMUNE = "commune"


class Territory(Base):
    """A territory as it was in one vintage. Codes are text: 01004, 2A004, 97105."""

    __tablename__ = "territory"
    __table_args__ = (
        UniqueConstraint("kind", "code", "vintage"),
        CheckConstraint("kind IN ('region', 'department', 'epci', 'commune')", name="known_kind"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
        Index(None, "kind", "vintage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(9))
    vintage: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    search_name: Mapped[str] = mapped_column(String(120))
    region_code: Mapped[str | None] = mapped_column(String(2))
    department_code: Mapped[str | None] = mapped_column(String(3))
    epci_code: Mapped[str | None] = mapped_column(String(9))
    postal_codes: Mapped[str] = mapped_column(Text, default="")
    population: Mapped[int | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    precision: Mapped[str | None] = mapped_column(String(16))
    successor_code: Mapped[str | None] = mapped_column(String(9))
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def main_postal_code(self) -> str:
        """The first postal code, or nothing: a large commune has many."""
        return self.postal_codes.partition(" ")[0]

    @property
    def label(self) -> str:
        """How a list tells two communes of the same name apart: « Saint-Denis (97400) »."""
        return f"{self.name} ({self.main_postal_code or self.code})"
