"""A whole site for the browser: the demonstration, and what it lacks to fill every page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from eventsapp.accounts.models import Account
from eventsapp.accounts.services.managing import send_welcome
from eventsapp.accounts.services.signing_in import WELCOME_LASTS, create_link
from eventsapp.attendance.queries import purpose_of
from eventsapp.cli.demo.command import load_demo
from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.core.tables.reading import read_table
from eventsapp.core.tokens import make_token
from eventsapp.directory.models import Mandate, Organisation, Person
from eventsapp.geography.services import load_territories
from eventsapp.invitations.columns import is_known
from eventsapp.invitations.models import Campaign
from eventsapp.invitations.services.imports import keep_file
from eventsapp.mail.models import OutgoingMail
from eventsapp.meetings.models import Meeting
from eventsapp.meetings.plans import DocumentPlan
from eventsapp.meetings.services.documents import add_document
from eventsapp.minutes.models import Publication
from eventsapp.minutes.services import publishing
from eventsapp.news.models import Article
from eventsapp.pdf.orders import order_pdf
from eventsapp.registrations.allocation.allocate import allocate
from eventsapp.registrations.imports.columns import destination_of
from eventsapp.registrations.imports.services import examine, keep_review, start_import
from eventsapp.registrations.links import registration_token
from eventsapp.registrations.models import Allocation, Question, Registration, SavedView, SessionPlace
from eventsapp.registrations.offer import load_offer
from eventsapp.registrations.proposals import stored_result
from eventsapp.registrations.queries import get_setup
from eventsapp.registrations.queries.batches import Selection
from eventsapp.registrations.queries.wishes import load_wishes
from eventsapp.registrations.questions.services.templates import save_template
from eventsapp.registrations.services import bulk
from eventsapp.registrations.services.requests import ask_for_workshops
from eventsapp.registrations.services.transferring import pass_on_place
from eventsapp.reminders.models import ReminderRule
from tests.factories.database import store
from tests.factories.details import make_details
from tests.factories.imports import HEADER, lines, make_import
from tests.factories.invitations import make_campaign, make_invitation
from tests.factories.meetings import in_days, make_meeting, make_session, make_session_role
from tests.factories.questions import make_answer, make_question
from tests.factories.registrations import make_registration, make_setup
from tests.factories.wishes import make_wished_meeting, make_wisher
from tests.minutes.samples import Held, correct, make_held_meeting, publish, write_minutes

PEOPLE = (
    "Civilité;Nom;Prénom;Courriel;Organisme;Fonction\r\n"
    "Mme;Étienne;Zoé;zoe@exemple.fr;Métropole d’essai;Élue\r\n"
    "M.;Sans;Adresse;pas-une-adresse;Ville d’essai;Agent\r\n"
    "Mme;Étienne;Zoé;zoe@exemple.fr;Métropole d’essai;Élue\r\n"
).encode("cp1252")
UNREADABLE = b"a;b\r\n1;2\r\n"

Facts = dict[str, Any]


def load_site(app: Flask) -> Facts:
    """Fill the database; return what the addresses of pages are made of, by name."""
    with app.app_context():
        with unit_of_work():
            load_territories(at=now())
        with unit_of_work():
            load_demo(at=now())
        with unit_of_work():
            admin = db.session.scalars(select(Account).order_by(Account.id)).first()
            assert admin is not None
            facts: Facts = {"account": admin.id, "admin_email": admin.email}
            for add in (
                _demo,
                _drafts,
                _invitations,
                _imports,
                _registrations,
                _lines,
                _forms,
                _wishes,
                _minutes,
                _rest,
            ):
                facts.update(add(admin))
            return facts


def _coming(at: int) -> Meeting:
    """The coming regional meetings of the demonstration in order of date; the first is full."""
    coming = select(Meeting).where(Meeting.is_demo, Meeting.kind == "regional", Meeting.state == "published")
    return db.session.scalars(coming.order_by(Meeting.starts_at)).all()[at]


def _demo(_admin: Account) -> Facts:
    meeting, full = _coming(1), _coming(0)
    held = db.session.scalars(select(Meeting).where(Meeting.kind == "review_day")).one()
    article = db.session.scalars(select(Article).order_by(Article.id)).first()
    first = db.session.scalars(select(Publication).order_by(Publication.id)).first()
    rule = db.session.scalars(select(ReminderRule).where(ReminderRule.meeting_id == meeting.id)).first()
    assert article is not None
    assert first is not None
    assert rule is not None
    return {
        "meeting": meeting.id,
        "slug": meeting.slug,
        "full_slug": full.slug,
        "held": held.id,
        "held_slug": held.slug,
        "session": meeting.workshops[0].id,
        "series": meeting.series.slug if meeting.series else "",
        "rule": rule.id,
        "article": article.id,
        "article_slug": article.slug,
        "reference": first.reference,
    }


def _drafts(admin: Account) -> Facts:
    draft = make_meeting(title="Brouillon de rencontre", state="draft", city="", region_code=None)
    for title in ("Deux séances", "dans la même salle"):
        session = make_session(draft, title=title, room="Salle A")
        make_session_role(session, name="Alix Démonstration")
    empty = make_meeting(title="Rencontre sans programme", state="draft")
    cancelled = make_meeting(
        title="Rencontre annulée", state="cancelled", cancellation_reason="La salle est inondée."
    )
    plan = DocumentPlan(
        title="Plan d’accès", filename="plan.pdf", content=b"%PDF-1.7\n%%EOF\n", credit="Ville"
    )
    document = add_document(_coming(1), plan, by=admin, at=now())
    db.session.flush()
    return {
        "draft": draft.id,
        "draft_session": draft.sessions[0].id,
        "empty": empty.id,
        "cancelled": cancelled.id,
        "cancelled_slug": cancelled.slug,
        "document": document.id,
    }


def _invitations(admin: Account) -> Facts:
    meeting = _coming(1)
    campaign = make_campaign(meeting, title="Élues et élus de la région")
    unsent = make_invitation(campaign)
    make_invitation(campaign, answer="declined")
    for _number in range(30):
        make_invitation(campaign, sent_at=now())
    files = {
        name: _kept(campaign, content, name, admin)
        for name, content in (("import", PEOPLE), ("import_unknown", UNREADABLE))
    }
    return {
        "campaign": campaign.id,
        "new_campaign": make_campaign(meeting, title="Relance").id,
        "invitation": make_token("invitation", unsent.id),
        **files,
    }


def _kept(campaign: Campaign, content: bytes, name: str, admin: Account) -> int:
    header = read_table(content, is_known).header
    return keep_file(campaign, content=content, header=header, filename=f"{name}.csv", by=admin, at=now()).id


def _registrations(admin: Account) -> Facts:
    meeting, cancelled = _coming(1), db.session.scalars(select(Meeting).where(Meeting.state == "cancelled"))
    mine = db.session.scalars(select(Registration).where(Registration.meeting_id == meeting.id)).first()
    assert mine is not None
    gone = make_registration(meeting, state="cancelled")
    view = SavedView(account_id=admin.id, name="Élues et élus", query="type=elected", saved_at=now())
    of_cancelled = make_registration(cancelled.one())
    approving = make_meeting(title="Rencontre sur validation", capacity=20)
    make_setup(approving, admission="approval", checks_email=True)
    unverified = make_registration(approving, state="unverified", held_until=in_days(1))
    pending = make_registration(approving, state="pending")
    twin = make_registration(meeting, given_name=mine.given_name, family_name=mine.family_name)
    order = bulk.give_order(
        selection=Selection(meeting.id, ids=(mine.id, gone.id)),
        kind="message",
        options={"subject": "Salle changée", "message": "Rendez-vous en **salle B**."},
        by=admin,
        at=now(),
    )
    closed = make_meeting(title="Rencontre dont les choix sont clos", capacity=20)
    make_setup(closed, changes_close_at=now() - timedelta(days=1))
    workshops = [make_session(closed, title=title) for title in ("Mobilités", "Achats")]
    late, asking_change, asking_transfer = (
        make_registration(closed, sessions=workshops[:1]) for _number in range(3)
    )
    request = ask_for_workshops(
        registration=asking_change, session_ids=[workshops[1].id], message="Je parle à 15 h.", at=now()
    )
    pass_on_place(registration=asking_transfer, details=make_details(), at=now())
    opened = make_meeting(title="Rencontre à plusieurs, sur place ou à distance", capacity=20)
    make_setup(
        opened,
        allows_groups=True,
        attendance="both",
        access_code="Sésame",
        admission="members",
        checks_email=True,
    )
    return {
        "open_slug": opened.slug,
        "late": registration_token(late),
        "asking_change": registration_token(asking_change),
        "late_meeting": closed.id,
        "request": request.id,
        "registration": mine.id,
        "view": store(view).id,
        "batch": order.id,
        "twin": twin.id,
        "mine": registration_token(mine),
        "gone": registration_token(gone),
        "of_cancelled": registration_token(of_cancelled),
        "approving": approving.id,
        "to_decide": pending.id,
        "unverified": registration_token(unverified),
        "pending": registration_token(pending),
    }


def _imports(admin: Account) -> Facts:
    meeting = _coming(1)
    known = db.session.scalars(select(Registration).where(Registration.meeting_id == meeting.id)).first()
    assert known is not None
    rows = [
        ("Étienne", "Zoé", "zoe@exemple.fr", "Métropole d’essai", "Élue"),
        (known.family_name, known.given_name, "autre@exemple.fr", known.organisation, "Agent"),
        ("Sans", "Adresse", "pas-une-adresse", "Ville d’essai", "Martien"),
        ("Étienne", "Zoé", "zoe@exemple.fr", "Métropole d’essai", "Élue"),
    ]
    header = (*HEADER, "Organisme", "Type")
    done = make_import(
        meeting, lines(("Fait", "Import", "fait@exemple.fr", "", ""), rows[2], header=header), by=admin
    )
    destination = destination_of(load_offer(meeting, at=now()), by=admin)
    start_import(done, destination, is_told=False, by=admin, at=now())
    file = make_import(meeting, lines(*((*row, "") for row in rows), header=(*header, "Ateliers")), by=admin)
    keep_review(file, file.options, examine(file, file.options, destination, at=now()))
    return {
        "file": file.id,
        "file_unknown": make_import(meeting, UNREADABLE, by=admin).id,
        "imported": done.id,
    }


def _lines(_admin: Account) -> Facts:
    # The full meeting of the demonstration has waiting lists and an offer to answer.
    full = _coming(0)
    people = select(Registration).where(Registration.meeting_id == full.id)
    offered = db.session.scalars(people.where(Registration.state == "offered")).one()
    in_line = db.session.scalars(people.where(Registration.state == "waiting").order_by(Registration.id))
    place = db.session.scalars(select(SessionPlace).where(SessionPlace.state == "waiting")).first()
    assert place is not None
    beside = make_session(make_meeting(title="Rencontre d’une proposition"), capacity=1)
    proposed = make_registration(beside.meeting)
    until = in_days(2)
    store(
        SessionPlace(
            registration=proposed,
            session=beside,
            state="offered",
            place_number=1,
            offered_at=now(),
            held_until=until,
            taken_at=now(),
        )
    )
    return {
        "full": full.id,
        "awaited": place.session_id,
        "offered": registration_token(offered),
        "in_line": registration_token(in_line.all()[0]),
        "awaiting": registration_token(place.registration),
        "proposed": registration_token(proposed),
        "proposing": beside.meeting_id,
        "proposed_session": beside.id,
    }


def _forms(admin: Account) -> Facts:
    # One meeting of the demonstration asks questions.
    asked = db.session.scalars(select(Question).order_by(Question.id)).all()
    meeting = db.session.get_one(Meeting, asked[0].meeting_id)
    mine = db.session.scalars(select(Registration).where(Registration.meeting_id == meeting.id)).first()
    assert mine is not None
    make_answer(mine, make_question(meeting, label="Question retirée", retired_at=now()), "Réponse gardée")
    template = save_template(meeting=meeting, title="Rencontre avec repas", by=admin, at=now())
    return {
        "asking": meeting.id,
        "asking_slug": meeting.slug,
        "asked_question": next(one.id for one in asked if one.kind == "choices"),
        "question": f"question:{asked[0].id}",
        "answering": mine.id,
        "answered": registration_token(mine),
        "form_template": template.id,
    }


def _wishes(admin: Account) -> Facts:
    wished, sessions = make_wished_meeting(3, 3, 12, wishes_close_at=in_days(5))
    make_session(wished, hour=4, capacity=20)
    wisher = make_wisher(wished, *sessions[:2])
    allocating, workshops = make_wished_meeting(2, 3, most_per_organisation=3)
    people = [make_wisher(allocating, *workshops, organisation="Ville d’essai") for _number in range(8)]
    make_registration(allocating)
    wishes = load_wishes(workshops, get_setup(allocating.id))
    draft = {
        "meeting_id": allocating.id,
        "fingerprint": wishes.fingerprint,
        "result": stored_result(allocate(wishes.people, wishes.workshops)),
        "made_at": now(),
        "made_by_id": admin.id,
    }
    store(Allocation(**draft))
    return {
        "wished": wished.id,
        "wished_slug": wished.slug,
        "wisher": registration_token(wisher),
        "allocating": allocating.id,
        "allocated_session": workshops[0].id,
        "allocated_person": people[0].id,
    }


def _minutes(_admin: Account) -> Facts:
    writing, approved, corrected = (_written(day) for day in (-3, -10, -20))
    publishing.submit_for_review(approved.minutes, by=approved.account, at=now())
    publishing.approve_minutes(approved.minutes, "", by=approved.account, at=now())
    first = publish(corrected)
    correct(corrected)
    publish(corrected, "Une date était fausse.")
    item = writing.minutes.items[-1]
    return {
        "writing": writing.meeting.id,
        "item": item.id,
        "block": item.decisions[0].id,
        "approved": approved.meeting.id,
        "corrected": corrected.meeting.id,
        "replaced": first.reference,
        "unwritten": make_meeting(title="Rencontre d’hier", state="held", starts_at=in_days(-1)).id,
    }


def _written(day: int) -> Held:
    starts_at = in_days(day)
    held = make_held_meeting(
        title=f"Rencontre tenue, compte rendu {-day}",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=8),
    )
    write_minutes(held)
    return held


def _rest(admin: Account) -> Facts:
    making = order_pdf(purpose="minutes", title="Compte rendu", filename="cr.pdf", html="<p>", at=now())
    waiting, failed, ready = (
        order_pdf(
            purpose=purpose_of(_coming(1).id),
            title=title,
            filename=f"{title}.pdf",
            html="<p>",
            at=now(),
            requested_by=admin.id,
        )
        for title in ("En attente", "En échec", "Prêt")
    )
    failed.state, failed.error = "failed", "Ce document appelle une image extérieure, ce qui est refusé."
    ready.state, ready.content, ready.page_count = "ready", b"%PDF-1.7\n", 1
    ready.byte_count, ready.sha256, ready.ready_at = 9, "0" * 64, now()
    organisation = db.session.scalars(select(Organisation).order_by(Organisation.id)).first()
    assert organisation is not None
    person = store(Person(given_name="Personne", family_name="Démonstration", email="personne@exemple.fr"))
    store(Mandate(person_id=person.id, organisation_id=organisation.id, title="Présidente"))
    for _number in range(2):
        send_welcome(admin, by=admin, at=now())
    *_others, mail, doubtful = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()[-2:]
    mail.state, mail.server_reply, doubtful.state = "failed", "550 5.1.1 No such person", "doubtful"
    _link, token = create_link(admin, purpose="welcome", lasts=WELCOME_LASTS, at=now())
    used, used_token = create_link(admin, purpose="welcome", lasts=WELCOME_LASTS, at=now())
    used.used_at = now()
    return {
        "organisation": organisation.id,
        "person": person.id,
        "mail": mail.id,
        "making": making.token,
        "waiting": waiting.token,
        "failed": failed.token,
        "welcome": token,
        "used": used_token,
    }
