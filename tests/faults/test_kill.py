"""kill -9 anywhere in a write leaves the state before it or the state after it, never one between, and loses no proof."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import steelyard

from . import installation
from .conftest import KILLED
from .job_scenarios import JOB_STEPS, MAIL_STEPS

pytestmark = pytest.mark.database


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


def test_what_a_killed_upload_left_half_written_goes_away(nursery, prepared, tmp_path):
    trial = installation.copy(prepared, tmp_path / "half")
    assert nursery.run(trial, "upload", failpoint="bytes-written").code == KILLED
    assert len(list((trial.home / "intake").glob(".*"))) == 1
    assert nursery.run(trial, "forget_unfinished", 0).code == 0
    assert not list((trial.home / "intake").glob(".*"))
    installation.remove(trial)


STEPS = {
    "post": (
        "number-reserved", "segment-written", "segment-synced", "segment-renamed", "folder-synced", "head-locked",
        "segment-listed", "histories-added", "commit-added", "head-moved", "committed",
    ),
    "receive": ("tail-received",),
    "settle": ("head-locked", "number-reserved", "histories-added", "tail-settled", "commit-added", "head-moved", "committed"),
    "send": ("tail-received", "answer-kept", "answered"),
    "upload": ("key-taken", "bytes-written", "bytes-stored"),
    "seal": ("segment-renamed", "head-locked", "segment-listed", "tail-sealed"),
    "compact": ("segment-renamed", "head-locked", "segment-listed", "segments-replaced"),
    "import_file": (
        "bytes-stored", "upload-recorded", "batch-begun", "checked", "lines-prepared", "segment-listed", "batch-finished",
        "commit-added", "head-moved", "committed",
    ),
    "undo": ("segment-renamed", "segment-listed", "commit-added", "head-moved", "committed"),
}  # fmt: skip
