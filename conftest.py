"""What every test gets: a home of its own."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test.utils import override_settings

pytest_plugins = ["tests.cast"]  # the fixtures `cast` and `channel_cast`: the people and partners of all tests


def pytest_collection_finish() -> None:
    """What has been imported by now stays: looking through it for garbage again and again took a tenth of all tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Many people with passwords, and nobody to protect: hashing them as in life takes half a second each."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def home(settings, tmp_path) -> Path:
    """A fresh STEELYARD_HOME for each test; nothing is ever written beside the checkout."""
    folder = tmp_path / "home"
    folder.mkdir()
    settings.STEELYARD_HOME = folder
    return folder
