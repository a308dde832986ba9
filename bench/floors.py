"""What the figures are compared with: the least an application can do under the same server."""

from __future__ import annotations

import os
import sqlite3
import threading
from typing import Any

import psycopg
from flask import Flask, request
from sqlalchemy import make_url

URL = "BENCH_FLOOR_URL"
TABLE = "CREATE TABLE floor (id {key}, email TEXT NOT NULL, made_at TEXT NOT NULL)"


def bare_page() -> Flask:
    """A page that is a constant."""
    app = Flask(__name__, static_folder=None)

    @app.get("/")
    def page() -> str:
        return "<!doctype html><html lang=fr><title>Rencontre</title><h1>Rencontre</h1><p>Bonjour.</p></html>"

    return app


def bare_commit() -> Flask:
    """One INSERT and its durable COMMIT, by the driver alone, on a connection kept open by each thread."""
    app, own, url = Flask(__name__, static_folder=None), threading.local(), os.environ[URL]
    insert = _insert_sqlite if _is_sqlite(url) else _insert_postgresql

    @app.post("/")
    def add() -> tuple[str, int]:
        if not hasattr(own, "connection"):
            own.connection = connect(url)
        insert(own.connection, request.form["email"])
        return "", 201

    return app


def make_table(url: str) -> None:
    """The table that ``bare_commit`` fills exists."""
    key = "INTEGER PRIMARY KEY" if _is_sqlite(url) else "INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    connection = connect(url)
    connection.execute(TABLE.format(key=key))
    connection.commit()
    connection.close()


def connect(url: str) -> Any:
    """Return a connection as durable as the application's."""
    if not _is_sqlite(url):
        return psycopg.connect(url.replace("+psycopg", ""))
    connection = sqlite3.connect(str(make_url(url).database), isolation_level=None, timeout=15)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _insert_sqlite(connection: sqlite3.Connection, email: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO floor (email, made_at) VALUES (?, CURRENT_TIMESTAMP)", (email,))
    connection.execute("COMMIT")


def _insert_postgresql(connection: psycopg.Connection[Any], email: str) -> None:
    connection.execute("INSERT INTO floor (email, made_at) VALUES (%s, CURRENT_TIMESTAMP)", (email,))
    connection.commit()


def _is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")
