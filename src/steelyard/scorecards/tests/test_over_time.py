"""Scores that look back: at results as they were published, or computed again; standings, and tasks that triggers open."""

from __future__ import annotations

import json
from datetime import date

import pytest

from steelyard.audit.queries import entries
from steelyard.calc import causes
from steelyard.calc.errors import Missing, Refused
from steelyard.calc.receipts.document import number_of
from steelyard.frameworks.actions import apply
from steelyard.ledger.scope import EVERYTHING, Scope
from steelyard.scorecards import cards, issuing, queries, scoring, standing_words, stored, to_do
from steelyard.scorecards.models import Result, RolledUp, Task
from tests.cast import level_vectors
from tests.journeys.conftest import content

SMOOTH = """framework: smooth
subject: partner
grain: quarter
currency: EUR
convert: {policy: line date, rates: ecb}
measures: {sales: {fact: orders, sum: amount}}
kpis: {net_sales: {formula: sales, unit: money, better: higher, no_data: zero}}
scorecard: {kpi: net_sales, points: {line: [[0, 0], [200, 100]]}}
history: {smooth: 50%}
levels: [{name: Bronze, require: []}, {name: Silver, require: [overall >= 40]}, {name: Gold, require: [points >= 60, overall >= 50]}]
standing: {start: Bronze, promote: quarterly, demote: [September]}
triggers:
  - {name: weak, title: Few sales, when: points < 40 and net_sales > 0, do: plan to sell more, within: 30 days}
  - {name: fell, when: points < previous(points), do: ask why, within: 2 months}
"""

VECTORS = level_vectors(Bronze=0, Silver=40, Gold=60)


@pytest.fixture
def smooth(channel):
    apply(text=SMOOTH, vectors=VECTORS, acting_user=channel.people.carla)
    return channel


def score(channel, period, **more):
    return channel.score(framework="smooth", period=period, **more)


def publish(channel, period):
    return channel.publish("ben", framework="smooth", period=period)


def result(run, subject="ALP"):
    return Result.objects.get(run=run, subject=subject)


def test_earlier_results_are_read_as_they_were_published_and_their_hashes_make_the_run(smooth):
    third, alone = score(smooth, "2012-Q3"), score(smooth, "2012-Q4")
    assert (result(third).total, result(third).overall) == (10_000_000, 10_000_000)
    assert result(alone).overall == result(alone).total == 70_000_000 and alone.earlier == []  # nothing was published
    publish(smooth, "2012-Q3")
    with pytest.raises(Refused, match=r"published after it was scored.*2012-Q3.*score the period again"):
        publish(smooth, "2012-Q4")
    fourth = score(smooth, "2012-Q4")
    assert publish(smooth, "2012-Q4").run == fourth
    assert fourth.run_id != alone.run_id and fourth.inputs["earlier"] != alone.inputs["earlier"]
    assert [(one["period"], one["run_id"]) for one in fourth.earlier] == [("2012-Q3", third.run_id)]
    assert (result(fourth).total, result(fourth).overall, result(fourth).level) == (70_000_000, 40_000_000, "Silver")
    assert score(smooth, "2012-Q4").pk == fourth.pk


def test_a_run_that_looked_back_is_proved_with_what_it_read_whatever_is_in_force_by_now(smooth):
    score(smooth, "2012-Q3")
    publish(smooth, "2012-Q3")
    fourth = score(smooth, "2012-Q4")
    smooth.sell(("A9", "1", "ALP", "2012-08-02", "REA-1", "100", "EUR"))
    again = score(smooth, "2012-Q3")
    publish(smooth, "2012-Q3")
    assert publish(smooth, "2012-Q4").run == fourth
    assert content(smooth.score_again(again)) == content(again)
    newer = score(smooth, "2012-Q4")
    assert [one["run_id"] for one in newer.earlier] == [again.run_id] and result(newer).overall == 65_000_000


def test_a_file_is_read_once_however_many_were_published_alone_from_it(smooth, monkeypatch):
    third = score(smooth, "2012-Q3")
    for subject in ("ALP", "BOR", "CAS"):
        smooth.publish("ben", framework="smooth", period="2012-Q3", subject=subject)
    read, whole = [], stored.looked_back
    monkeypatch.setattr(stored, "looked_back", lambda run, kinds: read.append(run.run_id) or whole(run, kinds))
    fourth = score(smooth, "2012-Q4")
    assert read == [third.run_id]
    assert (result(fourth).overall, result(fourth, "BOR").overall) == (40_000_000, 12_500_000)


