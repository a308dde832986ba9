"""Campaigns of a meeting: what they say, whom they invite, sending them."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from eventsapp.core.clock import now
from eventsapp.core.errors import DomainError
from eventsapp.core.i18n import _, ngettext
from eventsapp.core.paging import page_number
from eventsapp.core.permissions import Permission, current_actor, current_scope, requires
from eventsapp.invitations import queries, rules
from eventsapp.invitations.forms import CampaignForm, InviteeForm
from eventsapp.invitations.mails import HIDDEN, invitation_draft
from eventsapp.invitations.models import ANSWERS, Campaign
from eventsapp.invitations.services import campaigns as services
from eventsapp.mail.outbox import preview_mail
from eventsapp.meetings.models import Meeting
from eventsapp.meetings.queries import get_managed_meeting

bp = Blueprint("campaigns", __name__, url_prefix="/gestion/rencontres/<int:meeting_id>/invitations")

Answer = str | tuple[str, int] | Response
SEND = Permission.SEND_INVITATIONS

# The page shows a message as mail programs will: styles are inside it. Nothing in it can run or be sent.
MESSAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups"


@bp.get("")
@requires(SEND)
def list_campaigns(meeting_id: int) -> Answer:
    """The meeting's campaigns and what they have come to."""
    meeting = _meeting(meeting_id)
    campaigns = queries.list_campaigns(meeting)
    figures = queries.figures_of([one.id for one in campaigns])
    return render_template(
        "invitations/campaigns.html", meeting=meeting, campaigns=campaigns, figures=figures
    )


@bp.route("/nouvelle", methods=["GET", "POST"])
@requires(SEND)
def new_campaign(meeting_id: int) -> Answer:
    """Writing a campaign; «Aperçu» shows the message without storing anything."""
    meeting = _meeting(meeting_id)
    form = CampaignForm(subject=_("Invitation : %(title)s", title=meeting.title))
    if not form.validate_on_submit() or "preview" in request.form:
        return _text_page(meeting, form, None)
    campaign = services.create_campaign(meeting, form.text(), by=current_actor(), at=now())
    flash(_("La campagne est créée. Ajoutez maintenant les personnes à inviter."), "success")
    return _to("show_campaign", campaign)


@bp.get("/campagnes/<int:campaign_id>")
@requires(SEND)
def show_campaign(meeting_id: int, campaign_id: int) -> Answer:
    """A campaign: its figures, its message, the people it invites."""
    meeting, campaign = _campaign(meeting_id, campaign_id)
    answer, text = request.args.get("reponse", ""), request.args.get("texte", "")[:100]
    return render_template(
        "invitations/campaign.html",
        meeting=meeting,
        campaign=campaign,
        figures=queries.figures_of([campaign.id])[campaign.id],
        waiting=queries.count_waiting(campaign),
        may_invite=rules.may_invite(meeting, now()),
        page=queries.list_invitations(campaign, answer=answer, text=text, page=page_number()),
        answers=ANSWERS,
        answer=answer,
        text=text,
    )


@bp.route("/campagnes/<int:campaign_id>/message", methods=["GET", "POST"])
@requires(SEND)
def edit_campaign(meeting_id: int, campaign_id: int) -> Answer:
    """Changing what the campaign says."""
    meeting, campaign = _campaign(meeting_id, campaign_id)
    form = CampaignForm(obj=campaign)
    if not form.validate_on_submit() or "preview" in request.form:
        return _text_page(meeting, form, campaign)
    services.change_campaign(campaign, form.text())
    flash(_("Le message est enregistré."), "success")
    return _to("show_campaign", campaign)


