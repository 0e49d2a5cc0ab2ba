"""Overrides on the command line: the same two people, the same refusals."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from steelyard.cli.assemble import app
from tests.journeys.conftest import channel

__all__ = ["channel"]


def run(*words):
    ended = CliRunner().invoke(app, words)
    if ended.exit_code:
        return str(ended.exception)
    return ended.stdout if "--json" in words else ended.output


@pytest.fixture
def proposed(channel):
    """The number of an override that Anna proposed for Alpine."""
    channel.score(period="2012-Q4")
    return str(json.loads(run(*PROPOSE, "--points", "82.5"))["override"])


PROPOSE = ("overrides", "propose", "partner", "ALP", "2012-Q4", "--reason", "the plant burnt down", "--as", "anna", "--json")


def test_one_person_proposes_another_approves_and_the_score_names_it(proposed):
    assert "takes a second person" in run("overrides", "approve", proposed, "--as", "anna")
    assert "approved, until 2012-12-31" in run("overrides", "approve", proposed, "--as", "ben")
    (listed,) = json.loads(run("overrides", "list", "--json", "--as", "dora"))
    assert (listed["state"], listed["points"], listed["decided_by"]) == ("approved", "82.5", "ben")
    score = ("score", "partner", "--period", "2012-Q4", "--as", "anna")
    assert "overridden: 82.5" in run(*score)
    (told,) = [card["override"] for card in json.loads(run(*score, "--json")) if card["override"]]
    assert (told["points"], told["expires"], told["reason"]) == ("82.5", "2012-12-31", "the plant burnt down")
    assert "overridden: 82.5 until 2012-12-31" in run("receipt", "partner", "--period", "2012-Q4", "--subject", "ALP")
    assert "withdrawn" in run("overrides", "withdraw", proposed, "--reason", "the insurer paid", "--as", "anna")


def test_refusing_takes_the_permission_and_points_take_a_number(proposed):
    assert "your role does not allow this" in run("overrides", "refuse", proposed, "--reason", "no", "--as", "dora")
    assert "refused" in run("overrides", "refuse", proposed, "--reason", "no", "--as", "ben")
    assert "points are a number" in run(*PROPOSE, "--points", "many")
    assert "one of the two" in run(*PROPOSE)
