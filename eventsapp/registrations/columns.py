"""The columns of the list of registrations, for the screen and for files."""

from __future__ import annotations

from eventsapp.core.columns import Column
from eventsapp.core.i18n import Text, _l, _p
from eventsapp.registrations.filters import REGIONS
from eventsapp.registrations.mails import chosen_sessions
from eventsapp.registrations.models import (
    ATTENDANCE_MODES,
    PARTICIPANT_KINDS,
    REGISTRATION_STATES,
    Registration,
)


def _kind(registration: Registration) -> Text:
    return PARTICIPANT_KINDS[registration.participant_kind]


def _workshops(registration: Registration) -> str:
    return " / ".join(session.title for session in chosen_sessions(registration))


# What access and diet people need is read at the desk, in no file that circulates.
COLUMNS: tuple[Column[Registration], ...] = (
    Column(
        "name",
        _p("personne", "Nom"),
        lambda x: f"{x.family_name} {x.given_name}",
        lambda x: x.family_name,
        sort="name",
        width=24,
    ),
    Column("given_name", _l("Prénom"), lambda x: x.given_name, sort="given_name", on_screen=False),
    Column("civility", _l("Civilité"), lambda x: x.civility, sort="civility", on_screen=False, width=9),
    Column("organisation", _l("Organisme"), lambda x: x.organisation, sort="organisation", width=36),
    Column("job_title", _l("Fonction"), lambda x: x.job_title, sort="job_title", on_screen=False, width=28),
    Column("kind", _l("Type"), _kind, sort="kind", width=30),
    Column(
        "region",
        _l("Région"),
        lambda x: REGIONS.get(x.region_code or "", ""),
        sort="region",
        on_screen=False,
        width=26,
    ),
    Column("email", _l("Courriel"), lambda x: x.email, sort="email", on_screen=False, width=32),
    Column("phone", _l("Téléphone"), lambda x: x.phone, sort="phone", on_screen=False),
    Column("workshops", _l("Ateliers"), _workshops, width=40),
    Column(
        "mode",
        _l("Participation"),
        lambda x: ATTENDANCE_MODES[x.mode],
        sort="mode",
        on_screen=False,
        width=12,
    ),
    Column("quota", _l("Places réservées"), lambda x: x.quota_key, on_screen=False),
    Column("accepts_listing", _l("Liste publiée"), lambda x: x.accepts_listing, on_screen=False, width=12),
    Column("registered_at", _l("Inscription le"), lambda x: x.registered_at, sort="date", width=17),
    Column("changed_at", _l("Changée le"), lambda x: x.changed_at, sort="changed", on_screen=False, width=17),
    Column("contact", _l("Inscrite par"), lambda x: x.contact_name, on_screen=False, width=24),
    Column("state", _l("État"), lambda x: REGISTRATION_STATES[x.state], sort="state"),
    Column("reference", _l("Référence"), lambda x: x.reference, sort="reference", on_screen=False, width=12),
)
STATE_TONES = {
    "confirmed": "open",
    "waiting": "last",
    "offered": "last",
    "pending": "info",
    "unverified": "info",
}
