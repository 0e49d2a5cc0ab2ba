"""The sample company at a tenth of its size, made once for all tests here."""

from __future__ import annotations

from decimal import Decimal

import pytest

from steelyard.demo.frames import frames
from steelyard.demo.generate import write

SCALE = Decimal("0.1")


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """The folder of generated files and what is true about them."""
    folder = tmp_path_factory.mktemp("sample")
    return folder, write(folder, scale=SCALE)


@pytest.fixture(scope="session")
def facts():
    """Facts of a kind as a frame in stored types, generated when first asked for."""
    made = {}

    def of(kind):
        if kind not in made:
            made[kind] = frames(kind, scale=SCALE)
        return made[kind]

    return of
