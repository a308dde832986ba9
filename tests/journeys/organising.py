"""What the organiser and the secretary do in the back office."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Page, expect

from tests.journeys.running import RunningSite

EMAIL, NAME, PASSWORD = "organisation@exemple.fr", "Orga d’Essai", "quatre mots sans rapport"


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def press_and_confirm(page: Page, label: str) -> None:
    press(page, label)
    page.get_by_role("dialog").get_by_role("button", name=label).click()


def follow(page: Page, label: str) -> None:
    page.get_by_role("main").get_by_role("link", name=label, exact=True).first.click()


def open_tab(page: Page, label: str) -> None:
    page.get_by_role("navigation", name="Pages de la rencontre").get_by_role("link", name=label).click()


def is_told(page: Page, sentence: str) -> None:
    expect(page.get_by_role("main")).to_contain_text(sentence)


def open_the_first_account(site: RunningSite, page: Page) -> None:
    """The administrator is made by the command; opens the link, chooses a password."""
    said = site.command("accounts", "create-administrator", EMAIL, NAME)
    link = re.search(r"http\S+", said)
    assert link
    page.goto(link[0])
    press(page, "Me connecter")
    follow(page, "Choisir un mot de passe")
    page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    press(page, "Enregistrer")
    is_told(page, "Votre mot de passe est changé.")


def sign_in(page: Page, email: str = EMAIL, password: str = PASSWORD) -> None:
    page.goto("/connexion")
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/gestion")


def create_the_meeting(page: Page, title: str, day: date) -> None:
    """A meeting of a new series, whose place is looked up by the name of its commune."""
    page.goto("/gestion/rencontres/nouvelle")
    page.get_by_label("Titre").fill(title)
    page.get_by_label("Résumé").fill("Une journée pour essayer toute la chaîne.")
    page.get_by_label("Nouveau cycle").fill("Cycle d’essai")
    page.get_by_label("Date", exact=True).fill(day.isoformat())
    page.get_by_label("Heure de début").fill("09:00")
    page.get_by_label("Heure de fin").fill("17:00")
    page.get_by_label("Lieu").fill("Hôtel de Région")
    page.get_by_label("Commune").fill("Lille")
    page.get_by_label("Nombre de places").fill("40")
    press(page, "Créer le brouillon")
    is_told(page, "Brouillon créé.")
    is_told(page, "Lille")


def add_a_session(page: Page, kind: str, title: str, hours: tuple[str, str], room: str, **more: str) -> None:
    """A line of the programme; ``capacity`` and ``speaker`` are said by name."""
    follow(page, "Ajouter une séance")
    page.get_by_label("Type de séance").select_option(label=kind)
    page.get_by_label("Titre").fill(title)
    page.get_by_label("Heure de début").fill(hours[0])
    page.get_by_label("Heure de fin").fill(hours[1])
    page.get_by_label("Salle").fill(room)
    page.get_by_label("Nombre de places").fill(more.get("capacity", ""))
    page.get_by_label("Prénom et nom").first.fill(more.get("speaker", ""))
    press(page, "Enregistrer la séance")
    is_told(page, "Séance ajoutée au programme.")


def publish_the_meeting(page: Page) -> str:
    """Return the address of its public page."""
    follow(page, "Publier")
    is_told(page, "Tout le nécessaire est là.")
    press(page, "Publier la rencontre")
    address = page.get_by_role("link", name="Voir la page").get_attribute("href")
    assert address
    return address


def close_registration_on(page: Page, day: date) -> None:
    """Registration ends that day at noon. Begins and ends on the page of the meeting."""
    page.get_by_label("Clôture des inscriptions").fill(day.isoformat())
    page.get_by_label("Heure de clôture").fill("12:00")
    press(page, "Enregistrer")
    is_told(page, "Modifications enregistrées.")


def ask_for_wishes(page: Page) -> None:
    """Workshops are ranked until registration ends, then places are given."""
    open_tab(page, "Inscriptions")
    open_page(page, "Règles")
    page.get_by_label("Des vœux classés, puis une affectation").check()
    press(page, "Enregistrer")
    is_told(page, "vœux classés")


def open_page(page: Page, label: str) -> None:
    """One of the pages about the registrations of the meeting."""
    page.get_by_role("navigation", name="Pages des inscriptions").get_by_role("link", name=label).click()


def prepare_the_allocation(page: Page) -> None:
    """Leads to its figures."""
    open_page(page, "Affectation")
    is_told(page, "Les vœux sont clos")
    press(page, "Préparer une affectation")
    is_told(page, "Résultat prouvé")


def commit_the_allocation(page: Page) -> None:
    press_and_confirm(page, "Valider et prévenir")
    is_told(page, "Les places sont attribuées. Les messages partent.")


def write_a_campaign(page: Page, name: str, subject: str) -> None:
    open_tab(page, "Invitations")
    follow(page, "Nouvelle campagne")
    page.get_by_label("Nom de la campagne").fill(name)
    page.get_by_label("Objet du message").fill(subject)
    page.get_by_label("Message", exact=True).fill("Nous serions **heureux** de vous accueillir à Lille.")
    press(page, "Enregistrer")
    is_told(page, "La campagne est créée.")


def import_the_people(page: Page, content: bytes, count: int) -> None:
    """First what each line would do, then the import."""
    follow(page, "Importer un fichier")
    page.get_by_label("Fichier CSV").set_input_files(
        {"name": "invités.csv", "mimeType": "text/csv", "buffer": content}
    )
    press(page, "Examiner le fichier")
    is_told(page, "séparateur : point-virgule, encodage : Windows-1252")
    press(page, f"Ajouter {count} personnes")


def send_the_campaign(page: Page, count: int) -> None:
    follow(page, "Préparer l’envoi")
    press_and_confirm(page, f"Envoyer les {count} messages")
    is_told(page, f"{count} invitations sont en cours d’envoi.")


def plan_the_usual_reminders(page: Page) -> None:
    open_tab(page, "Rappels")
    press(page, "Ajouter les 2 rappels habituels")
    is_told(page, "2 rappels sont ajoutés.")


def note_who_is_there(page: Page, *, present: list[str], excused: list[str]) -> None:
    """Check-in at the desk, by name."""
    open_tab(page, "Accueil")
    for name in present:
        press(page, f"Noter la présence {name}")
        row = page.locator(".desk-row", has_text=name.split()[0])
        expect(row).to_contain_text("Présen")
    for name in excused:
        row = page.locator(".desk-row", has_text=name.split()[0])
        row.get_by_text("Autre situation").click()
        row.get_by_role("button", name="Excuser").click()
        expect(row).to_contain_text("Excusé")


def order_a_document(page: Page, meeting: str, label: str) -> str:
    """Return the address at which the document will be. Its page renews itself: it has its own tab."""
    tab = page.context.new_page()
    tab.goto(f"{meeting}/documents-a-imprimer")
    press(tab, label)
    tab.wait_for_url("**/documents-a-imprimer/**")
    address = tab.url
    tab.close()
    return address


def say_it_was_held(page: Page, meeting: str) -> None:
    page.goto(meeting)
    press(page, "Déclarer la rencontre tenue")
    is_told(page, "Rencontre déclarée tenue.")


def begin_the_minutes(page: Page, *, chair: str, secretary: str) -> None:
    open_tab(page, "Compte rendu")
    press(page, "Commencer avec le programme")
    follow(page, "Séance, introduction, conclusion")
    page.get_by_label("Présidence de la séance").fill(chair)
    page.get_by_label("Secrétariat de la séance").fill(secretary)
    page.get_by_label("Heure d’ouverture").fill("09:30")
    page.get_by_label("Heure de clôture").fill("16:45")
    page.get_by_role("textbox", name="Introduction").fill("Séance ouverte devant une salle **pleine**.")
    _save(page)


def write_a_point(page: Page, title: str, *, summary: str, decision: str, action: str) -> None:
    """The synthesis of a point, with what was decided and what is to be done."""
    follow(page, title)
    page.get_by_label("Synthèse des échanges").fill(summary)
    _save(page)
    blocks = page.locator("#decisions")
    blocks.get_by_text("Ajouter une décision").first.click()
    blocks.get_by_label("Texte exact de la décision").fill(decision)
    blocks.get_by_role("button", name="Ajouter une décision").click()
    expect(page.locator("#decisions")).to_contain_text(decision)
    blocks = page.locator("#actions")
    blocks.get_by_text("Ajouter une action").first.click()
    blocks.get_by_label("Action à mener").fill(action)
    blocks.get_by_label("Responsable").fill("La région d’essai")
    blocks.get_by_role("button", name="Ajouter une action").click()
    expect(page.locator("#actions")).to_contain_text(action)
    follow(page, "Revenir au compte rendu")


def _save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer", exact=True).first.click()
    is_told(page, "Enregistré à")


def have_them_approved(page: Page, note: str) -> None:
    press(page, "Envoyer en relecture")
    page.get_by_label("Approuvé par, ou lors de").fill(note)
    press(page, "Approuver")
    is_told(page, "Le compte rendu est approuvé.")


def publish_the_minutes(page: Page, names: list[str]) -> str:
    """Check what becomes public, publish; return the address of the public page."""
    follow(page, "Vérifier et publier")
    for name in names:
        is_told(page, name)
    page.get_by_label("J’ai vérifié les noms et les textes qui deviennent publics").check()
    press_and_confirm(page, "Publier la version 1")
    is_told(page, "est publiée.")
    address = (
        page.locator("section", has_text="Versions publiées").get_by_role("link").first.get_attribute("href")
    )
    assert address
    return address


def tell_everybody(page: Page) -> None:
    press_and_confirm(page, "Prévenir les personnes inscrites")
    is_told(page, "messages sont en route.")
