"""Typed readers of environment variables that fail loudly: what was found, what is expected."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

CONNECTED = 60  # seconds that a connection serves one request after another: the last one to leave SQLite writes its log back


class SettingError(Exception):
    """A setting has a value that cannot be used."""


def text(name: str, default: str) -> str:
    """The value as it is."""
    return os.environ.get(name, default)


def flag(name: str, default: bool) -> bool:
    """yes/no, true/false, 1/0, on/off."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in ("1", "true", "yes", "on"):
        return True
    if value.lower() in ("0", "false", "no", "off", ""):
        return False
    raise SettingError(f"{name}: found `{value}`; write yes or no")


def home() -> Path:
    """The folder that holds everything of one installation: database, segments, raw files, cache."""
    return Path(text("STEELYARD_HOME", "steelyard-home")).absolute()


def database(url: str, folder: Path) -> dict[str, object]:
    """Django's settings for ``sqlite:///path`` (default: in the home) or ``postgresql://user:password@host:port/name``."""
    if not url or url == "sqlite":
        return sqlite(folder / "steelyard.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)[1:] if parts.netloc == "" else unquote(parts.path)))
    if parts.scheme in ("postgres", "postgresql"):
        query = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": query,
            "CONN_MAX_AGE": CONNECTED,
            "CONN_HEALTH_CHECKS": True,
        }
    raise SettingError(f"STEELYARD_DATABASE_URL: found scheme `{parts.scheme}`; use sqlite:///PATH or postgresql://…")


def sqlite(path: Path) -> dict[str, object]:
    """SQLite as a server database: write-ahead log, durable commits, writers queue instead of failing."""
    return {
        "ENGINE": "steelyard.config.sqlite",
        "NAME": path,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA wal_autocheckpoint=10000;",  # pages, 40 MB: the worker moves them into the database long before
        },
        "CONN_MAX_AGE": CONNECTED,
    }


def number(name: str, default: int, least: int = 0) -> int:
    """A whole number."""
    value = os.environ.get(name)
    if value is None:
        return default
    if not value.isascii() or not value.isdecimal() or int(value) < least:
        raise SettingError(f"{name}: found `{value}`; write a whole number, at least {least}")
    return int(value)


def mail(url: str, folder: Path) -> dict[str, object]:
    """Django's settings for ``smtp://user:password@host:port``, ``smtps://…``, ``file:///folder`` or ``console:``.

    ``smtp`` with ``?tls=yes`` asks for STARTTLS. The default is files in the home: nothing leaves the machine before somebody says so.
    """
    parts = urlsplit(url)
    if not url or parts.scheme == "file":
        path = Path(unquote(parts.path)) if url else folder / "mail"
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": path}
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme in ("smtp", "smtps"):
        inside = parts.scheme == "smtps"
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname or "localhost",
            "EMAIL_PORT": parts.port or (465 if inside else 25),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": inside,
            "EMAIL_USE_TLS": not inside and dict(parse_qsl(parts.query)).get("tls") == "yes",
            "EMAIL_TIMEOUT": 20,
        }
    raise SettingError(f"STEELYARD_EMAIL_URL: found scheme `{parts.scheme}`; use smtp://…, smtps://…, file:///FOLDER or console:")


def words(name: str, default: str) -> list[str]:
    """Words between spaces or commas."""
    return text(name, default).replace(",", " ").split()


def secret_key(folder: Path) -> str:
    """The installation's secret: from the environment, else from a file in the home, made on first use for its owner alone."""
    given = text("STEELYARD_SECRET_KEY", "")
    if given:
        return given
    path = folder / "secret-key"
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    if not folder.exists():
        return secrets.token_urlsafe(48)  # nothing is installed yet, so nothing is signed for longer than this process
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass  # another process made it in this moment
    return path.read_text(encoding="ascii").strip()
