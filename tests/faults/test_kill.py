"""kill -9 anywhere in a write leaves the state before it or the state after it, never one between, and loses no proof."""

from __future__ import annotations

import itertools
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

import steelyard

from . import installation
from .job_scenarios import JOB_STEPS, MAIL_STEPS
from .scenarios import SCENARIOS

pytestmark = pytest.mark.database

KILLED = -9
CALLS = ("fsync", "fdatasync", "rename", "renameat", "renameat2")
TRACE = f"trace={','.join(CALLS)}"


@pytest.fixture(scope="module")
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
            if left["state"] == states["before"]:
                again = nursery.run(trial, scenario)
                assert again.code == 0, again.output
                assert nursery.inspect(trial) == {"state": states[scenario], "problems": [], "orphans": 0}
            return done.code == KILLED
        finally:
            installation.remove(trial)

    return run


def test_every_named_step_of_the_product_is_tried():
    source = Path(steelyard.__file__).parent
    code = [path.read_text() for path in source.rglob("*.py") if "tests" not in path.parts]
    named = {name for text in code for name in re.findall(r'reach\("([a-z-]+)"\)', text)}
    assert named == {step for steps in STEPS.values() for step in steps} | {*JOB_STEPS, *MAIL_STEPS}


def test_killed_at_every_named_step(killed, capsys):
    trials = [(scenario, step) for scenario, steps in STEPS.items() for step in steps]
    for scenario, step in trials:
        assert killed(scenario, failpoint=step), (scenario, step)
    with capsys.disabled():
        sys.stdout.write(f"\nkilled at {len(trials)} named steps of {len(STEPS)} writes")


STEPS = {
    "post": (
        "number-reserved", "segment-written", "segment-synced", "segment-renamed", "folder-synced", "head-locked",
        "segment-listed", "histories-added", "commit-added", "head-moved", "committed",
    ),
    "receive": ("tail-received",),
    "settle": ("number-reserved", "head-locked", "tail-settled", "commit-added", "head-moved", "committed"),
    "seal": ("segment-renamed", "head-locked", "segment-listed", "tail-sealed"),
    "compact": ("segment-renamed", "head-locked", "segment-listed", "segments-replaced"),
    "import_file": (
        "bytes-stored", "upload-recorded", "batch-begun", "checked", "lines-prepared", "segment-listed", "batch-finished",
        "commit-added", "head-moved", "committed",
    ),
    "undo": ("segment-renamed", "segment-listed", "commit-added", "head-moved", "committed"),
}  # fmt: skip


FILES_ONLY = [] if installation.on_postgres() else ["post", "settle", "seal", "compact"]  # what reaches the disk is the same for both


@pytest.mark.parametrize("scenario", ["import_file", *FILES_ONLY])
def test_killed_at_every_fsync_and_rename_that_a_trace_shows(killed, nursery, prepared, tmp_path, capsys, scenario):
    calls = traced_calls(nursery, prepared, tmp_path, scenario)
    points = [(call, nth) for call, count in calls.items() for nth in range(1, count + 1)]
    for call, nth in points:
        inject = ("-o", "/dev/null", "-e", TRACE, "-e", f"inject={call}:signal=KILL:when={nth}")
        assert killed(scenario, strace=inject), (call, nth)
    assert calls["rename"] >= (scenario != "settle")
    with capsys.disabled():
        sys.stdout.write(f"\n{scenario}: killed at each of {len(points)} system calls ({', '.join(f'{n} {c}' for c, n in calls.items())})")


def traced_calls(nursery, prepared, tmp_path, scenario) -> Counter[str]:
    """How often a write calls fsync, rename and their kin."""
    trial = installation.copy(prepared, tmp_path / "traced")
    done = nursery.run(trial, scenario, strace=("-o", str(tmp_path / "trace"), "-e", TRACE))
    assert done.code == 0, done.output
    installation.remove(trial)
    return Counter(re.findall(r"^\d+ +(\w+)\(", (tmp_path / "trace").read_text(), flags=re.MULTILINE))
