"""What the public form asks and says besides who comes: access code, distance, what is still to come."""

import re

import pytest
from sqlalchemy import select

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.registrations.links import invited_token
from eventsapp.registrations.models import Registration
from tests.factories.database import stored
from tests.factories.invitations import make_campaign, make_invitation
from tests.factories.meetings import make_meeting, make_session
from tests.factories.registrations import make_registration, make_setup
from tests.registrations.pages import DETAILS as ANSWERS
from tests.registrations.pages import Page


@pytest.fixture
def meeting(app, client):
    with stored(app):
        meeting = make_meeting(capacity=10)
        meeting.workshop = make_session(meeting, title="Matin")
    return meeting


def set_up(app, meeting, **rules):
    with stored(app):
        make_setup(meeting, **rules)


def post(client, meeting, step, values, **options):
    return client.post(f"/rencontres/{meeting.slug}/inscription{step}", data=values, **options)


def registrations(app):
    with app.app_context():
        return db.session.scalars(select(Registration).order_by(Registration.id)).all()


def fill(app, meeting):
    with stored(app):
        db.session.merge(meeting).capacity = 1
        make_registration(meeting)


# -- access code ---------------------------------------------------------------------------------


def test_a_code_is_asked_only_where_there_is_one(app, client, meeting):
    assert "access_code" not in client.get(f"/rencontres/{meeting.slug}/inscription").text
    set_up(app, meeting, access_code="Sésame 26")
    page = client.get(f"/rencontres/{meeting.slug}/inscription")
    assert 'name="access_code"' in page.text
    assert "Sésame" not in page.text


@pytest.mark.parametrize("code", ["", "sesame", "x" * 60])
def test_a_wrong_code_is_said_beside_its_field_and_nothing_is_lost(app, client, meeting, code):
    set_up(app, meeting, access_code="Sésame 26")
    given = {**ANSWERS, "access_code": code, "creneau_1": str(meeting.workshop.id)}
    for step in ("/ateliers", "/verification", "/confirmation"):
        page = post(client, meeting, step, given)
        assert page.status_code == 422, step
        assert 'href="#access_code"' in page.text
        assert 'id="access_code-erreur"' in page.text
        assert Page(page).answers["family_name"] == ANSWERS["family_name"]
        assert Page(page).answers["creneau_1"] == str(meeting.workshop.id)
        assert "Sésame" not in page.text
    assert registrations(app) == []


@pytest.mark.parametrize("code", ["Sésame 26", "  SÉSAME26"])
def test_the_right_code_opens_whatever_its_case_and_blanks(app, client, meeting, code):
    set_up(app, meeting, access_code="Sésame 26")
    second = post(client, meeting, "/ateliers", {**ANSWERS, "access_code": code})
    third = post(client, meeting, "/verification", {**Page(second).values, "creneau_1": "0"})
    assert post(client, meeting, "/confirmation", Page(third).values).status_code == 303
    assert len(registrations(app)) == 1


def test_the_code_of_the_link_is_filled_in(app, client, meeting):
    set_up(app, meeting, access_code="Sésame 26")
    page = client.get(f"/rencontres/{meeting.slug}/inscription?code=S%C3%A9same+26")
    assert Page(page).values["access_code"] == "Sésame 26"
    wrong = client.get(f"/rencontres/{meeting.slug}/inscription?code=%3Cscript%3E{'x' * 100}")
    assert wrong.status_code == 200
    assert "<script>x" not in wrong.text


def test_a_personal_invitation_needs_no_code_at_its_own_meeting_only(app, client, meeting):
    set_up(app, meeting, access_code="Sésame 26")
    with stored(app):
        other = make_meeting()
        invitations = {one: make_invitation(make_campaign(one)) for one in (meeting, other)}
        tokens = {one: invited_token(one.id, invitation.id) for one, invitation in invitations.items()}
    for of, status in ((other, 422), (meeting, 303)):
        given = {**ANSWERS, "creneau_1": "0", "invitation": tokens[of]}
        assert post(client, meeting, "/confirmation", given).status_code == status
    page = client.get(f"/rencontres/{meeting.slug}/inscription?invitation={tokens[meeting]}")
    assert "access_code" not in page.text


def test_a_withdrawn_invitation_does_not_stand_for_the_code_and_nothing_typed_is_lost(app, client, meeting):
    set_up(app, meeting, access_code="Sésame 26")
    with stored(app):
        invitation = make_invitation(make_campaign(meeting), sent_at=now(), withdrawn_at=now())
        token = invited_token(meeting.id, invitation.id)
    page = post(client, meeting, "/confirmation", {**ANSWERS, "creneau_1": "0", "invitation": token})
    assert page.status_code == 422
    assert 'id="access_code-erreur"' in page.text
    assert Page(page).values["family_name"] == ANSWERS["family_name"]
    assert registrations(app) == []


# -- on site or from afar ------------------------------------------------------------------------


def test_the_way_of_attending_is_asked_where_there_are_two(app, client, meeting):
    set_up(app, meeting, attendance="both")
    page = post(client, meeting, "/ateliers", ANSWERS)
    assert page.status_code == 422
    assert "Choisissez comment vous suivez la rencontre." in page.text
    assert 'href="#mode-0"' in page.text


