"""The page of the rules of a meeting's registrations: errors beside their fields, nothing lost, nobody let down."""

import re
from datetime import timedelta
from html import unescape

import pytest

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.registrations import queries
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import in_days, make_meeting
from tests.factories.registrations import make_registration, make_setup
from tests.registrations.pages import Page

FORM = {
    "admission": "open",
    "attendance": "on_site",
    "has_waiting_list": "y",
    "offer_hours": "48",
    "offers_stop_hours": "24",
    "workshop_choice": "direct",
    "wishes_per_slot": "3",
    "takes_late_requests": "y",
}


@pytest.fixture
def meeting(app, client, sign_in):
    with stored(app):
        meeting = make_meeting(region_code="53", capacity=20, time_zone="Europe/Paris", starts_at=in_days(30))
        account = make_account(role="organiser", territory_code="53")
    sign_in(client, account)
    meeting.path = f"/gestion/rencontres/{meeting.id}/inscriptions/regles"
    return meeting


def setup_of(app, meeting):
    with app.app_context():
        return queries.get_setup(meeting.id)


def test_the_page_shows_the_rules_in_force(app, client, meeting):
    with stored(app):
        make_setup(
            meeting,
            admission="approval",
            access_code="Sésame 26",
            changes_close_at=in_days(20, hour=10),
            quotas=[
                {
                    "key": "region:53",
                    "label": "Bretons",
                    "group": "region",
                    "places": 5,
                    "value": "53",
                }
            ],
        )
        make_registration(meeting, quota_key="region:53")
        make_registration(meeting, state="pending")
    page = client.get(meeting.path)
    assert page.status_code == 200
    for text in ("Sésame 26", "Bretons", "1 place prise sur 5", "reste à valider", "code=S%C3%A9same+26"):
        assert text in page.text.replace("\u00a0", " ")


