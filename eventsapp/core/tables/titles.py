"""What the columns of a list of people are called in French and English spreadsheets. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eventsapp.core.keys import search_key

# As search_key() writes them: lower case, no accents, blanks for punctuation.
TITLES = {
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
    "phone": (
        "telephone|tel|telephones|numero de telephone|n de telephone|telephone portable|portable|mobile|telephone mobile"
        "|telephone fixe|telephone professionnel|tel portable|tel pro|phone|phone number|mobile phone|cell phone"
    ),
    "participant_kind": (
        "type|type de participant|type de participante|type de participation|categorie|profil|public|vient en tant que"
        "|vous venez en tant que|category|kind|participant type|attendee type"
    ),
    "region_code": "region|nom de la region|code region|region administrative",
    "mode": "participation|mode|mode de participation|presence|presentiel distanciel|attendance|attendance mode",
    "needs": "besoins|besoins d accessibilite ou alimentaires|besoins particuliers|besoins specifiques|special needs",
    "accepts_listing": "liste publiee|accepte la liste publiee|accepte de figurer dans la liste",
    "workshops": "ateliers|atelier|ateliers choisis|atelier choisi|choix d atelier|choix d ateliers|workshop|workshops",
}


def titles_of(fields: Iterable[str]) -> dict[str, str]:
    """Return, by title, which of these fields of a person it announces."""
    return {title: field for field in fields for title in TITLES[field].split("|")}


def guess_columns(header: Sequence[str], field_of: Mapping[str, str]) -> list[str]:
    """Return which field each column holds, or an empty text; of two columns alike, the first counts."""
    found: list[str] = []
    for title in header:
        field = field_of.get(search_key(title), "")
        found.append("" if field in found else field)
    return found
