"""English is whole: every French sentence of the product has one, and it fits where it is put."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.core.i18n import _, _p, ngettext, speaking

PROJECT = Path(__file__).parents[2]
ENGLISH = PROJECT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
FRENCH_SIGNS = re.compile(r"[\u00a0\u202f«»]| [:;?!]")
FRENCH_WORDS = re.compile(
    r"\b(le|les|une?|des|vous|votre|vos|est|sont|cette|pour|avec|rencontre)\b", re.IGNORECASE
)

FRENCH_NAMES = ("Défenseur des droits",)


def command_keywords() -> list[str]:
    """The marks that bin/update-translations looks for: one list, written there."""
    command = (PROJECT / "bin" / "update-translations").read_text(encoding="utf-8")
    return re.findall(r"--keyword (\S+)", command)


@cache
def catalogue() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


@cache
def marked_sentences() -> Catalog:
    with (PROJECT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, **parse_keywords(command_keywords())}
    sentences = Catalog()
    for folder in ("eventsapp", "templates"):
        found = extract_from_dir(PROJECT / folder, methods, options, keywords)
        for path, line, message, _comments, context in found:
            sentences.add(message, locations=[(f"{folder}/{path}", line)], context=context)
    return sentences


def sentences_of(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def described(messages: list[Message]) -> str:
    return "\n".join(f"{message.locations[:1]} {message.id!r} → {message.string!r}" for message in messages)


def test_every_french_sentence_has_its_english() -> None:
    english = catalogue()
    missing = []
    for message in sentences_of(marked_sentences()):
        known = english.get(message.id, message.context)
        if known is None or not all(texts(known.string)):
            missing.append(message)
    assert not missing, f"run bin/update-translations, then translate:\n{described(missing)}"


def test_no_english_is_left_without_its_french() -> None:
    marked = marked_sentences()
    orphans = [x for x in sentences_of(catalogue()) if marked.get(x.id, x.context) is None]
    assert not orphans, f"run bin/update-translations:\n{described(orphans)}"
    assert not catalogue().obsolete


def test_no_english_is_a_guess_or_empty() -> None:
    doubtful = [
        x for x in sentences_of(catalogue()) if x.fuzzy or not all(t.strip() for t in texts(x.string))
    ]
    assert not doubtful, described(doubtful)
    assert not catalogue().fuzzy


def test_english_has_a_singular_and_a_plural() -> None:
    assert catalogue().num_plurals == 2
    assert catalogue().plural_expr == "(n != 1)"


def placeholders_of(value: str | tuple[str, ...] | list[str]) -> list[list[str]]:
    return [sorted(PLACEHOLDER.findall(text)) for text in texts(value)]


def test_english_asks_for_the_same_values_as_french() -> None:
    wrong = [x for x in sentences_of(catalogue()) if placeholders_of(x.id) != placeholders_of(x.string)]
    assert not wrong, described(wrong)


def test_english_wears_no_french_typography() -> None:
    wrong = [
        x for x in sentences_of(catalogue()) if any(FRENCH_SIGNS.search(text) for text in texts(x.string))
    ]
    assert not wrong, described(wrong)


def reads_as_french(text: str) -> bool:
    for name in FRENCH_NAMES:
        text = text.replace(name, "")
    return bool(FRENCH_WORDS.search(text))


def test_english_holds_no_french_sentence() -> None:
    left = [x for x in sentences_of(catalogue()) if any(reads_as_french(text) for text in texts(x.string))]
    assert not left, described(left)


def test_english_ends_its_sentences_as_french_does() -> None:
    """A full stop lost or won changes a label into a sentence."""
    wrong = [
        x
        for x in sentences_of(catalogue())
        for french, english in zip(texts(x.id), texts(x.string), strict=True)
        if " " in french and french[-1] in ".:?…," and french[-1] != english[-1]
    ]
    assert not wrong, described(wrong)


@pytest.mark.usefixtures("context")
def test_texts_change_with_the_language() -> None:
    with speaking("en"):
        assert _("Émargement") == "Émargement"  # unknown to the catalogue: French rather than a hole
        assert _("Inscription") == "Registration"
        assert str(_p("personne", "Nom")) == "Last name"
        assert ngettext("%(num)d rencontre", "%(num)d rencontres", 0) == "0 meetings"
        assert ngettext("%(num)d rencontre", "%(num)d rencontres", 1) == "1 meeting"
    with speaking("fr"):
        assert str(_p("personne", "Nom")) == "Nom"
        assert ngettext("%(num)d rencontre", "%(num)d rencontres", 0) == "0 rencontre"


def test_a_visitor_reads_the_site_in_english(client: FlaskClient, app: Flask) -> None:
    page = client.get("/rencontres?lang=en").get_data(as_text=True)
    assert '<html lang="en"' in page
    assert "Calendar of meetings" in page
    assert "Agenda des rencontres" not in page
