"""What comes between a request and a place: an address to verify, a registration to validate.

An address that does not answer in time loses its place with the offers (``answering.expire_due_offers``).
"""

from __future__ import annotations

from datetime import datetime

from eventsapp.accounts.models import Account
from eventsapp.core.db import db
from eventsapp.registrations import mails, places, rules
from eventsapp.registrations.errors import MeetingIsFull, NothingToDecide, RegistrationIsCancelled
from eventsapp.registrations.models import Registration
from eventsapp.registrations.places import Held
from eventsapp.registrations.queries import queues
from eventsapp.registrations.services.ending import end_registrations
from eventsapp.registrations.services.history import record_event
from eventsapp.registrations.services.registering import applicant
from eventsapp.registrations.services.wishes import grant_wishes


def verify_address(*, registration: Registration, at: datetime) -> Registration:
    """The address is the person's own: a place, a rank, or the wait for a validation follows. Twice changes nothing.

    Raises RegistrationIsCancelled when it came too late, MeetingIsCancelled.
    """
    held = places.hold_whole(registration.meeting_id)
    db.session.refresh(registration)
    if not registration.is_active():
        raise RegistrationIsCancelled
    if registration.state != "unverified":
        return registration
    places.check_goes_on(held.meeting)
    person = applicant(held, registration)
    registration.quota_key = rules.quota_of(rules.read_quotas(held.setup.quotas), person)
    check = rules.next_check(admission=held.setup.admission, is_member=person.is_member)
    if check:
        _stand(registration, check, number=registration.place_number)
    else:
        _settle(held, registration, at)
    registration.verified_at = at
    record_event(registration, "verified", at=at)
    _tell(held, registration, at)
    return registration


def approve_registration(*, registration: Registration, by: Account, at: datetime) -> Registration:
    """The person has the place that was held, one that is free, or a rank in the waiting list; they are told.

    Raises NothingToDecide when it was settled before, MeetingIsCancelled, MeetingIsFull where there is neither place nor waiting list.
    """
    held = _hold_pending(registration)
    places.check_goes_on(held.meeting)
    _settle(held, registration, at)
    record_event(registration, "approved", at=at, by=by)
    _tell(held, registration, at)
    return registration


def refuse_registration(
    *, registration: Registration, by: Account, at: datetime, reason: str = ""
) -> Registration:
    """The person has no place and is told, with the reason when there is one; what was held goes to the next in line.

    Raises NothingToDecide when it was settled before.
    """
    held = _hold_pending(registration)
    end_registrations(held, [registration], "refused", state="refused", text=reason, at=at, by=by)
    mails.queue_refusal(registration, held.meeting, reason=reason, at=at)
    return registration


def _hold_pending(registration: Registration) -> Held:
    held = places.hold_whole(registration.meeting_id)
    db.session.refresh(registration)
    if registration.state != "pending":
        raise NothingToDecide
    return held


def _settle(held: Held, registration: Registration, at: datetime) -> None:
    """Every check is passed: confirmed with the place held or a free one, else at the end of the waiting list."""
    number = registration.place_number
    if number is None and registration.mode == "on_site":
        number = places.claim_meeting_place(held, registration.quota_key)
    if number is not None or registration.mode == "remote":
        _stand(registration, "confirmed", number=number)
        grant_wishes(held, registration, at=at)
    elif held.setup.has_waiting_list:
        _stand(registration, "waiting", rank=places.next_rank(held.meeting.id))
    else:
        raise MeetingIsFull


def _stand(
    registration: Registration, state: str, *, number: int | None = None, rank: int | None = None
) -> None:
    registration.state, registration.held_until = state, None
    registration.place_number, registration.queue_rank = number, rank
    registration.revision += 1
    db.session.flush()


def _tell(held: Held, registration: Registration, at: datetime) -> None:
    is_confirmed = registration.is_confirmed()
    mails.queue_first_message(
        registration,
        held.meeting,
        mails.chosen_sessions(registration),
        at=at,
        waits=queues.waits_of(registration) if is_confirmed else (),
        position=queues.position_of(registration) if registration.state == "waiting" else None,
    )
