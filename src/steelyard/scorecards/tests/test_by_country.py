"""Each partner once per country: who is scored where follows from the rows, and the parts add up to the partner."""

from __future__ import annotations

import polars as pl
import pytest

from steelyard.calc.errors import Missing, Refused
from steelyard.calc.receipts.recompute import verify
from steelyard.frameworks.actions import apply
from steelyard.ledger import actions as ledger
from steelyard.ledger.scope import EVERYTHING, Scope
from steelyard.scorecards import bundles, cards, placing
from steelyard.scorecards.models import RolledUp
from steelyard.scorecards.tracing import trace
from tests.cast import level_vectors
from tests.journeys.conftest import orders

TEXT = """framework: abroad
title: By country
subject: partner x country
grain: quarter
currency: EUR
convert: {policy: line date, rates: ecb}
measures: {sales: {fact: orders, sum: amount}}
kpis: {net_sales: {formula: sales, unit: money, better: higher, no_data: zero}}
scorecard: {kpi: net_sales, points: {line: [[0, 0], [200, 100]]}}
levels: [{name: Bronze, require: []}, {name: Gold, require: [points >= 50]}]
"""


def sell(channel, *lines):
    """Order lines, each with the country that it names last."""
    channel.batch += 1
    frame = orders(*(line[:-1] for line in lines))
    frame = frame.with_columns(pl.Series("end_customer_country", [line[-1] for line in lines], dtype=pl.String))
    return ledger.post("orders", frame, source="erp", batch=channel.batch, acting_user=channel.people.anna)


def totals(run) -> dict[str, int]:
    """Subject -> points, whole."""
    return {one.subject: one.total // 1_000_000 for one in run.results.order_by("subject")}


@pytest.fixture
def abroad(channel):
    """ALP of Switzerland sold 140 at home in the quarter (no line names a country), and sells to Germany besides."""
    apply(text=TEXT, vectors=level_vectors(Bronze=0, Gold=50), acting_user=channel.people.carla)
    sell(channel, ("D1", "1", "ALP", "2012-10-06", "REA-1", "50", "EUR", "DE"))
    return channel


def test_a_partner_is_scored_in_the_countries_its_rows_name_and_a_row_without_one_is_of_its_own(abroad):
    run = abroad.score("abroad")
    assert totals(run) == {"ALP x CH": 70, "ALP x DE": 25, "BOR x DK": 25, "CAS x AT": 5}
    assert placing.places(run, ("partner", "country"), ["ALP x DE"])["country"].to_list() == ["DE"]
    assert totals(abroad.score("abroad", period="2012-Q3")) == {"ALP x CH": 10}  # in Germany, and others at all, only later


def test_the_countries_add_up_to_the_partner(abroad):
    apply(text=TEXT.replace("abroad", "whole").replace(" x country", ""), acting_user=abroad.people.carla)
    whole, parts = totals(abroad.score("whole")), totals(abroad.score("abroad"))
    assert {code: sum(points for subject, points in parts.items() if subject.startswith(code)) for code in ("ALP", "BOR", "CAS")} == {
        code: whole[code] for code in ("ALP", "BOR", "CAS")
    }


def test_a_row_told_again_for_another_country_moves_and_why_says_so(abroad):
    before = abroad.score("abroad")
    sell(abroad, ("D1", "1", "ALP", "2012-10-06", "REA-1", "50", "EUR", "CH"))
    after = abroad.score("abroad")
    assert totals(after) == {"ALP x CH": 95, "BOR x DK": 25, "CAS x AT": 5}
    home = trace(before, after, "ALP x CH").waterfall
    assert (home.start, home.end) == (70_000_000, 95_000_000)
    assert home.start + sum(step.amount for step in home.steps) == home.end and home.by_cause()["restatement"] == 25_000_000
    again = abroad.score_again(before)  # at the earlier cut it stays where it was
    assert totals(again)["ALP x DE"] == 25


def test_who_may_see_the_partner_sees_it_in_every_country_and_nobody_elses(abroad):
    abroad.score("abroad")
    alp = Scope(partners=frozenset({"ALP"}))
    assert cards.card("abroad", "2012-Q4", "ALP x DE", scope=alp).total == 25_000_000
    with pytest.raises(Missing):
        cards.card("abroad", "2012-Q4", "BOR x DK", scope=alp)
    with pytest.raises((Missing, Refused)):
        cards.card("abroad", "2012-Q4", "ALP x FR", scope=EVERYTHING)


def test_levels_of_the_countries_roll_up_to_the_partner(abroad):
    rolled = "rollup: {to: partner, level: highest, levels: [{name: Abroad, require: ['parts(points >= 20) >= 2']}]}\n"
    apply(text=TEXT.replace("abroad", "rolled") + rolled, acting_user=abroad.people.carla)
    run = abroad.score("rolled")
    assert dict(RolledUp.objects.filter(run=run).values_list("subject", "level")) == {"ALP": "Abroad", "BOR": "Bronze", "CAS": "Bronze"}


def test_what_was_earned_before_is_kept_country_by_country(abroad):
    apply(
        text=TEXT.replace("abroad", "smooth") + "history: {smooth: 50%}\n",
        vectors=level_vectors(Bronze=0, Gold=50),
        acting_user=abroad.people.carla,
    )
    abroad.score("smooth", period="2012-Q3")
    abroad.publish("ben", "smooth", period="2012-Q3")
    found = {one.subject: one.overall for one in abroad.score("smooth").results.all()}
    assert (found["ALP x CH"], found["ALP x DE"]) == (40_000_000, 25_000_000)  # (10 + 70) / 2; Germany has no earlier one


def test_a_bundle_holds_the_rows_of_one_country_and_comes_out_the_same_without_the_house(abroad):
    sell(abroad, ("D0", "1", "ALP", "2012-07-06", "REA-1", "9", "EUR", "FR"))  # nothing since: scored with 0
    run = abroad.score("abroad")
    for subject, total in (("ALP x DE", 25), ("ALP x CH", 70), ("ALP x FR", 0)):
        content = bundles.bundle(run, subject)
        found = verify(content)
        assert (found.subject, found.number, b"BOR" in content) == (subject, run.results.get(subject=subject).receipt, False)
        assert totals(run)[subject] == total


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("country", "for each partner who sells there"),
        ("territory x country", "no other way"),
        ("partner x portfolio", "which products one holds"),
    ],
)
def test_other_subjects_of_countries_and_portfolios_are_refused_with_the_reason(channel, subject, said):
    with pytest.raises(Refused) as refused:
        apply(text=TEXT.replace("partner x country", subject), acting_user=channel.people.carla)
    [problem] = refused.value.problems
    assert problem.code == "unknown-word" and said in problem.message and problem.hint


def test_a_fact_without_a_country_says_so_or_repeats_the_partners_value(channel):
    more = ", trained: {fact: certificates, count_distinct: person, valid_on: period end}}"
    text = TEXT.replace("sum: amount}}", "sum: amount}" + more)
    with pytest.raises(Refused) as refused:
        apply(text=text, acting_user=channel.people.carla)
    assert [problem.code for problem in refused.value.problems] == ["missing-subject-column"]
    assert apply(text=text.replace("period end}", "period end, per_subject: repeat}"), acting_user=channel.people.carla)
