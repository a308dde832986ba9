"""Public pages that join slices."""

from __future__ import annotations

from flask import Blueprint, render_template

from eventsapp.core.permissions import public

bp = Blueprint("portal", __name__)


@bp.get("/")
@public
def home() -> str:
    return render_template("portal/home.html")
