"""Who may register and which place they get, decided on plain values."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations, count
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from eventsapp.meetings.rules import Timed, overlap

# Said on the phone and typed at the desk: no letter or digit that looks like another.
_LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"

Part = TypeVar("Part", bound=Timed)


class Opening(StrEnum):
    """Whether registration is possible, and if not, why."""

    OPEN = "open"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    FULL = "full"
    WAITING_LIST = "waiting_list"  # full, and one may wait for a place
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    HELD = "held"


class Window(Protocol):
    """What of a meeting decides on its registrations."""

    @property
    def state(self) -> str: ...

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...

    @property
    def registration_opens_at(self) -> datetime | None: ...

    def registration_ends_at(self) -> datetime: ...


@dataclass(frozen=True)
class Edge:
    """The highest place number given, and whether anybody waits: read without counting those who have places.

    Numbers are unique: below the capacity, at most as many places are taken, and the next number is free.
    """

    highest: int = 0
    has_queue: bool = False


def opening(meeting: Window, at: datetime) -> Opening:
    """Return whether the meeting takes registrations at that instant, whatever the places left."""
    if meeting.state in ("cancelled", "postponed"):
        return Opening(meeting.state)
    if meeting.state != "published" or meeting.ends_at <= at:
        return Opening.HELD
    if meeting.registration_opens_at and at < meeting.registration_opens_at:
        return Opening.NOT_YET
    return Opening.OPEN if at < meeting.registration_ends_at() else Opening.CLOSED


def opening_with_places(
    meeting: Window, at: datetime, remaining: int | None, *, has_waiting_list: bool = False
) -> Opening:
    """Like ``opening``, and full when no place remains, or open for its waiting list only."""
    state = opening(meeting, at)
    if state is not Opening.OPEN or remaining is None or remaining > 0:
        return state
    return Opening.WAITING_LIST if has_waiting_list else Opening.FULL


def changes_end_at(meeting: Window, closes_at: datetime | None) -> datetime:
    """Return until when choices may change: the setup's ``changes_close_at``, or else the end of registration."""
    return closes_at or meeting.registration_ends_at()


def may_change(meeting: Window, at: datetime, closes_at: datetime | None) -> bool:
    """Tell whether a registered person may still change their choices; see ``changes_end_at``."""
    return meeting.state in ("published", "postponed") and at < changes_end_at(meeting, closes_at)


def may_request(meeting: Window, at: datetime, closes_at: datetime | None) -> bool:
    """Tell whether it is too late to change and not too late to ask the organiser: until the meeting begins."""
    return may_cancel(meeting, at) and not may_change(meeting, at, closes_at)


def may_cancel(meeting: Window, at: datetime) -> bool:
    """Tell whether a registered person may still give the place back: until the meeting begins."""
    return meeting.state in ("published", "postponed") and at < meeting.starts_at


def remaining(capacity: int | None, taken: int) -> int | None:
    """Return the places left, never below nought; None when they are not limited."""
    return None if capacity is None else max(0, capacity - taken)


def is_full(capacity: int | None, taken: int) -> bool:
    """Tell whether nobody else may come in."""
    return capacity is not None and taken >= capacity


@dataclass(frozen=True)
class Quota:
    """Places reserved for a group: ``members``, ``speakers``, a ``region`` or a ``kind`` (with ``value``)."""

    key: str
    label: str
    group: str
    places: int
    value: str = ""


@dataclass(frozen=True)
class Applicant:
    """What of a person decides on their quota and admission."""

    region_code: str | None = None
    kind: str = "other"
    is_member: bool = False
    is_speaker: bool = False


@dataclass(frozen=True)
class Shares:
    """By quota («» for the rest): places taken or held, and people who wait."""

    taken: Mapping[str, int]
    waiting: Mapping[str, int]


NO_SHARES = Shares({}, {})
KNOWN_BY_ADDRESS = frozenset({"members", "speakers"})  # groups that the directory knows, by address


