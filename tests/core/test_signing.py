"""Cookies and links are signed as itsdangerous signs them, only quicker."""

from __future__ import annotations

import pytest
from itsdangerous import BadSignature, SignatureExpired, URLSafeSerializer, URLSafeTimedSerializer
from time_machine import travel

from eventsapp.core.signing import QuickSerializer, QuickTimedSerializer

SECRET = "a key for tests only, long enough to be one"


@pytest.mark.parametrize(
    ("quick", "original"),
    [(QuickSerializer, URLSafeSerializer), (QuickTimedSerializer, URLSafeTimedSerializer)],
)
def test_each_reads_what_the_other_wrote(quick, original):
    ours, theirs = quick(SECRET, salt="essai"), original(SECRET, salt="essai")
    long = {"text": "abc" * 100, "number": 7}
    assert ours.loads(theirs.dumps(long)) == long
    assert theirs.loads(ours.dumps(long)) == long


@pytest.mark.parametrize("kind", [QuickSerializer, QuickTimedSerializer])
def test_a_changed_letter_another_secret_or_another_purpose_is_refused(kind):
    ours = kind(SECRET, salt="essai")
    signed = ours.dumps([12, 1])
    other_letter = "A" if signed[-4] != "A" else "B"
    for forged in (signed[:-4] + other_letter + signed[-3:], "WzEzLDFd" + signed[8:], "", "a.b.c"):
        with pytest.raises(BadSignature):
            ours.loads(forged)
    for other in (kind(SECRET, salt="autre"), kind(SECRET[::-1], salt="essai")):
        with pytest.raises(BadSignature):
            other.loads(signed)


def test_a_cookie_ends():
    ours = QuickTimedSerializer(SECRET, salt="essai")
    with travel("2026-09-01T08:00:00Z", tick=False):
        signed = ours.dumps("x")
    with travel("2026-09-01T08:02:00Z", tick=False), pytest.raises(SignatureExpired):
        ours.loads(signed, max_age=60)


def test_a_session_comes_back(app, client):
    with client.session_transaction() as session:
        session.update(account=7, said=[["success", "Bien reçu"]])
    with client.session_transaction() as session:
        assert dict(session) == {"account": 7, "said": [["success", "Bien reçu"]]}