def test_as_known_now_computes_earlier_periods_at_the_present_cut(smooth):
    text = SMOOTH.replace("framework: smooth", "framework: anew\neffective: 2012-07-01\nearlier: as known now")
    apply(text=text, vectors=VECTORS, acting_user=smooth.people.carla)
    smooth.sell(("A9", "1", "ALP", "2012-08-02", "REA-1", "100", "EUR"))
    run = smooth.score(framework="anew")
    assert run.inputs["earlier"] == "as known now" and run.earlier == []
    assert result(run).overall == 65_000_000  # 120 of 200 make 60 points in Q3, then 70
    assert smooth.publish("ben", framework="anew").run == run


def test_a_standing_stays_where_the_calendar_says_so_and_is_shown_beside_what_is_earned(smooth):
    for period in ("2012-Q3", "2012-Q4", "2013-Q1"):
        if period == "2013-Q1":
            smooth.sell(("A9", "1", "BOR", "2013-03-31", "REA-1", "10", "EUR"))
        run = score(smooth, period)
        publish(smooth, period)
    held = result(run)
    assert (held.level, held.standing, held.standing_since) == ("Bronze", "Silver", date(2012, 12, 31))
    card = cards.card("smooth", "2013-Q1", "ALP", scope=EVERYTHING)
    assert (card.level, card.holding.level, card.overall) == ("Bronze", "Silver", 20_000_000)
    assert [one.period for one in card.earlier] == ["2012-Q3", "2012-Q4"]


def test_scoring_the_same_twice_opens_nothing_twice(smooth):
    first = score(smooth, "2012-Q3")
    assert [(task.subject, task.trigger, task.due_on, task.run) for task in Task.objects.all()] == [
        ("ALP", "weak", date(2012, 10, 30), first)
    ]
    smooth.score_again(first)
    smooth.sell(("B9", "1", "BOR", "2012-12-30", "REA-1", "1", "EUR"))
    score(smooth, "2012-Q3")  # at another cut
    assert Task.objects.filter(period="2012-Q3").count() == 1


def test_while_a_period_runs_nothing_is_opened(smooth):
    smooth.sell(("A9", "1", "ALP", "2013-01-02", "REA-1", "1", "EUR"))
    run = score(smooth, "2013-Q1")
    assert run.is_running and not Task.objects.exists()


def test_a_task_is_closed_once_with_a_reason_by_who_sees_its_partner(smooth):
    score(smooth, "2012-Q3")
    task = Task.objects.get(trigger="weak")
    carla = smooth.people.carla
    with pytest.raises(Refused) as refusal:
        to_do.close(task=task.pk, reason=" ", scope=EVERYTHING, acting_user=carla)
    assert [problem.code for problem in refusal.value.problems] == ["reason-missing"]
    with pytest.raises(Missing):
        to_do.close(task=task.pk, reason="done", scope=Scope(partners=frozenset({"BOR"})), acting_user=carla)
    to_do.close(task=task.pk, reason="a plan is agreed", scope=Scope(partners=frozenset({"ALP"})), acting_user=carla)
    to_do.close(task=task.pk, reason="something else", scope=EVERYTHING, acting_user=smooth.people.anna)
    task.refresh_from_db()
    assert (task.closed_by, task.reason) == ("carla", "a plan is agreed") and not to_do.open_now(scope=EVERYTHING)
    assert entries(action="tasks.close").count() == 1


def areas(channel):
    """Partners in territories, each partner rolled up to its best part."""
    text = SMOOTH.replace("framework: smooth\nsubject: partner\n", "framework: areas\nsubject: partner x territory\n")
    apply(text=text + "rollup: {to: partner, level: highest}\n", acting_user=channel.people.carla)
    return channel.score(framework="areas")


def test_parts_are_rolled_up_when_they_are_scored(channel):
    run = areas(channel)
    found = RolledUp.objects.get(run=run, subject="ALP")
    best = {level for _, level in found.parts}
    assert found.level in best and len(found.parts) == len([one for one in queries.results(run) if one.subject.startswith("ALP x ")])


