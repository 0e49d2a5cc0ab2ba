"""Every result has a receipt, and whatever is changed afterwards no longer agrees with it."""

from __future__ import annotations

import json

import polars as pl
import pytest

from steelyard.calc.receipts.document import number_of
from steelyard.frameworks.actions import apply
from steelyard.scorecards import actions, files, issuing, queries
from steelyard.scorecards.models import Result, Run
from tests.journeys.conftest import HEAD, VECTORS

COMPARED = (
    HEAD.format(subject="partner")
    .replace("framework: partner", "framework: compared")
    .replace("measures:", "peers: {least: 2}\nmeasures:")
    .replace("'sales / sales[previous] - 1'", "percentile(sales)")
)


@pytest.fixture
def run(channel):
    channel.welcome("D1", "D2")
    apply(text=COMPARED, vectors=VECTORS, acting_user=channel.people.carla)
    return channel.score("compared")


def altered(run):
    problems, checked = queries.check_receipts()
    assert checked == run.subjects
    return {problem.code for problem in problems}


def test_every_subject_has_its_own_number_and_it_is_the_hash_of_its_text(run):
    results = {result.subject: result.receipt for result in run.results.all()}
    assert len(set(results.values())) == len(results) == 6
    for subject, number in results.items():
        text = issuing.text_of(run, subject)
        assert number_of(text) == number
        assert json.loads(text)["subject"] == {"partner": subject}
    assert altered(run) == set()


def test_a_receipt_names_what_its_score_rests_on(run):
    told = json.loads(issuing.text_of(run, "BOR"))
    assert told["run"]["inputs"].keys() == {"framework", "engine", "ledger", "calendar", "masters", "rates"}
    assert told["run"]["cut"] == run.cut
    assert [one["of"] for one in told["peers"]] == ["sales"] and told["peers"][0]["others"] == 5 and told["peers"][0]["values"]
    assert {"measure": "sales", "value": "50", "counted": 1} in told["readings"]
    assert "ALP" not in issuing.text_of(run, "BOR")


@pytest.mark.parametrize("change", [{"total": 1}, {"level": "Gold+"}, {"passes": None}, {"receipt": "0" * 64}, {"no_data": "x"}])
def test_a_changed_row_of_the_results_is_found(run, change):
    Result.objects.filter(run=run, subject="BOR").update(**change)
    assert "receipt-differs" in altered(run)


def test_a_result_that_is_gone_or_added_is_found(run):
    Result.objects.filter(run=run, subject="BOR").delete()
    assert altered(run) == {"receipts-altered"}
    Result.objects.create(run=run, subject="BOR")
    assert altered(run) == {"receipts-altered", "receipt-differs"}


@pytest.mark.parametrize("change", [{"cut": 1}, {"inputs": {}}, {"period": "2012-Q3"}, {"receipts_sha256": "0" * 64}])
def test_a_changed_run_is_found(run, change):
    Run.objects.filter(pk=run.pk).update(**change)
    assert altered(run)


@pytest.mark.parametrize("column", ["items_path", "readings_path", "peers_path"])
def test_another_figure_in_a_file_is_found_even_if_the_files_own_hash_is_changed_with_it(run, column):
    path = getattr(run, column)
    frame = pl.read_parquet(files.home() / path)
    name = {"items_path": "points", "readings_path": "counted", "peers_path": "group"}[column]
    second = pl.int_range(pl.len()) == 1
    sha256 = files.write(path, frame.with_columns(pl.when(second).then(pl.col(name) + 1).otherwise(pl.col(name)).alias(name)))
    Run.objects.filter(pk=run.pk).update(**{column.replace("path", "sha256"): sha256})
    assert "receipt-differs" in altered(run)


def test_a_file_that_cannot_be_read_is_told_and_not_an_accident(run):
    (files.home() / run.readings_path).write_bytes(b"PAR1 and no more")
    assert altered(run) == {"receipts-unreadable"}


def test_a_run_of_a_former_version_gets_its_receipts_when_it_is_scored_or_published(channel, run):
    said = dict(run.results.values_list("subject", "receipt"))
    Result.objects.filter(run=run).update(receipt="")
    Run.objects.filter(pk=run.pk).update(receipts_sha256="", peers_sha256="")
    assert queries.check_receipts() == ([], 0)
    published = channel.publish("ben", framework="compared")
    assert dict(published.run.results.values_list("subject", "receipt")) == said
    assert altered(published.run) == set()
    assert actions.run(framework="compared", period="2012-Q4", acting_user=channel.people.anna).pk == run.pk
