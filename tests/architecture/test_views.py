"""Every door has a gate and a token, and addresses are nouns."""

import re

import pytest
from werkzeug.routing import IntegerConverter

from eventsapp import create_app

# Doors that programs knock at, with a secret of their own in the address or in a header.
OPEN_TO_PROGRAMS = {"invitations.unsubscribe_in_one_click"}
VERBS = re.compile(
    r"/(?:creer|modifier|supprimer|publier|annuler|envoyer|valider|create|edit|delete|update|publish)(?:/|$)"
)


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address_of(app, rule):
    """An address of this rule with plausible parts."""
    parts = {
        name: 1 if isinstance(kind, IntegerConverter) else "x" for name, kind in rule._converters.items()
    }
    built = rule.build(parts, append_unknown=False)
    assert built, rule
    return built[1]


def test_every_view_has_a_gate(app):
    bare = [
        rule.endpoint for rule in rules(app) if not getattr(app.view_functions[rule.endpoint], "gate", None)
    ]
    assert bare == []


def test_no_view_has_two_gates(app):
    doubled = []
    for rule in rules(app):
        view, gates = app.view_functions[rule.endpoint], set()
        while view is not None:
            gate = view.__dict__.get("gate")
            gates |= {(gate, view.__code__)} if gate else set()
            view = getattr(view, "__wrapped__", None)
        if len(gates) > 1:
            doubled.append(rule.endpoint)
    assert doubled == []


def test_the_back_office_asks_for_a_permission_and_ones_own_account_for_a_session(app):
    wide = []
    for rule in rules(app):
        wanted = "signed_in" if rule.rule.startswith("/gestion/mon-compte") else "requires:"
        if rule.rule.startswith("/gestion") and not app.view_functions[rule.endpoint].gate.startswith(wanted):
            wide.append(rule.rule)
    assert wide == []


def test_a_visitor_is_shown_no_page_of_the_back_office(app, client):
    shown = []
    for rule in rules(app):
        if rule.rule.startswith("/gestion") and "GET" in rule.methods:
            answer = client.get(address_of(app, rule))
            if answer.status_code not in {303, 404, 405}:
                shown.append((rule.rule, answer.status_code))
    assert shown == []


def test_addresses_are_nouns(app):
    assert [rule.rule for rule in rules(app) if VERBS.search(rule.rule)] == []


def test_only_posts_change_something(app):
    """Browsers' forms know GET and POST; nothing here needs another verb but the API."""
    odd = [
        rule.rule
        for rule in rules(app)
        if rule.methods - {"GET", "HEAD", "OPTIONS", "POST"} and not rule.rule.startswith("/api/")
    ]
    assert odd == []


@pytest.fixture(scope="module")
def guarded(app):
    """The same application with the protection that tests of forms switch off."""
    return create_app(
        {
            **{name: app.config[name] for name in ("DATABASE_URL", "SECRET_KEY", "SERVER_NAME", "LOG_LEVEL")},
            "TESTING": True,
            "WTF_CSRF_ENABLED": True,
        }
    )


def test_every_post_without_its_token_is_refused(guarded, empty_database):
    accepted = []
    client = guarded.test_client()
    for rule in rules(guarded):
        if "POST" in rule.methods and rule.endpoint not in OPEN_TO_PROGRAMS:
            answer = client.post(address_of(guarded, rule))
            if answer.status_code not in {400, 401}:
                accepted.append((rule.rule, answer.status_code))
    assert accepted == []
