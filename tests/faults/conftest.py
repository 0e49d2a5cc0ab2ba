"""What every fault test starts from: a nursery of processes and one prepared installation to copy."""

from __future__ import annotations

import itertools

import pytest

from . import installation
from .scenarios import SCENARIOS

KILLED = -9


@pytest.fixture(scope="session")
def nursery(tmp_path_factory):
    """Where the processes come from."""
    made = installation.Nursery(tmp_path_factory.mktemp("nursery"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def prepared(nursery, tmp_path_factory):
    """The installation before every write."""
    made = installation.new(tmp_path_factory.mktemp("faults") / "prepared")
    done = nursery.run(made, "prepare")
    assert done.code == 0, done.output
    yield made
    installation.remove(made)


@pytest.fixture(scope="session")
def states(nursery, prepared, tmp_path_factory):
    """The state before, and for each write the state after it."""
    found = {"before": nursery.inspect(prepared)["state"]}
    for scenario in SCENARIOS:
        trial = installation.copy(prepared, tmp_path_factory.mktemp("after") / scenario)
        done = nursery.run(trial, scenario)
        assert done.code == 0, done.output
        found[scenario] = nursery.inspect(trial)["state"]
        installation.remove(trial)
    return found


@pytest.fixture
def killed(nursery, prepared, states, tmp_path):
    """A function that kills one write and compares what is left; says whether it was killed at all."""
    numbers = itertools.count()

    def run(scenario: str, **how) -> bool:
        trial = installation.copy(prepared, tmp_path / f"trial-{next(numbers)}")
        try:
            done = nursery.run(trial, scenario, **how)
            assert done.code in (0, KILLED), done.output
            left = nursery.inspect(trial)
            assert left["problems"] == [], (scenario, how)
            assert left["state"] in (states["before"], states[scenario]), f"{scenario} {how}: neither before nor after"
            if left["state"] == states["before"] or scenario in ("send", "upload"):  # a client asks again until it is answered
                again = nursery.run(trial, scenario)
                assert again.code == 0, again.output
                assert nursery.inspect(trial) == {"state": states[scenario], "problems": [], "orphans": 0}
            return done.code == KILLED
        finally:
            installation.remove(trial)

    return run
