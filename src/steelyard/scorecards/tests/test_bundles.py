"""A bundle made now verifies anywhere: for everybody, whatever their facts are; and it holds nothing of anybody else."""

from __future__ import annotations

import pytest

from steelyard.calc.receipts.recompute import verify
from steelyard.frameworks.actions import apply
from steelyard.scorecards import bundles
from tests.journeys.conftest import HEAD

from .test_receipts import COMPARED


@pytest.mark.parametrize("text", [COMPARED, *(HEAD.format(subject=subject) for subject in ("partner", "representative", "territory"))])
def test_everybodys_bundle_verifies(channel, text):
    version, _, _ = apply(text=text, acting_user=channel.people.carla)
    run = channel.score(version.code)
    for result in run.results.all():
        content = bundles.bundle(run, result.subject)
        found = verify(content)
        assert (found.number, found.subject, found.total) == (result.receipt, result.subject, result.total)
        assert content == bundles.bundle(run, result.subject)
