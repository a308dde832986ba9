"""What a person says about themselves when registering."""

from __future__ import annotations

from dataclasses import dataclass

from eventsapp.core.i18n import _l
from eventsapp.registrations.models import Registration

CIVILITIES = {"": _l("Non précisée"), "Mme": _l("Madame"), "M.": _l("Monsieur")}

# Names the wording of templates/registrations/_privacy.html that a person accepted; change both together.
CONSENT_TEXT_VERSION = "2026-11"


@dataclass(frozen=True, kw_only=True)
class Details:
    """A person's answers, checked for shape by a form or an import; names stay as typed."""

    given_name: str
    family_name: str
    email: str
    civility: str = ""
    phone: str = ""
    organisation: str = ""
    job_title: str = ""
    participant_kind: str = "other"
    region_code: str | None = None
    needs: str = ""
    accepts_listing: bool = False

    def copy_to(self, registration: Registration) -> None:
        """The registration says these answers; only what differs is written."""
        for name, value in vars(self).items():
            if getattr(registration, name) != value:
                setattr(registration, name, value)
        registration.set_keys()
