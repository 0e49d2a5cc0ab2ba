"""One tiny installation for all cases: each finds it as it was, and what it brings in is undone. At the end, the table."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from steelyard.accounts.middleware import BEGAN, SEEN
from tests import cast

from .table import lines_of

OUTCOMES = pytest.StashKey[dict[tuple[int, str], str]]()


@contextmanager
def undone() -> Iterator[None]:
    """Everything written inside is taken back; nests."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def installation(django_db_setup, django_db_blocker, tmp_path_factory):
    """The people and the channel of all tests, in the database and in a home, with browsers in which Anna and Carla are signed in."""
    folder = tmp_path_factory.mktemp("cases")
    (folder / "static").mkdir()
    with django_db_blocker.unblock(), override_settings(STEELYARD_HOME=folder, STATIC_ROOT=folder / "static"), undone():
        people = cast.people()
        cast.channel(people.anna)
        people.home, people.clients = folder, {name: _signed_in(getattr(people, name)) for name in ("anna", "carla")}
        people.client = people.clients["anna"]
        yield people


def _signed_in(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[BEGAN] = session[SEEN] = int(timezone.now().timestamp())
    session.save()
    return client


@pytest.fixture
def home(installation) -> Path:
    """The home of all cases; raw files of the one before are gone, so that each has to store its own."""
    shutil.rmtree(installation.home / "intake", ignore_errors=True)
    return installation.home


@pytest.fixture(autouse=True)
def db(installation) -> Iterator[None]:
    """The database with the channel in it; what the test writes is undone."""
    with undone():
        yield


def pytest_configure(config: pytest.Config) -> None:
    config.stash[OUTCOMES] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Note how each cell of the table ended."""
    report = yield
    told = getattr(item, "callspec", None)
    if told is not None and {"case", "way"} <= set(told.params):
        cell = (told.params["case"].number, told.params["way"])
        known = item.config.stash[OUTCOMES]
        if report.failed:
            known[cell] = "FAILED"
        elif report.when == "call":
            known.setdefault(cell, "passed")
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Case by way, each passed or with the reason why it does not apply."""
    outcomes = config.stash.get(OUTCOMES, {})
    if len(outcomes) > 1:
        terminalreporter.section("cases by way")
        for line in lines_of(outcomes):
            terminalreporter.write_line(line)
