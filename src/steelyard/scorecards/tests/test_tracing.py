"""Why a score changed, by cause: each change of the ledger is told as what it is, wholly, and the steps add up to the last digit."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from steelyard.calc import causes
from steelyard.company import actions as company
from steelyard.frameworks.actions import apply
from steelyard.ledger import actions as ledger
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners import actions as partners
from steelyard.products import actions as products
from steelyard.scorecards.overrides import actions as overrides
from steelyard.scorecards.tracing import trace
from tests.journeys.conftest import HEAD

TEXT = HEAD.replace("framework: {subject}", "framework: told").replace(
    "  orders: {{fact: orders, count_distinct: document}}",
    "  orders: {{fact: orders, count_distinct: document}}\n  goal: {{fact: targets, sum: amount}}",
)
TEXT = TEXT.replace("kpis:", "kpis:\n  reached: {{formula: sales / goal, unit: percent, better: higher, no_data: skip}}").replace(
    "    activity:", "    goal_reached: {{kpi: reached, weight: 1, points: {{line: [[0%, 0], [400%, 100]]}}}}\n    activity:"
)
PEERS = TEXT.replace("formula: sales / goal", "formula: sales / peer_mean(sales)").replace("measures:", "peers: {{least: 1}}\nmeasures:")


def goal(channel, amount, party="ALP", day=date(2012, 10, 1)):
    row = {"party": party, "date": day, "metric": "sell in", "amount": amount * 10_000, "currency": "EUR"}
    channel.batch += 1
    frame = pl.DataFrame([row | {"source_row": 2}])
    return ledger.post("targets", frame, source="plan", batch=channel.batch, acting_user=channel.people.anna)


@pytest.fixture
def told(channel):
    """The channel with a framework that has a target, scored by representative's partner."""
    goal(channel, 200)
    goal(channel, 100, party="BOR")
    apply(text=TEXT.format(subject="partner"), acting_user=channel.people.carla)
    return channel


def amounts(channel, before, change, subject, framework="told", period="2012-Q4"):
    """What each cause moved between the score before a change and after it."""
    change(channel)
    after = channel.score(framework, period)
    found = trace(before, after, subject)
    assert found.waterfall.start + sum(step.amount for step in found.waterfall.steps) == found.waterfall.end
    return {cause: amount for cause, amount in found.waterfall.by_cause().items() if amount}


def restate(channel):
    channel.sell(("A1", "2", "ALP", "2012-10-05", "REA-1", "45.5", "EUR"))


def take_back(channel):
    ledger.reverse_batch(1, acting_user=channel.people.anna)


def sell_late(channel):
    channel.sell(("A9", "1", "ALP", "2012-10-05", "REA-1", "7", "EUR"))


def match(channel):
    partners.remember_matches(source="erp", matches={"4711": "ALP"}, method="person", acting_user=channel.people.carla)


def assign(channel):
    partners.assign(representative="F1", partner="ALP", valid_from=date(2012, 10, 1), acting_user=channel.people.carla)


def recategorise(channel):
    products.change("products", code="REA-1", category="SYS", acting_user=channel.people.carla)


def correct_rate(channel):
    company.change("rates", source="ecb", base="EUR", quote="USD", date=date(2012, 1, 1), rate="1.25", acting_user=channel.people.carla)


def new_goal(channel):
    goal(channel, 250)


def reweigh(channel):
    apply(
        text=TEXT.format(subject="partner").replace("mix: {kpi: share, weight: 1", "mix: {kpi: share, weight: 3"),
        acting_user=channel.people.carla,
    )


def new_band(channel):
    apply(text=TEXT.format(subject="partner").replace("[[0, 0], [4, 100]]", "[[0, 0], [8, 100]]"), acting_user=channel.people.carla)


ALONE = {
    "a restated order": (restate, "ALP", causes.RESTATEMENT),
    "a batch taken back": (take_back, "ALP", causes.RESTATEMENT),
    "a late order": (sell_late, "ALP", causes.DATA),
    "a matched name": (match, "ALP", causes.ATTRIBUTION),
    "a product in another category": (recategorise, "ALP", causes.MASTERS),
    "a corrected rate": (correct_rate, "BOR", causes.FX),
    "a changed target": (new_goal, "ALP", causes.TARGET),
    "other weights": (reweigh, "ALP", causes.WEIGHTS),
    "another points rule": (new_band, "ALP", causes.RULES),
}


@pytest.mark.parametrize("what", ALONE)
def test_a_change_of_one_thing_is_told_as_that_thing_alone(told, what):
    change, subject, cause = ALONE[what]
    assert set(amounts(told, told.score("told"), change, subject)) == {cause}


