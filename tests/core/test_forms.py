"""Forms: each its own, whatever they share; addresses as the library sees them."""

from __future__ import annotations

import gc
import weakref

import pytest
from email_validator import validate_email
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField

from eventsapp import create_app
from eventsapp.core.forms import Form, Required, choices, is_plain_address
from eventsapp.core.i18n import _l, speaking

PIECES = st.text(st.sampled_from("abzAZ09._+-@"), min_size=0, max_size=12)
ENDINGS = st.sampled_from(["fr", "com", "test", "Local", "x", "museum", "arpa", "c0m", "onion"])


class Small(Form):
    class Meta(Form.Meta):
        csrf = False

    name = StringField(_l("Prénom"), [Required(_l("Saisissez votre prénom."))])
    kind = SelectField(choices=choices({"a": "A"}))


@pytest.mark.usefixtures("context")
def test_two_forms_of_a_kind_share_nothing_that_somebody_typed():
    first, second = Small(MultiDict({"name": " Zoé ", "kind": "x"})), Small(MultiDict({"kind": "a"}))
    first.kind.choices = choices({"b": "B"})
    assert not first.validate()
    assert not second.validate()
    assert (first.name.data, second.name.data) == ("Zoé", None)
    assert (first.name.errors, bool(second.name.errors)) == ([], True)
    assert [one.value for one in second.kind.choices] == ["a"]


@pytest.mark.usefixtures("context")
def test_a_form_is_not_remembered():
    form = Small(MultiDict({"name": "Zoé"}))
    gone = weakref.ref(form)
    del form
    gc.collect()
    assert gone() is None


@pytest.mark.usefixtures("context")
def test_labels_speak_the_language_of_the_page():
    with speaking("fr"):
        assert str(Small().name.label.text) == "Prénom"
    with speaking("en"):
        assert str(Small().name.label.text) == "First name"


@given(st.builds("{}@{}.{}".format, PIECES, PIECES, ENDINGS))
def test_a_plain_address_is_one_to_the_library_too(text: str):
    if is_plain_address(text):
        validate_email(text, check_deliverability=False)


@pytest.mark.parametrize(
    "text",
    ["a@b.test", "a@b.local", "a..b@c.fr", ".a@c.fr", "a@-b.fr", "a@b-.fr", "a@xn--b.fr", "a@b", "é@b.fr"],
)
def test_what_is_not_plainly_an_address_is_looked_at_longer(text: str):
    assert not is_plain_address(text)


@pytest.mark.parametrize("text", ["zoe@exemple.fr", "Jean-Noel.D+x@mairie.ville-nouvelle.FR"])
def test_most_addresses_are_plain(text: str):
    assert is_plain_address(text)


@pytest.fixture
def protected(app: Flask) -> Flask:
    names = ("DATABASE_URL", "SECRET_KEY", "TESTING", "LOG_LEVEL")
    return create_app({name: app.config[name] for name in names})


def test_a_form_sent_from_elsewhere_is_refused_and_ours_is_taken(protected: Flask):
    client = protected.test_client()
    page = client.get("/connexion").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert client.post("/connexion", data={"email": "x"}).status_code == 400
    assert client.post("/connexion", data={"email": "x", "csrf_token": token[:-3] + "abc"}).status_code == 400
    assert client.post("/connexion", data={"email": "x", "csrf_token": token}).status_code == 422
    other = protected.test_client()
    other.get("/connexion")
    assert other.post("/connexion", data={"email": "x", "csrf_token": token}).status_code == 400
