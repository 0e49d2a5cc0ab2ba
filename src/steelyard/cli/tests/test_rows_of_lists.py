"""The rows behind a figure of a list: REST and the command line tell the same lines, each with what it adds or why it does not count."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
import typer
from django.test import Client
from django.utils import timezone
from typer.testing import CliRunner

from steelyard.accounts.actions import make_token
from steelyard.cli import scorecards
from steelyard.frameworks.actions import apply
from steelyard.ledger.queries import head
from tests.journeys.conftest import channel

__all__ = ["channel"]

TEXT = """
framework: documents
subject: partner
grain: quarter
currency: EUR
lists:
  documents:
    one_per: document
    columns:
      lines: {fact: orders, count: lines, title: Number of lines}
      value: {fact: orders, sum: amount}                    # called as a listing calls what a row says
      begun: {fact: orders, first: date}
    keep: [{rule: value >= 100, reason: too small}]
measures:
  documents: {list: documents, count: lines}
  middle: {list: documents, median: value}
kpis:
  how_many: {formula: documents, unit: count, no_data: zero}
  size: {formula: middle, unit: money, no_data: skip}
"""
app = typer.Typer()
scorecards.register(app)


def run(*words: str) -> str:
    outcome = CliRunner().invoke(app, ["explain", "documents", "--period", "2012-Q4", *words], catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout


@pytest.fixture
def scored(channel, home, settings):
    settings.STATIC_ROOT = home / "static"
    settings.STATIC_ROOT.mkdir()
    apply(text=TEXT, acting_user=channel.people.carla)
    channel.score("documents")
    ends, scopes = timezone.now() + timedelta(days=1), ["scores.read", "orders.read"]
    _, secret = make_token(name="rows", scopes=scopes, expires_at=ends, acting_user=channel.people.anna)
    return SimpleNamespace(client=Client(headers={"Authorization": f"Bearer {secret}"}))


@pytest.mark.parametrize(
    ("subject", "kpi", "measure", "line", "counted", "reason", "adds"),
    [
        ("ALP", "how_many", "documents", ("A1", "2", "140.00", "2012-10-05"), True, "", "1"),
        ("ALP", "size", "middle", ("A1", "2", "140.00", "2012-10-05"), True, "", "140.00"),
        ("CAS", "how_many", "documents", ("C1", "1", "10.00", "2012-12-31"), False, "too small", "0"),
    ],
)
def test_rows_of_a_list_are_told_alike_over_rest_and_on_the_command_line(scored, subject, kpi, measure, line, counted, reason, adds):
    answer = scored.client.get(f"/api/scorecards/documents/2012-Q4/{subject}/kpis/{kpi}/rows/{measure}")
    assert answer.status_code == 200, answer.content
    assert answer.json()["items"] == [
        {"row": 1, "kind": "documents", "counted": counted, "reason": reason, "contribution": adds,
         "columns": dict(zip(("document", "lines", "value", "begun"), line, strict=True))}
    ]  # fmt: skip
    (told,) = json.loads(run("--subject", subject, "--kpi", kpi, "--rows", "--json"))["measures"]
    (row,) = told["rows"]
    assert (told["measure"], told["adds_up_to"], row["counted"], row["reason"] or "", row["contribution"]) == (
        measure,
        adds,
        counted,
        reason,
        adds,
    )
    assert tuple(row[name] for name in ("document", "lines", "documents.value", "begun")) == line, "a column may be called `value` itself"
    head, shown = run("--subject", subject, "--kpi", kpi, "--rows").splitlines()[-2:]
    assert "documents.value" in head.split() and set(line) <= set(shown.split())


def test_a_step_of_a_change_lists_the_lines_that_it_moved(scored, channel):
    cut = str(head())
    channel.sell(("A1", "2", "ALP", "2012-10-05", "REA-1", "-90", "EUR"), ("A5", "1", "ALP", "2012-10-06", "REA-1", "500", "EUR"))
    channel.score("documents")
    words = ["why", "documents", "--subject", "ALP", "--from", "2012-Q4", "--to", "2012-Q4", "--cut-from", cut]
    told = json.loads(CliRunner().invoke(app, [*words, "--kpi", "how_many", "--json"], catch_exceptions=False).stdout)["moved"]
    assert [(one["cause"], one["moved"], [(row["document"], row["moved"]) for row in one["rows"]]) for one in told] == [
        ("restatement", "-1", [("A1", "-1"), ("A1", "0")]),  # it was large enough to count, and is not
        ("data", "1", [("A5", "1")]),
    ]
    assert "restatement: 2 rows changed, by -1" in CliRunner().invoke(app, [*words, "--kpi", "how_many"], catch_exceptions=False).output
