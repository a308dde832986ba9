"""One command, one machine: the site, its worker and, for trials, a mailbox that keeps every message here."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import click
from flask import current_app

from config import ROOT
from eventsapp.cli.supervisor import Child, Supervisor
from eventsapp.core.i18n import _
from eventsapp.worker.engine import QUEUES

WEB_THREADS = 8
OTHER_WORK = 4  # threads of the worker besides those that send messages
RELAY_PORTS = {25, 465, 587}  # a mail server of this machine listens there
ROOT_WARNING = "ignore:You're running the worker with superuser"


@click.command("serve")
@click.option("--port", default=8000, type=click.IntRange(1, 65535), help="Port of the site.")
@click.option("--host", default="127.0.0.1", help="Address the site listens on.")
@click.option("--mail-catcher/--no-mail-catcher", default=None, help="Keep messages here instead of sending.")
@click.option("--processes", default=1, type=click.IntRange(1, 32), help="Web processes; one with SQLite.")
def serve(port: int, host: str, mail_catcher: bool | None, processes: int) -> None:
    """Start the site, its worker and the local mailbox, and keep them running until Ctrl-C."""
    config = current_app.config
    catches = _is_mail_kept_here(config) if mail_catcher is None else mail_catcher
    doors = [(host, port)]
    if catches:
        doors += [("127.0.0.1", config["MAIL_PORT"]), ("127.0.0.1", config["MAIL_CATCHER_PORT"])]
    refuse_taken_ports(doors)
    children = [Child("site", web_command(host, port, processes), _environment())]
    children.append(Child("envois", worker_command(config), _environment(WORKER_KEEPS_TIME="1")))
    if catches:
        children.append(Child("messages", catcher_command(config), _environment()))
    _announce(host, port, config["MAIL_CATCHER_PORT"] if catches else None)
    Supervisor(children, say=click.echo).run()
    click.echo(_("Tout est arrêté."))


def web_command(host: str, port: int, processes: int = 1) -> list[str]:
    """Return the command of the web server."""
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        *(sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", where),
        *("--worker-class", "gthread", "--workers", str(processes), "--threads", str(WEB_THREADS)),
        *("--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"),
    ]


def worker_command(config: Mapping[str, Any]) -> list[str]:
    """Return the command of a worker that does every kind of work."""
    return [
        *(sys.executable, "-W", ROOT_WARNING, "-m", "celery", "-A", "eventsapp.cli.worker", "-q", "worker"),
        *(
            "--pool",
            "threads",
            "--concurrency",
            str(config["MAIL_CONNECTIONS"] + OTHER_WORK),
            "--queues",
            QUEUES,
        ),
        *("--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def catcher_command(config: Mapping[str, Any]) -> list[str]:
    """Return the command of the local mailbox."""
    return [
        *(sys.executable, "-m", "eventsapp.cli.mail_catcher"),
        *("--smtp-port", str(config["MAIL_PORT"]), "--web-port", str(config["MAIL_CATCHER_PORT"])),
        *("--time-zone", config["TIME_ZONE"]),
    ]


def refuse_taken_ports(doors: list[tuple[str, int]]) -> None:
    """Stop with one sentence when a port is in use, before anything is started."""
    for host, port in doors:
        if reason := _why_closed(host, port):
            click.echo(reason, err=True)
            sys.exit(1)


def _why_closed(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except PermissionError:
            return _(
                "Le port %(port)s demande des droits d’administration ; choisissez-en un au-dessus de 1023.",
                port=port,
            )
        except OverflowError:
            return _("Le port %(port)s n’existe pas.", port=port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return _("Le port %(port)s est déjà pris ; choisissez-en un autre.", port=port)
            return _("L’adresse %(host)s n’est pas celle de cette machine.", host=host)
    return None


def _is_mail_kept_here(config: Mapping[str, Any]) -> bool:
    """By default the local mailbox stands in for the relay as long as no real one has been set."""
    is_real = (
        config["MAIL_PORT"] in RELAY_PORTS or config["MAIL_USERNAME"] or config["MAIL_SECURITY"] != "none"
    )
    return not is_real and _is_loopback(config["MAIL_SERVER"])


def _is_loopback(server: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(server).is_loopback
    return server == "localhost"


def _environment(**more: str) -> dict[str, str]:
    """Children import the project from wherever the command was typed."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **more}


def _announce(host: str, port: int, catcher_port: int | None) -> None:
    shown = f"[{host}]" if ":" in host else host
    click.echo(_("Site : %(url)s", url=f"http://{shown}:{port}"))
    if catcher_port:
        click.echo(
            _(
                "Messages envoyés : %(url)s (rien ne quitte cette machine)",
                url=f"http://127.0.0.1:{catcher_port}",
            )
        )
    click.echo(_("Ctrl-C arrête tout."))
