"""What a person reads before publishing: names that become public, missing parts, refused details."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eventsapp.core.i18n import Text, _, _l
from eventsapp.core.keys import search_key
from eventsapp.minutes.rules import find_contacts

# Not texts that people typed: instants and marks that never hold an address.
_TECHNICAL = ("published_at", "opened_at", "closed_at", "approved_at", "reference")
_PARTS: dict[str, Text] = {
    "introduction": _l("Introduction"),
    "conclusion": _l("Conclusion"),
    "distribution": _l("Liste de diffusion"),
    "chair": _l("Présidence"),
    "secretary": _l("Secrétariat de séance"),
    "writer": _l("Rédaction"),
    "approval_note": _l("Approbation"),
    "attendance": _l("Présences"),
    "meeting": _l("Titre ou lieu de la rencontre"),
    "reason": _l("Motif de la correction"),
}
_BLOCKS: dict[str, Text] = {
    "interventions": _l("intervention %(rank)d"),
    "decisions": _l("décision %(rank)d"),
    "actions": _l("action %(rank)d"),
}


@dataclass(frozen=True)
class Refusal:
    """An e-mail address or a phone number that may not become public: what, around what, and where.

    ``item`` is the rank of the item it is in, from 0, or None.
    """

    kind: str
    found: str
    excerpt: str
    where: str
    item: int | None


def contacts_of(content: Mapping[str, Any]) -> list[Refusal]:
    """Return what must leave the texts before they are published."""
    texts = {key: part for key, part in content.items() if key not in _TECHNICAL}
    return [
        Refusal(
            contact.kind,
            contact.found,
            contact.excerpt,
            _where(contact.path),
            int(contact.path[1]) if contact.path[0] == "items" else None,
        )
        for contact in find_contacts(texts)
    ]


def missing_parts(content: Mapping[str, Any]) -> list[str]:
    """Return in words what a complete record would have and this one has not."""
    attendance = content["attendance"]
    absences = {
        _("Qui préside la séance n’est pas dit."): not content["chair"],
        _("Qui assure le secrétariat n’est pas dit."): not content["secretary"],
        _("L’heure d’ouverture manque."): not content["opened_at"],
        _("L’heure de clôture manque."): not content["closed_at"],
        _("Aucune présence n’est notée à l’accueil."): not (
            attendance["present"] or attendance["present_unnamed"]
        ),
        _("Il n’y a aucun point."): not content["items"],
    }
    empty = [
        _("Le point %(rank)d, « %(title)s », est vide.", rank=rank, title=item["title"])
        for rank, item in enumerate(content["items"], 1)
        if not any(item[part] for part in ("summary", "interventions", "decisions", "actions"))
    ]
    return [text for text, is_missing in absences.items() if is_missing] + empty


def names_of(content: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return every name about to become public, once: (name, title and organisation, where)."""
    seen: dict[str, tuple[str, str, str]] = {}
    for name, details, where in _names(content):
        if name:
            seen.setdefault(search_key(name), (name, details, where))
    return list(seen.values())


def _names(content: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    attendance = content["attendance"]
    groups = {
        "speakers": _("Intervenantes et intervenants"),
        "present": _("Personnes présentes"),
        "represented": _("Personnes représentées"),
        "excused": _("Personnes excusées"),
    }
    for part in ("chair", "secretary", "writer"):
        yield content[part], "", str(_PARTS[part])
    for group, where in groups.items():
        for person in attendance[group]:
            yield person["name"], _details(person), where
            yield person.get("by", ""), "", _("Représentante ou représentant")
    for rank, item in enumerate(content["items"], 1):
        yield from _names_of_item(item, _("Point %(rank)d", rank=rank))


def _names_of_item(item: Mapping[str, Any], where: str) -> Iterator[tuple[str, str, str]]:
    yield item["rapporteur"], "", where
    for block in item["interventions"]:
        yield block["speaker"], _details(block), where
    for block in item["actions"]:
        yield block["responsible"], "", where


def _details(person: Mapping[str, str]) -> str:
    return ", ".join(part for part in (person["title"], person["organisation"]) if part)


def _where(path: tuple[str | int, ...]) -> str:
    if path[0] != "items":
        return str(_PARTS.get(str(path[0]), path[0]))
    point = _("Point %(rank)d", rank=int(path[1]) + 1)
    if len(path) > 3 and path[2] in _BLOCKS:
        return f"{point}, {str(_BLOCKS[str(path[2])]) % {'rank': int(path[3]) + 1}}"
    return point
