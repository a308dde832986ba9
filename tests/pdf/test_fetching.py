"""A document reaches what it was given, and nothing else."""

import pytest

from eventsapp.pdf.errors import DocumentRefused, ResourceRefused, UnsupportedCharacter
from tests.pdf.documents import page

WAYS = {
    "img": "<img src='{}' alt='x'>",
    "object": "<object data='{}'></object>",
    "embed": "<embed src='{}'>",
    "stylesheet": "<link rel=stylesheet href='{}'>",
    "import": "<style>@import url({});</style>",
    "background": "<style>p {{ background: url({}) }}</style><p>x</p>",
    "content": "<style>p::before {{ content: url({}) }}</style><p>x</p>",
    "list-style": "<style>ul {{ list-style-image: url({}) }}</style><ul><li>x</li></ul>",
    "font": "<style>@font-face {{ font-family: z; src: url({}) }} p {{ font-family: z }}</style><p>x</p>",
    "svg image": "<svg width=9 height=9><title>x</title><image href='{}' width=9 height=9 /></svg>",
    "color-profile": "<style>@color-profile --z {{ src: url({}) }} p {{ color: color(--z 1 0 0) }}</style><p>x</p>",
}
ADDRESSES = {
    "file": "file:///etc/passwd",
    "http": "http://127.0.0.1:9/secret",
    "data": "data:text/plain,secret",
    "unknown name": "app:secret.png",
    "path": "/etc/passwd",
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES.keys())
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_a_resource_outside_the_dictionary_is_refused_and_named(render, way, address):
    with pytest.raises(ResourceRefused) as refusal:
        render(page(way.format(address)))
    assert refusal.value.names[0].endswith(address.removeprefix("app:"))


@pytest.mark.parametrize("address", ["file:///etc/passwd", "app:css/document.css"])
@pytest.mark.parametrize(
    "way", ["<link rel=attachment href='{}'>", "<p><a rel=attachment href='{}'>x</a></p>"]
)
def test_a_document_cannot_attach_files_by_itself(render, way, address):
    with pytest.raises(DocumentRefused):
        render(page(way.format(address)))


def test_a_character_that_no_font_draws_is_an_error_that_names_it(render):
    with pytest.raises(UnsupportedCharacter) as refusal:
        render(page("<p>Nom \N{CUNEIFORM SIGN A}</p>"))
    assert refusal.value.characters == ["\N{CUNEIFORM SIGN A} (U+12000)"]


def test_the_assets_are_the_style_sheets_fonts_and_logo_of_the_project(assets):
    assert "app:css/document.css" in assets
    assert {name.partition("/")[0] for name in assets} <= {"app:css", "app:fonts", "app:img"}
    assert not any(content.startswith(b"wOF") for content in assets.values()), "fonts are unpacked once"
