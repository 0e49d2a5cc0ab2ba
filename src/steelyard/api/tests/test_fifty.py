"""Fifty times the same request, at the same moment: one effect, fifty equal answers; also after a restart; on both databases."""

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
def told(tmp_path_factory):
    """What both runs printed, on an installation of their own."""
    made = installation.new(tmp_path_factory.mktemp("fifty") / "home")
    environment = {**os.environ, "STEELYARD_HOME": str(made.home), "POLARS_MAX_THREADS": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(installation.ROOT), str(installation.ROOT / "src")])
    if installation.on_postgres():
        url = urlsplit(os.environ["STEELYARD_DATABASE_URL"])
        environment["STEELYARD_DATABASE_URL"] = url._replace(path=f"/{made.database}").geturl()
    command = [sys.executable, "-W", "ignore", "-m", "steelyard.api.tests.fifty", "key-1"]
    runs = [subprocess.run(command, env=environment, cwd=installation.ROOT, capture_output=True, text=True, check=False) for _ in range(2)]
    installation.remove(made)
    assert not any(run.returncode for run in runs), "\n".join(run.stderr[-3000:] for run in runs)
    return [json.loads(run.stdout) for run in runs]


def test_fifty_equal_requests_at_once_have_one_effect_and_equal_answers(told):
    first = told[0]
    assert set(first["statuses"]) <= {201, 409} and 201 in first["statuses"]  # 409: the same request is being done
    assert len(first["bodies"]) == 1 and "ONE" in first["bodies"][0]
    assert (first["statements"], first["entries"]) == (1, 1)


def test_after_a_restart_the_key_is_still_known(told):
    first, again = told
    assert set(again["statuses"]) == {201} and again["bodies"] == first["bodies"]
    assert (again["statements"], again["entries"]) == (1, 1)


def test_the_key_with_another_request_is_refused(told):
    for run in told:
        status, body = run["other"]
        assert status == 422 and json.loads(body)["type"] == "urn:steelyard:problem:idempotency_key_reused"


def test_fifty_times_the_same_order_is_one_order_also_after_a_restart(told):
    for run in told:
        assert set(run["ordered"]) <= {202, 409} and 202 in run["ordered"]
        assert (len(run["order"]), run["orders"], run["other order"]) == (1, 1, 422)
    assert told[0]["order"] == told[1]["order"] and told[1]["ordered"] == [202]
