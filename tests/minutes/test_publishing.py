"""Promises 5, 6 and 10: frozen versions, one set of facts, nothing private in what is published."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DatabaseError

from eventsapp.attendance import documents as desk_documents
from eventsapp.attendance.queries import everyone_expected, half_days_of, marks_of_meeting
from eventsapp.core.clock import now
from eventsapp.core.db import db, unit_of_work
from eventsapp.mail.models import OutgoingMail
from eventsapp.minutes import errors
from eventsapp.minutes.checking import contacts_of, missing_parts, names_of
from eventsapp.minutes.documents import is_intact
from eventsapp.minutes.models import Publication
from eventsapp.minutes.queries import get_minutes, get_publication
from eventsapp.minutes.reading import readable
from eventsapp.minutes.services import publishing, writing
from tests.minutes.samples import TITLE, correct, make_held_meeting, publish, write_minutes

pytestmark = pytest.mark.usefixtures("context")


def published():
    held = make_held_meeting()
    write_minutes(held)
    return held, publish(held)


def test_a_published_version_does_not_follow_later_changes():
    with unit_of_work():
        held, publication = published()
        reference, before = publication.reference, json.dumps(publication.content)
    with unit_of_work():
        correct(held)
        item = get_minutes(held.meeting.id).items[0]
        writing.change_item(item, {"summary": "Autre texte"}, seen=1, by=held.account, at=now())
        held.meeting.title = "Autre titre"
        held.elected.family_name = "Autre"
    db.session.expire_all()
    stored = get_publication(reference)
    assert json.dumps(stored.content) == before
    assert is_intact(stored.content, stored.content_sha256)


def test_a_publication_cannot_be_changed_through_the_orm():
    with unit_of_work():
        _held, publication = published()
    publication.reason = "Retouche"
    with pytest.raises(errors.PublicationIsFrozen):
        db.session.flush()
    db.session.rollback()


def test_a_publication_cannot_be_deleted():
    with unit_of_work():
        _held, publication = published()
    db.session.delete(publication)
    with pytest.raises(errors.PublicationIsFrozen):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize(
    "statement",
    [update(Publication).values(reason="Retouche"), text("UPDATE publication SET content_sha256 = 'x'")],
)
def test_a_publication_cannot_be_changed_by_a_bare_statement(statement):
    with unit_of_work():
        published()
    with pytest.raises(DatabaseError, match="never changes"):
        db.session.execute(statement)
    db.session.rollback()


def test_a_correction_without_a_reason_is_refused():
    with unit_of_work():
        held, _first = published()
        correct(held)
        with pytest.raises(errors.ReasonIsMissing):
            publish(held)


def test_the_second_version_has_the_next_number_and_leaves_the_first_as_it_was():
    with unit_of_work():
        held, first = published()
        correct(held)
        second = publish(held, "Une date était fausse.")
        assert (first.number, second.number) == (1, 2)
        assert second.reference == first.reference.replace("-v1", "-v2")
        assert second.content["reason"] == "Une date était fausse."


@pytest.mark.parametrize("private", ["écrire à nom@exemple.fr", "au 01 23 45 67 89"])
@pytest.mark.parametrize("place", ["introduction", "summary", "intervention", "decision", "chair"])
def test_a_text_with_an_address_or_a_phone_number_is_refused(place, private):
    with unit_of_work():
        held = make_held_meeting()
        write_minutes(held)
        item = held.minutes.items[-1]
        target = {
            "introduction": held.minutes,
            "chair": held.minutes,
            "summary": item,
            "intervention": item.interventions[0],
            "decision": item.decisions[0],
        }[place]
        setattr(target, "text" if place in ("intervention", "decision") else place, private)
        with pytest.raises(errors.ContentCannotBePublished):
            publish(held)
        held.minutes.state = "approved"
        content = publishing.draft_content(held.minutes, "", issuer="Réseau", at=now())
        (refusal,) = contacts_of(content)
        assert refusal.item == (None if place in ("introduction", "chair") else 1)


def test_only_speakers_elected_officials_and_those_who_accepted_are_named():
    with unit_of_work():
        held, publication = published()
        attendance = publication.content["attendance"]
        assert [person["name"] for person in attendance["present"]] == ["de L’ÉTÉ Élise", "ŒUVRE Noël"]
        assert attendance["present_unnamed"] == 1
        assert [person["name"] for person in attendance["excused"]] == ["ABSENTE Léa"]
        assert [person["name"] for person in attendance["speakers"]] == ["Zoé Témoin (démonstration)"]
        everything = json.dumps(publication.content, ensure_ascii=False)
        assert "Discret" not in everything
        assert "DISCRET" not in everything
        assert "exemple.fr" not in everything
        assert held.discreet.phone not in everything


def test_the_check_lists_every_name_about_to_go_public():
    with unit_of_work():
        held = make_held_meeting()
        write_minutes(held)
        content = publishing.draft_content(held.minutes, "", issuer="Réseau", at=now())
        names = {name for name, _details, _where in names_of(content)}
        assert {
            "Mme Présidente (démonstration)",
            "Paul Rapporteur (démonstration)",
            "Zoé Témoin (démonstration)",
            "La région",
            "ŒUVRE Noël",
        } <= names


def test_the_check_says_what_is_missing():
    with unit_of_work():
        held = make_held_meeting()
        content = publishing.draft_content(held.minutes, "", issuer="Réseau", at=now())
        assert "L’heure d’ouverture manque." in missing_parts(content)
        assert any("Ouverture" in sentence for sentence in missing_parts(content))


def test_the_list_the_sheet_and_the_minutes_agree_on_title_hours_and_names():
    with unit_of_work():
        held, publication = published()
        people = everyone_expected(held.meeting.id)
        sheet = desk_documents.half_day_sheet(held.meeting, half_days_of(held.meeting), people)
        listed = desk_documents.participant_list(held.meeting, people, marks_of_meeting(held.meeting.id), {})
        shown = readable(publication.content)
        assert sheet["heading"]["title"] == listed["heading"]["title"] == shown["title"] == TITLE
        assert sheet["heading"]["when_sentence"] == listed["heading"]["when_sentence"] == shown["when"]
        assert "de 9\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30 à 17\N{NO-BREAK SPACE}h" in shown["when"]
        on_sheet = {row["name"] for row in sheet["rows"]}
        on_list = {row["name"] for group in listed["groups"] for row in group["rows"]}
        in_minutes = {person["name"] for person in shown["attendance"]["present"]}
        assert in_minutes <= on_list < on_sheet


def test_neither_the_list_nor_the_sheet_holds_an_address_or_a_phone_number():
    with unit_of_work():
        held, _publication = published()
        people = everyone_expected(held.meeting.id)
        content = [
            desk_documents.half_day_sheet(held.meeting, half_days_of(held.meeting), people),
            desk_documents.participant_list(held.meeting, people, {}, {}),
        ]
        assert "@" not in json.dumps(content)
        assert "01 23 45" not in json.dumps(content)


def test_each_person_is_told_once_of_a_version():
    with unit_of_work():
        _held, publication = published()
        again = get_publication(publication.reference)
        assert publishing.announce_publication(again, at=now()) == 4
        assert publishing.announce_publication(again, at=now()) == 0
        count = select(func.count()).select_from(OutgoingMail).where(OutgoingMail.purpose == "minutes")
        assert db.session.scalar(count) == 4


@pytest.mark.parametrize("step", ["approve_minutes", "publish_minutes"])
def test_a_draft_is_neither_approved_nor_published_before_review(step):
    with unit_of_work():
        held = make_held_meeting()
        extra = {"issuer": "Réseau"} if step == "publish_minutes" else {}
        with pytest.raises(errors.StepIsImpossible):
            getattr(publishing, step)(held.minutes, "", by=held.account, at=now(), **extra)


def test_the_document_is_ordered_once_a_version_and_prints_its_fingerprint():
    with unit_of_work():
        _held, publication = published()
        order = publication.pdf_order
        assert order.reuse_key == f"publication:{publication.reference}"
        assert publication.content_sha256 in order.html
        assert f"/verification/{publication.reference}" in order.html
        assert order.filename == "2026-12-01_lille_compte-rendu_v1.pdf"
