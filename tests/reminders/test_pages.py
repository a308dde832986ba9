"""The reminders of a meeting as an organiser sets them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from eventsapp.core.db import db
from eventsapp.reminders.models import ReminderRule
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import in_days, make_meeting
from tests.factories.registrations import make_registration
from tests.factories.reminders import make_rule
from tests.statements import count_statements

RULE = {"days_before": "3", "hour": "18", "subject": "À jeudi", "message": "Pensez à **votre badge**."}


@pytest.fixture
def meeting(app, empty_database):
    with stored(app):
        return make_meeting(starts_at=in_days(30))


@pytest.fixture
def page(meeting):
    return f"/gestion/rencontres/{meeting.id}/rappels"


@pytest.fixture
def organiser(app, client, sign_in):
    with stored(app):
        account = make_account()
    sign_in(client, account)
    return client


def rules(app):
    with app.app_context():
        return db.session.scalars(select(ReminderRule).order_by(ReminderRule.id)).all()


def test_the_reminders_of_a_meeting_out_of_scope_are_not_found(app, client, sign_in, page):
    with stored(app):
        elsewhere = make_account(territory_code="53")
    sign_in(client, elsewhere)
    assert client.get(page).status_code == 404
    assert client.post(f"{page}/modeles").status_code == 404


def test_the_usual_reminders_are_offered_then_added_once(app, organiser, page):
    assert "2 rappels habituels" in organiser.get(page).text.replace("\N{NO-BREAK SPACE}", " ")
    for _turn in range(2):
        assert organiser.post(f"{page}/modeles").status_code == 303
    assert [(rule.days_before, rule.hour) for rule in rules(app)] == [(7, 9), (1, 9)]
    assert "modeles" not in organiser.get(page).text


def test_a_usual_reminder_whose_instant_has_passed_is_not_offered(app, organiser):
    with stored(app):
        soon = make_meeting(starts_at=in_days(4))
    organiser.post(f"/gestion/rencontres/{soon.id}/rappels/modeles")
    assert [rule.days_before for rule in rules(app)] == [1]


def test_each_reminder_says_when_it_leaves_and_to_how_many(app, organiser):
    with stored(app):
        meeting = make_meeting(starts_at=datetime(2031, 6, 10, 7, 30, tzinfo=UTC))
        make_rule(meeting, days_before=7)
        make_registration(meeting)
        make_registration(meeting)
    shown = organiser.get(f"/gestion/rencontres/{meeting.id}/rappels").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "mardi 3 juin 2031 à 9 h" in shown
    assert "2 personnes à ce jour" in shown


def test_a_reminder_is_added_changed_and_taken_off(app, organiser, page):
    assert organiser.post(f"{page}/nouveau", data=RULE).status_code == 303
    [rule] = rules(app)
    assert (rule.days_before, rule.hour, rule.subject) == (3, 18, "À jeudi")
    organiser.post(f"{page}/{rule.id}", data={**RULE, "days_before": "0", "hour": "7"})
    assert [(x.days_before, x.hour) for x in rules(app)] == [(0, 7)]
    assert organiser.post(f"{page}/{rule.id}/retrait").status_code == 303
    assert rules(app) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"days_before": ""}, "Saisissez un nombre de jours, par exemple 3."),
        ({"days_before": "61"}, "entre 0 et 60"),
        ({"days_before": "trois"}, "nombre entier"),
        ({"hour": "25"}, "Erreur"),
        ({"subject": ""}, "Saisissez l’objet du message."),
        ({"days_before": "0", "hour": "23"}, "après le début"),
    ],
)
def test_a_refused_reminder_says_what_to_correct_and_keeps_the_rest(app, organiser, page, change, words):
    answer = organiser.post(f"{page}/nouveau", data={**RULE, **change})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Pensez à **votre badge**." in answer.text
    assert rules(app) == []


def test_two_reminders_do_not_share_a_moment(app, organiser, page, meeting):
    with stored(app):
        make_rule(meeting, days_before=3, hour=18)
    answer = organiser.post(f"{page}/nouveau", data=RULE)
    assert answer.status_code == 422
    assert "part déjà à ce moment" in answer.text


def test_the_page_costs_the_same_whatever_the_rules_and_people(app, organiser, page, meeting):
    with stored(app):
        for days in range(20):
            make_rule(meeting, days_before=days + 1)
            make_registration(meeting)
    with count_statements(app) as statements:
        organiser.get(page)
    assert len(statements) <= 9