def read_quotas(stored: Iterable[Mapping[str, Any]]) -> tuple[Quota, ...]:
    """Return the quotas of a setup, in the order in which they are tried."""
    return tuple(Quota(**quota) for quota in stored)


def quota_of(quotas: Iterable[Quota], person: Applicant) -> str:
    """Return the key of the first quota that is the person's, or «» when they are in no group."""
    return next((quota.key for quota in quotas if _is_for(quota, person)), "")


def _is_for(quota: Quota, person: Applicant) -> bool:
    match quota.group:
        case "members":
            return person.is_member
        case "speakers":
            return person.is_speaker
        case "region":
            return person.region_code == quota.value
        case "kind":
            return person.kind == quota.value
    return False


def has_place(
    capacity: int | None, taken: int, quotas: Iterable[Quota], taken_by: Mapping[str, int], quota_key: str
) -> bool:
    """Tell whether somebody of this quota may have a place: what others have reserved and not taken is not free."""
    if capacity is None:
        return True
    reserved = sum(max(0, x.places - taken_by.get(x.key, 0)) for x in quotas if x.key != quota_key)
    return capacity - taken - reserved > 0


def places_for(
    capacity: int | None,
    taken: int,
    quotas: Sequence[Quota],
    shares: Shares,
    quota_keys: Iterable[str],
    *,
    has_queue: bool,
) -> int:
    """Return how many of these newcomers (their quotas, in their order) would have a place."""
    placed, taken_by = 0, dict(shares.taken)
    for key in quota_keys:
        now = Shares(taken_by, shares.waiting)
        may_pass = not has_queue or passes_queue(quotas, now, key)
        if may_pass and has_place(capacity, taken + placed, quotas, taken_by, key):
            placed += 1
            taken_by[key] = taken_by.get(key, 0) + 1
    return placed


def passes_queue(quotas: Iterable[Quota], shares: Shares, quota_key: str) -> bool:
    """Tell whether a newcomer may take a place while others wait: one of their own quota, that nobody of it awaits."""
    own = next((quota for quota in quotas if quota.key == quota_key), None)
    if own is None or shares.waiting.get(quota_key, 0):
        return False
    return shares.taken.get(quota_key, 0) < own.places


def must_check_email(*, checks_email: bool, admission: str, groups: Collection[str]) -> bool:
    """Tell whether an address is proved before anything is decided: it is asked for, or somebody's place depends on it.

    ``groups`` are those of the quotas. What a page showed otherwise would tell whose address is a member's.
    """
    return checks_email or does_address_decide(admission=admission, groups=groups)


def does_address_decide(*, admission: str, groups: Collection[str]) -> bool:
    """Tell whether somebody's place depends on whose their address is; ``groups`` are those of the quotas."""
    return admission == "members" or not KNOWN_BY_ADDRESS.isdisjoint(groups)


def left_by_address(quotas: Iterable[Quota], shares: Shares) -> int:
    """Return how many reserved places are left for people of whom only a proved address tells the group."""
    by_address = (quota for quota in quotas if quota.group in KNOWN_BY_ADDRESS)
    return sum(max(0, quota.places - shares.taken.get(quota.key, 0)) for quota in by_address)


def next_check(*, admission: str, is_member: bool) -> str:
    """Return the state in which somebody waits whose address is known to be theirs, or «» when nothing is due."""
    return "pending" if admission == "approval" or (admission == "members" and not is_member) else ""


def is_right_code(expected: str, given: str) -> bool:
    """Tell whether the access code is the one asked for, whatever its case and blanks."""
    return not expected or secrets.compare_digest(_code(given), _code(expected))


def _code(text: str) -> bytes:
    return "".join(text.split()).casefold().encode()


def is_domain_of(address: str, website: str) -> bool:
    """Tell whether the e-mail address is at the website's own domain, «www.» aside."""
    domain = address.rpartition("@")[2]
    return domain != "" and website_domain(website) == domain


