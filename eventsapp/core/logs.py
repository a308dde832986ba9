"""Structured logs: one line a request, each with the request's id."""

from __future__ import annotations

import logging
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Send logs to standard error, readable in development, JSON elsewhere; tag them by request."""
    renderer = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if app.config["DEVELOPMENT"]
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, app.config["LOG_LEVEL"])),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    app.before_request(_open_request)
    app.after_request(_close_request)


def _open_request() -> None:
    g.request_id = secrets.token_hex(8)
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _close_request(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    if request.endpoint != "static":
        # The path alone: personal links are secrets, so their token is not logged.
        rule = request.url_rule.rule if request.url_rule else "-"
        milliseconds = round((time.perf_counter() - g.request_began) * 1000, 1)
        log.info("request", method=request.method, rule=rule, status=response.status_code, ms=milliseconds)
    return response
