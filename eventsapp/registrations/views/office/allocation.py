"""Affectation: the wishes, the proposal they make, its changes by hand, and its end."""

from __future__ import annotations

from flask import abort, flash, render_template

from eventsapp.core.clock import now
from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _
from eventsapp.core.paging import page_number, paged
from eventsapp.core.permissions import current_actor, requires
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.allocation.case import Person
from eventsapp.registrations.allocation.outcome import WHY_NOT
from eventsapp.registrations.allocation.problems import AllocationIsImpossible
from eventsapp.registrations.errors import AllocationIsOver
from eventsapp.registrations.forms.placing import placed, placing_form
from eventsapp.registrations.forms.workshops import WorkshopsForm
from eventsapp.registrations.models import PARTICIPANT_KINDS, Allocation
from eventsapp.registrations.proposals import Proposal, load_demand, load_proposal
from eventsapp.registrations.queries import get_setup
from eventsapp.registrations.queries.wishes import find_draft, last_committed
from eventsapp.registrations.services import allocating
from eventsapp.registrations.views.office.scope import MANAGE, Answer, bp, load_meeting, to
from eventsapp.registrations.wishing import WorkshopStep, wishes_end_at, workshop_step

PROPOSAL = "/affectation/proposition"
PERSON = f"{PROPOSAL}/personnes/<int:person_id>"


@bp.get("/affectation")
@requires(MANAGE)
def show_wishes(meeting_id: int) -> Answer:
    """Who answered, what is asked for against what there is, and what stands in the way of an allocation."""
    return _wishes_page(load_meeting(meeting_id))


@bp.post(PROPOSAL)
@requires(MANAGE)
def prepare(meeting_id: int) -> Answer:
    """A proposal is made, seconds later; or the page says what to mend first."""
    meeting = load_meeting(meeting_id)
    try:
        prepared = allocating.prepare_allocation(meeting=meeting, by=current_actor(), at=now())
    except AllocationIsImpossible:
        return _wishes_page(load_meeting(meeting_id)), 422
    if prepared.lost:
        names = ", ".join(sorted(person.name for person in prepared.lost))
        flash(_("Places données à la main qui ne tiennent plus : %(names)s.", names=names), "warning")
    return to("show_proposal", meeting_id=meeting_id)


@bp.get(PROPOSAL)
@requires(MANAGE)
def show_proposal(meeting_id: int) -> Answer:
    """What the proposal would give: figures, workshops, people left out and why."""
    meeting = load_meeting(meeting_id)
    draft = find_draft(meeting.id)
    if draft is None:
        return to("show_wishes", meeting_id=meeting.id)
    proposal = load_proposal(draft, meeting.workshops, get_setup(meeting.id))
    return _proposal_page(meeting, proposal)


@bp.get(f"{PROPOSAL}/ateliers/<int:session_id>")
@requires(MANAGE)
def show_proposed_workshop(meeting_id: int, session_id: int) -> Answer:
    """Who would be in one workshop of the meeting."""
    meeting = load_meeting(meeting_id)
    if session_id not in {session.id for session in meeting.workshops}:
        abort(404)
    proposal = _proposal_of(meeting)
    workshop = proposal.workshop(session_id)
    return render_template(
        "registrations/office/proposed_workshop.html",
        meeting=meeting,
        proposal=proposal,
        workshop=workshop,
        page=paged(proposal.holders(workshop.id), number=page_number()),
        kinds=PARTICIPANT_KINDS,
    )


@bp.get(PERSON)
@requires(MANAGE)
def edit_placing(meeting_id: int, person_id: int) -> Answer:
    """Where one person would be, to be changed by hand."""
    meeting, proposal = _load(meeting_id)
    person = proposal.person(person_id)
    return _placing_page(meeting, proposal, person, placing_form(proposal, person, meeting.time_zone))


@bp.post(PERSON)
@requires(MANAGE)
def place(meeting_id: int, person_id: int) -> Answer:
    """The person is moved in the proposal, or the page says which limit keeps them out."""
    meeting, proposal = _load(meeting_id)
    person = proposal.person(person_id)
    form = placing_form(proposal, person, meeting.time_zone)
    if not form.validate() or not form.carries_out(
        lambda: allocating.move_by_hand(
            draft=proposal.draft, person_id=person.id, places_in=placed(form), by=current_actor(), at=now()
        )
    ):
        return _placing_page(meeting, proposal, person, form)
    flash(_("La proposition est modifiée pour %(name)s.", name=person.name), "success")
    return to("show_proposal", meeting_id=meeting.id)


@bp.post(f"{PROPOSAL}/abandon")
@requires(MANAGE)
def discard(meeting_id: int) -> Answer:
    """The proposal is thrown away; wishes stay."""
    meeting = load_meeting(meeting_id)
    allocating.discard_allocation(draft=_draft_of(meeting))
    flash(_("La proposition est abandonnée. Personne n’a été prévenu."), "success")
    return to("show_wishes", meeting_id=meeting.id)


@bp.post("/affectation/validation")
@requires(MANAGE)
def commit(meeting_id: int) -> Answer:
    """Everybody has their places and is told; or the page says what has changed meanwhile."""
    meeting, proposal = _load(meeting_id)
    try:
        allocating.commit_allocation(draft=proposal.draft, by=current_actor(), at=now())
    except DomainError as refusal:
        return _proposal_page(meeting, proposal, refusal), refusal.status
    flash(_("Les places sont attribuées. Les messages partent."), "success")
    return to("show_wishes", meeting_id=meeting.id)


def _load(meeting_id: int) -> tuple[Meeting, Proposal]:
    meeting = load_meeting(meeting_id)
    return meeting, _proposal_of(meeting)


def _proposal_of(meeting: Meeting) -> Proposal:
    return load_proposal(_draft_of(meeting), meeting.workshops, get_setup(meeting.id))


def _draft_of(meeting: Meeting) -> Allocation:
    draft = find_draft(meeting.id)
    if draft is None:
        raise AllocationIsOver
    return draft


def _wishes_page(meeting: Meeting) -> str:
    setup, at = get_setup(meeting.id), now()
    demand = load_demand(meeting.workshops, setup)
    return render_template(
        "registrations/office/wishes.html",
        meeting=meeting,
        setup=setup,
        demand=demand,
        page=paged(demand.wishes.without_wish, number=page_number()),
        draft=find_draft(meeting.id),
        last=last_committed(meeting.id),
        is_open=workshop_step(meeting, setup, at) is WorkshopStep.WISHES,
        wishes_end_at=wishes_end_at(meeting, setup),
    )


def _proposal_page(meeting: Meeting, proposal: Proposal, refusal: DomainError | None = None) -> str:
    return render_template(
        "registrations/office/proposal.html",
        meeting=meeting,
        proposal=proposal,
        page=paged(proposal.left_out, number=page_number()),
        refusal=refusal,
        why_not=WHY_NOT,
        kinds=PARTICIPANT_KINDS,
    )


def _placing_page(meeting: Meeting, proposal: Proposal, person: Person, form: WorkshopsForm) -> Answer:
    page = render_template(
        "registrations/office/placing.html", meeting=meeting, proposal=proposal, person=person, form=form
    )
    return page, form.status