def website_domain(website: str) -> str:
    """Return the domain of a website, «www.» aside; «» when it is no full name."""
    host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    domain = host.removeprefix("www.")
    return domain if "." in domain else ""


def mode_chosen(attendance: str, mode: str) -> str:
    """Return how somebody attends who was perhaps not asked: the only way there is, or on site."""
    return mode or ("remote" if attendance == "remote" else "on_site")


def offers_mode(attendance: str, mode: str) -> bool:
    """Tell whether the meeting may be followed in this way."""
    return mode in ("on_site", "remote") and attendance in ("both", mode)


def lowest_free(taken: Collection[int]) -> int:
    """Return the lowest place number nobody holds."""
    return next(number for number in count(1) if number not in taken)


def first_overlap(sessions: Iterable[Part]) -> tuple[Part, Part] | None:
    """Return two sessions under way at a common instant, or None."""
    return next(((one, other) for one, other in combinations(sessions, 2) if overlap(one, other)), None)


def make_reference() -> str:
    """Return a new reference such as «K7RM-3XQA», not to be guessed."""
    return reference_from(secrets.token_bytes(8))


def reference_from(digest: bytes) -> str:
    """Return the reference that a digest of eight bytes or more makes: always the same."""
    letters = [_LETTERS[byte % len(_LETTERS)] for byte in digest[:8]]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


def read_reference(text: str) -> str | None:
    """Return the text when it has the form of a reference."""
    parts = text.split("-")
    well_formed = [len(part) for part in parts] == [4, 4] and set("".join(parts)) <= set(_LETTERS)
    return text if well_formed else None


# --- Waiting lists --------------------------------------------------------------------------------


class OfferTerms(Protocol):
    """What of a setup decides on offers."""

    @property
    def offer_hours(self) -> Any: ...

    @property
    def offers_stop_hours(self) -> Any: ...

    @property
    def offers_frozen_at(self) -> Any: ...


def offers_stop_at(meeting: Window, terms: OfferTerms) -> datetime:
    """Return the instant from which free places are no longer offered by themselves."""
    return meeting.starts_at - timedelta(hours=terms.offers_stop_hours)


def offers_by_itself(meeting: Window, terms: OfferTerms, at: datetime) -> bool:
    """Tell whether free places are offered to those who wait without anybody asking for it."""
    is_running = meeting.state == "published" and terms.offers_frozen_at is None
    return is_running and at < offers_stop_at(meeting, terms)


def may_offer(meeting: Window, at: datetime) -> bool:
    """Tell whether an organiser may offer a place: until the meeting begins, frozen or not."""
    return meeting.state == "published" and at < meeting.starts_at


def offer_deadline(meeting: Window, terms: OfferTerms, at: datetime) -> datetime:
    """Return until when a place offered now may be accepted: never after the meeting has begun."""
    return min(at + timedelta(hours=terms.offer_hours), meeting.starts_at)


def answers_in_time(held_until: datetime | None, at: datetime) -> bool:
    """Tell whether an offer may still be answered, whether or not the expired ones have been swept."""
    return held_until is not None and at < held_until


class Chosen(Protocol):
    """A place in a workshop, as a change of hours sees it."""

    @property
    def session(self) -> Any: ...

    @property
    def taken_at(self) -> Any: ...


Choice = TypeVar("Choice", bound=Chosen)


def ousted(places: Iterable[Choice], moved_ids: Collection[int]) -> list[Choice]:
    """Return the places that cannot stand beside the others: chosen later, or at once but moved since."""
    kept: list[Choice] = []
    gone: list[Choice] = []
    for place in sorted(places, key=lambda x: (x.taken_at, x.session.id in moved_ids, x.session.id)):
        clashes = any(overlap(place.session, other.session) for other in kept)
        (gone if clashes else kept).append(place)
    return gone
