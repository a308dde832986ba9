"""Invented participants, always the same: their organisations say «démonstration»."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

GIVEN = (
    "Alix", "Amel", "André", "Bénédicte", "Camille", "Cécile", "Claude", "Dominique", "Élise", "Émile", "Fatou",
    "Françoise", "Gaëlle", "Hélène", "Inès", "Jean-Noël", "Joëlle", "Karim", "Léa", "Loïc", "Maëva", "Marie-Ange",
    "Michel", "Nadège", "Noé", "Océane", "Paul", "Raphaël", "Sacha", "Solène", "Théo", "Ugo", "Violette", "Yaël",
    "Yves", "Zoé", "Maxime",
)  # fmt: skip
FAMILY = (
    "Abadie", "Aubert", "Bélanger", "Benali", "Caron", "Çelik", "Colin", "d’Arcy", "de La Tour", "Diallo", "Dubois",
    "Étienne", "Faure", "Gaillard", "Guérin", "Haddad", "Hervé", "Itier", "Jacquet", "Kermarrec", "Lacroix",
    "Le Goff", "L’Hostis", "Maréchal", "Mœneclaey", "Nguyen", "Ollivier", "Péron", "Quéméner", "Rousseau", "Saïdi",
    "Thévenot", "Urbain", "Vasseur", "Weiss", "Yılmaz", "Ziegler", "Bœuf", "Noël", "Pître", "Bertrand",
)  # fmt: skip
# (name, kind of participant, functions)
EMPLOYERS = (
    (
        "Ville de Valclair (démonstration)",
        "elected",
        ("Maire", "Adjointe à l’économie", "Conseiller municipal"),
    ),
    (
        "Communauté de communes des Trois-Vallons (démonstration)",
        "officer",
        ("Chargée de mission", "Directeur"),
    ),
    ("Métropole de Rivehaute (démonstration)", "officer", ("Responsable ESS", "Cheffe de projet")),
    ("Région d’exemple (démonstration)", "elected", ("Conseillère régionale", "Vice-président")),
    ("Département de la Lisière (démonstration)", "officer", ("Directrice adjointe", "Chargé d’études")),
    ("Réseau des recycleries (démonstration)", "network", ("Déléguée", "Coordinateur")),
    ("Association Le Fil (démonstration)", "association", ("Présidente", "Trésorier", "Animatrice")),
    ("Scop L’Atelier commun (démonstration)", "company", ("Gérante", "Associé")),
    ("Université de Montbrun (démonstration)", "university", ("Maîtresse de conférences", "Doctorant")),
    ("Préfecture d’exemple (démonstration)", "state", ("Chargée de mission",)),
)
REGIONS = ("44", "32", "11", "84", "53", "75", "76", "28", "52", "93", "27", "24")


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who does not exist."""

    civility: str
    given_name: str
    family_name: str
    email: str
    organisation: str
    job_title: str
    participant_kind: str
    region_code: str
    accepts_listing: bool


def people(count: int, *, start: int = 0) -> Iterator[DemoPerson]:
    """Yield ``count`` people; the numbers of given and family names are prime to each other, so 1,517 differ."""
    for number in range(start, start + count):
        employer, kind, functions = EMPLOYERS[number % len(EMPLOYERS)]
        yield DemoPerson(
            civility=("Mme", "M.", "")[number % 3],
            given_name=GIVEN[number % len(GIVEN)],
            family_name=FAMILY[number % len(FAMILY)],
            email=f"participant{number + 1}@demonstration.example",
            organisation=employer,
            job_title=functions[number // len(EMPLOYERS) % len(functions)],
            participant_kind=kind,
            region_code=REGIONS[number // 3 % len(REGIONS)],
            accepts_listing=number % 4 != 3,
        )
