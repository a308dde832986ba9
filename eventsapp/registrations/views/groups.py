"""Several colleagues in one go: one page for who comes, then the meeting's own questions, one page a person.

As in the form of one person, each page posts every answer given so far to the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, render_template, request, session

from eventsapp.core.answers import see_other
from eventsapp.core.clock import now
from eventsapp.core.db import beside_writers, read_only
from eventsapp.core.i18n import current_locale
from eventsapp.core.permissions import public
from eventsapp.registrations import queries
from eventsapp.registrations.colleagues import Colleague, Group
from eventsapp.registrations.errors import TooManyFromOneAddress
from eventsapp.registrations.forms.groups import GroupForm, group_form
from eventsapp.registrations.offer import Offer, load_announced_offer
from eventsapp.registrations.places import Held
from eventsapp.registrations.questions.forms.colleagues import ColleagueForm, ColleaguesAnswers
from eventsapp.registrations.services import groups
from eventsapp.registrations.views import pacing, sent
from eventsapp.registrations.views.pacing import check_pace

bp = Blueprint("group_registration", __name__, url_prefix="/rencontres/<slug>/inscription/groupe")

SENT = "group_reference"  # in the session: the meeting, the group's reference, how many people
Answer = str | tuple[str, int] | Response


@dataclass(frozen=True)
class Sending:
    """What a page sends, and what the meeting asks for."""

    offer: Offer
    form: GroupForm
    answers: ColleaguesAnswers

    @property
    def is_open(self) -> bool:
        return self.offer.is_open and self.offer.setup.allows_groups

    def group(self, colleagues: list[Colleague]) -> Group:
        """Return the group of a valid form, the same however often it is sent."""
        return self.form.group(
            sent.reference_sent(*self.form.emails),
            colleagues,
            invitation_id=sent.invitation_to(self.offer.meeting.id),
            locale=current_locale(),
        )

    def may_come(self) -> bool:
        """Tell before any question is asked whether the group is complete and may come; the form says why not."""
        if self.form.more.data or not self.form.validate():
            return False
        held = Held(self.offer.meeting, self.offer.setup, ())
        group = self.group([Colleague(details) for details in self.form.people().values()])
        return self.form.carries_out(partial(groups.check_group, held, group, at=now()))


@bp.get("")
@public
def show_form(slug: str) -> Answer:
    """The page, empty."""
    sending = _sending(slug)
    return _page(sending) if sending.is_open else _to_details(slug)


@bp.post("/collegues")
@public
def show_form_again(slug: str) -> Answer:
    """The page with what was sent: going back loses nothing."""
    read_only()
    sending = _sending(slug)
    return _page(sending) if sending.is_open else _to_details(slug)


@bp.get("/collegues")
@bp.get("/personnes/<int:number>")
@public
def begin_again(slug: str, number: int = 0) -> Answer:
    """A step's address opened directly: the answers are not there, the first page is."""
    return see_other("group_registration.show_form", slug=slug)


@bp.post("/personnes/<int:number>")
@public
def show_person(slug: str, number: int) -> Answer:
    """The questions about this person or the next one; what comes before and is to be corrected is shown again."""
    read_only()
    sending = _sending(slug)
    if not sending.is_open:
        return _to_details(slug)
    if not sending.may_come():
        return _page(sending)
    numbers = list(sending.form.people())
    if due := sending.answers.first_due(one for one in numbers if one < number):
        return _person_page(sending, *due)
    here = next((one for one in numbers if one >= number), numbers[-1])
    return _person_page(sending, here, sending.answers.form_of(here))


@bp.post("")
@public
def register(slug: str) -> Answer:
    """Everybody is registered, or nobody and the page says why."""
    with beside_writers():  # the lock is not waited for before everything is known
        sending = _sending(slug)
        page, group = _all_that_was_sent(sending)
    if group is None:
        return page or _to_details(slug)
    if not sending.form.carries_out(lambda: _register(sending.offer, group)):
        read_only()
        return _page(_sending(slug, sending.form))
    session[SENT] = [sending.offer.meeting.id, group.key, len(group.colleagues)]
    return see_other("group_registration.show_confirmation", slug=slug)


@bp.get("/confirmation")
@public
def show_confirmation(slug: str) -> Answer:
    """Done: the group's reference, and nothing of who was registered already."""
    meeting_id, reference, count = session.get(SENT) or (0, "", 0)
    open_to = sent.reserved_for()
    meeting = queries.get_announced_meeting(
        slug, reserved_for=None if open_to is None else {*open_to, meeting_id}
    )
    if meeting.id != meeting_id:
        return see_other("group_registration.show_form", slug=slug)
    return render_template("registrations/group_done.html", meeting=meeting, reference=reference, count=count)


def _all_that_was_sent(sending: Sending) -> tuple[Answer | None, Group | None]:
    """Return the page to show again, or else the group to register."""
    form, answers = sending.form, sending.answers
    if not sending.is_open:
        return None, None
    if form.more.data or not form.validate():
        return _page(sending), None
    people = form.people()
    if due := answers.first_due(people):
        return _person_page(sending, *due), None
    return None, sending.group([answers.about(number, details) for number, details in people.items()])


def _register(offer: Offer, group: Group) -> None:
    check_pace(pacing.registrations, count=len(group.colleagues))
    groups.register_group(meeting=offer.meeting, group=group, at=now())


def _sending(slug: str, form: GroupForm | None = None) -> Sending:
    offer = load_announced_offer(slug, reserved_for=sent.reserved_for(), at=now())
    answers = ColleaguesAnswers(offer.questions, offer.setup.form_version, request.form)
    return Sending(offer, form or _form(offer), answers)


def _form(offer: Offer) -> GroupForm:
    is_invited = sent.invitation_to(offer.meeting.id) is not None
    return group_form(offer.setup, is_invited=is_invited, code=request.args.get("code", "")[:40])


def _to_details(slug: str) -> Response:
    return see_other("registering.show_details", slug=slug)


def _page(sending: Sending) -> Answer:
    offer, form = sending.offer, sending.form
    status = 429 if TooManyFromOneAddress.message in form.form_errors else form.status
    form.add_empty_rows(is_asked=bool(form.more.data))
    carried = [*_origin(), *sending.answers.carried()]
    page = render_template(
        "registrations/group.html", offer=offer, form=form, answers=sending.answers, carried=carried
    )
    return page, status


def _person_page(sending: Sending, number: int, asked: ColleagueForm) -> Answer:
    people, answers = sending.form.people(), sending.answers
    numbers = list(people)
    position = numbers.index(number)
    page = render_template(
        "registrations/group_person.html",
        offer=sending.offer,
        form=asked,
        answers=answers,
        person=people[number],
        number=number,
        position=position + 1,
        count=len(numbers),
        before=numbers[position - 1] if position else None,
        after=next(iter(numbers[position + 1 :]), None),
        carried=[*_origin(), *sending.form.sent_values(request.form), *answers.carried(but=number)],
    )
    return page, asked.status


def _origin() -> list[tuple[str, str]]:
    """What tells this form from any other, and the invitation followed."""
    token = request.values.get("invitation")
    return [("reference", sent.form_sent()), *([("invitation", token)] if token else [])]
