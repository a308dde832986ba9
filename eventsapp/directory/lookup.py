"""Look-up of organisations for forms: the page works without it, the script only saves typing."""

from flask import Blueprint, Response, jsonify, request

from eventsapp.core.permissions import public
from eventsapp.directory.queries import search_organisations

bp = Blueprint("directory_lookup", __name__)

LONGEST_SEARCH = 60
SHORTEST_SEARCH = 2


@bp.get("/organismes.json")
@public
def organisations() -> Response:
    """Answer at most ten organisations whose name holds every word asked; names alone, nobody's."""
    text = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    found = search_organisations(text) if len(text) >= SHORTEST_SEARCH else []
    return jsonify(organisations=[{"label": organisation.name} for organisation in found])