def test_a_territory_given_to_another_is_masters_for_the_one_who_lost_it(channel):
    assert set(amounts(channel, channel.score("representative"), assign, "E1", framework="representative")) == {causes.MASTERS}


def test_a_peer_that_sold_more_is_peers_and_nothing_of_ones_own(channel):
    apply(text=PEERS.format(subject="partner"), acting_user=channel.people.carla)

    def sell(channel):
        channel.sell(("B9", "1", "BOR", "2012-11-11", "REA-2", "50", "EUR"))

    assert set(amounts(channel, channel.score("told"), sell, "ALP")) == {causes.PEERS}


def test_all_of_it_at_once_adds_up_and_names_every_cause(told):
    before = told.score("told")

    def everything(channel):
        for change in (restate, sell_late, match, recategorise, new_goal):
            change(channel)
        text = TEXT.format(subject="partner").replace("mix: {kpi: share, weight: 1", "mix: {kpi: share, weight: 3")
        apply(text=text.replace("[[0, 0], [4, 100]]", "[[0, 0], [8, 100]]"), acting_user=channel.people.carla)

    found = amounts(told, before, everything, "ALP")
    expected = {causes.RESTATEMENT, causes.DATA, causes.ATTRIBUTION, causes.MASTERS, causes.TARGET, causes.WEIGHTS, causes.RULES}
    assert set(found) == expected


def next_quarter(channel):
    """The same orders once more in the next quarter, and the same targets."""
    channel.sell(
        ("N1", "1", "ALP", "2013-01-05", "ANA-1", "100", "EUR"),
        ("N1", "2", "ALP", "2013-01-05", "REA-1", "40", "EUR"),
        ("N2", "1", "BOR", "2013-02-10", "REA-2", "60", "USD"),
        ("N3", "1", "4711", "2013-03-03", "REA-1", "30", "EUR"),
        ("N4", "1", "CAS", "2013-03-30", "ANA-1", "10", "EUR"),
    )
    for party, amount in (("ALP", 200), ("BOR", 100)):
        goal(channel, amount, party=party, day=date(2013, 1, 1))


def new_rate(channel):
    company.add("rates", source="ecb", base="EUR", quote="USD", date=date(2013, 1, 1), rate="1.5", acting_user=channel.people.carla)


def assign_from_new_year(channel):
    partners.assign(representative="F1", territory="ALPS", valid_from=date(2013, 1, 1), acting_user=channel.people.carla)


NEXT = {
    "nothing but the quarter": (lambda channel: None, "partner", "ALP", set()),
    "one more order": (
        lambda channel: channel.sell(("N9", "1", "ALP", "2013-02-01", "REA-1", "9", "EUR")),
        "partner",
        "ALP",
        {causes.DATA},
    ),
    "another rate": (new_rate, "partner", "BOR", {causes.FX}),
    "another representative": (assign_from_new_year, "representative", "E1", {causes.MASTERS}),
}


@pytest.mark.parametrize("what", NEXT)
def test_between_two_periods_what_changed_with_the_day_is_not_taken_for_data(told, what):
    change, framework, subject, expected = NEXT[what]
    next_quarter(told)
    before = told.score(framework)
    assert set(amounts(told, before, change, subject, framework=framework, period="2013-Q1")) == expected


def test_a_later_period_known_as_of_an_earlier_day_is_told_without_what_was_corrected_since(told):
    next_quarter(told)
    later = told.score("told", "2013-Q1")
    known = trace(told.score("told"), later, "ALP").waterfall.by_cause()
    restate(told)
    sell_late(told)
    found = trace(told.score("told"), later, "ALP").waterfall
    assert set(found.by_cause()) == {causes.RESTATEMENT, causes.DATA} and not known
    assert trace(later, told.score("told"), "ALP").waterfall.by_cause() == {cause: -amount for cause, amount in found.by_cause().items()}


def test_points_set_by_hand_beside_the_score_are_an_override_and_nothing_else(told):
    def override(channel):
        wanted = {"framework": "told", "subject": "ALP", "period": "2012-Q4", "reason": "the plant burnt down", "points": 90 * 10**6}
        made = overrides.propose(**wanted, scope=EVERYTHING, acting_user=channel.people.anna)
        overrides.approve(override=made.pk, acting_user=channel.people.ben, scope=EVERYTHING)

    before = told.score("told", "2012-Q3")
    calculated = trace(before, told.score("told"), "ALP").waterfall
    found = amounts(told, before, override, "ALP")
    assert found.pop(causes.OVERRIDE) == 90 * 10**6 - calculated.end
    assert found == {cause: amount for cause, amount in calculated.by_cause().items() if amount}
