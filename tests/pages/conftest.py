"""The company of all page tests, built once: each test gets it as it was, and `as_("alma")` signs somebody in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from steelyard.accounts import keeping
from steelyard.accounts.middleware import BEGAN, SEEN
from tests import company as told


@contextmanager
def undone() -> Iterator[None]:
    """Everything written inside is taken back; nests."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def company(django_db_setup, django_db_blocker, tmp_path_factory):
    """The company of `tests/company.py`, as long as page tests run; with `home`, its folder."""
    folder = tmp_path_factory.mktemp("company")
    (folder / "static").mkdir()
    with (
        django_db_blocker.unblock(),
        override_settings(STEELYARD_HOME=folder, STATIC_ROOT=folder / "static"),
        undone(),
    ):
        built = told.build()
        built.home = folder
        yield built


@pytest.fixture
def home(company) -> Path:
    """The company's STEELYARD_HOME, which lives as long as the company does."""
    return company.home


@pytest.fixture(autouse=True)
def db(company) -> Iterator[None]:
    """The database with the company in it; what the test writes is undone."""
    with undone():
        yield


@pytest.fixture
def as_(company):
    """`as_("alma")` is a browser in which Alma is signed in."""

    def signed_in(username: str, **options) -> Client:
        browser = Client(**options)
        user = getattr(company.people, username)
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        session = browser.session
        session[BEGAN] = session[SEEN] = int(timezone.now().timestamp())
        session.save()
        browser.cookies[keeping.COOKIE] = keeping.mark(user)
        return browser

    return signed_in


@pytest.fixture
def anonymous() -> Client:
    """A browser in which nobody is signed in."""
    return Client()
