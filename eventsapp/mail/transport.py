"""SMTP: Flask-Mail's interface, with our own connection and our own MIME.

As shipped, Flask-Mail's connection has no time-out, checks no certificate, and writes lines longer
than the 998 characters that RFC 5321 allows (docs/adr/0004).
"""

from __future__ import annotations

import secrets
import smtplib
import ssl
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import formatdate
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import flask_mail
from flask import Flask, current_app

REOPENED_AFTER = 100  # messages over one connection; many relays close it around there


class _PolicyThatRemembers(EmailPolicy):
    """Most headers repeat from one message to the next; parsing and folding them is half of the work."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return _parsed(name, value) if type(value) is str else SMTP.header_store_parse(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return _folded(name, value)


@lru_cache(maxsize=512)
def _parsed(name: str, value: str) -> tuple[str, Any]:
    return SMTP.header_store_parse(name, value)


@lru_cache(maxsize=512)
def _folded(name: str, value: Any) -> bytes:
    return SMTP.fold_binary(name, value)


POLICY = _PolicyThatRemembers(linesep="\r\n")
BOUNDARY = f"=_{secrets.token_hex(16)}"  # of this process: nobody can write it into a text


class Message(flask_mail.Message):
    """A message to one person: text, HTML and perhaps a calendar entry, as alternatives of one another."""

    def __init__(
        self,
        *,
        subject: str,
        recipient: str,
        recipient_name: str = "",
        body: str,
        html: str,
        message_id: str,
        reply_to: str | None = None,
        unsubscribe_url: str | None = None,
        calendar: bytes | None = None,
        calendar_method: str | None = None,
    ) -> None:
        super().__init__(subject=subject, recipients=[recipient], body=body, html=html, reply_to=reply_to)
        self.recipient = ascii_domain(recipient)
        self.recipient_name = recipient_name
        self.msgId = message_id
        self.unsubscribe_url = unsubscribe_url
        self.calendar = calendar
        self.calendar_method = calendar_method
        self._built: bytes | None = None

    def headers(self) -> dict[str, Any]:
        """Return the headers that this message carries."""
        network, sender = current_app.config["NETWORK_NAME"], current_app.config["MAIL_SENDER"]
        headers: dict[str, Any] = {
            "From": Address(network, addr_spec=sender),
            "To": Address(self.recipient_name, addr_spec=self.recipient),
            "Subject": self.subject,
            "Date": formatdate(self.date),
            "Message-ID": self.msgId,
            "Auto-Submitted": "auto-generated",  # RFC 3834: no absence notice answers it
            "X-Auto-Response-Suppress": "OOF, AutoReply",  # the same, for Exchange
        }
        if self.reply_to:
            headers["Reply-To"] = self.reply_to
        if self.unsubscribe_url:
            headers["List-Unsubscribe"] = f"<{self.unsubscribe_url}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        return headers

    def as_bytes(self) -> bytes:
        if self._built is None:
            self._built = self._message().as_bytes()
        return self._built

    def _message(self) -> EmailMessage:  # type: ignore[override]  # Flask-Mail expects MIMEBase, uses as_bytes()
        mime = EmailMessage(policy=POLICY)
        for name, value in self.headers().items():
            mime[name] = value
        mime.set_content(self.body or "", cte="quoted-printable")
        mime.make_alternative(boundary=BOUNDARY)
        mime.add_alternative(self.html or "", subtype="html", cte="quoted-printable")
        if self.calendar:
            # Inside the alternative, and with its method: where calendars look for an invitation (RFC 6047).
            mime.add_alternative(
                self.calendar.decode(),
                subtype="calendar",
                cte="base64",
                params={"method": self.calendar_method, "component": "VEVENT"},
            )
        return mime


def ascii_domain(address: str) -> str:
    """Return the address with its domain as relays want it (xn--…)."""
    local, _at, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


class _TwoPhase:
    """Calls ``before_payload`` once the server has said 354, and ``after_accept`` once it has said 250."""

    before_payload: Callable[[], None] | None = None
    after_accept: Callable[[], None] | None = None

    def data(self: Any, msg: Any) -> tuple[int, bytes]:
        self.putcmd("data")
        code, answer = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, answer)
        if self.before_payload:
            self.before_payload()
        self.send(_dotted(msg))
        reply: tuple[int, bytes] = self.getreply()
        if reply[0] == 250 and self.after_accept:
            self.after_accept()
        return reply


def _dotted(payload: bytes) -> bytes:
    """A line that begins with a dot gets a second one, and a lonely dot ends the message (RFC 5321)."""
    ending = b".\r\n" if payload.endswith(b"\r\n") else b"\r\n.\r\n"
    stuffed = payload.replace(b"\r\n.", b"\r\n..")
    return (b"." + stuffed if stuffed.startswith(b".") else stuffed) + ending


class TwoPhaseSMTP(_TwoPhase, smtplib.SMTP):
    pass


class TwoPhaseSMTPS(_TwoPhase, smtplib.SMTP_SSL):
    pass


class Connection(flask_mail.Connection):
    """One conversation with the relay: bounded in time, on a verified certificate, reopened when it wears out."""

    host: Any

    def configure_host(self) -> Any:
        config = current_app.config
        options = {"timeout": config["MAIL_TIMEOUT_SECONDS"], "local_hostname": _own_name()}
        if self.mail.use_ssl:
            host: Any = TwoPhaseSMTPS(
                self.mail.server, self.mail.port, context=ssl.create_default_context(), **options
            )
        else:
            host = TwoPhaseSMTP(self.mail.server, self.mail.port, **options)
        try:
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(self, error: object = None, *_details: object) -> None:
        if self.host is None:
            return
        try:
            if error is None:
                self.host.quit()
        except (smtplib.SMTPException, OSError):
            pass  # gone already
        finally:
            self.host.close()

    def reopen(self) -> None:
        """Leave without a word, in whatever state the conversation is, and start a new one."""
        if self.host is not None:
            self.host.close()
            self.host = self.configure_host()
        self.num_emails = 0

    def send(self, message: flask_mail.Message, envelope_from: Any = None) -> None:
        """Hand one message to the relay; raise smtplib's errors."""
        if self.num_emails >= REOPENED_AFTER:
            self.__exit__()
            self.host = self.configure_host() if self.host is not None else None
            self.num_emails = 0
        if self.host is not None:
            sender, recipients = envelope_from or current_app.config["MAIL_SENDER"], _addresses(message)
            options = [] if all(x.isascii() for x in recipients) else ["SMTPUTF8"]
            self.host.sendmail(sender, recipients, message.as_bytes(), options)
        self.num_emails += 1
        flask_mail.email_dispatched.send(current_app._get_current_object(), message=message)  # type: ignore[attr-defined]


def _addresses(message: flask_mail.Message) -> list[str]:
    return [ascii_domain(x if isinstance(x, str) else x[1]) for x in message.send_to]


def _own_name() -> str:
    """Return what we say in EHLO; asking the system may wait for a name server that is away."""
    name = urlsplit(current_app.config["PUBLIC_URL"]).hostname or ""
    return name if "." in name and not name.replace(".", "").isdigit() else "[127.0.0.1]"


class Mail(flask_mail.Mail):
    """Flask-Mail, with the connection above."""

    def init_app(self, app: Flask) -> Any:
        security = app.config["MAIL_SECURITY"]
        app.config.update(MAIL_USE_SSL=security == "tls", MAIL_USE_TLS=security == "starttls")
        app.config.setdefault("MAIL_DEFAULT_SENDER", app.config["MAIL_SENDER"])
        app.config.setdefault("MAIL_SUPPRESS_SEND", False)  # tests talk to a real SMTP server
        return super().init_app(app)

    def connect(self) -> Connection:
        return Connection(current_app.extensions["mail"])


mail = Mail()