def test_rules_are_saved(app, client, meeting):
    day = (meeting.starts_at - timedelta(days=2)).date().isoformat()
    answer = client.post(
        meeting.path,
        data={
            **FORM,
            "admission": "members",
            "checks_email": "y",
            "access_code": "  Sésame ",
            "quotas-0-group": "region:53",
            "quotas-0-places": "5",
            "quotas-1-group": "kind:elected",
            "quotas-1-places": "4",
            "quotas-1-label": "Personnes élues",
            "quotas-2-group": "",
            "quotas-2-places": " ",
            "offers_stop_hours": "0",
            "changes_day": day,
            "changes_hour": "18:30",
        },
        follow_redirects=True,
    )
    assert "Les règles sont enregistrées." in answer.text
    setup = setup_of(app, meeting)
    assert (setup.admission, setup.checks_email, setup.access_code) == ("members", True, "Sésame")
    assert [(x["key"], x["label"], x["places"]) for x in setup.quotas] == [
        ("region:53", "Bretagne", 5),
        ("kind:elected", "Personnes élues", 4),
    ]
    assert setup.offers_stop_hours == 0
    assert setup.changes_close_at.isoformat().startswith(day)
    assert setup.allows_groups is False
    summary = client.get(f"/gestion/rencontres/{meeting.id}/inscriptions").text
    assert "adresse vérifiée" in summary
    assert "2 quotas" in summary.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("typed", "message", "field"),
    [
        ({"offer_hours": "721"}, "Saisissez un nombre entre 1 et 720.", "offer_hours"),
        ({"offer_hours": ""}, "Saisissez un nombre d’heures.", "offer_hours"),
        ({"offers_stop_hours": ""}, "Saisissez un nombre d’heures, ou 0.", "offers_stop_hours"),
        ({"offers_stop_hours": "721"}, "Saisissez un nombre entre 0 et 720.", "offers_stop_hours"),
        ({"wishes_per_slot": "10"}, "Saisissez un nombre entre 1 et 9.", "wishes_per_slot"),
        ({"access_code": "x" * 41}, "Écrivez au plus 40 caractères", "access_code"),
        ({"changes_day": "2027-01-01"}, "Saisissez la date et l’heure", "changes_hour"),
        ({"wishes_hour": "9:30"}, "Saisissez la date et l’heure", "wishes_day"),
        ({"quotas-0-group": "members"}, "Saisissez le nombre de places.", "quotas-0-places"),
        ({"quotas-0-places": "3"}, "Choisissez un groupe.", "quotas-0-group"),
        ({"quotas-0-places": "trois", "quotas-0-group": "members"}, "nombre de places", "quotas-0-places"),
        ({"quotas-0-places": "21", "quotas-0-group": "members"}, "en a 20", "quotas"),
        ({"changes_day": "2150-01-01", "changes_hour": "9:00"}, "avant le début", "changes_day"),
        ({"admission": "closed"}, "choix", "admission"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    app, client, meeting, typed, message, field
):
    data = {**FORM, "most_per_organisation": "7", "access_code": "Gardé", **typed}
    answer = client.post(meeting.path, data=data)
    assert answer.status_code == 422
    text = answer.text.replace("\u00a0", " ")
    if field != "admission":
        assert message in text
    assert f'href="#{field}' in text
    assert 'value="7"' in text
    for value in typed.values():
        assert value in text or field == "admission"
    assert setup_of(app, meeting).most_per_organisation is None


def test_a_row_is_added_without_saving(app, client, meeting):
    data = {**FORM, "quotas-0-group": "members", "quotas-0-places": "2", "more": "1", "access_code": "Gardé"}
    answer = client.post(meeting.path, data=data)
    assert answer.status_code == 200
    assert 'name="quotas-1-group"' in answer.text
    assert 'value="Gardé"' in answer.text
    assert setup_of(app, meeting).access_code == ""


def test_a_promise_made_is_kept_and_the_page_says_why(app, client, meeting):
    with stored(app):
        make_registration(meeting, state="waiting")
    answer = client.post(meeting.path, data={k: v for k, v in FORM.items() if k != "has_waiting_list"})
    assert answer.status_code == 422
    assert "ne peut pas être fermée" in answer.text
    assert setup_of(app, meeting).has_waiting_list is True


def test_what_somebody_else_saved_meanwhile_is_shown_and_nothing_typed_is_lost(app, client, meeting):
    opened = Page(client.get(meeting.path)).answers
    quota = {"quotas-0-group": "region:53", "quotas-0-places": "5", "quotas-0-label": "Bretagne"}
    theirs = {**opened, **quota, "admission": "approval", "offer_hours": "12"}
    assert client.post(meeting.path, data=theirs).status_code == 303
    mine = {**opened, "access_code": "Le mien", "offer_hours": "24"}
    refused = client.post(meeting.path, data=mine)
    assert refused.status_code == 409
    assert "Une autre personne a enregistré des changements" in refused.text
    stored = re.findall(r'<dt>([^<]+)</dt><dd class="stored">([^<]*)</dd>', refused.text)
    assert [(unescape(one), unescape(said)) for one, said in stored] == [
        ("Qui a une place ?", "Chaque inscription attend une validation"),
        ("Code d’accès", "(rien)"),
        ("Places réservées à des groupes", "Bretagne, 5"),
        ("Heures pour accepter une place", "12"),
    ]
    typed = Page(refused)
    assert (typed.values["access_code"], typed.values["offer_hours"]) == ("Le mien", "24")
    assert setup_of(app, meeting).access_code == ""
    assert client.post(meeting.path, data=typed.answers).status_code == 303
    setup = setup_of(app, meeting)
    assert (setup.access_code, setup.offer_hours, setup.admission) == ("Le mien", 24, "open")


def test_a_correction_does_not_hide_what_somebody_else_saved(app, client, meeting):
    opened = Page(client.get(meeting.path)).answers
    assert client.post(meeting.path, data={**opened, "offer_hours": "12"}).status_code == 303
    corrected = Page(client.post(meeting.path, data={**opened, "wishes_per_slot": "0"})).answers
    assert client.post(meeting.path, data={**corrected, "wishes_per_slot": "5"}).status_code == 409
    assert setup_of(app, meeting).offer_hours == 12


def test_the_same_rules_sent_twice_are_no_conflict(client, meeting):
    opened = Page(client.get(meeting.path)).answers
    for _time in range(2):
        assert client.post(meeting.path, data={**opened, "offer_hours": "12"}).status_code == 303


def test_another_region_s_rules_are_not_found(app, client, meeting):
    with stored(app):
        other = make_meeting(region_code="32")
    path = f"/gestion/rencontres/{other.id}/inscriptions/regles"
    assert client.get(path).status_code == 404
    assert client.post(path, data=FORM).status_code == 404


def test_quotas_larger_than_a_meeting_made_smaller_are_shown(app, client, meeting):
    with stored(app):
        make_setup(
            meeting, quotas=[{"key": "members", "label": "A", "group": "members", "places": 15, "value": ""}]
        )
        db.session.merge(meeting).capacity = 10
    assert "n’en a plus que 10" in client.get(meeting.path).text


def test_deadlines_are_shown_on_the_meeting_s_clocks(app, client, meeting):
    with stored(app):
        make_setup(meeting, changes_close_at=now().replace(month=1, day=15, hour=10, minute=0, year=2027))
    assert 'value="11:00"' in client.get(meeting.path).text
