"""Sign-in and accounts."""

from __future__ import annotations

from flask import Blueprint, render_template

from eventsapp.core.permissions import public

bp = Blueprint("accounts", __name__)


@bp.get("/connexion")
@public
def sign_in() -> str:
    return render_template("accounts/sign_in.html")
