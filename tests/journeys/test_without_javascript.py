"""Registering, changing and cancelling in a browser that runs no script."""

from __future__ import annotations

import pytest

from tests.journeys import taking_part
from tests.journeys.mailbox import link_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

EMAIL = "sans.script@exemple.fr"
DETAILS = {
    "given_name": "Solène",
    "family_name": "Sansscript",
    "email": EMAIL,
    "organisation": "Association d’essai",
    "job_title": "Trésorière",
}


def test_a_person_registers_changes_and_cancels_without_javascript(site, open_meeting, someone):
    page = someone(scripts=False, width=360)
    page.goto(f"/rencontres/{open_meeting.slug}")
    page.get_by_role("main").get_by_role("link", name="S’inscrire").first.click()
    taking_part.give_details(page, **DETAILS)
    taking_part.choose_the_workshop(page, "Covoiturage")
    taking_part.confirm(page, "Solène Sansscript", "Covoiturage")
    link = link_in(site.mailbox.wait_for(EMAIL, "confirmée"), "/mon-inscription/")
    taking_part.change_the_workshop(page, link, "Tiers-lieux")
    site.mailbox.wait_for(EMAIL, "modifiée")
    taking_part.cancel(page, link)
    site.mailbox.wait_for(EMAIL, "annul")


def test_a_refused_form_says_what_to_do_without_javascript(open_meeting, someone):
    page = someone(scripts=False)
    page.goto(f"/rencontres/{open_meeting.slug}/inscription")
    page.get_by_label("Prénom", exact=True).fill("Solène")
    page.get_by_role("button", name="Continuer").click()
    summary = page.locator("#erreurs")
    assert "Saisissez votre nom." in summary.inner_text()
    assert page.get_by_label("Prénom", exact=True).input_value() == "Solène"
    assert page.locator("main > :first-child").get_attribute("id") == "erreurs"
