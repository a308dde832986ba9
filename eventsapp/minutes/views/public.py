"""What everybody may read: published minutes, their document, and the proof of what was published."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from eventsapp.core.paging import page_number
from eventsapp.core.permissions import Permission, may, public
from eventsapp.minutes.documents import is_intact
from eventsapp.minutes.models import Publication
from eventsapp.minutes.queries import get_publication, list_published, published_years
from eventsapp.minutes.reading import readable

bp = Blueprint("publications", __name__)


@bp.get("/comptes-rendus")
@public
def index() -> str:
    """Published minutes, the latest meeting first."""
    text, year = request.args.get("q", ""), request.args.get("annee", type=int)
    year = year if year and 1900 <= year <= 2200 else None
    page = list_published(text, year, number=page_number())
    return render_template(
        "minutes/public/index.html", page=page, years=published_years(), text=text, year=year
    )


@bp.get("/comptes-rendus/<reference>")
@public
def show(reference: str) -> Response:
    """The page with the same words as the PDF document."""
    publication = _publication(reference)
    return _not_indexed(
        render_template(
            "minutes/public/show.html",
            publication=publication,
            minutes=readable(publication.content),
            latest=publication.minutes.publications[0],
        )
    )


@bp.get("/comptes-rendus/<reference>/pdf")
@public
def document(reference: str) -> AnyResponse:
    """The PDF document, or the page that says it is being made."""
    order = _publication(reference).pdf_order
    if order is None:
        return redirect(url_for(".show", reference=reference), 303)
    return redirect(url_for("pdf.document", token=order.token), 303)


@bp.get("/verification/<reference>")
@public
def verify(reference: str) -> Response:
    """What was published under this reference, when, and whether a later version replaces it."""
    publication = get_publication(reference, reserved=True)
    return _not_indexed(
        render_template(
            "minutes/public/verification.html",
            publication=publication,
            meeting=publication.minutes.meeting,
            latest=publication.minutes.publications[0],
            is_intact=is_intact(publication.content, publication.content_sha256),
        )
    )


def _publication(reference: str) -> Publication:
    return get_publication(reference, reserved=may(Permission.SEE_OFFICE))


def _not_indexed(page: str) -> Response:
    # Search engines keep no names; the list of minutes, which has none, stays open to them.
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