def test_a_whole_has_a_receipt_that_names_those_of_its_parts(channel):
    run = areas(channel)
    whole = run.rolled_up.get(subject="ALP")
    numbers = dict(run.results.values_list("subject", "receipt"))
    told = json.loads(issuing.whole_text(run, whole, numbers))
    assert number_of(issuing.whole_text(run, whole, numbers)) == whole.receipt
    assert (told["whole"], told["level"]) == ({"partner": "ALP"}, whole.level)
    assert [(part["subject"], part["receipt"]) for part in told["parts"]] == [(name, numbers[name]) for name, _ in whole.parts]
    assert queries.check_receipts()[0] == []
    changes = (
        {"level": "Best"},
        {"parts": [[name, "Best"] for name, _ in whole.parts]},
        {"parts": whole.parts[:-1]},
        {"receipt": "0" * 64},
    )
    for change in changes:
        run.rolled_up.filter(subject="ALP").update(**change)
        assert queries.check_receipts()[0], change
        run.rolled_up.filter(subject="ALP").update(level=whole.level, parts=whole.parts, receipt=whole.receipt)
    run.rolled_up.filter(subject="ALP").delete()
    assert [problem.code for problem in queries.check_receipts()[0]] == ["receipts-altered"]
    card = cards.card("areas", "2012-Q4", "BOR x NORTH", scope=EVERYTHING)
    assert f"(receipt {run.rolled_up.get(subject='BOR').short})" in str(standing_words.whole(card))


def test_one_day_of_the_window_is_enough_even_between_two_evaluations(channel):
    """Over 30 days ALP sold 140 up to 3 November; at the end of the year nothing is left of it in the last 30 days."""
    text = SMOOTH[: SMOOTH.index("history")].replace("framework: smooth", "framework: once")
    text = text.replace("sum: amount}", "sum: amount, window: last 30 days}")
    for window, level in (("last 59 days", "Designated"), ("last 58 days", "None")):  # 3 November is the 59th day back
        levels = f'levels: [{{name: "None", require: []}}, {{name: Designated, require: [points >= 70], held: {{once_in: {window}}}}}]\n'
        apply(text=text + levels, acting_user=channel.people.carla)
        run = channel.score(framework="once")
        assert (result(run).total, result(run).level) == (0, level)
        assert result(run, "BOR").level == "None"


def test_a_quiet_day_is_not_computed(channel, monkeypatch):
    looked_at = []
    whole = scoring.changed

    def watched(*given, **more):
        found = whole(*given, **more)
        looked_at.append(found)
        return found

    monkeypatch.setattr(scoring, "changed", watched)
    text = SMOOTH[: SMOOTH.index("history")].replace("framework: smooth", "framework: once")
    text = text.replace("sum: amount}", "sum: amount, window: last 30 days}")
    text += 'levels: [{name: "None", require: []}, {name: Designated, require: [points >= 70], held: {once_in: last 59 days}}]\n'
    apply(text=text, acting_user=channel.people.carla)
    channel.score(framework="once")
    (found,) = looked_at
    days = sorted({str(day) for _, day in found.single})
    assert [str(day) for day in found.everybody] == ["2012-11-03"]  # the first day of the window
    assert days == ["2012-11-04", "2012-11-10", "2012-12-10"]  # A1 leaves, B1 enters, B1 leaves; C1 enters on the last day itself


def test_what_a_gate_took_because_of_an_earlier_result_is_explained_with_that_result(channel):
    """ALP fell from 140 to 10, and a gate halves what fell: every cause is computed beside what was known then."""
    text = SMOOTH[: SMOOTH.index("history")].replace("framework: smooth", "framework: gated")
    text = text.replace(
        "[200, 100]]}}", "[200, 100]]}, require: [{rule: points >= previous(points), else: {cap: 2}, blank: holds, reason: it fell}]}"
    )
    apply(text=text, acting_user=channel.people.carla)
    channel.score(framework="gated")
    channel.publish("ben", framework="gated")
    channel.sell(("A9", "1", "ALP", "2013-03-31", "REA-1", "10", "EUR"))
    channel.score(framework="gated", period="2013-Q1")
    card = cards.card("gated", "2013-Q1", "ALP", scope=EVERYTHING)
    assert card.total == 2_000_000
    waterfall = cards.traced(card)
    assert (waterfall.start, waterfall.end) == (70_000_000, 2_000_000)
    assert sum(step.amount for step in waterfall.steps) == -68_000_000
    assert causes.UNEXPLAINED not in {step.cause for step in waterfall.steps}
