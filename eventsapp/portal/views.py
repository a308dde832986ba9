"""Public pages that join slices: home, agenda, series, meetings, search, and the pages the law asks for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for

from eventsapp.core.clock import now
from eventsapp.core.i18n import _, ngettext
from eventsapp.core.links import public_url
from eventsapp.core.paging import page_number
from eventsapp.core.permissions import Permission, may, public
from eventsapp.directory.queries import list_themes
from eventsapp.geography.maps import RegionMap, draw_region_map
from eventsapp.geography.pins import Place
from eventsapp.geography.queries import regions
from eventsapp.meetings import queries as meetings
from eventsapp.meetings.calendar import build_event
from eventsapp.meetings.models import MEETING_KINDS, Meeting
from eventsapp.news.queries import latest_articles
from eventsapp.portal import pages, queries
from eventsapp.portal.cards import by_month, make_cards, town_and_venue
from eventsapp.portal.forms import AgendaFilters
from eventsapp.portal.status import status_of
from eventsapp.registrations.queries import get_setup
from eventsapp.registrations.wishing import are_wishes_due, wishes_end_at

bp = Blueprint("portal", __name__)

ON_HOME = 3
MOST_PINNED_LISTED = 12


def _taken(listed: Any) -> Any:
    return queries.registered_counts([meeting.id for meeting in listed])


@bp.get("/")
@public
def home() -> Any:
    at = now()
    coming = meetings.upcoming_meetings(meetings.MeetingFilters(), at=at, limit=ON_HOME + 1)
    return render_template(
        "portal/home.html",
        cards=make_cards(coming, _taken(coming), at=at),
        minutes=queries.latest_minutes(),
        articles=latest_articles(at=at),
    )


@bp.get("/rencontres")
@public
def agenda() -> Any:
    at, form = now(), AgendaFilters(request.args)
    form.offer(regions=regions(), themes=list_themes(), today=at.date())
    coming = meetings.upcoming_meetings(form.chosen(), at=at)
    found = {"months": by_month(make_cards(coming, _taken(coming), at=at)), "total": len(coming)}
    if "X-Fragment" in request.headers:
        return render_template("portal/_agenda.html", **found)
    pinned = [
        (_pin(number, meeting), meeting.starts_at, meeting.time_zone)
        for number, meeting in enumerate((x for x in coming if x.latitude is not None), 1)
    ]
    return render_template(
        "portal/agenda.html",
        filters_form=form,
        map=_map_of([place for place, *_when in pinned], at=at),
        pinned=pinned[:MOST_PINNED_LISTED],
        series=meetings.list_public_series(),
        **found,
    )


def _map_of(places: list[Place], *, at: Any) -> RegionMap:
    counts = meetings.count_by_region(at=at)
    return draw_region_map(
        counts=counts,
        title=_("Rencontres à venir par région"),
        say_count=lambda count: ngettext("%(num)d rencontre", "%(num)d rencontres", count),
        places=places,
        hrefs={code: url_for("portal.agenda", region=code) for code in counts},
        current=request.args.get("region"),
    )


def _pin(number: int, meeting: Meeting) -> Place:
    return Place(
        meeting.latitude or 0.0,
        meeting.longitude or 0.0,
        meeting.department_code or "",
        number,
        f"{meeting.city} – {meeting.title}",
        url_for("portal.meeting", slug=meeting.slug),
    )


@bp.get("/rencontres/passees")
@public
def past() -> Any:
    at = now()
    page = meetings.past_meetings(meetings.MeetingFilters(), page_number(), at=at)
    return render_template(
        "portal/past.html", page=page, cards=make_cards(page.items, _taken(page.items), at=at)
    )


@bp.get("/cycles/<slug>")
@public
def series(slug: str) -> Any:
    at = now()
    series, held = meetings.get_public_series(slug)
    return render_template("portal/series.html", series=series, cards=make_cards(held, _taken(held), at=at))


@bp.get("/rencontres/<slug>")
@public
def meeting(slug: str) -> Any:
    at = now()
    meeting = meetings.get_public_meeting(slug, reserved=may(Permission.SEE_OFFICE))
    taken = queries.registered_counts([meeting.id]).get(meeting.id, 0)
    in_sessions = meetings.places_taken([session.id for session in meeting.workshops])
    setup = get_setup(meeting.id)
    return render_template(
        "portal/meeting.html",
        meeting=meeting,
        at=at,
        kind=MEETING_KINDS[meeting.kind],
        place=town_and_venue(meeting),
        documents=[document for document in meeting.documents if document.visibility == "public"],
        contact=meeting.contact_email or current_app.config["CONTACT_EMAIL"],
        in_paris=meeting.time_zone == current_app.config["TIME_ZONE"],
        is_over=meeting.ends_at <= at,
        status=status_of(meeting, taken, at=at),
        remaining=None if meeting.capacity is None else max(0, meeting.capacity - taken),
        setup=setup,
        wishes_end_at=wishes_end_at(meeting, setup) if are_wishes_due(setup) else None,
        slots=pages.programme_of(meeting, in_sessions, on_wishes=are_wishes_due(setup)),
        minutes=queries.minutes_of_meeting(meeting.id),
    )


@bp.get("/rencontres/<slug>.ics")
@public
def calendar(slug: str) -> Response:
    meeting = meetings.get_public_meeting(slug, reserved=may(Permission.SEE_OFFICE))
    entry = build_event(meeting, method="PUBLISH", url=public_url("portal.meeting", slug=slug))
    name = f"{meeting.slug}.ics"
    return Response(
        entry, mimetype="text/calendar", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@bp.get("/recherche")
@public
def search() -> Any:
    at, text = now(), request.args.get("q", "").strip()[:200]
    results = pages.search(text, at=at) if text else None
    return render_template("portal/search.html", text=text, results=results)


@bp.get("/plan-du-site")
@public
def site_map() -> Any:
    coming = meetings.upcoming_meetings(meetings.MeetingFilters(), at=now(), limit=50)
    return render_template("portal/site_map.html", coming=coming, series=meetings.list_public_series())


@bp.get("/accessibilite")
@public
def accessibility() -> Any:
    return render_template("portal/accessibility.html")


@bp.get("/mentions-legales")
@public
def legal() -> Any:
    return render_template("portal/legal.html")


@bp.get("/donnees-personnelles")
@public
def privacy() -> Any:
    return render_template("portal/privacy.html")


@bp.get("/robots.txt")
@public
def robots() -> Response:
    """Back office and personal pages are not for search engines."""
    lines = ("User-agent: *", "Disallow: /gestion", "Disallow: /mon-inscription", "Disallow: /verification")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
