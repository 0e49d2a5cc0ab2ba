"""What every test gets: a home of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["tests.cast"]  # the fixtures `cast` and `channel_cast`: the people and partners of all tests


@pytest.fixture(autouse=True)
def home(settings, tmp_path) -> Path:
    """A fresh STEELYARD_HOME for each test; nothing is ever written beside the checkout."""
    folder = tmp_path / "home"
    folder.mkdir()
    settings.STEELYARD_HOME = folder
    return folder
