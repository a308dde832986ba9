"""Look-up of communes for forms: the page works without it, the script only saves typing."""

from flask import Blueprint, Response, jsonify, request

from eventsapp.core.permissions import public
from eventsapp.geography.models import Territory
from eventsapp.geography.queries import search_communes

bp = Blueprint("geography", __name__)

A_DAY = 24 * 60 * 60
LONGEST_SEARCH = 60


@bp.get("/communes.json")
@public
def communes() -> Response:
    """Answer at most ten communes whose name or postal code starts as asked."""
    found = search_communes(request.args.get("q", "")[:LONGEST_SEARCH])
    answer = jsonify(communes=[_described(commune) for commune in found])
    answer.cache_control.public = True
    answer.cache_control.max_age = A_DAY
    return answer


def _described(commune: Territory) -> dict[str, object]:
    return {
        "code": commune.code,
        "name": commune.name,
        "label": commune.label,
        "postal_codes": commune.postal_codes.split(),
        "department": commune.department_code,
        "region": commune.region_code,
        "latitude": commune.latitude,
        "longitude": commune.longitude,
    }
