"""Every page of the site, with what its address is made of. A page missing here fails a test.

A page is an endpoint and, by name, the facts of tests/browser/site.py that its arguments are; a text that
names no fact stands for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page as Tab
from slugify import slugify

from tests.browser import steps


@dataclass(frozen=True)
class Page:
    """A page to visit: by whom, with which status, and after which gestures."""

    endpoint: str
    args: dict[str, str] = field(default_factory=dict)
    act: Callable[[Tab], None] | None = None
    status: int = 200

    @property
    def is_public(self) -> bool:
        return not self.is_office

    @property
    def is_office(self) -> bool:
        return self.endpoint in OFFICE or self.endpoint.partition(".")[0] in OFFICE_SLICES

    @property
    def name(self) -> str:
        gesture = [self.act.__name__] if self.act else []
        return slugify(" ".join([self.endpoint, *self.args.values(), *gesture]))


def at(endpoint: str, act: Callable[[Tab], None] | None = None, status: int = 200, **args: str) -> Page:
    return Page(endpoint, args, act, status)


OFFICE_SLICES = {
    "attendance",
    "campaigns",
    "directory",
    "invitee_imports",
    "mail",
    "meetings",
    "meetings_documents",
    "meetings_duplicates",
    "meetings_programme",
    "meetings_states",
    "minutes",
    "minutes_blocks",
    "minutes_publishing",
    "office",
    "office_registrations",
    "reminders",
    "team",
}
OFFICE = {
    "accounts.edit_account",
    "accounts.invite",
    "accounts.list_accounts",
    "accounts.password",
    "accounts.profile",
    "news.edit",
    "news.list_articles",
    "news.write",
    "pdf.document",
}

# Addresses that answer something else than a page of the site.
NOT_PAGES = {
    "campaigns.show_message",  # a message as mail programs show it, alone in its sandbox
    "geography.communes",
    "meetings_documents.read_document",
    "meetings_documents.read_in_office",
    "my_registration.download_entry",
    "office_registrations.export",
    "pdf.content",
    "portal.calendar",
    "portal.robots",
    "publications.document",
    "registering.begin_again",
    "registering.download_entry",
    "registering.show_seats",
    "static",
    "stylesheet",
}

VISITORS = [
    at("portal.home"),
    at("portal.agenda"),
    at("portal.agenda", q="aucune rencontre ainsi nommée"),
    at("portal.past"),
    at("portal.meeting", slug="slug"),
    at("portal.meeting", slug="full_slug"),
    at("portal.meeting", slug="held_slug"),
    at("portal.meeting", slug="cancelled_slug"),
    at("portal.series", slug="series"),
    at("portal.search"),
    at("portal.search", q="rencontre"),
    at("portal.site_map"),
    at("portal.accessibility"),
    at("portal.legal"),
    at("portal.privacy"),
    at("news.index"),
    at("news.article", slug="article_slug"),
    at("publications.index"),
    at("publications.show", reference="reference"),
    at("publications.show", reference="replaced"),
    at("publications.verify", reference="reference"),
    at("registering.show_details", slug="slug"),
    at("registering.show_details", steps.send_nothing, status=422, slug="slug"),
    at("registering.show_details", steps.give_details, slug="slug"),
    at("registering.show_details", steps.choose_no_workshop, status=422, slug="slug"),
    at("registering.show_details", steps.reach_the_check, slug="slug"),
    at("registering.show_details", steps.register, slug="slug"),
    at("registering.show_details", slug="full_slug"),
    at("registering.show_details", slug="held_slug"),
    at("registering.show_confirmation", steps.register_again, slug="slug"),
    at("my_registration.ask_for_link"),
    at("my_registration.ask_for_link", steps.send_nothing, status=422),
    at("my_registration.link_sent"),
    at("my_registration.show", token="mine"),
    at("my_registration.show", token="gone"),
    at("my_registration.show", token="of_cancelled"),
    at("my_registration.edit_details", token="mine"),
    at("my_registration.edit_workshops", token="mine"),
    at("my_registration.ask_to_cancel", token="mine"),
    at("invitations.show", token="invitation"),
    at("invitations.check_unsubscribing", token="invitation"),
    at("accounts.sign_in"),
    at("accounts.sign_in", steps.send_nothing, status=422),
    at("accounts.request_link"),
    at("accounts.link_requested"),
    at("accounts.open_link", token="welcome"),
    at("accounts.open_link", token="used", status=410),
    at("portal.meeting", slug="rencontre-inconnue", status=404),
    at("my_registration.show", token="faux", status=404),
]

TEAM = [
    at("office.dashboard"),
    at("accounts.profile"),
    at("accounts.password"),
    at("accounts.password", steps.send_nothing, status=422),
    at("accounts.list_accounts"),
    at("accounts.edit_account", account_id="account"),
    at("accounts.invite"),
    at("accounts.invite", steps.send_nothing, status=422),
    at("meetings.list_meetings"),
    at("meetings.list_meetings", q="aucune rencontre ainsi nommée"),
    at("meetings.create_meeting"),
    at("meetings.create_meeting", steps.send_nothing, status=422),
    at("meetings.edit_meeting", meeting_id="meeting"),
    at("meetings.edit_meeting", meeting_id="cancelled"),
    at("meetings_programme.show_programme", meeting_id="meeting"),
    at("meetings_programme.show_programme", meeting_id="draft"),
    at("meetings_programme.show_programme", meeting_id="empty"),
    at("meetings_programme.add_session", meeting_id="meeting"),
    at("meetings_programme.add_session", steps.send_nothing, status=422, meeting_id="meeting"),
    at("meetings_programme.edit_session", meeting_id="draft", session_id="draft_session"),
    at("meetings_programme.remove_session", meeting_id="meeting", session_id="session"),
    at("meetings_documents.list_documents", meeting_id="meeting"),
    at("meetings_documents.list_documents", steps.send_nothing, status=422, meeting_id="meeting"),
    at("meetings_duplicates.preview", meeting_id="meeting"),
    at("meetings_states.check_publication", meeting_id="draft"),
    at("meetings_states.check_publication", meeting_id="meeting"),
    at("meetings_states.cancel", meeting_id="meeting"),
    at("office_registrations.list_all", meeting_id="meeting"),
    at("office_registrations.list_all", meeting_id="draft"),
    at("office_registrations.show", meeting_id="meeting", registration_id="registration"),
    at("office_registrations.edit", meeting_id="meeting", registration_id="registration"),
    at("office_registrations.show_form", meeting_id="meeting"),
    at("office_registrations.show_form", steps.send_nothing, status=422, meeting_id="meeting"),
    at("campaigns.list_campaigns", meeting_id="meeting"),
    at("campaigns.list_campaigns", meeting_id="draft"),
    at("campaigns.new_campaign", meeting_id="meeting"),
    at("campaigns.new_campaign", steps.send_nothing, status=422, meeting_id="meeting"),
    at("campaigns.show_campaign", meeting_id="meeting", campaign_id="campaign"),
    at("campaigns.show_campaign", meeting_id="meeting", campaign_id="new_campaign"),
    at("campaigns.edit_campaign", meeting_id="meeting", campaign_id="campaign"),
    at("campaigns.edit_campaign", steps.preview, meeting_id="meeting", campaign_id="campaign"),
    at("campaigns.check_sending", meeting_id="meeting", campaign_id="campaign"),
    at("campaigns.check_sending", meeting_id="meeting", campaign_id="new_campaign"),
    at("campaigns.new_invitee", meeting_id="meeting", campaign_id="campaign"),
    at("invitee_imports.new_import", meeting_id="meeting", campaign_id="campaign"),
    at("invitee_imports.new_import", steps.send_nothing, 422, meeting_id="meeting", campaign_id="campaign"),
    at("invitee_imports.show_import", meeting_id="meeting", campaign_id="campaign", import_id="import"),
    at(
        "invitee_imports.show_import",
        meeting_id="meeting",
        campaign_id="campaign",
        import_id="import_unknown",
    ),
    at("reminders.list_rules", meeting_id="meeting"),
    at("reminders.list_rules", meeting_id="draft"),
    at("reminders.new_rule", meeting_id="meeting"),
    at("reminders.edit_rule", meeting_id="meeting", rule_id="rule"),
    at("attendance.show_desk", meeting_id="meeting"),
    at("attendance.show_desk", meeting_id="writing"),
    at("attendance.show_desk", meeting_id="draft"),
    at("attendance.show_documents", meeting_id="meeting"),
    at("minutes.show", meeting_id="unwritten"),
    at("minutes.show", meeting_id="writing"),
    at("minutes.show", meeting_id="approved"),
    at("minutes.show", meeting_id="corrected"),
    at("minutes.edit_session", meeting_id="writing"),
    at("minutes.edit_item", meeting_id="writing", item_id="item"),
    at("minutes.edit_item", steps.open_every_block, meeting_id="writing", item_id="item"),
    at("minutes.ask_to_remove_item", meeting_id="writing", item_id="item"),
    at(
        "minutes_blocks.ask_to_remove",
        meeting_id="writing",
        item_id="item",
        kind="decisions",
        block_id="block",
    ),
    at("minutes_publishing.check", meeting_id="approved"),
    at("minutes_publishing.check", steps.publish_unchecked, status=422, meeting_id="approved"),
    at("team.show", meeting_id="meeting"),
    at("directory.list_organisations"),
    at("directory.create_organisation"),
    at("directory.create_organisation", steps.send_nothing, status=422),
    at("directory.edit_organisation", organisation_id="organisation"),
    at("directory.list_people"),
    at("directory.create_person"),
    at("directory.create_person", steps.send_nothing, status=422),
    at("directory.edit_person", person_id="person"),
    at("directory.edit_themes"),
    at("mail.all_mail"),
    at("mail.one_mail", mail_id="mail"),
    at("news.list_articles"),
    at("news.write"),
    at("news.write", steps.send_nothing, status=422),
    at("news.edit", article_id="article"),
    at("pdf.document", token="waiting"),
    at("pdf.document", token="failed"),
    at("meetings.edit_meeting", meeting_id="0", status=404),
]
