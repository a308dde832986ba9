"""What a person does who is invited: register, change, cancel, by the links of the messages."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.organising import follow, is_told, press


def accept_the_invitation(page: Page, link: str) -> None:
    """The link of the message opens the invitation; its button opens the form, already filled in."""
    page.goto(link)
    press(page, "M’inscrire")
    expect(page.get_by_label("Adresse électronique")).not_to_be_empty()


def give_details(page: Page, **details: str) -> None:
    """First step; what the form knows already stays as it is."""
    labels = {
        "given_name": "Prénom",
        "family_name": "Nom",
        "email": "Adresse électronique",
        "organisation": "Organisme",
        "job_title": "Fonction ou qualité",
    }
    for name, label in labels.items():
        if name in details:
            page.get_by_label(label, exact=True).fill(details[name])
    page.get_by_label("Vous venez en tant que").select_option(label=details.get("kind", "Association"))
    press(page, "Continuer")


def choose_the_workshop(page: Page, title: str) -> None:
    """Second step."""
    page.get_by_label(title).check()
    press(page, "Continuer")


def rank_the_workshops(page: Page, *slots: list[str]) -> None:
    """Second step, where workshops are ranked: the wishes of each slot, the best first; none: not taking part."""
    groups = page.locator("fieldset.choices")
    expect(groups).to_have_count(len(slots))
    for group, wishes in zip(groups.all(), slots, strict=True):
        lists = group.locator("select")
        for rank, title in enumerate(wishes or ["Je ne participe pas à ce créneau"]):
            lists.nth(rank).select_option(label=title)
    press(page, "Continuer")


def confirm(page: Page, *checked: str) -> None:
    """Third step: everything on one page, then the confirmation."""
    for text in checked:
        is_told(page, text)
    press(page, "Confirmer mon inscription")
    is_told(page, "Votre référence")


def change_the_workshop(page: Page, link: str, title: str) -> None:
    page.goto(link)
    follow(page, "Changer d’atelier")
    page.get_by_label(title).check()
    press(page, "Enregistrer")
    is_told(page, title)


def cancel(page: Page, link: str) -> None:
    page.goto(link)
    follow(page, "Annuler mon inscription")
    press(page, "Annuler mon inscription")
    is_told(page, "Cette inscription est annulée")


def accept_the_workshop(page: Page, link: str, title: str) -> None:
    """The link of the message leads to the offer."""
    page.goto(link)
    is_told(page, f"Une place vous est proposée : {title}")
    press(page, "Accepter cet atelier")
    is_told(page, "Vous participez à cet atelier.")
