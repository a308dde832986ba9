"""The rules in force, in words: one line for the office's list."""

from __future__ import annotations

from collections.abc import Iterator

from eventsapp.core.i18n import _, format_day, format_time, ngettext
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import RegistrationSetup


def rules_in_force(setup: RegistrationSetup, meeting: Meeting) -> list[str]:
    """Return the rules of the meeting's registrations, each in a few words, the most important first."""
    return [*_admission(setup), *_places(setup), *_workshops(setup, meeting), *_changes(setup, meeting)]


def _admission(setup: RegistrationSetup) -> Iterator[str]:
    match setup.admission:
        case "members":
            yield _("adhérentes et adhérents inscrits d’office, les autres à valider")
        case "approval":
            yield _("chaque inscription est à valider")
        case _:
            yield _("inscription ouverte")
    if setup.must_check_email():
        yield _("adresse vérifiée")
    if setup.access_code:
        yield _("code d’accès demandé")
    if setup.allows_groups:
        yield _("plusieurs collègues à la fois")


def _places(setup: RegistrationSetup) -> Iterator[str]:
    if setup.attendance == "both":
        yield _("sur place ou à distance")
    elif setup.attendance == "remote":
        yield _("à distance")
    if setup.quotas:
        yield ngettext("%(num)d quota", "%(num)d quotas", len(setup.quotas))
    if setup.has_waiting_list:
        hours = setup.offer_hours
        yield ngettext(
            "liste d’attente, %(num)d heure pour accepter une place",
            "liste d’attente, %(num)d heures pour accepter une place",
            hours,
        )
    else:
        yield _("sans liste d’attente")


def _workshops(setup: RegistrationSetup, meeting: Meeting) -> Iterator[str]:
    if setup.workshop_choice != "wishes":
        return
    closes_at = setup.wishes_close_at or meeting.registration_ends_at()
    yield _("ateliers sur vœux jusqu’au %(day)s", day=format_day(closes_at, meeting.time_zone))


def _changes(setup: RegistrationSetup, meeting: Meeting) -> Iterator[str]:
    if setup.changes_close_at is not None:
        zone = meeting.time_zone
        day, hour = format_day(setup.changes_close_at, zone), format_time(setup.changes_close_at, zone)
        yield _("modifications jusqu’au %(day)s à %(time)s", day=day, time=hour)