@bp.route("/campagnes/<int:campaign_id>/personnes/nouvelle", methods=["GET", "POST"])
@requires(SEND)
def new_invitee(meeting_id: int, campaign_id: int) -> Answer:
    """Adding one person by hand."""
    meeting, campaign = _campaign(meeting_id, campaign_id)
    form = InviteeForm()
    if form.validate_on_submit():
        try:
            services.add_invitee(campaign, form.invitee(), at=now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(_("%(email)s est sur la liste.", email=form.email.data), "success")
            return _to("show_campaign", campaign)
    page = render_template("invitations/new_invitee.html", meeting=meeting, campaign=campaign, form=form)
    return page, form.status


@bp.post("/campagnes/<int:campaign_id>/personnes/<int:invitation_id>/retrait")
@requires(SEND)
def remove_invitee(meeting_id: int, campaign_id: int, invitation_id: int) -> Answer:
    """Taking somebody off the list, or back the invitation that has left."""
    _found, campaign = _campaign(meeting_id, campaign_id)
    invitation = queries.get_invitation(campaign, invitation_id)
    has_left = invitation.sent_at is not None
    services.remove_invitee(invitation, at=now())
    taken_off = _("La personne est retirée de la campagne.")
    flash(_("L’invitation est retirée : son lien ne sert plus.") if has_left else taken_off, "success")
    return _to("show_campaign", campaign)


@bp.get("/campagnes/<int:campaign_id>/envoi")
@requires(SEND)
def check_sending(meeting_id: int, campaign_id: int) -> Answer:
    """How many people will receive the campaign, and the exact message of one of them."""
    meeting, campaign = _campaign(meeting_id, campaign_id)
    sample = queries.first_waiting(campaign)
    message = preview_mail(invitation_draft(sample, campaign, meeting, token=HIDDEN)) if sample else None
    return render_template(
        "invitations/sending.html",
        meeting=meeting,
        campaign=campaign,
        waiting=queries.count_waiting(campaign),
        at_once=services.SENT_AT_ONCE,
        may_invite=rules.may_invite(meeting, now()),
        sample=sample,
        message=message,
    )


@bp.post("/campagnes/<int:campaign_id>/envoi")
@requires(SEND)
def send_campaign(meeting_id: int, campaign_id: int) -> Answer:
    """The messages are queued: each person gets one, however often the button is pressed."""
    meeting, campaign = _campaign(meeting_id, campaign_id)
    count = services.send_campaign(campaign, meeting, by=current_actor(), at=now())
    said = ngettext(
        "Une invitation est en cours d’envoi.", "%(num)d invitations sont en cours d’envoi.", count
    )
    flash(said, "success")
    left = queries.count_waiting(campaign)
    return _to("check_sending" if left else "show_campaign", campaign)


@bp.get("/campagnes/<int:campaign_id>/apercu")
@requires(SEND)
def show_message(meeting_id: int, campaign_id: int) -> Answer:
    """The laid-out message of one of the people to invite, alone on its page; 404 when there is nobody."""
    meeting, campaign = _campaign(meeting_id, campaign_id)
    sample = queries.get_sample(campaign)
    texts = preview_mail(invitation_draft(sample, campaign, meeting, token=HIDDEN))
    answer = make_response(texts["body_html"])
    answer.headers["Content-Security-Policy"] = MESSAGE_POLICY
    return answer


def _meeting(meeting_id: int) -> Meeting:
    return get_managed_meeting(meeting_id, current_scope(SEND))


def _campaign(meeting_id: int, campaign_id: int) -> tuple[Meeting, Campaign]:
    meeting = _meeting(meeting_id)
    return meeting, queries.get_campaign(meeting, campaign_id)


def _text_page(meeting: Meeting, form: CampaignForm, campaign: Campaign | None) -> Answer:
    shown = "preview" in request.form and not form.errors
    page = render_template(
        "invitations/text.html", meeting=meeting, form=form, campaign=campaign, preview=shown
    )
    return page, form.status


def _to(view: str, campaign: Campaign) -> Response:
    href = url_for(f"campaigns.{view}", meeting_id=campaign.meeting_id, campaign_id=campaign.id)
    return make_response(redirect(href, 303))
