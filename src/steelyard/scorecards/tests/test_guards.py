"""What stands between a wrong figure and a reader: the cache is never believed blindly, files are checked, dates hold."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from steelyard.calc.errors import Refused
from steelyard.frameworks.actions import apply
from steelyard.ledger.queries import parts
from steelyard.scorecards import cache, files, queries, scoring
from tests.journeys.conftest import HEAD, VECTORS, content, figures


def refused(call):
    with pytest.raises(Refused) as refusal:
        call()
    return [problem.code for problem in refusal.value.problems]


def kept():
    return sorted(cache.folder().rglob("*.arrow"))


def test_a_damaged_cache_file_is_not_there(channel):
    before = figures(channel.score())
    assert kept()
    for path in kept():
        path.write_bytes(path.read_bytes()[:40])
    channel.sell(("Z9", "1", "ALP", "2012-12-01", "REA-1", "1", "EUR"))
    assert figures(channel.score()) == before | {"ALP": "141"}


def test_what_is_kept_of_other_bytes_under_the_same_number_is_not_used(channel):
    """A roll-back of the database gives numbers out again; a segment's file digest never comes again."""
    name = cache.Cache("plan", "masters").name
    numbers = [part.segment.sha256 for part in parts("orders")]
    assert name("orders", numbers) != name("orders", [sha.replace(sha[0], "x") for sha in numbers])
    assert scoring.gather(*framework_of(channel), "2012-Q4").digests["ledger"]


def framework_of(channel):
    run = channel.score()
    told = queries.explain(run, "ALP")
    return told.inputs.framework, run.framework.digest


def test_publishing_computes_without_the_cache_and_notices_a_figure_that_is_not_in_the_facts(channel):
    run = channel.score()
    items = queries.items(run).with_columns(points=pl.when(pl.col("kind") == "total").then(99_000_000).otherwise(pl.col("points")))
    type(run).objects.filter(pk=run.pk).update(items_sha256=files.write(run.items_path, items))  # a forger who can write the database too
    assert refused(lambda: channel.publish("ben")) == ["not-reproduced"]


def test_publishing_neither_reads_nor_writes_the_cache(channel):
    channel.score()
    cache.clear()
    channel.publish("ben")
    assert kept() == []


def test_a_changed_run_file_is_found_when_read_and_by_verify(channel):
    run = channel.score()
    assert queries.check_files() == ([], 2)
    path = files.home() / run.items_path
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert refused(lambda: queries.items(run)) == ["run-file-altered"]
    path.unlink()
    assert queries.check_files() == ([], 1)  # nobody rests on it: it comes out the same when scored again
    channel.score()
    assert queries.check_files() == ([], 2)
    channel.publish("ben")
    path.unlink()
    assert [problem.code for problem in queries.check_files()[0]] == ["run-file-missing"]


def test_a_version_scores_from_its_effective_date_on(channel):
    later = (
        HEAD.format(subject="partner").replace("grain: quarter", "grain: quarter\neffective: 2012-12-01").replace("weight: 2", "weight: 3")
    )
    apply(text=later, acting_user=channel.people.carla)
    assert [channel.score(period=period).framework.version for period in ("2012-Q3", "2012-Q4")] == [1, 2]


def test_a_period_before_every_effective_date_is_refused(channel):
    only = HEAD.format(subject="partner").replace("framework: partner", "framework: young\neffective: 2030-01-01")
    apply(text=only, acting_user=channel.people.carla)
    assert refused(lambda: channel.score(framework="young")) == ["not-effective"]


def test_an_older_version_scored_later_is_not_what_a_routine_publication_takes(channel):
    apply(text=HEAD.format(subject="partner").replace("weight: 2", "weight: 3"), vectors=VECTORS, acting_user=channel.people.carla)
    from steelyard.scorecards import actions

    channel.score()
    actions.run(framework="partner", period="2012-Q4", version=1, acting_user=channel.people.anna)
    assert channel.publish("ben").run.framework.version == 2
    assert channel.publish("ben", version=1).run.framework.version == 1


def test_nothing_is_published_by_a_framework_of_which_a_level_has_no_vector(channel):
    text = HEAD.format(subject="partner").replace("framework: partner", "framework: unproved")
    apply(text=text, acting_user=channel.people.carla)
    channel.score("unproved")
    assert refused(lambda: channel.publish("ben", framework="unproved")) == ["unvectored"]
    apply(text=text, vectors=VECTORS, acting_user=channel.people.carla)
    assert channel.publish("ben", framework="unproved").run.framework.vectors == VECTORS


@pytest.mark.parametrize("policy", ["month average", "period end"])
def test_a_currency_without_a_rate_stops_nobody(channel, policy):
    text = HEAD.format(subject="partner").replace("framework: partner", "framework: late").replace("policy: line date", f"policy: {policy}")
    apply(text=text, acting_user=channel.people.carla)
    channel.sell(("J1", "1", "ALP", "2012-12-05", "REA-1", "7", "JPY"))
    run = channel.score(framework="late")
    rows = {row["partner"]: row for row in queries.items(run).filter(pl.col("kpi") == "net_sales").iter_rows(named=True)}
    assert rows["ALP"]["value"] == 140 * 10_000
    assert rows["BOR"]["value"] == 50 * 10_000
    assert "no currency rate for the day" in rows["ALP"]["excluded"]


def test_windows_within_a_calendar_of_dates_are_computed_by_days(channel):
    from steelyard.company import actions as company

    company.add("calendars", code="dates", pattern="dates", dates="2012-10-01,2012-12-01", acting_user=channel.people.anna)
    text = HEAD.format(subject="partner").replace("framework: partner", "framework: windows\ncalendar: dates")
    text = (
        text.replace("grain: quarter", "grain: window")
        .replace("sum: amount}}", "sum: amount}}")
        .replace("sales: {fact: orders, sum: amount}", "sales: {fact: orders, sum: amount, window: month}")
    )
    apply(text=text, acting_user=channel.people.carla)
    run = channel.score(framework="windows", period="2012-10-01")  # as of 2012-11-30: November only
    told = queries.explain(run, "BOR")
    (evidence,) = [item for node in told.tree.walk() for item in node.evidence if item.name == "sales"][:1]
    assert (evidence.first_day, evidence.last_day, evidence.value) == (date(2012, 11, 1), date(2012, 11, 30), "50")
    assert queries.rows_behind(told, evidence.selector)["contribution"].sum() == 50 * 10_000
    assert queries.explain(run, "ALP").tree.find("net_sales").details["value"] in ("0", "0.00")


def test_the_same_run_is_the_same_bytes_with_and_without_what_is_kept(channel):
    run = channel.score()
    with_cache = content(channel.score_again(run))
    cache.clear()
    assert content(channel.score_again(run)) == with_cache
