"""What public sources of 2014 and 2015 say of the Alliance Dynamique; everything else in the demo is invented.

Sources: announcements of the charter (14 October 2014) and of the review day (3 November 2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

THEMES = (
    "Lieux partagés",
    "Produits bancaires",
    "Ressources humaines",
    "Achats",
    "Transition énergétique",
)

CHARTER_TITLE = "Charte de l’Alliance Dynamique entre le groupe La Poste et l’ESS"
CHARTER_SIGNED_ON = date(2014, 10, 14)

# (name, kind, relation to the network, note)
ORGANISATIONS = (
    ("RTES", "network", "signatory", "Réseau des collectivités Territoriales pour une Économie Solidaire"),
    ("Groupe La Poste", "company", "partner", "17 000 points de contact"),
    ("La Banque Postale", "company", "partner", ""),
    ("COORACE", "network", "", ""),
    ("Finansol", "network", "", ""),
    ("Enercoop", "cooperative", "", "12 000 membres et des coopératives régionales"),
    ("Groupe SOS", "social_enterprise", "", "11 000 salariés et 1 000 embauches par an"),
    ("Fédération Nature et Environnement", "network", "", ""),
    ("Le Chênelet", "social_enterprise", "", ""),
    ("L’Étoile de l’espoir", "association", "", ""),
    ("Solidarités nouvelles face au logement", "association", "", ""),
    ("PACT", "network", "", ""),
    ("Commune de Faux-la-Montagne", "local_authority", "", "Limousin, aujourd’hui Nouvelle-Aquitaine"),
)


@dataclass(frozen=True)
class City:
    """A city of the 2014 series, in the régions of today (INSEE codes), at its town hall's coordinates."""

    name: str
    commune: str
    department: str
    region: str
    region_name: str
    latitude: float
    longitude: float
    met_on: date  # regional meeting of 2014


CITIES = (
    City("Metz", "57463", "57", "44", "Grand Est", 49.1191, 6.1727, date(2014, 11, 12)),
    City("Lille", "59350", "59", "32", "Hauts-de-France", 50.6330, 3.0586, date(2014, 11, 18)),
    City("Paris", "75056", "75", "11", "Île-de-France", 48.8534, 2.3488, date(2014, 11, 25)),
    City("Lyon", "69123", "69", "84", "Auvergne-Rhône-Alpes", 45.7485, 4.8467, date(2014, 12, 2)),
    City("Rennes", "35238", "35", "53", "Bretagne", 48.1120, -1.6743, date(2014, 12, 9)),
)

SERIES_TITLE = "Réunions régionales 2014"
REVIEW_DAY_TITLE = "Journée bilan et perspectives de l’Alliance Dynamique"
REVIEW_DAY_ON = date(2015, 11, 3)
REVIEW_DAY_PARTICIPANTS = 200
COVERAGE_GOAL = "Chaque habitante et chaque habitant à moins de vingt minutes d’un tiers-lieu avec un service de conciergerie"
