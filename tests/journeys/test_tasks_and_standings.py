"""What people see of standings and tasks: at the scorecard, in the list, over REST and on the command line."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.utils import timezone
from typer.testing import CliRunner

from steelyard.accounts import keeping
from steelyard.accounts.middleware import BEGAN, SEEN
from steelyard.cli.assemble import app
from steelyard.ledger.scope import EVERYTHING
from steelyard.scorecards import to_do
from steelyard.scorecards.tests.test_over_time import publish, score, smooth

__all__ = ["smooth"]
pytestmark = pytest.mark.filterwarnings("ignore:No directory at")  # of static files, which nothing here asks for


def browser(user) -> Client:
    client = Client()
    client.cookies[keeping.COOKIE] = keeping.mark(user)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[BEGAN] = session[SEEN] = int(timezone.now().timestamp())
    session.save()
    return client


@pytest.fixture
def scored(smooth):
    for period in ("2012-Q3", "2012-Q4", "2013-Q1"):
        if period == "2013-Q1":
            smooth.sell(("A9", "1", "BOR", "2013-03-31", "REA-1", "10", "EUR"))
        score(smooth, period)
        publish(smooth, period)
    return smooth


def test_the_scorecard_says_what_is_held_what_is_earned_and_what_was_read(scored):
    anna = browser(scored.people.anna)
    page = anna.get("/scorecards/smooth/2013-Q1/ALP").content.decode()
    assert "Holds Silver since 31 Dec 2012. Earned Bronze; may fall on 30 Sept 2013." in page.replace("Sep 2013", "Sept 2013")
    assert "Overall score, smoothed over time: 20.0." in page
    assert "Earlier results read <b>2</b>: 2012-Q3" in page
    german = anna.get("/scorecards/smooth/2013-Q1/ALP", headers={"Accept-Language": "de"}).content.decode()
    assert "Hält Silver seit 31.12.2012. Verdient: Bronze; Abstieg möglich am 30.09.2013." in german
    assert "holds Silver" in anna.get("/ranking?framework=smooth&period=2013-Q1").content.decode()
    grades = anna.get("/overview?framework=smooth&period=2013-Q1").content.decode().partition("Partners by grade</caption>")[2]
    assert ">Earned</th>" in grades and [int(held) for held in re.findall(r'<td class="r num">(\d+)</td></tr>', grades)][:3] == [0, 1, 3]
    assert anna.get("/scorecards/smooth/2013-Q1/ALP/pdf").content.startswith(b"%PDF")


def test_a_task_is_closed_at_its_scorecard_with_a_reason(scored):
    anna = browser(scored.people.anna)
    page = anna.get("/scorecards/smooth/2012-Q3/ALP").content.decode()
    assert "plan to sell more" in page and "Close the task" in page
    assert f"{to_do.open_now(scope=EVERYTHING).count()} tasks are open." in anna.get("/tasks").content.decode()
    task = to_do.tasks(scope=EVERYTHING).get(subject="ALP", trigger="weak")
    address = "/scorecards/smooth/2012-Q3/ALP/tasks"
    assert "reason" in anna.post(address, {"task": task.pk, "reason": ""}, follow=True).content.decode()
    closed = anna.post(address, {"task": task.pk, "reason": "a plan is agreed"}, follow=True).content.decode()
    assert "closed by anna" in closed and "a plan is agreed" in closed
    assert "This task is not there." in anna.post(address, {"task": "987", "reason": "so"}, follow=True).content.decode()
    assert anna.post(address.replace("ALP", "NOBODY"), {"task": task.pk, "reason": "so"}).status_code == 404


def test_who_only_reads_closes_nothing(scored):
    ben = browser(scored.people.ben)  # leadership
    page = ben.get("/scorecards/smooth/2012-Q3/ALP").content.decode()
    assert "plan to sell more" in page and "Close the task" not in page
    task = to_do.tasks(scope=EVERYTHING).get(subject="ALP", trigger="weak")
    assert ben.post("/scorecards/smooth/2012-Q3/ALP/tasks", {"task": task.pk, "reason": "so"}).status_code == 403


def test_tasks_and_standings_over_rest(scored):
    anna = browser(scored.people.anna)
    told = anna.get("/api/tasks?open=true&subject=ALP").json()["items"]
    assert [(one["trigger"], one["what"], one["due_on"]) for one in told][:1] == [("weak", "plan to sell more", "2012-10-30")]
    sent = {"number": told[0]["number"], "reason": "agreed"}
    closed = anna.post("/api/tasks/close", json.dumps(sent), "application/json")
    assert closed.status_code == 200 and closed.json()["closed_by"] == "anna"
    card = anna.get("/api/scorecards/smooth/2013-Q1/ALP").json()
    assert (card["overall"], card["standing"]) == ("20", {"level": "Silver", "since": "2012-12-31"})
    assert [one["period"] for one in card["earlier"]] == ["2012-Q3", "2012-Q4"]


def test_tasks_on_the_command_line(scored):
    found = json.loads(CliRunner().invoke(app, ["tasks", "--json", "--as", "anna"]).stdout)
    number = next(one["number"] for one in found if (one["subject"], one["trigger"]) == ("ALP", "weak"))
    closing = ["tasks", "close", str(number), "--reason", "agreed", "--as"]
    refused = CliRunner().invoke(app, [*closing, "dora"])  # who audits
    assert refused.exit_code != 0 and "your role does not allow this" in str(refused.exception)
    assert CliRunner().invoke(app, [*closing, "anna"]).exit_code == 0
    left = json.loads(CliRunner().invoke(app, ["tasks", "--json", "--as", "anna"]).stdout)
    assert len(left) == len(found) - 1
