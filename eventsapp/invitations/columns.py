"""What the columns of a list of people are called in French and English spreadsheets. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from eventsapp.core.i18n import _l, _p
from eventsapp.core.keys import search_key

FIELDS = {
    "email": _l("Adresse électronique"),
    "civility": _l("Civilité"),
    "given_name": _l("Prénom"),
    "family_name": _p("personne", "Nom"),
    "organisation": _l("Organisme"),
    "job_title": _l("Fonction"),
    "locale": _l("Langue"),
}

# As search_key() writes them: lower case, no accents, blanks for punctuation.
_NAMES = {
    "email": (
        "courriel|email|e mail|mel|mail|mails|emails|adresse mail|adresse mel|adresse email|adresse e mail"
        "|adresse electronique|adresse courriel|adresse de courriel|adresse de messagerie|courrier electronique"
        "|courriel professionnel|mail professionnel|email professionnel|mail pro|email pro"
        "|email address|e mail address|mail address|e mail 1 value|email 1"
    ),
    "civility": "civilite|civ|m mme|mme m|titre de civilite|title|salutation|courtesy title",
    "given_name": "prenom|prenoms|prenom usuel|first name|firstname|given name|forename",
    "family_name": "nom|noms|nom de famille|nom d usage|nom usuel|last name|lastname|surname|family name|name",
    "organisation": (
        "organisme|organismes|structure|structures|organisation|organization|collectivite|collectivite ou organisme"
        "|organisme ou collectivite|nom de la structure|nom de l organisme|raison sociale|etablissement"
        "|association|entreprise|societe|employeur|institution|company|employer"
    ),
    "job_title": (
        "fonction|fonctions|qualite|fonction ou qualite|fonction qualite|fonction ou mandat|mandat|poste|intitule du poste"
        "|metier|role|job|job title|position|function"
    ),
    "locale": "langue|language|lang|locale",
}
FIELD_OF = {name: field for field, names in _NAMES.items() for name in names.split("|")}


def guess_columns(header: Sequence[str]) -> tuple[str, ...]:
    """Return which field each column holds, or an empty text; of two columns alike, the first counts."""
    found: list[str] = []
    for title in header:
        field = FIELD_OF.get(search_key(title), "")
        found.append("" if field in found else field)
    return tuple(found)
