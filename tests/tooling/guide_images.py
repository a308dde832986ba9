"""Makes the pictures of the guide again, from the demonstration as a browser shows it: see bin/guide-images."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import create_engine, text

from eventsapp.cli.demo.command import PASSWORD
from tests.factories.browsers import FLAGS, chromium
from tests.factories.servers import scratch_database
from tests.journeys import organising, taking_part
from tests.journeys.mailbox import link_in
from tests.journeys.running import RunningSite, running_site

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SIZE, WIDE = {"width": 1100, "height": 760}, {"width": 1280, "height": 800}
COLOURS = 128  # a page of text and plain colours needs no more
EMAIL = "zoe.exemple@demonstration.example"


@dataclass(frozen=True)
class Known:
    """A meeting of the demonstration, by its addresses."""

    public: str
    office: str

    @property
    def registrations(self) -> str:
        return f"{self.office}/inscriptions"


class Camera:
    """Opens pages of the running demonstration and keeps what they show."""

    def __init__(self, site: RunningSite, page: Page, wanted: set[str]) -> None:
        self.site, self.page, self.wanted = site, page, wanted
        self.meetings = dict(_meetings(site))

    def keep(self, name: str, *, at: str | None = None) -> None:
        """Write the picture of the page; ``at``: the selector of what stands at its top."""
        if self.wanted and name not in self.wanted:
            return
        if at:
            self.page.locator(at).first.evaluate("(it) => it.scrollIntoView({ block: 'start' })")
        self.page.mouse.move(0, 0)
        picture = Image.open(BytesIO(self.page.screenshot()))
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(IMAGES / f"{name}.png", optimize=True)
        sys.stdout.write(f"docs/images/{name}.png\n")

    def open(self, address: str, name: str, *, at: str | None = None) -> None:
        self.page.goto(address)
        self.keep(name, at=at)


def _meetings(site: RunningSite) -> Iterator[tuple[str, Known]]:
    """By city for the coming regional meetings, by kind for the others; ``held``: the review day."""
    engine = create_engine(site.environment["DATABASE_URL"])
    with engine.connect() as connection:
        for id_, slug, city, kind, state in connection.execute(
            text("SELECT id, slug, city, kind, state FROM meeting")
        ):
            name = "held" if kind == "review_day" else city if kind == "regional" else kind
            if state == "published" or kind == "review_day":
                yield name, Known(f"/rencontres/{slug}", f"/gestion/rencontres/{id_}")
    engine.dispose()


def as_a_participant(camera: Camera) -> None:
    """What anybody sees, and one registration from its form to its personal page."""
    page, meetings = camera.page, camera.meetings
    page.set_viewport_size(WIDE)
    camera.open("/rencontres", "agenda")
    page.set_viewport_size(SIZE)
    camera.open("/rencontres", "guide/agenda")
    camera.open(f"{meetings['Lille'].public}/inscription/groupe", "guide/groupe")
    _begin(page, meetings["Lyon"])
    camera.keep("guide/voeux", at="h1")
    _begin(page, meetings["Lille"])
    page.get_by_label("Acheter autrement").check()
    camera.keep("guide/choisir-ateliers")
    page.get_by_label("Réduire nos consommations").check()
    organising.press(page, "Continuer")
    taking_part.confirm(page)
    link = link_in(camera.site.mailbox.wait_for(EMAIL, "confirmée"), "/mon-inscription/")
    camera.open(link, "guide/mon-inscription")


def _begin(page: Page, meeting: Known) -> None:
    page.goto(f"{meeting.public}/inscription")
    taking_part.give_details(
        page,
        given_name="Zoé",
        family_name="Exemple",
        email=EMAIL,
        organisation="Association Le Fil (démonstration)",
        job_title="Présidente",
    )


def as_an_organiser(camera: Camera) -> None:
    """The pages about registrations, each at the meeting that has something to show there."""
    page, meetings = camera.page, camera.meetings
    organising.sign_in(page, "organisation@rencontres.example", PASSWORD)
    camera.open(f"{meetings['Paris'].office}/programme", "guide/programme")
    camera.open(f"{meetings['Paris'].registrations}/formulaire", "guide/formulaire")
    camera.open(f"{meetings['Rennes'].registrations}/regles", "guide/regles", at="h2")
    camera.open(meetings["Rennes"].registrations, "guide/inscriptions", at="h2")
    camera.open(f"{meetings['Metz'].registrations}/liste-attente", "guide/liste-attente", at="h2")
    camera.open(f"{meetings['committee'].registrations}/demandes", "guide/demandes", at="h2")
    page.goto(f"{meetings['Lille'].registrations}/doublons")
    page.get_by_role("link", name="Comparer").first.click()
    page.get_by_role("heading", name="Comparer deux inscriptions").wait_for()
    camera.keep("guide/doublon", at="h2")
    page.goto(f"{meetings['Lyon'].registrations}/affectation")
    organising.press(page, "Préparer une affectation")
    organising.is_told(page, "Résultat prouvé")
    camera.keep("guide/affectation", at="h2")


def as_a_secretary(camera: Camera) -> None:
    """The day of the meeting, and after."""
    meetings = camera.meetings
    organising.sign_in(camera.page, "secretariat@rencontres.example", PASSWORD)
    camera.open(f"{meetings['committee'].office}/accueil", "guide/accueil")
    camera.open(f"{meetings['committee'].office}/documents-a-imprimer", "guide/documents")
    camera.open(f"{meetings['held'].office}/compte-rendu", "guide/compte-rendu")


def as_an_administrator(camera: Camera) -> None:
    organising.sign_in(camera.page, "admin@rencontres.example", PASSWORD)
    camera.open("/gestion/comptes/invitation", "guide/inviter")


def main(wanted: set[str]) -> None:
    """Load the demonstration on a site of its own and picture it, as each of those who use it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with (
            scratch_database(Path(folder), "guide") as database,
            running_site(Path(folder), database, NETWORK_NAME="Réseau de démonstration") as site,
        ):
            site.command("demo", "load")
            for walk in (as_a_participant, as_an_organiser, as_a_secretary, as_an_administrator):
                page = browser.new_page(
                    base_url=site.url, viewport=SIZE, locale="fr-FR", reduced_motion="reduce"
                )
                walk(Camera(site, page, wanted))
                page.context.close()
        browser.close()


if __name__ == "__main__":
    main({name if "/" in name or name == "agenda" else f"guide/{name}" for name in sys.argv[1:]})
