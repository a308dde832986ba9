"""Answers to the registration form."""

from __future__ import annotations

from itertools import count
from typing import Any

from eventsapp.registrations.details import Details

_numbers = count(1)


def make_details(**values: Any) -> Details:
    """Return valid answers of one more person; nothing is stored."""
    number = next(_numbers)
    defaults = {
        "given_name": "Personne",
        "family_name": f"Démonstration {number}",
        "email": f"personne-{number}@exemple.fr",
        "organisation": "Métropole de démonstration",
        "job_title": "Chargée de mission",
        "participant_kind": "officer",
    }
    return Details(**{**defaults, **values})
