"""The main job, from the first account to the published PDF, in a browser, against the running application."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.journeys import organising, taking_part
from tests.journeys.documents import download, title_of, words_of
from tests.journeys.mailbox import calendar_of, link_in, plain, text_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

PARIS = ZoneInfo("Europe/Paris")
TITLE = "Rencontre d’essai des Hauts-de-France"
MOBILITY, FOOD = "Mobilités partagées", "Circuits courts"
SPEAKER = "Claire Témoin-d’Essai"
DECISION = "Ouvrir un appel à projets commun aux deux départements."
ACTION = "Rédiger le règlement de l’appel à projets"
ZOE, NOEL, ADA = "zoe.etienne@exemple.fr", "noel.loeuvre@exemple.fr", "ada@exemple.fr"
# As a French spreadsheet saves it: Windows-1252, semicolons, a line break inside a quoted cell.
INVITED = (
    "Civilité;Nom;Prénom;Courriel;Organisme;Fonction\r\n"
    f"Mme;Étienne;Zoé;{ZOE};Métropole d’essai;Conseillère déléguée\r\n"
    f'M.;Lœuvre;Noël;{NOEL};"Réseau d’essai,\npôle Nord";Délégué\r\n'
    f"Mme;d’Arcy;Ada;{ADA};Association « Le Fil »;Présidente\r\n"
).encode("cp1252")


def in_paris(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)


def test_from_the_first_account_to_the_published_minutes(site, someone, shot):
    office, mailbox = someone(), site.mailbox
    day = datetime.now(PARIS).date() + timedelta(days=20)

    # An organiser prepares the meeting and publishes it.
    organising.open_the_first_account(site, office)
    organising.create_the_meeting(office, TITLE, day)
    organising.add_a_session(office, "Plénière", "Ouverture", ("09:30", "11:00"), "Grande salle")
    hours = ("11:15", "12:30")
    organising.add_a_session(office, "Atelier", MOBILITY, hours, "Salle A", capacity="10", speaker=SPEAKER)
    organising.add_a_session(office, "Atelier", FOOD, hours, "Salle B", capacity="10")
    shot(office, "programme")
    public_page = organising.publish_the_meeting(office)
    meeting = office.url

    # People are invited from a spreadsheet.
    organising.write_a_campaign(office, "Personnes proches", f"Invitation : {TITLE}")
    organising.import_the_people(office, INVITED, 3)
    shot(office, "campagne")
    organising.send_the_campaign(office, 3)
    organising.plan_the_usual_reminders(office)
    invitation = mailbox.wait_for(ZOE, "Invitation")
    assert "Bonjour Zoé Étienne," in text_of(invitation)

    # They register; one changes her mind.
    zoe = someone()
    taking_part.accept_the_invitation(zoe, link_in(invitation, "/invitation/"))
    taking_part.give_details(zoe, kind="Élue ou élu")
    shot(zoe, "ateliers")
    taking_part.choose_the_workshop(zoe, MOBILITY)
    taking_part.confirm(zoe, "Zoé Étienne", "Métropole d’essai", MOBILITY)
    confirmation = mailbox.wait_for(ZOE, "onfirm")
    assert MOBILITY in text_of(confirmation)
    (event,) = calendar_of(confirmation).walk("VEVENT")
    assert plain(event["SUMMARY"]) == TITLE
    assert event["DTSTART"].dt == in_paris(day, 9)
    personal_link = link_in(confirmation, "/mon-inscription/")
    taking_part.change_the_workshop(zoe, personal_link, FOOD)
    shot(zoe, "mon-inscription")
    for address in (NOEL, ADA):
        register_from_the_invitation(someone(), mailbox.wait_for(address, "Invitation"))
        mailbox.wait_for(address, "onfirm")

    # The day before, a reminder leaves.
    site.move_clock_to(in_paris(day - timedelta(days=1), 9, 1))
    reminder = mailbox.wait_for(ZOE, "Rappel")
    assert FOOD in text_of(reminder)
    assert MOBILITY not in text_of(reminder)

    # On the day, the desk notes who is there and prints.
    site.move_clock_to(in_paris(day, 9, 5))
    organising.sign_in(office)
    office.goto(meeting)
    organising.note_who_is_there(office, present=["Zoé Étienne", "Noël Lœuvre"], excused=["Ada d’Arcy"])
    shot(office, "accueil")
    the_list_names_everybody(
        download(office, organising.order_a_document(office, meeting, "Préparer la liste"))
    )
    the_sheet_has_hours(download(office, organising.order_a_document(office, meeting, "Préparer la feuille")))

    # In the evening the minutes are written, approved and published.
    site.move_clock_to(in_paris(day, 17, 30))
    organising.say_it_was_held(office, meeting)
    organising.begin_the_minutes(office, chair="Présidente d’Essai", secretary="Secrétaire d’Essai")
    organising.write_a_point(
        office, MOBILITY, summary="- Un frein : les **horaires**.", decision=DECISION, action=ACTION
    )
    shot(office, "compte-rendu")
    organising.have_them_approved(office, "Comité d’essai")
    minutes_page = organising.publish_the_minutes(office, ["ÉTIENNE Zoé", SPEAKER])
    organising.tell_everybody(office)

    # Everybody can read them, and the document says the same as the page.
    visitor = someone()
    visitor.goto(public_page)
    visitor.goto(minutes_page)
    shot(visitor, "compte-rendu-publie")
    shown = plain(visitor.locator("main").inner_text())
    published = download(visitor, f"{minutes_page}/pdf")
    printed = words_of(published)
    for text in (
        TITLE,
        "ÉTIENNE Zoé",
        SPEAKER,
        "Présidente d’Essai",
        DECISION,
        ACTION,
        "9 h 30",
        "Comité d’essai",
    ):
        assert text in shown
        assert text in printed
    assert TITLE in title_of(published)
    assert ZOE not in printed
    news = mailbox.wait_for(ZOE, "Compte rendu")
    assert link_in(news, "/comptes-rendus/").endswith(minutes_page)


def register_from_the_invitation(page, invitation):
    taking_part.accept_the_invitation(page, link_in(invitation, "/invitation/"))
    taking_part.give_details(page)
    taking_part.choose_the_workshop(page, MOBILITY)
    taking_part.confirm(page)


def the_list_names_everybody(document):
    text = words_of(document)
    for words in (
        TITLE,
        "ÉTIENNE Zoé",
        "LŒUVRE Noël",
        "d’ARCY Ada",
        "Conseillère déléguée",
        "Métropole d’essai",
    ):
        assert words in text
    assert ZOE not in text


def the_sheet_has_hours(document):
    text = words_of(document)
    for words in (TITLE, "ÉTIENNE Zoé", "Matin", "9 h", "17 h", "3 personnes inscrites"):
        assert words in text
