"""Errors named after the broken rule, and the one place that turns errors into pages."""

from __future__ import annotations

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import NoResultFound, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from eventsapp.core.i18n import Text, _l

log = structlog.get_logger()


class DomainError(Exception):
    """A rule of the domain refuses the request; ``message`` tells the person what to do."""

    message: Text = _l("Cette action n’est pas possible.")
    field: str | None = None
    status = 409

    def __init__(self, message: Text | None = None, field: str | None = None) -> None:
        if message is not None:
            self.message = message
        if field is not None:
            self.field = field
        super().__init__(str(type(self).__name__))


class LinkIsInvalid(DomainError):
    message = _l(
        "Ce lien n’est pas reconnu. Vérifiez qu’il est complet, ou ouvrez-le depuis le dernier message reçu."
    )
    status = 404


class LinkHasExpired(DomainError):
    message = _l("Ce lien n’est plus valable. Demandez-en un nouveau.")
    status = 410


PAGES: dict[int, tuple[Text, Text]] = {
    400: (
        _l("Demande incomprise"),
        _l("Le formulaire envoyé est incomplet. Revenez en arrière et recommencez."),
    ),
    403: (_l("Accès réservé"), _l("Votre compte ne donne pas accès à cette page.")),
    404: (
        _l("Page introuvable"),
        _l("L’adresse est fausse, ou la page n’existe plus. Le plan du site peut vous aider."),
    ),
    405: (_l("Action impossible"), _l("Cette page ne s’utilise pas ainsi. Revenez en arrière.")),
    409: (_l("Action impossible"), _l("Cette action n’est plus possible.")),
    410: (_l("Lien expiré"), _l("Ce lien n’est plus valable. Demandez-en un nouveau.")),
    413: (_l("Fichier trop lourd"), _l("Choisissez un fichier plus petit.")),
    429: (_l("Trop de tentatives"), _l("Attendez quelques minutes avant de recommencer.")),
    500: (
        _l("Une erreur s’est produite"),
        _l(
            "Le problème a été enregistré. Rien de ce qui était confirmé n’est perdu. Réessayez dans un moment."
        ),
    ),
    503: (_l("Service momentanément indisponible"), _l("Réessayez dans un moment.")),
}


def init_app(app: Flask) -> None:
    """Answer every error with a page in the reader's language and the right status."""
    app.register_error_handler(DomainError, _on_domain_error)
    app.register_error_handler(NoResultFound, _on_missing_row)
    app.register_error_handler(OperationalError, _on_database_away)
    app.register_error_handler(CSRFError, _on_stale_form)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_crash)


def _page(code: int, title: Text, text: Text) -> Response:
    page = render_template("errors/error.html", code=code, title=title, text=text, way_back=_way_back())
    return make_response(page, code)


def _way_back() -> str | None:
    """The page of this site whose form was refused: its person should not have to find it again."""
    page = request.referrer if request.method == "POST" else None
    return page if page and page.startswith(request.host_url) else None


def _on_domain_error(error: DomainError) -> Response:
    title, _text = PAGES.get(error.status, PAGES[409])
    return _page(error.status, title, error.message)


def _on_missing_row(_error: NoResultFound) -> Response:
    return _page(404, *PAGES[404])


def _on_database_away(error: OperationalError) -> Response:
    """The database is down, or writers queued for too long: nothing was written, trying again may work."""
    log.error("database_away", error=str(error.orig))
    response = _page(503, *PAGES[503])
    response.headers["Retry-After"] = "5"  # seconds
    return response


def _on_stale_form(_error: CSRFError) -> Response:
    return _page(
        400,
        _l("Formulaire expiré"),
        _l(
            "Le formulaire est resté ouvert trop longtemps. Revenez en arrière, rechargez la page et renvoyez-le."
        ),
    )


def _on_http_error(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400 and error.response is not None:
        return make_response(error.get_response())
    title, text = PAGES.get(code, PAGES[400 if code < 500 else 500])
    if code == 413:
        text = _l("Choisissez un fichier de moins de %(count)d Mo.", count=_largest_upload())
    response = _page(code, title, text)
    if code == 405 and (allowed := error.get_headers()):
        response.headers.extend([(name, value) for name, value in allowed if name == "Allow"])
    return response


def _largest_upload() -> int:
    return (request.max_content_length or 0) // 2**20


def _on_crash(error: Exception) -> Response:
    # The rule and not the path, whose token opens somebody's page.
    rule = request.url_rule.rule if request.url_rule else "-"
    log.exception("request_crashed", rule=rule, error=type(error).__name__)
    return _page(InternalServerError.code, *PAGES[500])
