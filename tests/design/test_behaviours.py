"""What scripts add, under the strict policy of the pages, and what remains without them."""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FRAGMENT = {"content_type": "text/html; charset=utf-8"}


def test_a_refused_form_takes_the_focus_to_its_summary(open_page):
    page = open_page("/galerie/formulaire-refuse")
    expect(page.locator("#erreurs")).to_be_focused()
    page.get_by_role("link", name="Choisissez une réponse.").click()
    assert page.evaluate("document.activeElement.id") == "quality-0"


def test_a_refused_form_says_so_in_the_title_of_the_page(open_page):
    assert open_page("/galerie/formulaire-refuse").title().startswith("Erreur\N{NO-BREAK SPACE}: ")


def test_a_dialog_asks_before_the_form_leaves(open_page):
    sent = []
    answers = {"**/galerie": lambda route: sent.append(route.request.method) or route.continue_()}
    page = open_page("/galerie", answers=answers)
    button = page.get_by_role("button", name="Publier la rencontre")
    button.click()
    assert "Elle sera visible de tous" in page.get_by_role("dialog").inner_text()
    page.get_by_role("button", name="Non, revenir").click()
    assert page.get_by_role("dialog").count() == 0
    assert button.evaluate("element => element === document.activeElement")
    assert sent == ["GET"]
    button.click()
    # Not the request: it is announced before the handler above has seen it.
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.get_by_role("dialog").get_by_role("button", name="Publier la rencontre").click()
    assert sent == ["GET", "POST"]


def test_the_list_follows_the_typing_and_the_address_keeps_it(open_page):
    def answer(route):
        is_fragment = route.request.headers.get("x-fragment") == "1"
        html = "<p data-count>2 inscriptions</p><script>window.broken = true</script>"
        route.fulfill(body=html, **FRAGMENT) if is_fragment else route.continue_()

    page = open_page("/galerie/gestion", answers={"**/galerie/gestion*": answer})
    assert page.get_by_role("button", name="Filtrer").count() == 0
    page.get_by_label("Nom ou structure").press_sequentially("lille")
    expect(page.locator("#resultats")).to_contain_text("2 inscriptions")
    assert page.url.endswith("?q=lille")
    assert page.locator("live-filter [role=status]").inner_text() == "2 inscriptions"
    assert page.evaluate("window.broken") is None


def test_without_scripts_the_filter_has_its_button_and_nothing_dead_is_shown(open_page):
    assert open_page("/galerie/gestion", scripts=False).get_by_role("button", name="Filtrer").is_visible()
    page = open_page("/galerie", scripts=False)
    assert page.get_by_role("button", name="Imprimer").count() == 0
    assert page.get_by_role("button", name="Copier le lien").count() == 0


def test_a_text_is_saved_while_it_is_written(open_page):
    def answer(route):
        if route.request.method != "POST":
            return route.continue_()
        return route.fulfill(json={"version": 2, "saved_at": "14 h 32", "html": "<p>Aperçu nouveau</p>"})

    page = open_page("/galerie/comportements", answers={"**/comportements": answer})
    page.get_by_label("Remarques").press_sequentially("Décidé.")
    expect(page.locator("auto-save [data-status]")).to_have_text("Enregistré à 14 h 32")
    assert page.locator("[data-preview]").inner_text() == "Aperçu nouveau"
    assert page.locator("[name=version]").input_value() == "2"
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize(
    ("status", "said"),
    [(409, "Une autre personne a modifié ce texte."), (422, "Non enregistré"), (None, "Hors connexion")],
)
def test_a_text_that_could_not_be_saved_stays_on_the_device(open_page, status, said):
    def answer(route):
        if route.request.method != "POST":
            return route.continue_()
        return route.fulfill(status=status, body="") if status else route.abort()

    page = open_page("/galerie/comportements", answers={"**/comportements": answer})
    page.get_by_label("Remarques").press_sequentially("Décidé.")
    expect(page.locator("auto-save [data-status]")).to_contain_text(said)
    assert json.loads(page.evaluate("localStorage['draft:/galerie/comportements']")) == ["Décidé."]


def test_places_left_are_updated_and_a_choice_made_is_never_undone(open_page):
    seats = {
        "1": {"tone": "full", "text": "Complet", "full": True},
        "2": {"tone": "full", "text": "Complet", "full": True},
    }

    def answer(route):
        is_fragment = route.request.headers.get("x-fragment") == "1"
        route.fulfill(json=seats) if is_fragment else route.continue_()

    page = open_page("/galerie/comportements", answers={"**/comportements": answer})
    page.get_by_label("Covoiturage et autopartage").check()
    page.locator("live-seats").evaluate("element => element.load()")
    expect(page.locator("live-seats .badge.full")).to_have_count(2)
    assert page.get_by_label("Covoiturage et autopartage").is_checked()
    assert page.get_by_label("Gouverner un tiers-lieu").is_disabled()


def test_a_session_moves_by_dragging_and_by_its_form(open_page):
    sent = []

    def answer(route):
        if route.request.method != "POST":
            return route.continue_()
        sent.append(route.request.post_data)
        return route.fulfill(body="<p>Grille nouvelle</p>", **FRAGMENT)

    page = open_page("/galerie/comportements", answers={"**/comportements": answer})
    session, slot = page.locator("[data-session=Covoiturage] h3"), page.locator("[data-slot='14:00']")
    session.drag_to(slot)
    expect(page.locator("[data-grid]")).to_contain_text("Grille nouvelle")
    assert "14:00" in sent[0]
    assert page.locator("session-grid [data-status]").inner_text() == "Séance déplacée."


def test_escape_gives_a_dragged_session_back(open_page):
    page = open_page("/galerie/comportements")
    page.locator("[data-session=Covoiturage] h3").hover()
    page.mouse.down()
    page.locator("[data-slot='14:00']").hover()
    assert page.locator(".dragging").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".dragging, .drop").count() == 0
    page.mouse.up()
    assert page.locator("[data-session=Covoiturage]").is_visible()
