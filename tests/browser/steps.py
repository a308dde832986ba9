"""Gestures that lead to a page that no address opens: a form refused, a step of the registration."""

from __future__ import annotations

from itertools import count

from playwright.sync_api import Page as Tab

_numbers = count(1)


def _send(tab: Tab) -> None:
    """The main form sent, and its answer arrived.

    A click alone returns while the page before still stands: what a step reads next
    with `Locator.all`, which does not wait, would be read there.
    """
    with tab.expect_navigation():
        tab.locator("main form button.primary").click()


def send_nothing(tab: Tab) -> None:
    """Empty every field of the main form, and send it."""
    form = tab.locator("main form.form").last
    for control in form.locator("input[type=text], input[type=email], textarea").all():
        if control.is_visible():
            control.fill("")
    form.locator("button.primary").click()


def give_details(tab: Tab) -> None:
    """First step of the registration."""
    number = next(_numbers)
    tab.get_by_label("Prénom", exact=True).fill("Zoé")
    tab.get_by_label("Nom", exact=True).fill("Visite")
    tab.get_by_label("Adresse électronique").fill(f"visite{number}@exemple.fr")
    tab.get_by_label("Organisme", exact=False).fill("Métropole d’essai")
    tab.get_by_label("Fonction ou qualité").fill("Chargée de mission")
    tab.get_by_label("Vous venez en tant que").select_option(index=1)
    _send(tab)


def choose_no_workshop(tab: Tab) -> None:
    """Second step, sent without a choice."""
    give_details(tab)
    _send(tab)


def reach_the_check(tab: Tab) -> None:
    """Third step."""
    give_details(tab)
    for group in tab.locator("fieldset.choices").all():
        group.get_by_label("Je ne participe pas à ce créneau").check()
    _send(tab)


def call_for_a_question(tab: Tab) -> None:
    """Step of the questions: an answer that calls for another question."""
    give_details(tab)
    tab.get_by_label("Oui", exact=True).check()
    tab.get_by_label("Végétarien", exact=True).check()


def answer_wrongly(tab: Tab) -> None:
    """Step of the questions, sent with one answer missing and one that cannot be."""
    give_details(tab)
    tab.get_by_label("De quelle commune partez-vous").fill("Nulle part")
    _send(tab)


def reach_the_check_of_answers(tab: Tab) -> None:
    """Last step of a registration with questions."""
    call_for_a_question(tab)
    _send(tab)
    for group in tab.locator("fieldset.choices").all():
        group.get_by_label("Je ne participe pas à ce créneau").check()
    _send(tab)


def rank_and_check(tab: Tab) -> None:
    """Third step, where workshops are ranked."""
    give_details(tab)
    for group in tab.locator("fieldset.choices").all():
        for rank, ranking in enumerate(group.locator("select").all(), 1):
            ranking.select_option(index=rank)
    _send(tab)


def rank_twice(tab: Tab) -> None:
    """One workshop as first and second wish, sent."""
    for ranking in tab.locator("fieldset.choices").first.locator("select").all()[:2]:
        ranking.select_option(index=1)
    _send(tab)


def register(tab: Tab) -> None:
    """The whole registration."""
    reach_the_check(tab)
    tab.get_by_role("button", name="Confirmer mon inscription").click()


def register_again(tab: Tab) -> None:
    """The address of the confirmation sends back to the form as long as nothing is confirmed."""
    register(tab)


def break_a_rule(tab: Tab) -> None:
    """Rules of registrations that cannot be: a group without a number of places."""
    tab.get_by_label("Groupe", exact=True).last.select_option(index=1)
    tab.get_by_label("Heures pour accepter une place").fill("1000")
    _send(tab)


def register_colleague(tab: Tab) -> None:
    """One colleague: the address of the confirmation sends back to the form as long as nobody is registered."""
    number = next(_numbers)
    tab.get_by_label("Votre prénom et votre nom").fill("Carla Contact")
    tab.get_by_label("Votre adresse électronique").fill("carla@exemple.fr")
    tab.get_by_label("Organisme").fill("Métropole d’essai")
    tab.get_by_label("Vos collègues viennent en tant que").select_option(index=1)
    tab.get_by_label("À distance").check()
    tab.get_by_label("Code d’accès").fill("Sésame")
    tab.get_by_label("Prénom", exact=True).first.fill("Zoé")
    tab.get_by_label("Nom", exact=True).first.fill("Visite")
    tab.get_by_label("Adresse électronique", exact=True).first.fill(f"collegue{number}@exemple.fr")
    tab.get_by_label("Fonction ou qualité").first.fill("Chargée de mission")
    tab.get_by_role("button", name="Inscrire ces personnes").click()


def reach_a_colleague(tab: Tab) -> None:
    """The questions about the first of two colleagues."""
    tab.get_by_label("Votre prénom et votre nom").fill("Carla Contact")
    tab.get_by_label("Votre adresse électronique").fill("carla@exemple.fr")
    tab.get_by_label("Organisme").fill("Métropole d’essai")
    tab.get_by_label("Vos collègues viennent en tant que").select_option(index=1)
    for row, name in enumerate(("Zoé", "Léo")):
        tab.get_by_label("Prénom", exact=True).nth(row).fill(name)
        tab.get_by_label("Nom", exact=True).nth(row).fill("Visite")
        tab.get_by_label("Adresse électronique", exact=True).nth(row).fill(f"{name.lower()}@exemple.fr")
        tab.get_by_label("Fonction ou qualité").nth(row).fill("Chargée de mission")
    tab.get_by_label("S’il manque des places").check()
    _send(tab)


def answer_wrongly_for_a_colleague(tab: Tab) -> None:
    """These questions, sent with one answer missing and one that cannot be."""
    reach_a_colleague(tab)
    tab.get_by_label("De quelle commune partez-vous").fill("Nulle part")
    _send(tab)


def preview(tab: Tab) -> None:
    """Look at a text before saving it."""
    tab.get_by_role("button", name="Aperçu").click()


def open_every_block(tab: Tab) -> None:
    """Show the form of each block."""
    for block in tab.locator("details.block").all():
        block.locator("summary").click()


def publish_unchecked(tab: Tab) -> None:
    """Publish without having said that the names were checked."""
    tab.get_by_role("button", name="Publier la version").click()
    tab.get_by_role("dialog").get_by_role("button", name="Publier la version").click()
    tab.locator("#erreurs").wait_for()
