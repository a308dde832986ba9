"""The application factory: the only place that knows every slice."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask

import eventsapp.mail.models  # noqa: F401 - every table is known to the migrations
from config import ROOT, load_settings
from eventsapp.accounts import menu as accounts_menu
from eventsapp.accounts import views as accounts_views
from eventsapp.accounts.commands import accounts_cli
from eventsapp.accounts.session import load_account
from eventsapp.attendance import menu as attendance_menu
from eventsapp.attendance import subscribers as attendance_subscribers
from eventsapp.attendance import views as attendance_views
from eventsapp.cli.demo.command import demo_cli
from eventsapp.cli.serve import serve
from eventsapp.core import assets, db, errors, i18n, logs, menus, readings, security, signing, templating
from eventsapp.directory import lookup as directory_lookup
from eventsapp.directory import menu as directory_menu
from eventsapp.directory import views as directory_views
from eventsapp.geography import views as geography_views
from eventsapp.geography.commands import geography_cli
from eventsapp.invitations import menu as invitations_menu
from eventsapp.invitations import subscribers as invitations_subscribers
from eventsapp.invitations.views import answers as invitation_answers
from eventsapp.invitations.views import campaigns, imports
from eventsapp.mail import drain as mail_drain
from eventsapp.mail import menu as mail_menu
from eventsapp.mail import views as mail_views
from eventsapp.meetings import facts as meetings_facts
from eventsapp.meetings import menu as meetings_menu
from eventsapp.meetings.views import documents as meetings_documents
from eventsapp.meetings.views import duplicates as meetings_duplicates
from eventsapp.meetings.views import meetings as meetings_views
from eventsapp.meetings.views import programme as meetings_programme
from eventsapp.meetings.views import states as meetings_states
from eventsapp.minutes import menu as minutes_menu
from eventsapp.minutes.views import blocks as minutes_blocks
from eventsapp.minutes.views import editing as minutes_editing
from eventsapp.minutes.views import public as publications
from eventsapp.minutes.views import publishing as minutes_publishing
from eventsapp.news import menu as news_menu
from eventsapp.news import views as news_views
from eventsapp.pdf import views as pdf_views
from eventsapp.portal import gallery, office, team
from eventsapp.portal import menu as portal_menu
from eventsapp.portal import views as portal_views
from eventsapp.registrations import facts as registrations_facts
from eventsapp.registrations import menu as registrations_menu
from eventsapp.registrations import subscribers as registrations_subscribers
from eventsapp.registrations.questions.views import editor as form_editor
from eventsapp.registrations.questions.views import office as office_answers
from eventsapp.registrations.questions.views import personal as my_answers
from eventsapp.registrations.questions.views import templates as form_templates
from eventsapp.registrations.views import asking, groups, personal, registering, verifying
from eventsapp.registrations.views import offers as my_offers
from eventsapp.registrations.views import office as office_registrations
from eventsapp.registrations.views import wishes as my_wishes
from eventsapp.reminders import menu as reminders_menu
from eventsapp.reminders import subscribers as reminders_subscribers
from eventsapp.reminders import views as reminders_views
from eventsapp.worker import hints

BLUEPRINTS = (
    accounts_views.bp,
    attendance_views.bp,
    attendance_views.printed,
    minutes_editing.bp,
    minutes_blocks.bp,
    minutes_publishing.bp,
    publications.bp,
    pdf_views.bp,
    directory_lookup.bp,
    directory_views.bp,
    geography_views.bp,
    mail_views.bp,
    meetings_documents.bp,
    meetings_duplicates.bp,
    meetings_programme.bp,
    meetings_states.bp,
    meetings_views.bp,
    news_views.bp,
    registering.bp,
    groups.bp,
    personal.bp,
    my_offers.bp,
    my_wishes.bp,
    verifying.bp,
    asking.bp,
    office_registrations.bp,
    form_editor.bp,
    form_templates.bp,
    office_answers.bp,
    my_answers.bp,
    invitation_answers.bp,
    campaigns.bp,
    imports.bp,
    reminders_views.bp,
    portal_views.bp,
    office.bp,
    team.bp,
)

COMMANDS = (accounts_cli, demo_cli, geography_cli, serve)

# Modules that declare OFFICE_MENU and MEETING_TABS.
MENUS = (
    directory_menu,
    portal_menu,
    accounts_menu,
    meetings_menu,
    registrations_menu,
    invitations_menu,
    reminders_menu,
    attendance_menu,
    minutes_menu,
    news_menu,
    mail_menu,
)

# Who listens to what happened on a lower floor.
SUBSCRIPTIONS = (
    (meetings_facts.meeting_cancelled, registrations_subscribers.on_meeting_cancelled),
    (meetings_facts.meeting_rescheduled, registrations_subscribers.on_meeting_rescheduled),
    (meetings_facts.programme_changed, registrations_subscribers.on_programme_changed),
    (meetings_facts.meeting_duplicated, registrations_subscribers.on_meeting_duplicated),
    (meetings_facts.meeting_cancelled, invitations_subscribers.on_meeting_cancelled),
    (meetings_facts.meeting_cancelled, reminders_subscribers.on_meeting_cancelled),
    (meetings_facts.meeting_rescheduled, reminders_subscribers.on_meeting_rescheduled),
    (registrations_facts.invitation_followed, invitations_subscribers.on_invitation_followed),
    (registrations_facts.person_registered, invitations_subscribers.on_person_registered),
    (registrations_facts.registrations_merged, invitations_subscribers.on_registrations_merged),
    (registrations_facts.registrations_merged, attendance_subscribers.on_registrations_merged),
    (registrations_facts.registration_cancelled, registrations_subscribers.on_registration_cancelled),
    (registrations_facts.registration_cancelled, invitations_subscribers.on_registration_cancelled),
    (registrations_facts.registration_cancelled, reminders_subscribers.on_registration_cancelled),
)


class Site(Flask):
    """The application. No view is asynchronous: none is looked at, at each request, to know."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Return the application, configured from the environment; ``overrides`` are for tests.

    Raises config.SettingError naming a setting that cannot be used.
    """
    app = Site(
        "eventsapp",
        root_path=str(ROOT / "eventsapp"),
        template_folder="../templates",
        static_folder="../static",
    )
    app.config.update(load_settings(os.environ))
    app.config.update(overrides or {})
    logs.init_app(app)
    i18n.init_app(app)
    security.init_app(app)
    signing.init_app(app)
    errors.init_app(app)
    templating.init_app(app)
    assets.init_app(app)
    db.init_app(app)  # after them: what they add to the answer is added once the transaction has ended
    readings.init_app()
    mail_drain.init_app(app)
    hints.init_app(app)
    app.before_request(load_account)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    menus.init_app(app, MENUS)
    for fact, subscriber in SUBSCRIPTIONS:
        fact.connect(subscriber)
    if app.config["DEVELOPMENT"]:
        app.register_blueprint(gallery.bp)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app
