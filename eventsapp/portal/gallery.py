"""The gallery: every component on one page, to look at while designing. Development only."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, make_response, render_template
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from eventsapp.core.charts import curve
from eventsapp.core.forms import Form
from eventsapp.core.i18n import ngettext
from eventsapp.core.paging import Page
from eventsapp.core.permissions import public
from eventsapp.geography.maps import RegionMap, draw_region_map
from eventsapp.geography.outlines import region_outlines
from eventsapp.geography.pins import Place

bp = Blueprint("gallery", __name__, url_prefix="/galerie")

REGIONS = [
    SelectChoice("", "Toutes les régions"),
    SelectChoice("32", "Hauts-de-France"),
    SelectChoice("53", "Bretagne"),
    SelectChoice("84", "Auvergne-Rhône-Alpes"),
]
QUALITIES = [
    SelectChoice("elected", "Élue ou élu"),
    SelectChoice("agent", "Agente ou agent d’une collectivité"),
    SelectChoice("sse", "Actrice ou acteur de l’économie sociale et solidaire"),
]
NEEDS = [
    SelectChoice("loop", "Boucle magnétique"),
    SelectChoice("lsf", "Interprète en langue des signes"),
    SelectChoice("wheelchair", "Place accessible en fauteuil"),
]


class SampleForm(Form):
    """One field of each kind."""

    name = StringField("Nom", [DataRequired("Saisissez votre nom.")])
    email = EmailField(
        "Adresse électronique", [DataRequired("Saisissez une adresse, par exemple nom@exemple.fr.")]
    )
    organisation = StringField("Structure", [Optional()])
    region = SelectField("Région", choices=REGIONS, validators=[Optional()])
    day = DateField("Date de la rencontre", [DataRequired("Choisissez une date.")])
    capacity = IntegerField(
        "Nombre de places", [Optional(), NumberRange(min=1, message="Saisissez un nombre de places.")]
    )
    quality = RadioField(
        "Vous participez en tant que", choices=QUALITIES, validators=[DataRequired("Choisissez une réponse.")]
    )
    needs = SelectMultipleField(
        "Vos besoins",
        choices=NEEDS,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
        validators=[Optional()],
    )
    comment = TextAreaField("Remarques", [Optional()])
    consent = BooleanField(
        "J’accepte de figurer sur la liste des participantes et participants",
        [DataRequired("Cochez la case pour continuer.")],
    )


@bp.get("")
@public
def show_gallery() -> str:
    """The components in the public layout; ?erreurs shows the form refused."""
    return render_template("gallery/index.html", **sample())


@bp.get("/accueil")
@public
def show_home() -> str:
    """A sample home page: hero, cards, news."""
    return render_template("gallery/home.html", **sample())


@bp.get("/carte")
@public
def show_map() -> str:
    """A sample agenda: the map of régions and the list it repeats."""
    return render_template("gallery/map.html", map=sample_map(), cards=sample_cards())


@bp.get("/rencontre")
@public
def show_meeting() -> str:
    """A sample meeting page with its programme."""
    return render_template("gallery/meeting.html", **sample())


@bp.get("/formulaire")
@public
def show_form() -> str:
    """A form at rest."""
    return render_template("gallery/form.html", form=SampleForm())


@bp.get("/formulaire-refuse")
@public
def show_refused_form() -> tuple[str, int]:
    """The same form as the server gives it back."""
    form = SampleForm(
        data={"organisation": "Communauté de communes (démonstration)", "region": "53"}, meta={"csrf": False}
    )
    form.validate()
    return render_template("gallery/form.html", form=form), 422


@bp.get("/gestion")
@public
def show_office() -> str:
    """A sample page of the back office."""
    return render_template("gallery/office.html", **sample())


@bp.get("/comportements")
@public
def show_behaviours() -> str:
    """What JavaScript adds: a text saved while it is written, places left, a grid to drag in."""
    return render_template("gallery/behaviours.html", form=SampleForm())


@bp.get("/courriel")
@public
def show_mail() -> Response:
    """A sample message, as a mail program shows it: with its inline styles."""
    response = make_response(render_template("gallery/mail/sample.html"))
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def sample() -> dict[str, Any]:
    return {
        "cards": sample_cards(),
        "slots": sample_slots(),
        "page": Page([], 2, 50, 480),
        "entries": sample_entries(),
        "people": sample_people(),
        "curve": curve([0, 9, 14, 30, 31, 52, 70, 74, 90, 97, 128], 120),
    }


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


def card(title: str, start: datetime, place: str, kind: str, status: str, tone: str) -> dict[str, Any]:
    return {
        "title": title, "href": "/galerie/rencontre", "starts_at": start, "ends_at": start.replace(hour=16),
        "timezone": "Europe/Paris", "place": place, "kind": kind, "status_label": status, "status_tone": tone,
    }  # fmt: skip


def sample_cards() -> list[dict[str, Any]]:
    region, day = "Rencontre régionale", "Journée d’étude"
    return [
        card("Foncier solidaire et logement abordable", at(3, 12, 8, 30), "Hôtel de Région, Lille", region, "Inscriptions ouvertes", "open"),
        card("Achats responsables : du discours aux marchés", at(3, 25, 8), "Halle Pajol, Paris", day, "Dernières places", "last"),
        card("Coopérations transfrontalières et économie sociale", at(4, 8, 8), "Arsenal, Metz", region, "Complet, liste d’attente", "full"),
        card("Mobilités rurales et tiers-lieux", at(5, 20, 7, 30), "Hôtel de la Métropole, Lyon", region, "Inscriptions ouvertes", "open"),
        card("Alimentation, agriculture et territoires", at(6, 1, 7), "Couvent des Jacobins, Rennes", region, "Inscriptions ouvertes", "open"),
        card("Insularité et circuits courts", at(6, 17, 5), "Hôtel de ville, Saint-Denis de La Réunion", day, "Bientôt", "info"),
    ]  # fmt: skip


def session(
    title: str,
    kind: str,
    room: str = "",
    summary: str = "",
    seats: tuple[int, int] | None = None,
    key: int = 0,
) -> dict[str, Any]:
    remaining, capacity = seats or (None, None)
    people = ["Une animatrice (démonstration)"] if kind == "workshop" else []
    return {
        "title": title, "kind": kind, "room": room, "summary": summary, "people": people,
        "remaining": remaining, "capacity": capacity, "id": key or None,
    }  # fmt: skip


def slot(
    start: datetime, end: datetime, sessions: list[dict[str, Any]], title: str | None = None
) -> dict[str, Any]:
    return {
        "starts_at": start,
        "ends_at": end,
        "timezone": "Europe/Paris",
        "title": title,
        "sessions": sessions,
    }


def sample_slots() -> list[dict[str, Any]]:
    workshops = [
        session("Covoiturage et autopartage en milieu peu dense", "workshop", "Salle Saône", "Monter une offre là où le marché ne vient pas.", (12, 30), 1),
        session("Gouverner un tiers-lieu avec les habitantes et habitants", "workshop", "Salle Rhône", "", (2, 30), 2),
        session("Financer : fonds européens et épargne locale", "workshop", "Salle Ain", "", (0, 30), 3),
    ]  # fmt: skip
    return [
        slot(at(5, 20, 7, 30), at(5, 20, 8), [session("Accueil café", "welcome", "Hall")]),
        slot(at(5, 20, 8), at(5, 20, 9), [session("Plénière d’ouverture", "plenary", "Grand amphithéâtre", "Où en sont les territoires, dix ans après les premières rencontres.")]),
        slot(at(5, 20, 9, 15), at(5, 20, 10, 30), workshops, "Ateliers du matin"),
        slot(at(5, 20, 10, 30), at(5, 20, 12), [session("Déjeuner", "break", "Salle des fêtes")]),
        slot(at(5, 20, 12), at(5, 20, 13, 30), [session("Restitution et suites", "restitution", "Grand amphithéâtre")]),
    ]  # fmt: skip


def sample_entries() -> list[dict[str, Any]]:
    return [
        {"at": at(2, 3, 13, 32), "title": "Compte rendu publié", "text": "Version 2 : correction du point 3.", "by": "Secrétaire (démonstration)", "icon": "file-text"},
        {"at": at(1, 28, 9, 5), "title": "Inscriptions closes", "icon": "lock"},
        {"at": at(1, 4, 8), "title": "Rencontre publiée", "by": "Organisateur (démonstration)", "icon": "globe"},
    ]  # fmt: skip


def sample_people() -> list[list[object]]:
    places = ["Hauts-de-France", "Bretagne", "Auvergne-Rhône-Alpes", "Occitanie"]
    return [
        [
            f"Personne {n:02} (démonstration)",
            f"Collectivité {n}",
            places[n % 4],
            n * 7,
            "Confirmée" if n % 3 else "En attente",
        ]
        for n in range(1, 9)
    ]


def sample_map() -> RegionMap:
    towns = [
        (50.6292, 3.0573, "59"),
        (48.8566, 2.3522, "75"),
        (49.1193, 6.1757, "57"),
        (45.764, 4.8357, "69"),
        (48.1173, -1.6778, "35"),
        (-20.8821, 55.4507, "974"),
    ]
    return draw_region_map(
        title="Rencontres par région, 2011–2027",
        counts={"32": 9, "11": 14, "44": 7, "84": 11, "53": 5, "04": 2, "75": 8, "76": 6, "52": 4, "93": 3},
        say_count=lambda count: ngettext("%(num)d rencontre", "%(num)d rencontres", count),
        places=[
            Place(*town, number, f"{card['place']} : {card['title']}", card["href"])
            for number, (town, card) in enumerate(zip(towns, sample_cards(), strict=True), 1)
        ],
        hrefs={region.code: f"/galerie/carte?region={region.code}" for region in region_outlines()},
        current="84",
    )
