"""Facts about the messages that leave."""

from __future__ import annotations

import pytest

from eventsapp.mail.transport import Message, mail

LONG = "<p>" + "é " * 3000 + "</p>"
ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:R\xc3\xa9union\r\nEND:VCALENDAR\r\n"

pytestmark = pytest.mark.usefixtures("context")


def message(**changes):
    fields = {
        "subject": "Confirmation : réunion du 14 juin à Évry-Courcouronnes, salle des fêtes de l’hôtel de ville",
        "recipient": "camille@exemple.example",
        "recipient_name": "Camille Exemplé",
        "body": "Bonjour.\n.\n.une ligne qui commence par un point\n",
        "html": LONG,
        "message_id": "<abc@exemple.example>",
        **changes,
    }
    return Message(**fields)


def through(relay, **changes):
    with mail.connect() as connection:
        connection.send(message(**changes))
    return relay.received[-1]


def test_no_line_is_longer_than_smtp_allows(relay):
    got = through(
        relay, calendar=ICS, calendar_method="REQUEST", unsubscribe_url="https://exemple.example/" + "x" * 400
    )
    assert max(len(line) for line in got.raw.split(b"\r\n")) <= 998
    assert b"\n" not in got.raw.replace(b"\r\n", b"")


def test_the_text_arrives_as_it_was_written(relay):
    got = through(relay)
    assert got.get_body(("plain",)).get_content().replace("\r\n", "\n") == message().body
    assert got.get_body(("html",)).get_content().strip() == LONG
    assert str(got["Subject"]) == message().subject
    assert got["To"].addresses[0].display_name == "Camille Exemplé"


def test_the_calendar_entry_is_an_alternative_and_says_its_method(relay):
    got = through(relay, calendar=ICS, calendar_method="CANCEL")
    assert got.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in got.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    calendar = list(got.iter_parts())[2]
    assert calendar["Content-Type"].params["method"] == "CANCEL"
    assert calendar.get_content().encode() == ICS


def test_machines_are_told_not_to_answer_and_people_how_to_stop(relay):
    got = through(
        relay, unsubscribe_url="https://exemple.example/desinscription/1", reply_to="equipe@exemple.example"
    )
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["List-Unsubscribe"] == "<https://exemple.example/desinscription/1>"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert got["Reply-To"] == "equipe@exemple.example"
    assert got["Message-ID"] == "<abc@exemple.example>"


def test_an_accented_domain_is_written_as_relays_want_it(relay):
    got = through(relay, recipient="mairie@évry.example")
    assert got["To"].addresses[0].addr_spec == "mairie@xn--vry-9la.example"


def test_two_messages_share_nothing_but_constants(relay):
    first, second = (
        through(relay, subject="Un"),
        through(relay, subject="Deux", recipient="b@exemple.example"),
    )
    assert (first["Subject"], second["Subject"]) == ("Un", "Deux")
    assert second["To"].addresses[0].addr_spec == "b@exemple.example"
    assert "camille" not in second.raw.decode()


def test_flask_mail_records_what_is_sent(relay):
    with mail.record_messages() as sent:
        through(relay)
    assert [m.subject for m in sent] == [message().subject]
