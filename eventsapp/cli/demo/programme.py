"""Meetings of the demonstration: those of 2014 and 2015, a coming edition, and two smaller ones before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from slugify import slugify

from eventsapp.cli.demo import facts
from eventsapp.core.db import db
from eventsapp.core.keys import search_key
from eventsapp.directory.models import Theme
from eventsapp.meetings.models import Meeting, Series, Session, SessionRole

ZONE = ZoneInfo("Europe/Paris")
VENUE, ADDRESS = "Maison des associations (démonstration)", "1 place de l’Exemple"
INVENTED = "Programme de démonstration : les sources ne donnent que la ville et la date."
WEEKS_AHEAD = 5  # the first meeting of the coming edition
COMING_CAPACITY = 80
WORKSHOP_CAPACITY = 25


@dataclass(frozen=True)
class Part:
    """A line of a programme: kind, title, begin and end in hours, room, theme (index), capacity."""

    kind: str
    title: str
    begins: float
    ends: float
    room: str = ""
    theme: int | None = None
    capacity: int | None = None
    speakers: tuple[tuple[str, str, str, str], ...] = ()


MODERATOR = ("moderator", "Alix Démonstration", "Animatrice", "Réseau de démonstration")
REGIONAL_DAY = (
    Part("welcome", "Accueil café", 9, 9.5, "Hall"),
    Part(
        "plenary",
        "Ouverture : où en sont nos projets communs ?",
        9.5,
        11,
        "Grande salle",
        speakers=(MODERATOR,),
    ),
    Part("workshop", "Ouvrir un lieu partagé", 11, 12.5, "Salle A", 0, WORKSHOP_CAPACITY),
    Part("workshop", "Financer un projet local", 11, 12.5, "Salle B", 1, WORKSHOP_CAPACITY),
    Part("workshop", "Acheter autrement", 11, 12.5, "Salle C", 3, WORKSHOP_CAPACITY),
    Part("break", "Déjeuner", 12.5, 14, "Restaurant"),
    Part("workshop", "Recruter et former ensemble", 14, 15.5, "Salle A", 2, WORKSHOP_CAPACITY),
    Part("workshop", "Réduire nos consommations d’énergie", 14, 15.5, "Salle B", 4, WORKSHOP_CAPACITY),
    Part("workshop", "Produire de l’énergie avec les habitantes et habitants", 14, 15.5, "Salle C", 4, 12),
    Part("restitution", "Restitution et suites", 15.75, 16.5, "Grande salle"),
)
TRAINING = (
    Part("welcome", "Accueil et connexion à distance", 9, 9.25),
    Part("plenary", "Écrire une clause sociale, pas à pas", 9.25, 12, "", 3, None, (MODERATOR,)),
)
COMMITTEE = (
    Part("plenary", "Point sur les projets de la région", 9, 10),
    Part("workshop", "Préparer la rencontre régionale", 10.25, 12, "Salle A", 0, 12),
    Part("workshop", "Suivre les décisions prises", 10.25, 12, "Salle B", 3, 12),
)
TRAINING_DAYS, COMMITTEE_DAYS = 20, 4  # ahead
FRIDAY = 5
MEETING_OF_2014 = (
    Part("welcome", "Accueil", 9, 9.5),
    Part("plenary", "Présentation de la charte et des cinq thématiques", 9.5, 11),
    Part("workshop", "Lieux partagés et services de proximité", 11, 12.5, "", 0),
    Part("workshop", "Achats et transition énergétique", 11, 12.5, "", 4),
    Part("restitution", "Restitution et suites", 12.5, 13),
)
REVIEW_DAY = (
    Part("welcome", "Accueil", 9, 9.5),
    Part("plenary", "Bilan et perspectives", 9.5, 12.5),
    Part("break", "Déjeuner", 12.5, 14),
    Part(
        "workshop", "Collectivités locales", 14, 16, "", None, 40,
        (
            ("witness", "Maire de Faux-la-Montagne", "avec le délégué au développement du Groupe La Poste en Limousin",
             "Commune de Faux-la-Montagne"),
            ("witness", "Marie-Laure Cuvelier", "gérante d’une coopérative de tiers-lieu", "Aquitaine"),
        ),
    ),
    *(Part("workshop", f"{name} (atelier de démonstration)", 14, 16, "", number, 36)
      for number, name in enumerate(facts.THEMES)),
    Part("restitution", "Restitution des six ateliers", 16.25, 17.25),
)  # fmt: skip


def load_meetings_of_2014(themes: Sequence[Theme], *, at: datetime) -> list[Meeting]:
    """The five regional meetings of 2014 are held; dates and cities are facts, the rest is invented."""
    series = Series(
        slug=slugify(facts.SERIES_TITLE),
        title=facts.SERIES_TITLE,
        summary="Cinq réunions en région après la signature de la charte, à Metz, Lille, Paris, Lyon et Rennes.",
    )
    return [
        _meeting(
            _past(f"Réunion régionale de {city.name}", city.met_on, city=city, series=series, at=at),
            MEETING_OF_2014,
            themes,
        )
        for city in facts.CITIES
    ]


def load_review_day(themes: Sequence[Theme], *, at: datetime) -> Meeting:
    """The review day of 2015 is held: plenary, six parallel workshops, restitution."""
    meeting = _past(facts.REVIEW_DAY_TITLE, facts.REVIEW_DAY_ON, city=None, series=None, at=at)
    meeting.kind, meeting.venue = "review_day", "Lieu non précisé par les sources"
    meeting.summary = (
        "Environ 200 personnes, une plénière le matin, six ateliers l’après-midi et leur restitution."
    )
    return _meeting(meeting, REVIEW_DAY, themes)


def load_coming_edition(themes: Sequence[Theme], *, at: datetime) -> list[Meeting]:
    """Five meetings to come, a week apart from about five weeks ahead, open to registration."""
    today = at.astimezone(ZONE).date()
    first = today + timedelta(days=WEEKS_AHEAD * 7 - today.weekday() + 1)  # a Tuesday
    series = Series(
        slug=f"rencontres-regionales-{first.year}",
        title=f"Rencontres régionales {first.year}",
        summary="Une édition de démonstration, pour essayer l’inscription : cinq villes, deux temps d’ateliers.",
    )
    return [
        _meeting(_coming(city, first + timedelta(weeks=week), series, at), REGIONAL_DAY, themes)
        for week, city in enumerate(facts.CITIES)
    ]


def load_training(themes: Sequence[Theme], *, at: datetime) -> Meeting:
    """A training session in three weeks, on site or remote, for those who have its access code."""
    meeting = _soon(
        "Formation : écrire une clause sociale",
        "Une matinée de formation, sur place ou à distance. Le code d’accès est dans l’invitation.",
        days=TRAINING_DAYS,
        city=facts.CITIES[2],
        at=at,
    )
    meeting.kind, meeting.capacity = "training", 20
    meeting.online_url = "https://visio.example/demonstration"
    return _meeting(meeting, TRAINING, themes)


def load_committee(themes: Sequence[Theme], *, at: datetime) -> Meeting:
    """A committee in a few days, whose registration is closed."""
    meeting = _soon(
        f"Comité régional {facts.CITIES[1].region_name}",
        "Une matinée de préparation. Les inscriptions sont closes : une personne inscrite peut demander un changement.",
        days=COMMITTEE_DAYS,
        city=facts.CITIES[1],
        at=at,
    )
    meeting.kind, meeting.capacity = "committee", 24
    meeting.registration_closes_at = _instant(at.astimezone(ZONE).date() - timedelta(days=2), 12)
    return _meeting(meeting, COMMITTEE, themes)


def _soon(title: str, summary: str, *, days: int, city: facts.City, at: datetime) -> Meeting:
    """A morning of a working day, announced a month ago."""
    day = at.astimezone(ZONE).date() + timedelta(days=days)
    while day.isoweekday() > FRIDAY:
        day += timedelta(days=1)
    meeting = Meeting(
        title=title,
        slug=slugify(f"{title} {day.isoformat()}"),
        state="published",
        summary=summary,
        description="**Rencontre de démonstration** : son programme et les personnes inscrites sont inventés.",
        starts_at=_instant(day, 9),
        ends_at=_instant(day, 12),
        venue=VENUE,
        address=ADDRESS,
        created_at=at - timedelta(days=30),
        published_at=at - timedelta(days=30),
        is_demo=True,
    )
    _place(meeting, city)
    return meeting


def _past(title: str, day: date, *, city: facts.City | None, series: Series | None, at: datetime) -> Meeting:
    meeting = Meeting(
        title=title,
        slug=slugify(f"{title} {day.year}"),
        series=series,
        state="held",
        summary=INVENTED,
        starts_at=_instant(day, 9),
        ends_at=_instant(day, 17.25 if city is None else 13),
        created_at=at,
        published_at=_instant(day, 9) - timedelta(days=30),
        is_demo=True,
    )
    _place(meeting, city)
    return meeting


def _coming(city: facts.City, day: date, series: Series, at: datetime) -> Meeting:
    meeting = Meeting(
        title=f"Rencontre régionale {city.region_name}",
        slug=slugify(f"rencontre {city.name} {day.isoformat()}"),
        series=series,
        state="published",
        summary="Une journée pour faire avancer les projets communs des collectivités et de l’économie solidaire.",
        description=(
            "Le matin, une plénière et trois ateliers au choix ; l’après-midi, trois autres ateliers puis leur "
            "restitution. **Rencontre de démonstration** : inscrivez-vous, changez d’atelier, annulez."
        ),
        starts_at=_instant(day, 9),
        ends_at=_instant(day, 16.5),
        venue=VENUE,
        address=ADDRESS,
        access_note="Accès de plain-pied, boucle magnétique dans la grande salle.",
        capacity=COMING_CAPACITY,
        registration_closes_at=_instant(day, 12) - timedelta(days=2),
        created_at=at,
        published_at=at,
        is_demo=True,
    )
    _place(meeting, city)
    return meeting


def _place(meeting: Meeting, city: facts.City | None) -> None:
    if city is not None:
        meeting.city, meeting.commune_code = city.name, city.commune
        meeting.department_code, meeting.region_code = city.department, city.region
        meeting.latitude, meeting.longitude = city.latitude, city.longitude
    meeting.search_key = search_key(f"{meeting.title} {meeting.city} {meeting.venue} {meeting.summary}")


def _meeting(meeting: Meeting, parts: Sequence[Part], themes: Sequence[Theme]) -> Meeting:
    day = meeting.starts_at.astimezone(ZONE).date()
    used = sorted({part.theme for part in parts if part.theme is not None})
    meeting.themes = [
        themes[used[(day.toordinal() // 7 + step) % len(used)]] for step in range(min(2, len(used)))
    ]
    meeting.sessions = [_session(part, day, position, themes) for position, part in enumerate(parts)]
    db.session.add(meeting)
    db.session.flush()
    return meeting


def _session(part: Part, day: date, position: int, themes: Sequence[Theme]) -> Session:
    return Session(
        kind=part.kind,
        title=part.title,
        starts_at=_instant(day, part.begins),
        ends_at=_instant(day, part.ends),
        room=part.room,
        capacity=part.capacity,
        position=position,
        theme=None if part.theme is None else themes[part.theme],
        roles=[
            SessionRole(role=role, name=name, title=title, organisation=organisation, position=rank)
            for rank, (role, name, title, organisation) in enumerate(part.speakers)
        ],
    )


def _instant(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(int(hour), round(hour % 1 * 60)), ZONE)