def test_from_afar_no_workshop_is_chosen_and_no_place_taken(app, client, meeting):
    set_up(app, meeting, attendance="both")
    check = post(
        client, meeting, "/ateliers", {**ANSWERS, "mode": "remote", "creneau_1": meeting.workshop.id}
    )
    assert "Étape 2 sur 2" in check.text
    assert "À distance" in check.text
    assert "creneau_1" not in Page(check).values
    assert post(client, meeting, "/confirmation", Page(check).values).status_code == 303
    (registration,) = registrations(app)
    assert (registration.mode, registration.place_number, registration.state) == ("remote", None, "confirmed")


def test_one_may_change_from_afar_to_on_site_on_the_way_back(app, client, meeting):
    set_up(app, meeting, attendance="both")
    check = post(client, meeting, "/ateliers", {**ANSWERS, "mode": "remote"})
    first = post(client, meeting, "", Page(check).values)
    assert Page(first).values["mode"] == "remote"
    second = post(client, meeting, "/ateliers", {**Page(first).values, "mode": "on_site"})
    assert "Matin" in second.text


def test_a_meeting_from_afar_only_asks_for_nothing_more(app, client, meeting):
    set_up(app, meeting, attendance="remote")
    fill(app, meeting)
    page = client.get(f"/rencontres/{meeting.slug}/inscription")
    assert 'name="mode"' not in page.text
    assert "complète" not in page.text
    check = post(client, meeting, "/verification", ANSWERS)
    assert post(client, meeting, "/confirmation", Page(check).values).status_code == 303
    assert registrations(app)[-1].mode == "remote"


def test_a_way_of_attending_that_is_not_offered_is_refused(app, client, meeting):
    page = post(client, meeting, "/confirmation", {**ANSWERS, "mode": "remote"})
    assert page.status_code == 422
    assert "ne se suit pas ainsi" in page.text
    assert registrations(app) == []


def test_a_full_meeting_is_still_open_to_those_afar(app, client, meeting):
    set_up(app, meeting, attendance="both", has_waiting_list=False)
    fill(app, meeting)
    assert (
        "Vous pouvez suivre la rencontre à distance."
        in client.get(f"/rencontres/{meeting.slug}/inscription").text
    )
    given = {**ANSWERS, "creneau_1": "0"}
    page = post(client, meeting, "/confirmation", {**given, "mode": "on_site"})
    assert page.status_code == 422
    assert 'href="#mode-0"' in page.text
    assert "Vous pouvez suivre la rencontre à distance." in page.text
    assert post(client, meeting, "/confirmation", {**ANSWERS, "mode": "remote"}).status_code == 303


# -- what is still to come -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"admission": "approval"}, "L’organisation valide chaque inscription"),
        ({"admission": "members"}, "d’abord aux adhérentes et adhérents"),
        ({"checks_email": True}, "confirmer votre adresse dans les 24 heures"),
    ],
)
def test_who_is_admitted_is_said_before_the_form(app, client, meeting, rules, sentence):
    set_up(app, meeting, **rules)
    page = client.get(f"/rencontres/{meeting.slug}/inscription").text
    assert page.index(sentence) < page.index("<form class=")


STANDINGS = [
    ({"checks_email": True}, False, "Il reste à confirmer votre adresse"),
    ({"admission": "approval"}, False, "Votre demande est enregistrée"),
    ({"admission": "members"}, False, "Il reste à confirmer votre adresse"),
    ({}, True, "Vous êtes sur la liste d’attente"),
    ({}, False, "Votre inscription est enregistrée"),
]


@pytest.mark.parametrize(("rules", "is_full", "title"), STANDINGS)
def test_the_last_page_says_what_comes_next_and_not_who_is_registered(
    app, client, meeting, rules, is_full, title
):
    set_up(app, meeting, **rules)
    with stored(app):
        make_registration(meeting, email="connue@exemple.fr", state="confirmed")
    if is_full:
        with stored(app):
            db.session.merge(meeting).capacity = 1
    pages = []
    for email in ("connue@exemple.fr", "inconnue@exemple.fr"):
        given = {**ANSWERS, "email": email, "creneau_1": "0", "reference": "AAAA-CCCC"}
        page = app.test_client().post(
            f"/rencontres/{meeting.slug}/inscription/confirmation", data=given, follow_redirects=True
        )
        pages.append(re.sub(r"[A-Z0-9]{4}-[A-Z0-9]{4}", "…", page.text))
    assert pages[0] == pages[1]
    assert f"<h1>{title}</h1>" in pages[0]
    with app.app_context():
        sent = db.session.execute(select(OutgoingMail.recipient, OutgoingMail.purpose)).all()
    assert ("connue@exemple.fr", "personal_link") in sent
    assert {recipient for recipient, _purpose in sent} == {"connue@exemple.fr", "inconnue@exemple.fr"}


def test_a_blank_form_is_blank_for_everybody_in_each_language(app, client):
    with stored(app):
        slug = make_meeting().slug
    path = f"/rencontres/{slug}/inscription"
    before = [client.get(f"{path}?lang={locale}").text for locale in ("en", "fr")]
    typed = client.post(path, data={**ANSWERS, "given_name": "Hippolyte", "email": "hippolyte"})
    assert 'value="Hippolyte"' in typed.text
    after = [client.get(f"{path}?lang={locale}").text for locale in ("en", "fr")]
    assert "Hippolyte" not in "".join(after)
    assert [page.count("<input") for page in after] == [page.count("<input") for page in before]
    assert ["First name" in page for page in after] == [True, False]
