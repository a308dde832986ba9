"""The columns of the list of registrations, for the screen and for files."""

from __future__ import annotations

from eventsapp.core.columns import Column
from eventsapp.core.i18n import Text, _l
from eventsapp.geography.outlines import region_outlines
from eventsapp.registrations.mails import chosen_sessions
from eventsapp.registrations.models import PARTICIPANT_KINDS, REGISTRATION_STATES, Registration


def _kind(registration: Registration) -> Text:
    return PARTICIPANT_KINDS[registration.participant_kind]


def _region(registration: Registration) -> str:
    names = {region.code: region.name for region in region_outlines()}
    return names.get(registration.region_code or "", "")


def _workshops(registration: Registration) -> str:
    return " / ".join(session.title for session in chosen_sessions(registration))


COLUMNS: tuple[Column[Registration], ...] = (
    Column(
        "name", _l("Nom"), lambda x: f"{x.family_name} {x.given_name}", lambda x: x.family_name, sort="name"
    ),
    Column("given_name", _l("Prénom"), lambda x: x.given_name, on_screen=False),
    Column("civility", _l("Civilité"), lambda x: x.civility, on_screen=False),
    Column("organisation", _l("Organisme"), lambda x: x.organisation, sort="organisation"),
    Column("job_title", _l("Fonction"), lambda x: x.job_title, on_screen=False),
    Column("kind", _l("Type"), _kind),
    Column("region", _l("Région"), _region, on_screen=False),
    Column("email", _l("Courriel"), lambda x: x.email, on_screen=False),
    Column("phone", _l("Téléphone"), lambda x: x.phone, on_screen=False),
    Column("workshops", _l("Ateliers"), _workshops),
    Column("accepts_listing", _l("Liste publiée"), lambda x: x.accepts_listing, on_screen=False),
    Column(
        "registered_at",
        _l("Inscription le"),
        lambda x: f"{x.registered_at:%d/%m/%Y}",
        lambda x: x.registered_at,
        sort="date",
    ),
    Column("state", _l("État"), lambda x: REGISTRATION_STATES[x.state]),
    Column("reference", _l("Référence"), lambda x: x.reference, on_screen=False),
)

ON_SCREEN = tuple(column for column in COLUMNS if column.on_screen)
