"""What every fault test starts from: a nursery of processes and one prepared installation to copy."""

from __future__ import annotations

import pytest

from . import installation


@pytest.fixture(scope="module")
def nursery(tmp_path_factory):
    """Where the processes come from."""
    made = installation.Nursery(tmp_path_factory.mktemp("nursery"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def prepared(nursery, tmp_path_factory):
    """The installation before every write."""
    made = installation.new(tmp_path_factory.mktemp("faults") / "prepared")
    done = nursery.run(made, "prepare")
    assert done.code == 0, done.output
    yield made
    installation.remove(made)
