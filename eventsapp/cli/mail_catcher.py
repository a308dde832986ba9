"""A mailbox for trials: accepts every message, sends none, shows them on a page of this machine.

usage: python -m eventsapp.cli.mail_catcher --smtp-port 8025 --web-port 8026
"""

from __future__ import annotations

import email
import secrets
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default as modern
from itertools import count
from typing import Any

import click
from aiosmtpd.controller import Controller
from flask import Blueprint, Flask, Response, abort, current_app, redirect, render_template, url_for
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.serving import WSGIRequestHandler, make_server

from config import ROOT
from eventsapp.core import assets, i18n
from eventsapp.core.clock import now
from eventsapp.core.permissions import public

KEPT = 500
LARGEST_MESSAGE = 20 * 1024 * 1024
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The message of somebody else: no script, no form, no network; its links open elsewhere.
MESSAGE_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)

bp = Blueprint("mail_catcher", __name__)


@dataclass(frozen=True)
class Attachment:
    """A part that is not the text: calendar entries above all."""

    name: str
    kind: str
    content: str


@dataclass(frozen=True)
class CaughtMail:
    """A message as it arrived."""

    number: int
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]

    @property
    def attachments(self) -> list[Attachment]:
        parts = (part for part in self.message.walk() if not part.is_multipart())
        return [_attachment(x) for x in parts if x.get_content_type() not in ("text/plain", "text/html")]

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part else ""


def _attachment(part: Any) -> Attachment:
    content = part.get_content()
    shown = content if isinstance(content, str) else ""
    return Attachment(part.get_filename() or "", str(part["Content-Type"] or part.get_content_type()), shown)


class Mailbox:
    """The last messages, in memory: nothing survives a restart."""

    def __init__(self) -> None:
        self._kept: deque[CaughtMail] = deque(maxlen=KEPT)
        self._numbers: Iterator[int] = count(1)
        self._lock = threading.Lock()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        message = email.message_from_bytes(envelope.content, policy=modern)
        with self._lock:
            self._kept.append(
                CaughtMail(next(self._numbers), now(), envelope.mail_from, tuple(envelope.rcpt_tos), message)
            )
        return "250 2.0.0 Kept here"

    def newest_first(self) -> list[CaughtMail]:
        with self._lock:
            return list(reversed(self._kept))

    def get(self, number: int) -> CaughtMail | None:
        return next((mail for mail in self.newest_first() if mail.number == number), None)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


def create_catcher(mailbox: Mailbox, time_zone: str = "Europe/Paris") -> Flask:
    """Return the page of the mailbox; it shares the look of the site and nothing else."""
    app = Flask("mail_catcher", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.secret_key = secrets.token_hex(16)
    app.config["SESSION_COOKIE_NAME"] = "rencontres_messages"
    app.config.update(TIME_ZONE=time_zone, DEVELOPMENT=False)
    app.extensions["mailbox"] = mailbox
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["_"] = _in_french
    app.jinja_env.filters.update(time=i18n.format_time, day=i18n.format_day)
    Babel(app, default_locale="fr")
    CSRFProtect(app)
    assets.init_app(app)
    app.register_blueprint(bp)
    app.after_request(_protect)
    return app


def _in_french(message: str, **values: object) -> str:
    return i18n.french_spaces(message) % values if values else i18n.french_spaces(message)


def _protect(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response


def _mailbox() -> Mailbox:
    mailbox: Mailbox = current_app.extensions["mailbox"]
    return mailbox


def _one(number: int) -> CaughtMail:
    return _mailbox().get(number) or abort(404)


@bp.get("/")
@public
def all_mail() -> str:
    return render_template("mail_catcher/list.html", mails=_mailbox().newest_first(), kept=KEPT)


@bp.get("/<int:number>")
@public
def one_mail(number: int) -> str:
    return render_template("mail_catcher/message.html", mail=_one(number), shows_text=False)


@bp.get("/<int:number>/texte")
@public
def one_text(number: int) -> str:
    return render_template("mail_catcher/message.html", mail=_one(number), shows_text=True)


@bp.get("/<int:number>/html")
@public
def one_html(number: int) -> Response:
    page = '<base target="_blank">' + _one(number).html
    return Response(page, mimetype="text/html", headers={"Content-Security-Policy": MESSAGE_POLICY})


@bp.post("/effacement")
@public
def clear() -> Any:
    _mailbox().clear()
    return redirect(url_for("mail_catcher.all_mail"), 303)


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, *_details: object) -> None:
        pass


@click.command()
@click.option("--smtp-port", default=8025, type=int)
@click.option("--web-port", default=8026, type=int)
@click.option("--time-zone", default="Europe/Paris")
def main(smtp_port: int, web_port: int, time_zone: str) -> None:
    """Accept messages on one port and show them on the other, on this machine only."""
    mailbox = Mailbox()
    Controller(
        mailbox, hostname="127.0.0.1", port=smtp_port, data_size_limit=LARGEST_MESSAGE, enable_SMTPUTF8=True
    ).start()
    app = create_catcher(mailbox, time_zone)
    make_server("127.0.0.1", web_port, app, threaded=True, request_handler=_QuietHandler).serve_forever()


if __name__ == "__main__":
    main()
