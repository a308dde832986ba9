"""Minutes of the demonstration: written and published by the real services, with texts that say they are invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from eventsapp.accounts.models import Account
from eventsapp.cli.demo import facts
from eventsapp.core.db import db
from eventsapp.meetings.models import Meeting
from eventsapp.minutes.models import ActionItem, AgendaItem, Decision, Intervention, Minutes
from eventsapp.minutes.services.publishing import approve_minutes, publish_minutes, submit_for_review
from eventsapp.minutes.services.writing import create_minutes

INVENTED = "*Texte de démonstration.*"
SUMMARIES = {
    "plenary": (
        f"{INVENTED} La charte est présentée avec ses cinq thématiques : lieux partagés, produits bancaires, "
        "ressources humaines, achats et transition énergétique. Les questions portent sur les moyens en région "
        "et sur la place des collectivités."
    ),
    "workshop": (
        f"{INVENTED} Constats : les projets existent, les interlocuteurs changent souvent.\n\n"
        "- Frein : des calendriers qui ne se rejoignent pas.\n"
        "- Levier : une personne référente par région.\n"
        "- Proposition : un point commun chaque trimestre."
    ),
    "restitution": f"{INVENTED} Chaque atelier retient une proposition ; elles sont reprises dans le relevé de décisions.",
}
DECISIONS = (
    "Tenir un point régional chaque trimestre avec les signataires.",
    "Recenser les lieux partagés ouverts ou en projet dans la région.",
    "Proposer une clause commune pour les achats responsables.",
)
ACTIONS = (
    ("Dresser la liste des projets en cours", "Délégation régionale (démonstration)"),
    ("Préparer la fiche sur les lieux partagés", "Groupe de travail (démonstration)"),
)


def publish_records(meeting: Meeting, *, by: Account) -> Minutes:
    """The meeting's minutes are written, approved and published three weeks after it, as demo data."""
    written_at = meeting.ends_at + timedelta(days=7)
    minutes = create_minutes(meeting, by=by, at=written_at)
    minutes.chair, minutes.secretary = "Présidence de séance (démonstration)", by.name
    minutes.opened_at, minutes.closed_at = meeting.starts_at + timedelta(minutes=30), meeting.ends_at
    minutes.introduction = (
        "Compte rendu de démonstration : la date et la ville viennent de sources publiques ; "
        "le programme, les personnes et les échanges sont inventés."
    )
    for item in minutes.items:
        _fill(item, item.session.kind if item.session else "plenary", written_at)
    if meeting.kind == "review_day":
        _attribute_testimonies(minutes)
        minutes.items[-1].actions[-1].state = "doing"  # one late action, for the dashboard
    db.session.flush()
    submit_for_review(minutes, by=by, at=written_at)
    approve_minutes(minutes, "Approuvé pour la démonstration", by=by, at=written_at + timedelta(days=7))
    publish_minutes(minutes, "", issuer="Réseau de démonstration", by=by, at=written_at + timedelta(days=14))
    return minutes


def _fill(item: AgendaItem, kind: str, at: datetime) -> None:
    item.summary, item.rapporteur = SUMMARIES[kind], "Rapporteuse de démonstration"
    if kind == "restitution":
        item.decisions = [Decision(text=text, position=rank) for rank, text in enumerate(DECISIONS)]
        item.actions = [
            ActionItem(
                text=text,
                responsible=who,
                state="done",
                due_on=(at + timedelta(days=90)).date(),
                position=rank,
            )
            for rank, (text, who) in enumerate(ACTIONS)
        ]


def _attribute_testimonies(minutes: Minutes) -> None:
    """The two testimonies that sources name, attributed as they name them; their words are not quoted."""
    item = next(item for item in minutes.items if item.title == "Collectivités locales")
    item.interventions = [
        Intervention(
            position=0,
            speaker="Maire de Faux-la-Montagne",
            organisation="Commune de Faux-la-Montagne (Limousin)",
            text=f"{INVENTED} Témoignage présenté avec le délégué au développement du Groupe La Poste en Limousin.",
        ),
        Intervention(
            position=1,
            speaker="Marie-Laure Cuvelier",
            title="gérante d’une coopérative de tiers-lieu",
            organisation="Aquitaine",
            text=(
                f"{INVENTED} Témoignage sur les tiers-lieux d’Aquitaine : 70 en 2015. "
                f"Objectif cité par les sources : « {facts.COVERAGE_GOAL[0].lower()}{facts.COVERAGE_GOAL[1:]} »."
            ),
        ),
    ]
