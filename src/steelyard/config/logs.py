"""Logs as data: one JSON object a line with time, level, request and job; or short lines for a person. Never a secret."""

from __future__ import annotations

import logging.config
import os
import re
from typing import Any

import structlog

SECRET = re.compile(r"pass(word|wd)|token|secret|authorization|cookie|csrf|api_?key", re.IGNORECASE)
REMOVED = "[removed]"


def without_secrets(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Values whose name says that they open something are not written."""
    return {key: REMOVED if SECRET.search(key) else value for key, value in event.items()}


def as_a_server() -> None:
    """Write logs as data, unless the environment asks for another form: what web processes and workers do first."""
    form, level = os.environ.get("STEELYARD_LOG", "json"), os.environ.get("STEELYARD_LOG_LEVEL", "INFO")
    logging.config.dictConfig(configured(form, level.upper()))


def configured(form: str, level: str) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING: both write the same lines to stderr."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    person = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    last: Any = structlog.processors.JSONRenderer() if form == "json" else person
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.format_exc_info, last],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True, "level": level},
            "django.server": {"handlers": [], "propagate": True},
            "django.request": {"level": "ERROR"},  # a 404 is no event; the line `answered` tells it
            "django.security.DisallowedHost": {"level": "CRITICAL"},  # strangers knocking; answered 400
            "axes": {"level": "WARNING"},
        },
    }
