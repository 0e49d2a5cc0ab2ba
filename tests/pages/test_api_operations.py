"""What operators do over REST besides files: mappings, nil reports, e-mails, when cycles open, frameworks before they are applied."""

from __future__ import annotations

import json
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from typer.testing import CliRunner

from steelyard.accounts.actions import make_token
from steelyard.audit.queries import entries
from steelyard.cli.assemble import app as commands
from steelyard.frameworks import queries as frameworks
from steelyard.outbox import actions as outbox
from tests.company import FRAMEWORK

from .test_api import everything, get
from .test_api_capabilities import etag, send

MAPPING = "/intake/mappings/orders/erp"


def test_a_mapping_is_changed_upon_what_was_read(as_):
    anna = as_("anna")
    (known,) = [one for one in everything(anna, "/intake/mappings") if (one["kind"], one["source"]) == ("orders", "erp")]
    text, seen = get(anna, MAPPING)[1]["text"], {"If-Match": etag(anna, MAPPING)}
    assert send(anna, "PUT", MAPPING, {"text": text}, **seen)[1]["version"] == known["version"]
    for wrong in ("kind: [orders", text.replace("kind: orders", "kind: targets"), f"{text}\nnonsense: 1\n"):
        assert send(anna, "PUT", MAPPING, {"text": wrong}, **seen)[0] == 422
    status, changed = send(anna, "PUT", MAPPING, {"text": "kind: orders\nsource: erp\ndecimal: '.'\n"}, **seen)
    assert (status, changed["version"], changed["actor"]) == (200, known["version"] + 1, "anna")
    assert send(anna, "PUT", MAPPING, {"text": text}, **seen)[0] == 412
    assert as_("carla").get(f"/api{MAPPING}").status_code == 403


def test_that_there_was_nothing_is_said_once(as_):
    anna = as_("anna")
    body = {"kind": "sell_through", "source": "portal", "party": "ALP", "first_day": "2019-01-01", "last_day": "2019-01-31"}
    status, first = send(anna, "POST", "/intake/nil", body)
    assert status == 200 and get(anna, f"/intake/batches/{first['batch']}")[1]["accepted"] == 1
    assert send(anna, "POST", "/intake/nil", body)[1] == {"batch": None}
    assert send(anna, "POST", "/intake/nil", {**body, "last_day": "2018-01-31"})[0] == 422


def test_the_file_of_a_batch_is_given_as_it_came(as_, company):
    anna, batch = as_("anna"), company.batches["orders 2025-q4"]
    answer, page = anna.get(f"/api/intake/batches/{batch}/file"), anna.get(f"/intake/{batch}/file")
    assert answer["Content-Type"] == "application/octet-stream" and answer["Content-Disposition"].startswith("attachment")
    assert answer.getvalue() == page.getvalue() != b""


def test_an_e_mail_that_was_given_up_is_tried_again_and_says_nothing_of_its_text(as_, monkeypatch):
    def no_server(*_args, **_kwargs):
        raise SMTPRecipientsRefused({})

    ada = as_("ada")
    monkeypatch.setattr(EmailMessage, "send", no_server)
    written = outbox.send(to="x@example.com", subject="Welcome", text="https://steelyard.example/secret")
    outbox.deliver_due()
    (told,) = [one for one in everything(ada, "/messages?state=failed") if one["message"] == written.pk]
    assert told["subject"] == "Welcome" and told["error"] and "secret" not in str(told)
    assert send(as_("carla"), "POST", f"/messages/{written.pk}/retry")[0] == 403
    assert send(ada, "POST", f"/messages/{written.pk}/retry")[1]["state"] == "waiting"
    assert send(ada, "POST", f"/messages/{written.pk}/retry")[0] == 409
    assert entries(action="message tried again").filter(subject=f"message:{written.pk}").get().actor == "ada"


def test_when_cycles_open_is_said_and_read(as_):
    anna = as_("anna")
    status, rule = send(anna, "POST", "/reviews/rules", {"framework": FRAMEWORK, "days_after_end": 9, "active": False})
    assert (status, rule["days_after_end"], rule["days_to_review"], rule["active"]) == (200, 9, 20, False)
    assert rule in everything(as_("carla"), "/reviews/rules")
    assert send(anna, "POST", "/reviews/rules", {"framework": "nothing"})[0] == 422
    assert send(as_("carla"), "POST", "/reviews/rules", {"framework": FRAMEWORK})[0] == 403


def test_a_framework_is_checked_and_compared_before_anything_is_written(as_):
    anna, newest = as_("anna"), frameworks.version(FRAMEWORK)
    assert send(anna, "POST", "/frameworks/check", {"text": newest.text})[1]["changes"] == []
    other = newest.text.replace(f"title: {newest.title}", "title: Another standard")
    status, told = send(anna, "POST", "/frameworks/check", {"text": other})
    assert (status, told["framework"], told["fits"]) == (200, FRAMEWORK, True) and any("Another" in one for one in told["changes"])
    status, told = send(anna, "POST", "/frameworks/check", {"text": f"{newest.text}\nnonsense: 1\n"})
    assert (status, told["fits"]) == (200, False) and "nonsense" in str(told["problems"])
    assert frameworks.version(FRAMEWORK).version == newest.version
    (cliff,) = [one for one in send(anna, "POST", "/frameworks/check", {"text": CLIFF})[1]["findings"] if one["code"] == "cliff"]
    assert cliff["severity"] == "finding" and cliff["witness"].splitlines()[1] == "given: {kpis: {sold: 10}}"


def test_a_draft_is_checked_on_the_partners_of_the_newest_run_by_those_who_see_them(as_, company):
    anna, text = as_("anna"), frameworks.version(FRAMEWORK).text
    status, alone = send(anna, "POST", "/frameworks/check", {"text": text})
    assert (status, alone["lists"]) == (200, [])
    status, told = send(anna, "POST", "/frameworks/check", {"text": text, "partners": True})
    assert status == 200 and {one["code"] for one in alone["findings"]} <= {one["code"] for one in told["findings"]}
    printed = CliRunner().invoke(commands, ["framework", "check", FRAMEWORK, "--partners", "--json"])
    assert json.loads(printed.stdout)["findings"] == told["findings"]
    assert send(anna, "POST", "/frameworks/check", {"text": CLIFF, "partners": True})[1]["problems"][0]["code"] == "never-scored"
    ends = timezone.now() + timedelta(days=1)
    _, secret = make_token(name="drafts", scopes=["frameworks.write"], expires_at=ends, acting_user=company.people.anna)
    blind = Client(headers={"Authorization": f"Bearer {secret}"})
    sent = json.dumps({"text": text, "partners": True})
    answer = blind.post("/api/frameworks/check", sent, content_type="application/json")
    assert answer.status_code == 422 and answer.json()["problems"][0]["code"] == "partners-not-seen"


CLIFF = """framework: cliff
title: Cliff
subject: partner
grain: quarter
effective: 2026-01-01
measures: {lines: {fact: orders, count: lines}}
kpis: {sold: {formula: lines, unit: count, better: higher, no_data: zero}}
scorecard: {combine: sum, of: {sales: {kpi: sold, points: {bands: [{below: 10, points: 0}, {from: 10, points: 100}]}}}}
"""


@pytest.mark.parametrize(("query", "status"), [("", 200), ("?before=1&after=1", 200), ("?before=99", 404), ("?after=x", 422)])
def test_what_a_version_changes_is_told(as_, query, status):
    found = get(as_("anna"), f"/frameworks/{FRAMEWORK}/changes{query}")
    assert found[0] == status and (status != 200 or isinstance(found[1]["changes"], list))
