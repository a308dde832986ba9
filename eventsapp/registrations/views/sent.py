"""What a step of the public form sends: the invitation followed, the choices, what travels on unseen."""

from __future__ import annotations

from flask import g, request

from eventsapp.core.keys import email_key
from eventsapp.core.permissions import Permission, may
from eventsapp.core.signing import keyed_digest
from eventsapp.core.tokens import read_token
from eventsapp.registrations import rules, tries
from eventsapp.registrations.choices import Choices
from eventsapp.registrations.errors import InvitationIsWithdrawn
from eventsapp.registrations.facts import invitation_followed
from eventsapp.registrations.forms import DETAILS, ENTRY
from eventsapp.registrations.forms.workshops import WAIT, awaited_ids, chosen_ids, chosen_wishes
from eventsapp.registrations.links import INVITED
from eventsapp.registrations.offer import SLOT

WORKSHOPS = (SLOT, WAIT)  # how the names of the fields about workshops begin


def reserved_for() -> frozenset[int] | None:
    """Return the meetings that are not public but open to this person; None for all of them."""
    if may(Permission.SEE_OFFICE):
        return None
    invited = _invited()
    return frozenset({invited[0]} if invited else ())


def invitation_to(meeting_id: int) -> int | None:
    """Return the personal invitation to this meeting that was followed, if one was."""
    invited = _invited()
    return invited[1] if invited and invited[0] == meeting_id else None


def _invited() -> tuple[int, int] | None:
    """Return the meeting and the invitation that the token names, while it stands: looked for once a request."""
    token = request.values.get("invitation")
    if not token:
        return None
    if g.get("followed", ("",))[0] != token:
        g.followed = token, _standing(*read_token(INVITED, token))
    followed: tuple[int, int] | None = g.followed[1]
    return followed


def _standing(meeting_id: int, invitation_id: int) -> tuple[int, int] | None:
    """A withdrawn invitation opens no more than none does: what was typed is kept, the code is asked for."""
    try:
        invitation_followed.send(meeting_id, invitation_id=invitation_id)
    except InvitationIsWithdrawn:
        return None
    return meeting_id, invitation_id


def mode_sent() -> str:
    """Return the way of attending that was chosen, or «» before it is."""
    return request.form.get("mode", "")


def choices_sent() -> Choices:
    """Return the choices; the service judges them. Raise TooManyWrongCodes when codes were tried enough for now."""
    code = request.form.get("access_code", "")
    if code:
        tries.check_tries()
    chosen = chosen_ids(request.form)
    return Choices(
        session_ids=tuple(chosen),
        waiting_ids=tuple(awaited_ids(request.form, chosen)),
        wishes=tuple(chosen_wishes(request.form).values()),
        mode=mode_sent(),
        access_code=code,
    )


def form_sent() -> str:
    """Return what tells this form from any other, filled in once however often it is sent; a new one at first."""
    return rules.read_reference(request.form.get("reference", "")) or rules.make_reference()


def reference_sent(*emails: str) -> str:
    """Return the reference of what this form asks for these addresses: the same however often it is sent.

    Another for any other address: sent again for one's own, the form must not tell whether it served before, which
    it did not for an address that was registered already.
    """
    signed = " ".join(["reference", form_sent(), *sorted(map(email_key, emails))])
    return rules.reference_from(keyed_digest(signed))


def carried(*, details: bool = True, choices: bool = True, reference: bool = True) -> list[tuple[str, str]]:
    """Return the answers given so far that the page does not show as fields."""
    first_step = (*DETAILS, *ENTRY) if details else ()
    names: set[str] = {"invitation", *first_step, *(["reference"] if reference else ())}
    found = [(name, value) for name, value in request.form.items() if name in names]
    if choices:
        found += [(name, value) for name, value in request.form.items() if name.startswith(WORKSHOPS)]
    if request.method == "GET" and (token := request.args.get("invitation")):
        found.append(("invitation", token))
    return found
