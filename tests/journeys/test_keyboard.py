"""Registering, and moving a session, with the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import organising
from tests.journeys.mailbox import link_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

EMAIL = "clavier@exemple.fr"
MOST_KEYS = 120


def tab_to(page: Page, label: str) -> None:
    """Press Tab until the focus is on what has this name, and see that the focus shows."""
    for _press in range(MOST_KEYS):
        page.keyboard.press("Tab")
        if page.evaluate(NAME_OF_FOCUS).startswith(label):
            width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            assert width != "0px", f"the focus does not show on «{label}»"
            return
    raise AssertionError(f"«{label}» is never reached")


NAME_OF_FOCUS = """() => {
  const one = document.activeElement;
  const label = one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent ?? '';
  return label.replace(/\\s+/g, ' ').trim();
}"""


def fill_from_the_keyboard(page: Page, label: str, text: str) -> None:
    tab_to(page, label)
    page.keyboard.type(text)


def test_a_person_registers_with_the_keyboard_alone(site, open_meeting, someone):
    page = someone()
    page.goto(f"/rencontres/{open_meeting.slug}")
    tab_to(page, "Aller au contenu")
    page.keyboard.press("Enter")
    tab_to(page, "S’inscrire")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inscription")
    fill_from_the_keyboard(page, "Prénom", "Inès")
    fill_from_the_keyboard(page, "Nom", "Clavier")
    fill_from_the_keyboard(page, "Adresse électronique", EMAIL)
    fill_from_the_keyboard(page, "Organisme", "Réseau d’essai")
    fill_from_the_keyboard(page, "Fonction", "Déléguée")
    fill_from_the_keyboard(page, "Vous venez en tant que", "Réseau")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Étape 2 sur 3")
    tab_to(page, "Covoiturage")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    tab_to(page, "Continuer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Étape 3 sur 3")
    tab_to(page, "Confirmer mon inscription")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Votre référence")
    assert link_in(site.mailbox.wait_for(EMAIL, "confirmée"), "/mon-inscription/")


def test_a_session_moves_with_the_keyboard_alone(open_meeting, someone, an_organiser):
    page = someone()
    organising.sign_in(page, *an_organiser)
    page.goto(f"/gestion/rencontres/{open_meeting.id}/programme")
    plenary = page.locator("[data-slot]", has_text="Plénière d’essai")
    later = plenary.get_attribute("data-slot")
    tab_to(page, "Déplacer « Tiers-lieux » vers")
    page.keyboard.press("Home")
    tab_to(page, "Déplacer")
    page.keyboard.press("Enter")
    moved = page.locator(f'[data-slot="{later}"]')
    expect(moved).to_contain_text("Tiers-lieux")
    expect(page.locator("session-grid [data-status]")).to_have_text(re.compile("déplacée"))
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
