"""Wishes, their allocation, a place given up, offered to whoever waits, and accepted: in browsers and by mail."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import organising, taking_part
from tests.journeys.mailbox import link_in, plain, text_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

PARIS = ZoneInfo("Europe/Paris")
TITLE = "Journée des vœux d’essai"
MOBILITY = "Mobilités partagées"  # one place, in the morning
ENERGY, FINANCE = "Énergie citoyenne", "Financer un projet"  # one place and five, in the afternoon
ZOE, ADA, NOEL = "zoe.etienne@exemple.fr", "ada@exemple.fr", "noel.loeuvre@exemple.fr"
NAMES = {ZOE: ("Zoé", "Étienne"), ADA: ("Ada", "d’Arcy"), NOEL: ("Noël", "Lœuvre")}
# Noël wants nothing but Énergie: for all to have a place in the afternoon, Zoé has her second wish there. So
# she is the one served in the morning, rather than bear both disappointments: there is one best answer.
WISHES = {
    ZOE: ([MOBILITY], [ENERGY, FINANCE]),
    ADA: ([MOBILITY], []),
    NOEL: ([], [ENERGY]),
}
TODAY = datetime.now(PARIS).date()
DAY, CLOSING = TODAY + timedelta(days=20), TODAY + timedelta(days=15)


def in_paris(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), PARIS).astimezone(UTC)


def test_from_wishes_to_the_place_accepted_by_the_next_in_line(site, someone, shot):
    office, mailbox = someone(), site.mailbox
    public_page, meeting = announce_the_meeting(site, office)

    # People register and rank workshops; no place is promised.
    for email, slots in WISHES.items():
        page = someone()
        page.goto(public_page)
        register_with_wishes(page, email, slots)
        shot(page, f"inscription-{NAMES[email][0]}")
        assert "sont attribuées après le" in text_of(mailbox.wait_for(email, "onfirm"))

    # Registration ends. The organiser looks at the figures of the best answer, then gives the places.
    site.move_clock_to(in_paris(CLOSING, 13))
    page.goto(f"{public_page}/inscription")
    organising.is_told(page, "Les inscriptions sont closes")
    organising.sign_in(office)
    office.goto(f"{meeting}/inscriptions")
    organising.prepare_the_allocation(office)
    shot(office, "proposition")
    the_figures_are_those_of_the_best_answer(office)
    assert not mailbox.sent_to("@exemple.fr", "Vos ateliers")  # looking tells nobody
    organising.commit_the_allocation(office)
    shot(office, "affectation")

    # Everybody reads their own result.
    results = {email: mailbox.wait_for(email, "Vos ateliers") for email in WISHES}
    assert {email: given(text_of(result)) for email, result in results.items()} == {
        ZOE: {MOBILITY, FINANCE},
        ADA: set(),
        NOEL: {ENERGY},
    }
    assert f"{MOBILITY} (vous êtes en 1re position)" in text_of(results[ADA])
    ada = someone(width=360)
    ada.goto(link_in(results[ADA], "/mon-inscription/"))
    organising.is_told(ada, f"{MOBILITY}, vous êtes en 1re position")

    # Who had the place gives it up by the link of the message; the next in line is offered it, and takes it.
    taking_part.cancel(someone(), link_in(results[ZOE], "/mon-inscription/"))
    offer = mailbox.wait_for(ADA, "Une place en atelier vous est proposée")
    assert MOBILITY in plain(offer["Subject"])
    taking_part.accept_the_workshop(ada, link_in(offer, "/mon-inscription/"), MOBILITY)
    assert given(text_of(mailbox.wait_for(ADA, "Inscription modifiée"))) == {MOBILITY}
    assert not mailbox.sent_to(NOEL, "vous est proposée")

    # The office and the desk see the places as they are.
    office.goto(f"{meeting}/inscriptions")
    shot(office, "inscriptions")
    for email, state, workshop in (
        (ADA, "Confirmée", MOBILITY),
        (NOEL, "Confirmée", ENERGY),
        (ZOE, "Annulée", ""),
    ):
        row = office.get_by_role("row", name=NAMES[email][1])
        expect(row).to_contain_text(state)
        expect(row).to_contain_text(workshop)
    organising.open_tab(office, "Accueil")
    expect(office.locator(".desk-name")).to_have_text(["d’ARCY Ada", "LŒUVRE Noël"])


def announce_the_meeting(site, office: Page) -> tuple[str, str]:
    """An organiser opens a meeting with wishes; return the addresses of its public page and of its office."""
    organising.open_the_first_account(site, office)
    organising.create_the_meeting(office, TITLE, DAY)
    organising.add_a_session(office, "Atelier", MOBILITY, ("10:00", "12:00"), "Salle A", capacity="1")
    organising.add_a_session(office, "Atelier", ENERGY, ("14:00", "16:00"), "Salle A", capacity="1")
    organising.add_a_session(office, "Atelier", FINANCE, ("14:00", "16:00"), "Salle B", capacity="5")
    organising.open_tab(office, "Général")
    organising.close_registration_on(office, CLOSING)
    organising.ask_for_wishes(office)
    organising.open_tab(office, "Général")
    return organising.publish_the_meeting(office), office.url


def register_with_wishes(page: Page, email: str, slots: tuple[list[str], list[str]]) -> None:
    given_name, family_name = NAMES[email]
    page.get_by_role("main").get_by_role("link", name="S’inscrire").first.click()
    taking_part.give_details(
        page,
        given_name=given_name,
        family_name=family_name,
        email=email,
        organisation="Association d’essai",
        job_title="Déléguée",
    )
    taking_part.rank_the_workshops(page, *slots)
    taking_part.confirm(page, f"{given_name} {family_name}", "Ce sont des vœux", *slots[0], *slots[1])


def the_figures_are_those_of_the_best_answer(page: Page) -> None:
    tiles = plain(page.locator(".tiles").inner_text())
    for figure in ("3 places données", "67 % premiers vœux", "33 % deuxièmes vœux", "1 demande sans place"):
        assert figure in tiles
    unplaced = page.get_by_role("table", name="Demandes sans place")
    expect(unplaced.locator("tbody tr")).to_have_count(1)
    expect(unplaced).to_contain_text("Ada d’Arcy")
    expect(unplaced).to_contain_text(f"{MOBILITY} : complet")


def given(text: str) -> set[str]:
    """The workshops that a message says are the person's."""
    facts = text.split("Sur liste d’attente")[0]
    return {title for title in (MOBILITY, ENERGY, FINANCE) if f", {title} (Salle" in facts}
