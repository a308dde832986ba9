"""The back office pages of meetings, as an organiser uses them."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest

from eventsapp.core.clock import now
from eventsapp.core.db import db
from eventsapp.core.zones import local_hour
from eventsapp.directory.models import Theme
from eventsapp.geography.models import Territory
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.models import Document, Meeting, Session
from eventsapp.registrations.models import SessionPlace
from tests.factories.accounts import make_account
from tests.factories.database import store, stored
from tests.factories.meetings import make_meeting, make_series, make_session, make_session_role
from tests.factories.registrations import make_place, make_registration
from tests.registrations.pages import Page
from tests.statements import count_statements

GENERAL = {
    "title": "Mobilités rurales",
    "kind": "regional",
    "visibility": "public",
    "day": "2030-05-20",
    "starts": "09:30",
    "ends": "17:00",
    "commune": "lyon",
    "venue": "Hôtel de la Métropole",
}
SESSION = {"kind": "workshop", "title": "Covoiturage", "starts": "10:30", "ends": "12:00", "capacity": "30"}


def make_commune(code, name, region, **more):
    values = {
        "search_name": name.lower().replace("-", " "),
        "postal_codes": f"{code[:2]}001",
        "population": 1000,
    }
    return store(
        Territory(
            kind="commune",
            code=code,
            vintage=2026,
            name=name,
            region_code=region,
            department_code=code[:2],
            loaded_at=now(),
            **{**values, **more},
        )
    )


@pytest.fixture
def office(app, client, sign_in):
    """The browser of an organiser of the whole network, with three communes to choose from."""
    with stored(app):
        account = make_account()
        make_commune("69123", "Lyon", "84")
        make_commune("93066", "Saint-Denis", "11", population=110_000)
        make_commune("97411", "Saint-Denis", "04", population=150_000)
    sign_in(client, account)
    return client


@pytest.fixture
def meeting(app, office):
    with stored(app):
        return make_meeting(state="draft", title="Rencontre de Lille")


def url(meeting, path=""):
    return f"/gestion/rencontres/{meeting.id}{path}"


def only(app, kind):
    with app.app_context():
        db.session().expire_on_commit = False
        return db.session.query(kind).order_by(kind.id.desc()).first()


def test_a_meeting_is_created_from_its_form(app, office):
    answer = office.post("/gestion/rencontres/nouvelle", data=GENERAL)
    assert answer.status_code == 303
    created = only(app, Meeting)
    assert (created.city, created.region_code, created.state) == ("Lyon", "84", "draft")
    assert created.starts_at.hour == 7


def test_what_was_typed_stays_when_the_form_is_refused(office):
    answer = office.post("/gestion/rencontres/nouvelle", data={**GENERAL, "title": "", "ends": "midi"})
    assert answer.status_code == 422
    assert "Saisissez le titre de la rencontre." in answer.text
    assert "Mobilités" not in answer.text
    assert 'value="Hôtel de la Métropole"' in answer.text
    assert answer.text.index("error-summary") < answer.text.index("<h1>")


def test_two_communes_of_one_name_are_told_apart_without_any_script(app, office):
    asked = office.post("/gestion/rencontres/nouvelle", data={**GENERAL, "commune": "St Denis"})
    assert asked.status_code == 422
    assert 'value="97411"' in asked.text
    answer = office.post(
        "/gestion/rencontres/nouvelle", data={**GENERAL, "commune": "St Denis", "commune_choice": "97411"}
    )
    assert answer.status_code == 303
    created = only(app, Meeting)
    assert (created.region_code, created.time_zone, created.starts_at.hour) == ("04", "Indian/Reunion", 5)


def test_an_unknown_commune_is_refused_in_words(office):
    answer = office.post("/gestion/rencontres/nouvelle", data={**GENERAL, "commune": "Nulleville"})
    assert "Aucune commune de ce nom" in answer.text


def test_a_day_of_opening_without_its_hour_is_refused(office):
    answer = office.post("/gestion/rencontres/nouvelle", data={**GENERAL, "opens_day": "2030-04-01"})
    assert answer.status_code == 422
    assert "Saisissez la date et l’heure" in answer.text


def test_what_somebody_else_saved_meanwhile_is_shown_and_nothing_typed_is_lost(app, office, meeting):
    opened = Page(office.get(url(meeting))).answers
    theirs = {**opened, "title": "Le leur", "visibility": "members", "capacity": "30"}
    assert office.post(url(meeting), data=theirs).status_code == 303
    refused = office.post(url(meeting), data={**opened, "venue": "Le mien"})
    assert refused.status_code == 409
    said = re.findall(r'<dt>([^<]+)</dt><dd class="stored">([^<]*)</dd>', refused.text)
    assert [unescape(one) for one, _stored in said] == [
        "Titre",
        "Lieu",
        "Nombre de places",
        "Qui peut voir la rencontre et s’inscrire\u00a0?",
    ]
    assert dict(said)["Titre"] == "Le leur"
    typed = Page(refused)
    assert typed.values["venue"] == "Le mien"
    assert only(app, Meeting).venue != "Le mien"
    for _time in range(2):
        assert office.post(url(meeting), data=typed.answers).status_code == 303
    saved = only(app, Meeting)
    assert (saved.venue, saved.title) == ("Le mien", opened["title"])


def test_a_meeting_is_edited_and_keeps_its_commune(app, office, meeting):
    page = office.get(url(meeting))
    assert page.status_code == 200
    assert 'value="Lille"' in page.text
    answer = office.post(url(meeting), data={**GENERAL, "commune": "Lille"})
    assert answer.status_code == 303
    assert only(app, Meeting).city == "Lille"


def test_themes_and_a_new_series_are_kept(app, office):
    with stored(app):
        theme = store(Theme(name="Achats"))
    office.post(
        "/gestion/rencontres/nouvelle", data={**GENERAL, "themes": [str(theme.id)], "new_series": "Cycle"}
    )
    with app.app_context():
        meeting = db.session.query(Meeting).one()
        assert [one.name for one in meeting.themes] == ["Achats"]
        assert meeting.series.title == "Cycle"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/programme",
        "/documents",
        "/publication",
        "/report",
        "/annulation",
        "/duplication",
        "/seances/nouvelle",
    ],
)
def test_pages_of_a_meeting_outside_the_scope_do_not_exist(app, client, sign_in, path):
    with stored(app):
        meeting, account = make_meeting(region_code="32"), make_account(territory_code="53")
    sign_in(client, account)
    assert client.get(url(meeting, path)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/publication", "/report", "/annulation", "/tenue", "/duplication", "/documents"]
)
def test_nothing_is_changed_outside_the_scope(app, client, sign_in, path):
    with stored(app):
        meeting, account = make_meeting(region_code="32"), make_account(territory_code="53")
    sign_in(client, account)
    assert client.post(url(meeting, path), data={"reason": "Neige."}).status_code == 404


def test_a_visitor_is_sent_to_sign_in_and_a_secretary_is_refused_the_programme(app, client, sign_in):
    assert client.get("/gestion/rencontres").status_code == 303
    with stored(app):
        meeting, account = make_meeting(), make_account(role="secretary")
    sign_in(client, account)
    assert client.get(url(meeting, "/programme")).status_code == 403


def test_a_secretary_finds_every_meeting_of_hers_and_creates_none(app, client, sign_in):
    with stored(app):
        hers, other = (
            make_meeting(title="Rennes", region_code="53"),
            make_meeting(title="Lille", region_code="32"),
        )
        account = make_account(role="secretary", territory_code="53")
    sign_in(client, account)
    page = client.get("/gestion/rencontres").text
    assert f'href="{url(hers)}/inscriptions"' in page
    assert url(other) not in page
    assert "/gestion/rencontres/nouvelle" not in page


def test_a_new_session_begins_where_the_last_one_ends(app, office, meeting):
    with stored(app):
        last = make_session(meeting)
    page = office.get(url(meeting, "/seances/nouvelle")).text
    assert f'value="{local_hour(last.ends_at, meeting.time_zone):%H:%M}"' in page


def test_the_list_is_filtered_and_answers_the_script_with_the_list_alone(app, office, meeting):
    with stored(app):
        make_meeting(title="Rencontre de Metz", city="Metz")
    answer = office.get("/gestion/rencontres?q=metz", headers={"X-Fragment": "1"})
    assert "Rencontre de Metz" in answer.text
    assert "Rencontre de Lille" not in answer.text
    assert "<html" not in answer.text
    empty = office.get("/gestion/rencontres?q=zzz")
    assert "Aucune rencontre ne correspond." in empty.text


def test_a_session_is_added_with_its_speakers(app, office, meeting):
    hour = f"{meeting.starts_at + timedelta(hours=4):%H:%M}"
    end = f"{meeting.starts_at + timedelta(hours=5):%H:%M}"
    day = f"{meeting.starts_at:%Y-%m-%d}"
    data = {
        **SESSION,
        "day": day,
        "starts": hour,
        "ends": end,
        "speakers-0-role": "speaker",
        "speakers-0-name": "Camille Exemple",
        "speakers-0-title": "maire",
        "speakers-1-role": "speaker",
        "speakers-1-name": "",
    }
    answer = office.post(url(meeting, "/seances/nouvelle"), data=data)
    assert answer.status_code == 303, answer.text
    page = office.get(url(meeting, "/programme"))
    assert "Covoiturage" in page.text
    assert "Camille Exemple" in page.text


def test_a_button_adds_a_row_for_one_more_speaker_and_keeps_the_others(office, meeting):
    data = {**SESSION, "speakers-0-role": "speaker", "speakers-0-name": "Camille Exemple", "more": "1"}
    answer = office.post(url(meeting, "/seances/nouvelle"), data=data)
    assert answer.status_code == 200
    assert 'value="Camille Exemple"' in answer.text
    assert 'name="speakers-1-name"' in answer.text


def test_a_function_without_a_name_is_refused(office, meeting):
    data = {**SESSION, "speakers-0-role": "speaker", "speakers-0-title": "maire"}
    answer = office.post(url(meeting, "/seances/nouvelle"), data=data)
    assert answer.status_code == 422
    assert "Saisissez le nom de chaque personne" in answer.text


def test_a_session_is_moved_from_the_keyboard(app, office, meeting):
    with stored(app):
        first, second = make_session(meeting, hour=1), make_session(meeting, hour=4)
    answer = office.post(
        url(meeting, f"/seances/{first.id}/deplacement"),
        data={"slot": second.starts_at.isoformat(timespec="minutes")},
    )
    assert answer.status_code == 303
    with app.app_context():
        assert db.session.get(Session, first.id).starts_at == second.starts_at


def test_the_script_that_moves_a_session_receives_the_grid_alone(app, office, meeting):
    with stored(app):
        first, second = make_session(meeting, hour=1), make_session(meeting, hour=4)
    answer = office.post(
        url(meeting, f"/seances/{first.id}/deplacement"),
        data={"slot": second.starts_at.isoformat(timespec="minutes")},
        headers={"X-Fragment": "1"},
    )
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert answer.text.count("data-slot") == 1


def test_a_move_towards_a_slot_that_is_gone_is_explained(app, office, meeting):
    with stored(app):
        session = make_session(meeting)
    answer = office.post(url(meeting, f"/seances/{session.id}/deplacement"), data={"slot": "gone"})
    assert answer.status_code == 409
    assert "Le programme a changé entre-temps" in answer.text


def test_a_move_that_makes_people_choose_asks_the_organiser_first(app, office, meeting):
    with stored(app):
        first, second = make_session(meeting, hour=1), make_session(meeting, hour=4)
        make_registration(meeting, sessions=[first, second])
    move, slot = (
        url(meeting, f"/seances/{first.id}/deplacement"),
        second.starts_at.isoformat(timespec="minutes"),
    )
    answer = office.post(move, data={"slot": slot})
    assert answer.status_code == 409
    assert 'name="accepts_clashes"' in answer.text
    assert office.post(move, data={"slot": slot, "accepts_clashes": "y"}).status_code == 303
    with app.app_context():
        assert db.session.get(Session, first.id).starts_at == second.starts_at


def test_a_session_edited_onto_another_asks_for_the_same_consent(app, office, meeting):
    with stored(app):
        first, second = make_session(meeting, hour=1), make_session(meeting, hour=4)
        make_registration(meeting, sessions=[first, second])
    begins, ends = (local_hour(x, meeting.time_zone) for x in (second.starts_at, second.ends_at))
    hours = {"starts": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}
    page = url(meeting, f"/seances/{first.id}")
    answer = office.post(page, data={**SESSION, **hours})
    assert answer.status_code == 422
    assert 'name="accepts_clashes"' in answer.text
    assert office.post(page, data={**SESSION, **hours, "accepts_clashes": "y"}).status_code == 303


def test_a_session_of_another_meeting_does_not_exist_here(app, office, meeting):
    with stored(app):
        session = make_session(make_meeting())
    assert office.get(url(meeting, f"/seances/{session.id}")).status_code == 404


def test_a_session_with_places_taken_asks_to_move_people_first(app, office, meeting):
    with stored(app):
        session = make_session(meeting)
        make_registration(meeting, sessions=[session])
    assert "1 personne y a une place" in office.get(url(meeting, f"/seances/{session.id}/suppression")).text
    answer = office.post(url(meeting, f"/seances/{session.id}/suppression"))
    assert answer.status_code == 409
    assert only(app, Session).id == session.id


def test_a_session_with_a_place_offered_is_removed_once_its_end_is_confirmed(app, office, meeting):
    with stored(app):
        session = make_session(meeting, capacity=1)
        place = make_place(make_registration(meeting), session)
        place.state, place.offered_at, place.held_until = "offered", now(), now() + timedelta(days=1)
    page = url(meeting, f"/seances/{session.id}/suppression")
    assert "Une place proposée attend une réponse" in office.get(page).text
    answer = office.post(page)
    assert answer.status_code == 409
    assert "Cochez la case" in answer.text
    assert answer.text.count('href="#ends_offers"') == 1
    assert only(app, Session).id == session.id
    assert office.post(page, data={"ends_offers": "y"}).status_code == 303
    with app.app_context():
        assert db.session.query(Session).count() == db.session.query(SessionPlace).count() == 0


def test_one_room_promised_twice_is_a_warning_in_the_editor(app, office, meeting):
    with stored(app):
        make_session(meeting, room="Salle Ain", title="Un")
        make_session(meeting, room="salle ain", title="Deux")
    assert "est prévue deux fois au même moment" in office.get(url(meeting, "/programme")).text


@pytest.mark.parametrize("sessions", [1, 12])
def test_the_programme_editor_costs_the_same_whatever_the_programme(app, office, meeting, sessions):
    with stored(app):
        for hour in range(sessions):
            make_session_role(make_session(meeting, hour=hour % 6))
    with count_statements(app) as sent:
        assert office.get(url(meeting, "/programme")).status_code == 200
    assert len(sent) == 8


def test_publication_lists_what_is_missing_then_publishes(app, office, meeting):
    missing = office.get(url(meeting, "/publication"))
    assert "Ajoutez au moins une séance au programme." in missing.text
    assert office.post(url(meeting, "/publication")).status_code == 409
    with stored(app):
        make_session(meeting, capacity=30)
    assert "Tout le nécessaire est là." in office.get(url(meeting, "/publication")).text
    assert office.post(url(meeting, "/publication")).status_code == 303
    assert only(app, Meeting).state == "published"


def test_a_cancellation_needs_a_reason(app, office):
    with stored(app):
        meeting = make_meeting()
        make_registration(meeting)
    assert "1 personne inscrite sera prévenue" in office.get(url(meeting, "/annulation")).text
    assert office.post(url(meeting, "/annulation"), data={"reason": " "}).status_code == 422
    assert office.post(url(meeting, "/annulation"), data={"reason": "Neige."}).status_code == 303
    assert "Neige." in office.get(url(meeting)).text


def test_postponing_keeps_places_and_tells_people(app, office):
    with stored(app):
        meeting = make_meeting()
        make_registration(meeting)
    assert "1 personne inscrite sera prévenue" in office.get(url(meeting, "/report")).text
    assert office.post(url(meeting, "/report")).status_code == 303
    assert only(app, Meeting).state == "postponed"
    assert only(app, OutgoingMail).subject.startswith("Rencontre reportée")
    assert "ne se reporte pas" in office.get(url(meeting, "/report")).text
    assert office.post(url(meeting, "/report")).status_code == 409


def test_a_duplicate_shows_its_dates_before_anything_is_made(app, office):
    with stored(app):
        series = make_series(title="Réunions 2014")
        first = make_meeting(series_id=series.id)
        make_meeting(series_id=series.id, starts_at=first.starts_at + timedelta(days=6))
    asked = f"?what=series&title=Réunions 2015&day={first.starts_at + timedelta(days=364):%Y-%m-%d}"
    page = office.get(url(first, f"/duplication{asked}"))
    assert page.status_code == 200
    assert "Créer les 2 brouillons" in page.text
    with app.app_context():
        assert db.session.query(Meeting).count() == 2
    data = {
        "what": "series",
        "title": "Réunions 2015",
        "day": f"{first.starts_at + timedelta(days=364):%Y-%m-%d}",
    }
    assert office.post(url(first, "/duplication"), data=data).status_code == 303
    with app.app_context():
        assert db.session.query(Meeting).filter_by(state="draft").count() == 2


def test_a_duplicate_without_a_date_is_refused(office, meeting):
    assert office.get(url(meeting, "/duplication?what=meeting&day=")).status_code == 422
    assert office.post(url(meeting, "/duplication"), data={"what": "meeting", "day": "x"}).status_code == 422


def test_a_document_is_attached_read_by_the_public_and_removed(app, office, meeting):
    sent = {"title": "Plan d’accès", "visibility": "public", "file": (io.BytesIO(b"%PDF-1.7 x"), "Plan.pdf")}
    assert office.post(url(meeting, "/documents"), data=sent).status_code == 303
    document = only(app, Document)
    assert office.get(f"/rencontres/{meeting.slug}/documents/{document.id}").status_code == 404
    assert office.get(url(meeting, f"/documents/{document.id}")).data == b"%PDF-1.7 x"
    with stored(app):
        db.session.get(Meeting, meeting.id).state = "published"
    answer = app.test_client().get(f"/rencontres/{meeting.slug}/documents/{document.id}")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert office.post(url(meeting, f"/documents/{document.id}/suppression")).status_code == 303
    assert only(app, Document) is None


def test_a_disguised_file_is_refused_and_nothing_typed_is_lost(app, office, meeting):
    sent = {"title": "Programme", "visibility": "public", "file": (io.BytesIO(b"<script>"), "programme.pdf")}
    answer = office.post(url(meeting, "/documents"), data=sent)
    assert answer.status_code == 422
    assert 'value="Programme"' in answer.text
    assert only(app, Document) is None


def test_an_office_document_is_not_public(app, office):
    with stored(app):
        meeting = make_meeting()
        document = store(
            Document(
                meeting_id=meeting.id,
                title="Note",
                visibility="office",
                filename="n.pdf",
                media_type="application/pdf",
                content=b"%PDF-",
                added_at=now(),
            )
        )
    assert app.test_client().get(f"/rencontres/{meeting.slug}/documents/{document.id}").status_code == 404


def test_a_link_to_a_script_is_refused(office, meeting):
    sent = {"title": "Vidéo", "visibility": "public", "url": "javascript:alert(1)"}
    assert office.post(url(meeting, "/documents"), data=sent).status_code == 422
