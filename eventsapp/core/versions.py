"""What a page showed when somebody opened it: saving sends it back, and never undoes what was saved meanwhile."""

from __future__ import annotations

from hashlib import sha256

from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _l


class SavedMeanwhile(DomainError):
    """Somebody else saved in between; the page shows where the two differ."""

    message = _l("Une autre personne a enregistré des changements entre-temps. Comparez avant d’enregistrer.")


def version_of(content: object) -> str:
    """Return a few letters that tell this content from any other; it must be plain values, in a settled order."""
    return sha256(repr(content).encode()).hexdigest()[:20]


def check_version(seen: str | None, content: object) -> None:
    """Raise SavedMeanwhile unless what was seen is the content of now; None looks at nothing."""
    if seen is not None and seen != version_of(content):
        raise SavedMeanwhile
