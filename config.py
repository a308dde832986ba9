"""Settings of the application: read once from the environment, typed, refused at start when wrong.

Each setting is declared once, in ``SETTINGS``; ``docs/settings.md`` is made from it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent
VAR = ROOT / "var"


class SettingError(ValueError):
    """A setting has a value that cannot be used; the message names the setting."""


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, how it is read, its default and what it is for."""

    name: str
    read: Callable[[str], object]
    default: object
    doc: str

    def value(self, environ: Mapping[str, str]) -> object:
        raw = environ.get(self.name, "").strip()
        if not raw:
            return self.default() if callable(self.default) else self.default
        try:
            return self.read(raw)
        except ValueError as error:
            raise SettingError(f"{self.name}={raw!r}: {error}") from error


def flag(raw: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if raw.lower() not in known:
        raise ValueError("expected 1 or 0")
    return known[raw.lower()]


def whole(minimum: int, maximum: int) -> Callable[[str], int]:
    def read(raw: str) -> int:
        number = int(raw)
        if not minimum <= number <= maximum:
            raise ValueError(f"expected a whole number from {minimum} to {maximum}")
        return number

    return read


def one_of(*words: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        if raw not in words:
            raise ValueError("expected one of " + ", ".join(words))
        return raw

    return read


def database_url(raw: str) -> str:
    if raw.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + raw.split("://", 1)[1]
    if not raw.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("expected sqlite:///… or postgresql://…")
    return raw


def web_address(raw: str) -> str:
    if not raw.startswith(("http://", "https://")):
        raise ValueError("expected an address that begins with http:// or https://")
    return raw.rstrip("/")


def time_zone(raw: str) -> str:
    try:
        ZoneInfo(raw)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("expected an IANA time zone such as Europe/Paris") from error
    return raw


def mail_address(raw: str) -> str:
    if "@" not in raw:
        raise ValueError("expected an e-mail address")
    return raw


def stored_secret() -> str:
    """Return the secret kept in var/secret-key, made at the first start, so that links survive a restart."""
    path = VAR / "secret-key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


def secret(raw: str) -> str:
    if len(raw) < 32:
        raise ValueError("expected at least 32 characters")
    return raw


SETTINGS = (
    Setting(
        "SECRET_KEY",
        secret,
        stored_secret,
        "Signs sessions and personal links; at least 32 characters. Without it, one is made and kept in var/secret-key.",
    ),
    Setting(
        "DATABASE_URL",
        database_url,
        f"sqlite:///{VAR / 'rencontres.sqlite3'}",
        "Database: sqlite:///path or postgresql://user:password@host/name.",
    ),
    Setting(
        "PUBLIC_URL",
        web_address,
        "http://127.0.0.1:8000",
        "Address of the site as people type it; links in messages begin with it.",
    ),
    Setting("SITE_NAME", str, "Rencontres", "Name of the site, in the header and in messages."),
    Setting(
        "NETWORK_NAME",
        str,
        "Réseau de démonstration",
        "Name of the network that organises, printed on documents.",
    ),
    Setting(
        "NETWORK_ADDRESS", str, "", "Postal address of the network, printed on documents and legal pages."
    ),
    Setting(
        "CONTACT_EMAIL",
        mail_address,
        "contact@rencontres.example",
        "Address people write to; shown on the legal and privacy pages.",
    ),
    Setting("TIME_ZONE", time_zone, "Europe/Paris", "Time zone of a new meeting (IANA name)."),
    Setting("DEVELOPMENT", flag, False, "1: gallery of components, cookies without https, readable logs."),
    Setting(
        "HTTPS_ONLY", flag, False, "1: cookies travel over https only and HSTS is sent. Set it in production."
    ),
    Setting(
        "TRUSTED_PROXIES",
        whole(0, 5),
        0,
        "Number of reverse proxies in front whose X-Forwarded-* headers are believed.",
    ),
    Setting(
        "MAX_UPLOAD_MEGABYTES",
        whole(1, 100),
        10,
        "Largest request body accepted, in megabytes; the pages of registration forms always accept three files of 5 MB.",
    ),
    Setting(
        "WAITING_FILES_MEGABYTES",
        whole(100, 1_000_000),
        1000,
        "Megabytes that files sent with a form may take, all together, until a registration has them (a day at most); one network address may take a tenth.",
    ),
    Setting(
        "REGISTRATIONS_PER_ADDRESS",
        whole(0, 100_000),
        60,
        "Registrations one network address may send to one process in ten minutes, and links it may ask for; 0: no limit.",
    ),
    Setting(
        "WRONG_CODES_PER_ADDRESS",
        whole(0, 10_000),
        20,
        "Wrong access codes of one meeting that one network address may send to one process in ten minutes, and a tenth of those that all addresses together may; 0: no limit.",
    ),
    Setting("SESSION_HOURS", whole(1, 720), 12, "Hours after which a signed-in person signs in again."),
    Setting("MAGIC_LINK_MINUTES", whole(5, 120), 20, "Minutes during which a sign-in link can be used."),
    Setting("MAIL_SERVER", str, "127.0.0.1", "SMTP relay."),
    Setting("MAIL_PORT", whole(1, 65535), 8025, "Port of the SMTP relay; 8025 is the local mail catcher."),
    Setting(
        "MAIL_SECURITY",
        one_of("none", "starttls", "tls"),
        "none",
        "none, starttls or tls; certificates are always verified.",
    ),
    Setting("MAIL_USERNAME", str, "", "Account on the SMTP relay, if it wants one."),
    Setting("MAIL_PASSWORD", str, "", "Password on the SMTP relay."),
    Setting("MAIL_SENDER", mail_address, "rencontres@rencontres.example", "Address messages come from."),
    Setting(
        "MAIL_TIMEOUT_SECONDS",
        whole(1, 300),
        30,
        "Seconds the relay may stay silent before the message is tried again later.",
    ),
    Setting(
        "MAIL_CONNECTIONS", whole(1, 16), 2, "Connections one worker opens to the relay at the same time."
    ),
    Setting(
        "MAIL_LEASE_SECONDS",
        whole(2, 3600),
        300,
        "Seconds after which the messages of a worker that died are taken up by another.",
    ),
    Setting(
        "MAIL_JOURNAL",
        str,
        str(VAR / "mail-journal"),
        "Local file in which a worker notes what leaves; keep it from one start to the next.",
    ),
    Setting(
        "MAIL_CATCHER_PORT", whole(1, 65535), 8026, "Port of the page that shows the messages caught locally."
    ),
    Setting(
        "BROKER_URL", str, "memory://", "memory:// (one machine) or redis://… or amqp://… (several workers)."
    ),
    Setting(
        "WORKER_KEEPS_TIME",
        flag,
        False,
        "1: this worker also starts the periodic tasks; without a broker it always does.",
    ),
    Setting("LOG_LEVEL", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "Least serious log line kept."),
)


def load_settings(environ: Mapping[str, str]) -> dict[str, object]:
    """Return the settings by name; raise SettingError naming the first wrong one."""
    return {setting.name: setting.value(environ) for setting in SETTINGS}
