"""Settings are typed, and a wrong one stops the start by its name."""

from __future__ import annotations

import pytest

from config import SettingError, load_settings

SECRET = "a secret of at least thirty-two characters"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "court"),
        ("DATABASE_URL", "mysql://ailleurs"),
        ("PUBLIC_URL", "rencontres.example"),
        ("TIME_ZONE", "Europe/Lutèce"),
        ("MAIL_PORT", "smtp"),
        ("MAIL_PORT", "70000"),
        ("MAIL_SECURITY", "perhaps"),
        ("DEVELOPMENT", "peut-être"),
        ("MAIL_SENDER", "personne"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        load_settings({"SECRET_KEY": SECRET, name: value})


def test_settings_are_read_with_their_type() -> None:
    settings = load_settings(
        {"SECRET_KEY": SECRET, "DATABASE_URL": "postgresql://a@b/c", "MAIL_PORT": "25", "HTTPS_ONLY": "yes"}
    )
    assert settings["DATABASE_URL"] == "postgresql+psycopg://a@b/c"
    assert settings["MAIL_PORT"] == 25
    assert settings["HTTPS_ONLY"] is True
    assert settings["TIME_ZONE"] == "Europe/Paris"


def test_an_empty_setting_takes_its_default() -> None:
    assert load_settings({"SECRET_KEY": SECRET, "MAIL_PORT": " "})["MAIL_PORT"] == 8025
