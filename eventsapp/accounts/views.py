"""Signing in and out, one's own account, and the accounts of colleagues."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for

from eventsapp.accounts import queries
from eventsapp.accounts.errors import SignInRefused, TooManyAttempts
from eventsapp.accounts.forms import (
    NO_ROLE,
    InviteForm,
    LinkRequestForm,
    PasswordForm,
    ProfileForm,
    RolesForm,
    SignInForm,
    UseLinkForm,
)
from eventsapp.accounts.models import Account
from eventsapp.accounts.services import managing, signing_in
from eventsapp.accounts.session import close_session, open_session
from eventsapp.core.clock import now
from eventsapp.core.db import db, keep_changes_of_this_refusal
from eventsapp.core.forms import choices
from eventsapp.core.i18n import _
from eventsapp.core.paging import page_number, paginate
from eventsapp.core.permissions import Permission, public, requires, signed_in
from eventsapp.geography import queries as geography

bp = Blueprint("accounts", __name__)


# One slash, never followed by another nor by what browsers drop or take for one.
_OURS = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f]*")


def _safe_target(default: str) -> str:
    """The page asked for before signing in, if it is one of ours (no open redirect)."""
    target = request.args.get("suite", "")
    return target if _OURS.fullmatch(target) else default


def _client_address() -> str:
    return (request.remote_addr or "unknown")[:45]


# -- signing in ------------------------------------------------------------------------------


@bp.route("/connexion", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    form = SignInForm()
    if form.validate_on_submit():
        at = now()
        try:
            account = signing_in.sign_in_with_password(
                form.email.data, form.password.data, address=_client_address(), at=at
            )
        except (SignInRefused, TooManyAttempts) as refusal:
            keep_changes_of_this_refusal()  # the failed try counts
            form.refuse(refusal)
            return render_template("accounts/sign_in.html", form=form), refusal.status
        open_session(account, at=at)
        return redirect(_safe_target(url_for("office.dashboard")), 303)
    return render_template("accounts/sign_in.html", form=form), form.status


@bp.route("/connexion/lien", methods=["GET", "POST"])
@public
def request_link() -> Any:
    form = LinkRequestForm()
    if form.validate_on_submit():
        lasts = timedelta(minutes=current_app.config["MAGIC_LINK_MINUTES"])
        try:
            signing_in.request_sign_in_link(form.email.data, address=_client_address(), lasts=lasts, at=now())
        except TooManyAttempts as refusal:
            form.refuse(refusal)
            return render_template("accounts/request_link.html", form=form), refusal.status
        return redirect(url_for("accounts.link_requested"), 303)
    return render_template("accounts/request_link.html", form=form), form.status


@bp.get("/connexion/lien/envoye")
@public
def link_requested() -> Any:
    return render_template("accounts/link_requested.html", minutes=current_app.config["MAGIC_LINK_MINUTES"])


@bp.route("/connexion/lien/<token>", methods=["GET", "POST"])
@public
def open_link(token: str) -> Any:
    g.personal = True  # the address is a key: no cache, no search engine
    form = UseLinkForm()
    link = signing_in.check_link(token, at=now())
    if form.validate_on_submit():
        at = now()
        open_session(signing_in.sign_in_with_link(token, at=at), at=at)
        session["by_link"] = True  # may choose a password without the old one
        endpoint = "accounts.profile" if link.purpose == "welcome" else "office.dashboard"
        return redirect(url_for(endpoint), 303)
    return render_template("accounts/open_link.html", form=form, link=link), form.status


@bp.post("/deconnexion")
@public
def sign_out() -> Any:
    close_session()
    flash(_("Vous êtes déconnecté."), "success")
    return redirect(url_for("portal.home"), 303)


# -- one's own account -----------------------------------------------------------------------


@bp.route("/gestion/mon-compte", methods=["GET", "POST"])
@signed_in
def profile() -> Any:
    form = ProfileForm(obj=g.account)
    if form.validate_on_submit():
        managing.edit_profile(g.account, name=form.name.data, locale=form.locale.data)
        flash(_("Vos informations sont enregistrées."), "success")
        return redirect(url_for("accounts.profile"), 303)
    return render_template("accounts/profile.html", form=form), form.status


@bp.route("/gestion/mon-compte/mot-de-passe", methods=["GET", "POST"])
@signed_in
def password() -> Any:
    form = PasswordForm()
    needs_current = g.account.password_hash is not None and not session.get("by_link")
    current = (form.current_password.data or "") if needs_current else None
    if form.validate_on_submit() and form.carries_out(
        lambda: managing.change_password(g.account, current=current, new=form.new_password.data)
    ):
        open_session(g.account, at=now())
        flash(_("Votre mot de passe est changé. Vos autres sessions sont fermées."), "success")
        return redirect(url_for("accounts.profile"), 303)
    return render_template("accounts/password.html", form=form, needs_current=needs_current), form.status


@bp.post("/gestion/mon-compte/fermeture-des-sessions")
@signed_in
def sign_out_everywhere() -> Any:
    managing.sign_out_everywhere(g.account)
    close_session()
    flash(_("Toutes vos sessions sont fermées, sur tous vos appareils."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


# -- colleagues ------------------------------------------------------------------------------


def _offer_scopes(form: RolesForm) -> None:
    regions = choices({f"region:{region.code}": region.name for region in geography.regions()})
    form.scope.choices = [*form.scope.choices, *regions]


def _granted_roles(form: RolesForm) -> list[managing.GrantedRole]:
    if form.role.data == NO_ROLE:
        return []
    kind, _colon, code = (form.scope.data or "").partition(":")
    return [managing.GrantedRole(form.role.data, territory_code=code if kind == "region" else None)]


@bp.get("/gestion/comptes")
@requires(Permission.MANAGE_ACCOUNTS)
def list_accounts() -> Any:
    page = paginate(queries.accounts_by_name(), number=page_number())
    names = {region.code: region.name for region in geography.regions()}
    return render_template("accounts/list.html", page=page, region_names=names)


@bp.route("/gestion/comptes/invitation", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def invite() -> Any:
    form = InviteForm()
    _offer_scopes(form)
    if form.validate_on_submit() and form.carries_out(
        lambda: managing.invite_colleague(
            name=form.name.data,
            email=form.email.data,
            roles=_granted_roles(form),
            by=g.account,
            at=now(),
        )
    ):
        flash(
            _("L’invitation part à %(email)s. Le lien est valable sept jours.", email=form.email.data),
            "success",
        )
        return redirect(url_for("accounts.list_accounts"), 303)
    return render_template("accounts/invite.html", form=form), form.status


@bp.route("/gestion/comptes/<int:account_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def edit_account(account_id: int) -> Any:
    account = db.session.get_one(Account, account_id)
    held = next((grant for grant in account.role_grants if not grant.meeting_id), None)
    scope = f"region:{held.territory_code}" if held and held.territory_code else ""
    form = RolesForm(data={"role": held.role if held else NO_ROLE, "scope": scope})
    _offer_scopes(form)
    if form.validate_on_submit() and form.carries_out(
        lambda: managing.change_roles(account, _granted_roles(form), by=g.account, at=now())
    ):
        flash(_("Le rôle de %(name)s est enregistré.", name=account.name), "success")
        return redirect(url_for("accounts.list_accounts"), 303)
    return render_template("accounts/edit.html", form=form, account=account), form.status


@bp.post("/gestion/comptes/<int:account_id>/bienvenue")
@requires(Permission.MANAGE_ACCOUNTS)
def send_welcome(account_id: int) -> Any:
    account = db.session.get_one(Account, account_id)
    managing.send_welcome(account, by=g.account, at=now())
    flash(_("Un nouveau lien part à %(email)s.", email=account.email), "success")
    return redirect(url_for("accounts.edit_account", account_id=account_id), 303)


@bp.post("/gestion/comptes/<int:account_id>/fermeture")
@requires(Permission.MANAGE_ACCOUNTS)
def disable(account_id: int) -> Any:
    account = db.session.get_one(Account, account_id)
    managing.disable_account(account, by=g.account, at=now())
    flash(_("Le compte de %(name)s est fermé.", name=account.name), "success")
    return redirect(url_for("accounts.list_accounts"), 303)


@bp.post("/gestion/comptes/<int:account_id>/reouverture")
@requires(Permission.MANAGE_ACCOUNTS)
def enable(account_id: int) -> Any:
    account = db.session.get_one(Account, account_id)
    managing.enable_account(account)
    flash(_("Le compte de %(name)s est rouvert.", name=account.name), "success")
    return redirect(url_for("accounts.edit_account", account_id=account_id), 303)
