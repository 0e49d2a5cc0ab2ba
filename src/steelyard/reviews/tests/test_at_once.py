"""Two people at the same moment: exactly one wins, the other is told who; on both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from tests.faults import installation

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """What every case came to, run in a process on an installation of its own."""
    made = installation.new(tmp_path_factory.mktemp("at-once") / "home")
    environment = {**os.environ, "STEELYARD_HOME": str(made.home), "POLARS_MAX_THREADS": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(installation.ROOT), str(installation.ROOT / "src")])
    if installation.on_postgres():
        url = urlsplit(os.environ["STEELYARD_DATABASE_URL"])
        environment["STEELYARD_DATABASE_URL"] = url._replace(path=f"/{made.database}").geturl()
    command = [sys.executable, "-W", "ignore", "-m", "steelyard.reviews.tests.at_once"]
    done = subprocess.run(command, env=environment, cwd=installation.ROOT, capture_output=True, text=True, check=False)
    installation.remove(made)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_of_two_approvers_exactly_one_wins_and_the_other_learns_who(cases):
    for case in cases["approvals_at_once"]:
        (won,) = (answer for answer in case["answers"] if "state" in answer)
        (lost,) = (answer for answer in case["answers"] if "refused" in answer)
        assert lost["refused"] == "Conflict"
        assert {"ben": "Ben Baumann", "anna": "Anna Amstutz"}[won["by"]] in lost["found"]
        assert case["steps"] == ["approve"]


def test_approve_against_return_has_one_outcome(cases):
    for case in cases["approve_against_return"]:
        approved, returned = case["answers"]
        if "refused" in approved:
            assert approved["refused"] == "Conflict" and "Anna Amstutz" in approved["found"]
        assert returned["state"] == "open"
        assert case["steps"] in (["return"], ["approve", "return"])  # what was approved a moment before may still be given back


def test_the_same_approval_sent_twice_is_signed_once(cases):
    for case in cases["approval_twice"]:
        assert [answer["by"] for answer in case["answers"]] == ["ben", "ben"]
        assert case["steps"] == ["approve"]


def test_the_same_submission_sent_twice_is_rated_once(cases):
    for case in cases["submission_twice"]:
        assert [answer["state"] for answer in case["answers"]] == ["submitted", "submitted"]
        assert case["steps"] == 1


def test_one_question_form_sent_twice_asks_once(cases):
    for case in cases["question_twice"]:
        first, second = case["answers"]
        assert first == second and case["asked"] == 1


def test_of_two_who_close_one_closes(cases):
    for case in cases["two_closers"]:
        assert sorted("refused" in answer for answer in case["answers"]) == [False, True]
        assert case["verbs"] == ["ask", "close"]
