"""«Envois»: what left, what waits, what a person must decide."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import structlog
from flask import Blueprint, flash, redirect, render_template, request, url_for

from eventsapp.core.clock import now
from eventsapp.core.i18n import _
from eventsapp.core.paging import page_number, paginate
from eventsapp.core.permissions import Permission, current_scope, requires
from eventsapp.mail import queries, services
from eventsapp.mail.composing import compose
from eventsapp.mail.forms import MailFilters
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.purposes import PURPOSES
from eventsapp.mail.states import BY_STATE, SHOWN_STATES

LATE = timedelta(minutes=10)
_SECRET = re.compile(r"(https?://[^\s/]+/\S*?)[\w.~-]{20,}\S*")

log = structlog.get_logger()
bp = Blueprint("mail", __name__, url_prefix="/gestion/envois")


@bp.get("")
@requires(Permission.SEE_MAIL)
def all_mail() -> str:
    scope, filters, at = current_scope(Permission.SEE_MAIL), MailFilters(request.args), now()
    shown = SHOWN_STATES.get(filters.etat.data or "")
    found = queries.filtered_mail(
        scope,
        states=shown.states if shown else (),
        purpose=filters.type.data or "",
        recipient=filters.adresse.data or "",
    )
    oldest = queries.oldest_due(scope, at=at)
    return render_template(
        "mail/list.html",
        page=paginate(found, number=page_number()),
        filters=filters,
        counts=_shown_counts(queries.count_by_state(scope)),
        late_since=oldest if oldest and at - oldest > LATE else None,
        purposes=PURPOSES,
        by_state=BY_STATE,
    )


@bp.get("/<int:mail_id>")
@requires(Permission.SEE_MAIL)
def one_mail(mail_id: int) -> str:
    mail = queries.mail_with_text(current_scope(Permission.SEE_MAIL), mail_id)
    return render_template(
        "mail/show.html",
        mail=mail,
        text=without_personal_links(_text_of(mail)),
        shown=BY_STATE[mail.state],
        purpose=PURPOSES[mail.purpose],
    )


@bp.post("/<int:mail_id>/renvois")
@requires(Permission.SEE_MAIL)
def send_again(mail_id: int) -> Any:
    mail = queries.mail_with_text(current_scope(Permission.SEE_MAIL), mail_id)
    services.send_again(mail.id, at=now())
    flash(_("Le message part de nouveau."), "success")
    return redirect(url_for("mail.one_mail", mail_id=mail_id), 303)


@bp.post("/<int:mail_id>/retrait")
@requires(Permission.SEE_MAIL)
def withdraw(mail_id: int) -> Any:
    mail = queries.mail_with_text(current_scope(Permission.SEE_MAIL), mail_id)
    services.withdraw_mail(mail.id)
    flash(_("Le message ne partira pas."), "success")
    return redirect(url_for("mail.one_mail", mail_id=mail_id), 303)


def _text_of(mail: OutgoingMail) -> str:
    """The text as it left or will leave; empty when it was erased, or cannot be made."""
    try:
        return compose(mail).body_text
    except Exception as error:  # the page still says what became of the message
        log.exception("mail_not_built", mail=mail.id, error=type(error).__name__)
        return ""


def _shown_counts(counts: dict[str, int]) -> list[tuple[Any, int]]:
    return [(shown, sum(counts.get(state, 0) for state in shown.states)) for shown in SHOWN_STATES.values()]


def without_personal_links(text: str) -> str:
    """Return the text without what opens somebody's registration or account: reading is not acting for them."""
    return _SECRET.sub(r"\1…", text)
