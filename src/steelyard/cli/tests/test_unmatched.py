"""What waits for a partner, on the command line."""

import json

from steelyard.cli.tests.test_masters import run
from steelyard.intake.tests.test_importing import load  # noqa: F401  # the fixture
from steelyard.intake.tests.test_unmatched import TEXT


def test_what_waits_is_listed_and_matched(load):  # noqa: F811
    load(TEXT)
    assert json.loads(run("partners", "unmatched", "--json"))[0]["party"] == "4711"
    run("partners", "add", "NEW", "--name", "New Lab")
    run("partners", "match")
    assert json.loads(run("partners", "unmatched", "--json")) == []
