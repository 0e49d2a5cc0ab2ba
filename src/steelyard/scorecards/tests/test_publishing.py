"""Runs and publishing: the same inputs are one run; a second person publishes, once; what cannot be scored says why."""

from __future__ import annotations

import json

import pytest

from steelyard.audit.queries import entries
from steelyard.calc.errors import Refused
from steelyard.company import actions as company
from steelyard.frameworks.actions import apply
from steelyard.ledger.queries import head
from steelyard.scorecards import queries, scoring
from steelyard.scorecards.models import Publication, Result, Run
from tests.journeys.conftest import HEAD, content, figures


def refusal(call):
    with pytest.raises(Refused) as refused:
        call()
    (problem,) = refused.value.problems
    assert problem.message and problem.hint
    return problem.code


def test_the_same_inputs_are_one_run_with_one_audit_entry(channel):
    first, second = channel.score(), channel.score()
    assert (first.pk, Run.objects.count()) == (second.pk, 1)
    entry = entries(action="scorecards.run").get()
    assert entry.after["items"] == first.items_sha256
    assert channel.score(period="2012-Q3").run_id != first.run_id
    assert channel.score(framework="territory").run_id != first.run_id


def test_a_new_commit_is_a_new_run_even_where_no_figure_moves(channel):
    first = channel.score()
    channel.sell(("Z9", "1", "ROTH", "2011-01-01", "REA-1", "1", "EUR"))
    second = channel.score()
    assert second.run_id != first.run_id
    assert figures(second) == figures(first)


def test_a_changed_framework_is_another_run(channel):
    first = channel.score()
    version, _, is_new = apply(text=HEAD.format(subject="partner").replace("weight: 2", "weight: 3"), acting_user=channel.people.carla)
    assert (version.version, is_new) == (2, True)
    assert channel.score().run_id != first.run_id


def test_a_run_whose_files_came_out_differently_is_refused(channel):
    run = channel.score()
    Run.objects.filter(pk=run.pk).update(items_sha256="0" * 64)
    with pytest.raises(Refused, match="came out differently"):
        channel.score_again(run)


def test_every_subject_of_the_day_has_a_result_and_unmatched_rows_count_nowhere(channel):
    run = channel.score()
    assert set(Result.objects.filter(run=run).values_list("subject", flat=True)) == {"ALP", "BOR", "CAS", "ROTH"}
    assert figures(run) == {"ALP": "140", "BOR": "50", "CAS": "10"}  # 30 of party 4711 are nobody's
    for framework in ("representative", "territory"):
        total = sum(int(value) for value in figures(channel.score(framework)).values())
        assert total == 200
    assert {result.subject: result.total for result in queries.results(run)}["ROTH"] == 0


def test_publishing_takes_a_second_person(channel):
    channel.score()
    assert refusal(lambda: channel.publish("anna")) == "second-person"
    published = channel.publish("ben", reason="reviewed")
    assert (published.published_by, published.run.created_by) == ("ben", "anna")
    assert queries.published("partner", "2012-Q4").pk == published.pk
    assert entries(action="scorecards.publish").get().after["scored_by"] == "anna"


def test_publishing_twice_is_one_publication_and_a_later_cut_is_a_second(channel):
    channel.score()
    first = channel.publish("ben")
    assert channel.publish("dora").pk == first.pk
    assert Publication.objects.count() == 1
    former = content(first.run)
    channel.sell(("A1", "2", "ALP", "2012-10-05", "REA-1", "45", "EUR"))
    assert queries.published("partner", "2012-Q4").pk == first.pk  # what is public stays until somebody publishes again
    channel.score()
    second = channel.publish("ben")
    assert [row.pk for row in Publication.objects.all()] == [first.pk, second.pk]
    assert queries.published("partner", "2012-Q4").pk == second.pk
    assert (figures(first.run)["ALP"], figures(second.run)["ALP"]) == ("140", "145")
    assert content(first.run) == former


def test_a_period_that_is_not_over_in_the_data_is_shown_as_running_and_not_published(channel):
    run = channel.score(period="2013-Q1")
    assert run.is_running
    assert refusal(lambda: channel.publish("ben", period="2013-Q1")) == "still-running"
    channel.sell(("N1", "1", "ALP", "2013-03-31", "REA-1", "1", "EUR"))
    assert not channel.score(period="2013-Q1").is_running
    channel.publish("ben", period="2013-Q1")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"period": "2012-Q5"}, "bad-period"),
        ({"period": "the fourth quarter"}, "bad-period"),
        ({"period": "2012-11"}, "wrong-grain"),
        ({"cut": 10_000}, "unknown-cut"),
        ({"framework": "partners"}, "unknown-framework"),
    ],
)
def test_what_cannot_be_scored_says_why(channel, asked, code):
    found = refusal(lambda: channel.score(**asked))
    assert found == code
    assert not Run.objects.exists()


def test_before_the_company_was_set_up_there_is_nothing_to_score(channel):
    assert refusal(lambda: channel.score(cut=0)) == "no-settings"
    assert refusal(lambda: channel.score(cut=-1)) == "no-settings"


def test_nothing_scored_is_nothing_to_publish(channel):
    assert refusal(lambda: channel.publish("ben")) == "nothing-to-publish"
    channel.score()
    assert refusal(lambda: channel.publish("ben", cut=head() - 1)) == "nothing-to-publish"


def test_an_unknown_subject_is_told_with_the_nearest_one(channel):
    run = channel.score()
    with pytest.raises(Refused, match="did you mean `ALP`"):
        queries.items(run, "ALPS")


def test_figures_open_down_to_rows_that_add_up_and_name_what_was_left_out(channel):
    told = queries.explain(channel.score(), "ALP")
    inputs = scoring.gather(told.inputs.framework, told.run.framework.digest, "2012-Q4", told.run.cut)
    assert inputs.run_id == told.run.run_id
    evidence = {item.name: item for node in told.tree.walk() for item in node.evidence}
    rows = queries.rows_behind(told, evidence["systems"].selector)
    assert rows.select("document", "line", "contribution", "reason").rows() == [
        ("A1", "1", 1_000_000, None),
        ("A1", "2", 0, "not a system"),
    ]
    assert dict(evidence["systems"].excluded) == {"not a system": 1}
    everything = queries.rows_behind(told, evidence["sales"].selector)
    assert everything["contribution"].sum() == 1_400_000
    assert json.dumps(dict(evidence["sales"].excluded)) == "{}"


def test_why_the_total_changed_adds_up(channel):
    before, after = channel.score(period="2012-Q3"), channel.score(period="2012-Q4")
    waterfall = queries.why(before, after, "ALP").waterfall
    assert waterfall.start + sum(step.amount for step in waterfall.steps) == waterfall.end
    totals = [{result.subject: result.total for result in queries.results(run)}["ALP"] for run in (before, after)]
    assert [waterfall.start, waterfall.end] == totals


def test_a_new_default_calendar_is_another_quarter(channel):
    first = channel.score()
    company.add("calendars", code="april", start_month=4, pattern="months", acting_user=channel.people.carla)
    company.change_settings(default_calendar="april", acting_user=channel.people.carla)
    moved = channel.score()  # fiscal 2012-Q4 is January to March 2012
    assert (str(moved.period_start), figures(moved)) == ("2012-01-01", {})
    assert content(channel.score_again(first)) == content(first)
