"""Several colleagues in one go, on one page."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, session

from eventsapp.core.answers import see_other
from eventsapp.core.clock import now
from eventsapp.core.db import read_only
from eventsapp.core.i18n import current_locale
from eventsapp.core.permissions import public
from eventsapp.registrations import queries
from eventsapp.registrations.colleagues import Group
from eventsapp.registrations.errors import TooManyFromOneAddress
from eventsapp.registrations.forms.groups import GroupForm, group_form
from eventsapp.registrations.offer import Offer, load_offer
from eventsapp.registrations.services import groups
from eventsapp.registrations.views import pacing, sent
from eventsapp.registrations.views.pacing import check_pace

bp = Blueprint("group_registration", __name__, url_prefix="/rencontres/<slug>/inscription/groupe")

SENT = "group_reference"  # in the session: the meeting, the group's reference, how many people
Answer = str | tuple[str, int] | Response


@bp.get("")
@public
def show_form(slug: str) -> Answer:
    """The page, empty."""
    offer = _offer(slug)
    return _page(offer, _form(offer)) if _is_open(offer) else see_other("registering.show_details", slug=slug)


@bp.post("")
@public
def register(slug: str) -> Answer:
    """Everybody is registered, or nobody and the page says why."""
    offer = _offer(slug)
    if not _is_open(offer):
        return see_other("registering.show_details", slug=slug)
    form = _form(offer)
    if form.more.data or not form.validate():
        read_only()
        return _page(offer, form)
    key = sent.reference_sent(*form.emails)
    group = form.group(key, invitation_id=sent.invitation_to(offer.meeting.id), locale=current_locale())
    if not form.carries_out(lambda: _register(offer, group)):
        read_only()
        return _page(_offer(slug), form)
    session[SENT] = [offer.meeting.id, key, len(group.colleagues)]
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


def _register(offer: Offer, group: Group) -> None:
    check_pace(pacing.registrations, count=len(group.colleagues))
    groups.register_group(meeting=offer.meeting, group=group, at=now())


def _offer(slug: str) -> Offer:
    meeting = queries.get_announced_programme(slug, reserved_for=sent.reserved_for())
    return load_offer(meeting, at=now())


def _is_open(offer: Offer) -> bool:
    return offer.is_open and offer.setup.allows_groups


def _form(offer: Offer) -> GroupForm:
    is_invited = sent.invitation_to(offer.meeting.id) is not None
    return group_form(offer.setup, is_invited=is_invited, code=request.args.get("code", "")[:40])


def _page(offer: Offer, form: GroupForm) -> Answer:
    status = 429 if TooManyFromOneAddress.message in form.form_errors else form.status
    form.add_empty_rows(is_asked=bool(form.more.data))
    carried = [("reference", sent.form_sent())]
    if token := request.values.get("invitation"):
        carried.append(("invitation", token))
    page = render_template("registrations/group.html", offer=offer, form=form, carried=carried)
    return page, status
