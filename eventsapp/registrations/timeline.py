"""What can happen to a registration, in the words of its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from eventsapp.core.i18n import Text, _, _l
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.purposes import PURPOSES
from eventsapp.mail.states import BY_STATE
from eventsapp.registrations.models import Registration, RegistrationEvent

EVENTS: dict[str, Text] = {
    "verified": _l("Adresse vérifiée"),
    "never_verified": _l("Adresse non vérifiée à temps"),
    "approved": _l("Inscription validée"),
    "refused": _l("Inscription refusée"),
    "put_on_waiting_list": _l("Mise sur liste d’attente"),
    "moved_in_waiting_list": _l("Changement de rang dans la liste d’attente"),
    "place_offered": _l("Place proposée"),
    "offer_accepted": _l("Place acceptée"),
    "offer_declined": _l("Place refusée par la personne"),
    "offer_expired": _l("Délai passé sans réponse"),
    "offer_withdrawn": _l("Proposition retirée"),
    "workshop_moved": _l("Atelier déplacé sur un horaire déjà pris"),
    "workshop_removed": _l("Atelier retiré du programme"),
    "changed": _l("Coordonnées modifiées"),
    "answers_changed": _l("Réponses modifiées"),
    "workshops_changed": _l("Ateliers modifiés"),
    "wishes_changed": _l("Vœux modifiés"),
    "allocated": _l("Affectation aux ateliers"),
    "transferred": _l("Place transmise à une autre personne"),
    "cancelled": _l("Inscription annulée"),
    "request_made": _l("Demande reçue"),
    "request_withdrawn": _l("Demande retirée"),
    "request_accepted": _l("Demande acceptée"),
    "request_refused": _l("Demande refusée"),
    "merged": _l("Doublon réuni"),
    "note": _l("Note interne"),
    "confirmation_sent_again": _l("Confirmation renvoyée"),
}

# Those whose text is what somebody wrote about the person; erased when the place passes to another one.
ABOUT_SOMEBODY = ("note", "request_made", "request_refused", "refused")

_ICONS = {
    "note": "file-pen",
    "cancelled": "circle-x",
    "refused": "circle-x",
    "approved": "circle-check",
    "verified": "mail-check",
    "merged": "users",
    "allocated": "list-checks",
    "put_on_waiting_list": "hourglass",
    "place_offered": "ticket",
    "offer_accepted": "circle-check",
    "request_made": "circle-question-mark",
}


@dataclass(frozen=True)
class Entry:
    """One thing that happened, as the page of a registration shows it.

    ``note_id`` is that of a note its reader wrote; ``mail_id`` leads to a message.
    """

    at: datetime
    title: Text
    text: str = ""
    by: str = ""
    icon: str = "history"
    note_id: int | None = None
    mail_id: int | None = None


def entries_of(
    registration: Registration,
    events: Iterable[RegistrationEvent],
    mails: Iterable[OutgoingMail],
    names: Mapping[int, str],
    *,
    reader_id: int,
) -> list[Entry]:
    """Return everything that happened to the registration, the latest first; ``names`` are those of accounts."""
    entries = [_registered(registration, names)]
    entries += [_event(event, registration, names, reader_id) for event in events]
    entries += [_mail(mail) for mail in mails]
    return sorted(entries, key=attrgetter("at"), reverse=True)


def _registered(registration: Registration, names: Mapping[int, str]) -> Entry:
    by = names.get(registration.registered_by_id or 0, "") or registration.contact_name
    return Entry(registration.registered_at, _l("Inscription reçue"), by=by, icon="user-plus")


def _event(
    event: RegistrationEvent, registration: Registration, names: Mapping[int, str], reader_id: int
) -> Entry:
    title = EVENTS.get(event.kind, event.kind)
    if event.registration_id != registration.id:
        title = _l("%(event)s (inscription réunie à celle-ci)", event=title)
    is_note = event.kind == "note"
    is_erased = (
        is_note and not event.text
    )  # with what was known of the person: the place has passed to another one
    is_own_note = is_note and not is_erased and event.by_id == reader_id
    return Entry(
        event.happened_at,
        title,
        text=_("Effacée : elle parlait de la personne qui avait la place avant.")
        if is_erased
        else event.text,
        by=names.get(event.by_id or 0, ""),
        icon=_ICONS.get(event.kind, "history"),
        note_id=event.id if is_own_note else None,
    )


def _mail(mail: OutgoingMail) -> Entry:
    title = _("Message : %(subject)s", subject=mail.subject)
    text = f"{PURPOSES[mail.purpose].label} · {BY_STATE[mail.state].label}"
    return Entry(mail.sent_at or mail.queued_at, title, text=text, icon="mail", mail_id=mail.id)
