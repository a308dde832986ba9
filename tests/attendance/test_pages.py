"""The desk and its documents, as a browser without JavaScript sees them."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from eventsapp.accounts.models import Account, RoleGrant
from eventsapp.attendance.queries import counts_by_half_day, half_days_of, recent_orders
from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.pdf.models import PdfOrder
from tests.factories.accounts import make_account
from tests.factories.database import stored
from tests.factories.meetings import make_meeting
from tests.factories.registrations import make_registration


def path(meeting, page="accueil"):
    return f"/gestion/rencontres/{meeting.id}/{page}"


def tap(meeting, person, **values):
    with_half_day = {"registration": person.id, "half_day": half_day_of(meeting)}
    return {**with_half_day, "state": "present", **values}


def half_day_of(meeting):
    return f"{meeting.starts_at.date()}:am"


def test_one_tap_notes_a_presence_and_another_undoes_it(app, desk, meeting, person):
    assert "Noter la présence" in desk.get(path(meeting)).text
    answer = desk.post(path(meeting, "presences"), data=tap(meeting, person, q="élise"))
    assert answer.status_code == 303
    assert answer.location.endswith(f"#inscription-{person.id}")
    assert "q=%C3%A9lise" in answer.location
    assert "Présente ou présent" in desk.get(path(meeting)).text
    with app.app_context():
        assert counts_by_half_day(meeting.id) == {half_day_of(meeting): {"present": 1}}
    desk.post(path(meeting, "presences/annulation"), data=tap(meeting, person))
    with app.app_context():
        assert counts_by_half_day(meeting.id) == {}


def test_the_search_ignores_accents_and_says_when_nobody_is_found(desk, meeting, person):
    assert "de L’ÉTÉ Élise" in desk.get(f"{path(meeting)}?q=elise+region").text
    page = desk.get(f"{path(meeting)}?q=inconnu").text
    assert "Personne ne correspond" in page
    assert "inscriptions/nouvelle" in page


@pytest.mark.parametrize("values", [{"state": "ailleurs"}, {"half_day": "x"}, {"half_day": ""}])
def test_a_strange_tap_notes_nothing(app, desk, meeting, person, values):
    answer = desk.post(path(meeting, "presences"), data=tap(meeting, person, **values))
    assert answer.status_code < 500
    with app.app_context():
        assert counts_by_half_day(meeting.id) == {}


def test_somebody_registered_elsewhere_is_not_found(app, desk, meeting):
    with stored(app):
        stranger = make_registration(make_meeting())
    assert desk.post(path(meeting, "presences"), data=tap(meeting, stranger)).status_code == 404


def test_the_desk_of_another_region_is_not_found(app, meeting, person, sign_in):
    with stored(app):
        account = make_account(role="secretary", territory_code="53")
    browser = app.test_client()
    sign_in(browser, account)
    assert browser.get(path(meeting)).status_code == 404
    assert browser.get(path(meeting, "documents-a-imprimer")).status_code == 404
    assert browser.post(path(meeting, "presences"), data=tap(meeting, person)).status_code == 404


@pytest.mark.parametrize("grouping", ["name", "organisation", "kind"])
def test_a_list_is_ordered_for_the_person_who_asked(app, desk, meeting, person, grouping):
    form = {"who": "registered", "grouping": grouping}
    answer = desk.post(path(meeting, "documents-a-imprimer/liste"), data=form)
    assert answer.status_code == 303
    with app.app_context():
        (order,) = recent_orders(meeting.id, desk.account_id)
        assert answer.location.endswith(order.token)
        assert order.restricted_to_account_id == desk.account_id
        assert "de L’ÉTÉ Élise" in order.html
        assert person.email not in order.html


def test_a_sheet_is_ordered_for_a_day_or_a_workshop(app, desk, meeting, person):
    page = desk.get(path(meeting, "documents-a-imprimer")).text
    assert "Atelier" in page
    with app.app_context():
        day = half_days_of(db.session.merge(meeting))[0].key[:10]
    ordered = desk.post(path(meeting, "documents-a-imprimer/emargement"), data={"occasion": day})
    assert ordered.status_code == 303
    unknown = desk.post(path(meeting, "documents-a-imprimer/emargement"), data={"occasion": "99999"})
    assert unknown.status_code == 409


@pytest.fixture
def printed(app, desk, meeting, person):
    """The address of a list that the desk ordered, made since."""
    address = desk.post(
        path(meeting, "documents-a-imprimer/liste"), data={"who": "registered", "grouping": "name"}
    ).location
    with app.app_context(), unit_of_work():
        (order,) = recent_orders(meeting.id, desk.account_id)
        order.state, order.content, order.page_count = "ready", b"%PDF-1.7 essai", 1
        order.sha256, order.ready_at = "a" * 64, now()
    return address


def statuses(browser, address):
    """What is answered to somebody who waits, who reads, who tries again."""
    page, file = browser.get(address), browser.get(f"{address}/{filename(browser, address)}")
    return page.status_code, file.status_code, browser.post(f"{address}/nouvel-essai").status_code


def filename(browser, address):
    with browser.application.app_context():
        return db.session.scalars(
            select(PdfOrder.filename).where(PdfOrder.token == address.rsplit("/")[-1])
        ).one()


def give(app, account_id, *roles):
    """From now on the account holds these roles and no other."""
    with app.app_context(), unit_of_work():
        db.session.get_one(Account, account_id).role_grants = [
            RoleGrant(role=role, territory_code=territory, granted_at=now()) for role, territory in roles
        ]


def test_who_ordered_a_list_reads_it(desk, printed):
    assert statuses(desk, printed) == (303, 200, 303)
    assert desk.get(desk.get(printed).location).data == b"%PDF-1.7 essai"


@pytest.mark.parametrize(
    ("roles", "status"),
    [([], 403), ([("secretary", "53")], 404), ([("secretary", "53"), ("secretary", "32")], 200)],
    ids=["no role any more", "a role elsewhere", "a role here too"],
)
def test_a_list_is_closed_to_who_ordered_it_once_the_role_is_lost(app, desk, meeting, printed, roles, status):
    give(app, desk.account_id, *roles)
    assert statuses(desk, printed) == ((status,) * 3 if status != 200 else (303, 200, 303))


def test_a_list_is_nowhere_for_anybody_else(app, desk, meeting, printed, sign_in):
    with stored(app):
        colleague, elsewhere = make_account(role="secretary"), make_meeting()
    other = app.test_client()
    sign_in(other, colleague)
    token = printed.rsplit("/")[-1]
    assert statuses(other, printed) == (404, 404, 404)
    assert statuses(desk, f"{path(elsewhere, 'documents-a-imprimer')}/{token}") == (404, 404, 404)
    assert statuses(desk, f"/documents/{token}") == (404, 404, 404)
    asked = app.test_client().get(printed)
    assert (asked.status_code, "connexion" in asked.location) == (303, True)


def test_a_failed_list_is_tried_again_where_one_waits_for_it(app, desk, meeting, printed):
    with app.app_context(), unit_of_work():
        (order,) = recent_orders(meeting.id, desk.account_id)
        order.state, order.content, order.error = "failed", None, "Réessayez."
        order.sha256 = order.ready_at = None
    assert f'action="{printed}/nouvel-essai"' in desk.get(printed).text
    assert desk.post(f"{printed}/nouvel-essai").location == printed
    assert "Le document se prépare" in desk.get(printed).text


def test_the_desk_costs_the_same_with_one_person_or_eighty(app, desk, meeting, person):
    def cost():
        seen = []
        with app.app_context():
            engine = db.engine
        listener = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        assert desk.get(path(meeting)).status_code == 200
        event.remove(engine, "before_cursor_execute", listener)
        return len(seen)

    before = cost()
    with stored(app):
        for _number in range(80):
            make_registration(meeting)
    assert cost() == before
    assert before <= 16
