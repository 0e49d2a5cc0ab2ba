"""Settings. Everything that differs between installations comes from the environment (docs/reference/settings.md)."""

from __future__ import annotations

from . import environment

HOME = environment.home()
STEELYARD_HOME = HOME  # segments, raw files, cache and the SQLite database lie here
SECRET_KEY = environment.text("STEELYARD_SECRET_KEY", "not-used-before-there-are-sessions")
DEBUG = environment.flag("STEELYARD_DEBUG", False)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "steelyard.ledger",
    "steelyard.audit",
    "steelyard.accounts",
    "steelyard.company",
    "steelyard.products",
    "steelyard.partners",
    "steelyard.intake",
    "steelyard.frameworks",
    "steelyard.scorecards",
]
AUTH_USER_MODEL = "accounts.User"
DATABASES = {"default": environment.database(environment.text("STEELYARD_DATABASE_URL", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = environment.text("STEELYARD_TIME_ZONE", "UTC")
LANGUAGE_CODE = "en"
