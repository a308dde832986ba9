"""Several colleagues registered in one go by a contact person: all of them or none, under one lock."""

from __future__ import annotations

from datetime import datetime

from eventsapp.core.db import savepoint
from eventsapp.meetings.models import Meeting
from eventsapp.registrations import places, queries, rules
from eventsapp.registrations.colleagues import Colleague, Group
from eventsapp.registrations.errors import GroupsAreNotTaken, NotEnoughPlaces, RegistrationIsClosed
from eventsapp.registrations.mails import groups as group_mails
from eventsapp.registrations.queries.groups import has_group
from eventsapp.registrations.queries.scene import meeting_edge
from eventsapp.registrations.questions.services import answering
from eventsapp.registrations.services.registering import Entry, applicant, check_code, register_colleague


def register_group(*, meeting: Meeting, group: Group, at: datetime) -> None:
    """Each colleague is registered and receives their own link; the contact receives the names and one reference.

    Somebody already registered keeps their answers, receives their link and counts as a newcomer would: the answer
    never tells who is. The same group sent twice is registered once. Raises what ``check_group`` does,
    FormHasChanged, ModeIsNotOffered: nobody is registered then.
    """
    held = places.hold_whole(meeting.id)
    if has_group(meeting.id, group.key):
        return
    check_group(held, group, at=at)
    for colleague in group.colleagues:
        answering.check_form(held.setup, colleague.answers)
    with savepoint():
        for colleague in group.colleagues:
            register_colleague(held, _entry(group, colleague, at))
    group_mails.queue_summary(group, held.meeting, at=at)


def check_group(held: places.Held, group: Group, *, at: datetime) -> None:
    """Raise RegistrationIsClosed, GroupsAreNotTaken, AccessCodeIsWrong or NotEnoughPlaces unless the group may come.

    Under lock it is certain; before, it spares whoever would answer questions for nothing.
    """
    if rules.opening(held.meeting, at) is not rules.Opening.OPEN:
        raise RegistrationIsClosed
    if not held.setup.allows_groups:
        raise GroupsAreNotTaken
    if group.invitation_id is None:
        check_code(held.setup, group.choices.access_code)
    _check_room(held, group)


def _entry(group: Group, colleague: Colleague, at: datetime) -> Entry:
    return Entry(
        details=colleague.details,
        answers=colleague.answers,
        choices=group.choices,
        at=at,
        locale=group.locale,
        group_key=group.key,
        contact_name=group.contact_name,
        contact_email=group.contact_email,
    )


def _check_room(held: places.Held, group: Group) -> None:
    """Count each colleague as a newcomer, registered already or not."""
    setup, meeting = held.setup, held.meeting
    is_afar = rules.mode_chosen(setup.attendance, group.choices.mode) == "remote"
    if is_afar or (group.accepts_waiting and setup.has_waiting_list):
        return
    quotas, is_proved = rules.read_quotas(setup.quotas), not setup.must_check_email()
    shares = queries.quota_shares(meeting.id) if quotas else rules.NO_SHARES
    left = rules.places_for(
        meeting.capacity,
        queries.count_taken(meeting.id),
        quotas,
        shares,
        [
            rules.quota_of(quotas, applicant(held, one.details, is_proved=is_proved))
            for one in group.colleagues
        ],
        has_queue=meeting_edge(meeting.id).has_queue,
    )
    if not is_proved:
        left += rules.left_by_address(quotas, shares)
    if left < len(group.colleagues):
        raise NotEnoughPlaces(left, may_wait=setup.has_waiting_list)
