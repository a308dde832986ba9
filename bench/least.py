"""The least application that registers somebody with the packages of the project, written as their manuals say.

A form of eleven fields with its protection, a session, a lock, one read, three rows and the durable commit. No rule, no
question, no waiting list, no text of a message, one index or two: what is left of the floor once Flask-WTF and
Flask-SQLAlchemy are in the path. It tells how far from the floor any application of this kind is on a machine.
"""

from __future__ import annotations

import os
import sqlite3
from typing import Any

from flask import Flask, redirect, session
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect, FlaskForm
from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, event, func, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug import Response
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

URL = "BENCH_LEAST_URL"
SLUG = "rencontre"
KINDS = ("elected", "officer", "network", "association", "company", "university", "state", "other")


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Meeting(Base):
    __tablename__ = "least_meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    capacity: Mapped[int | None]


class Person(Base):
    __tablename__ = "least_person"
    __table_args__ = (UniqueConstraint("meeting_id", "email"), UniqueConstraint("meeting_id", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey(Meeting.id))
    number: Mapped[int]
    email: Mapped[str]
    civility: Mapped[str]
    given_name: Mapped[str]
    family_name: Mapped[str]
    phone: Mapped[str]
    organisation: Mapped[str]
    job_title: Mapped[str]
    participant_kind: Mapped[str]
    region_code: Mapped[str]
    needs: Mapped[str]
    accepts_listing: Mapped[bool]


class Place(Base):
    __tablename__ = "least_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    session_id: Mapped[int]


class Mail(Base):
    __tablename__ = "least_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    text: Mapped[str]


class DetailsForm(FlaskForm):  # type: ignore[misc]
    civility = SelectField(choices=[("", ""), ("mme", "Madame"), ("m", "Monsieur")])
    given_name = StringField(validators=[DataRequired(), Length(max=100)])
    family_name = StringField(validators=[DataRequired(), Length(max=100)])
    email = StringField(validators=[DataRequired(), Length(max=254)])
    phone = StringField(validators=[Length(max=30)])
    organisation = StringField(validators=[DataRequired(), Length(max=200)])
    job_title = StringField(validators=[DataRequired(), Length(max=200)])
    participant_kind = SelectField(choices=[(kind, kind) for kind in KINDS])
    region_code = SelectField(choices=[(str(number), str(number)) for number in range(1, 95)])
    needs = TextAreaField(validators=[Length(max=1000)])
    accepts_listing = BooleanField()


LOCKED = select(Meeting.id, Meeting.capacity).where(Meeting.slug == bindparam("slug")).with_for_update()
HIGHEST = select(func.max(Person.number)).where(Person.meeting_id == bindparam("meeting_id"))
NEW_PERSON = insert(Person.__table__).returning(Person.__table__.c.id)
NEW_PLACE, NEW_MAIL = insert(Place.__table__).inline(), insert(Mail.__table__).inline()


def least_registration() -> Flask:
    """The application: the addresses of ours, for one form and its final POST."""
    app = Flask(__name__, static_folder=None)
    app.config.update(SECRET_KEY="for measures only", SQLALCHEMY_DATABASE_URI=os.environ[URL])
    db.init_app(app)
    CSRFProtect(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _configure)
            event.listen(db.engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))

    @app.get("/rencontres/<slug>/inscription")
    def show(slug: str) -> str:
        token = DetailsForm().csrf_token._value()
        return f'<form><input type="hidden" name="csrf_token" value="{token}"></form>'

    @app.post("/rencontres/<slug>/inscription/confirmation")
    def register(slug: str) -> Any:
        form = DetailsForm()
        return _register(slug, form) if form.validate() else (str(form.errors), 422)

    return app


def make_tables(url: str) -> None:
    """Its tables exist, with one meeting."""
    os.environ[URL] = url
    with least_registration().app_context():
        db.create_all()
        db.session.add(Meeting(slug=SLUG, capacity=None))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def _register(slug: str, form: Any) -> Response:
    meeting_id, capacity = db.session.execute(LOCKED, {"slug": slug}).one()
    number = (db.session.scalar(HIGHEST, {"meeting_id": meeting_id}) or 0) + 1
    assert capacity is None or number <= capacity
    details = {name: value for name, value in form.data.items() if name != "csrf_token"}
    values = {"meeting_id": meeting_id, "number": number, **details}
    person_id = db.session.execute(NEW_PERSON, values).scalar_one()
    db.session.execute(NEW_PLACE, {"person_id": person_id, "session_id": 1})
    db.session.execute(NEW_MAIL, {"recipient": form.email.data, "text": "Votre inscription est confirmée."})
    db.session.commit()
    session["person"] = person_id
    return redirect(f"/rencontres/{slug}", 303)


def _configure(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
