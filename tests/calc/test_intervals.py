"""Intervals hold what they promise, on partners whose truth is known; grades are firm or borderline, places told or not."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import polars as pl
import pytest

from steelyard.calc import firmness
from steelyard.calc.intervals import Method, dispersion, intervals, method_of
from steelyard.calc.units import DECIMALS

TEXT = """
measures:
  sales: {fact: orders, sum: amount}
  goal: {fact: targets, sum: amount}
  lines: {fact: orders, count: lines}
  late: {fact: orders, count: lines, where: quantity > 1}
  stock: {fact: inventory, last: quantity}
  papers: {fact: certificates, count: lines, valid_on: period end}
kpis:
  attainment: {formula: sales / goal, unit: percent, better: higher, no_data: skip}
  growth: {formula: 'sales / sales[previous] - 1', unit: percent, better: higher, no_data: skip}
  on_time: {formula: late / lines, unit: percent, better: higher, no_data: skip}
  orders: {formula: lines, unit: count, better: higher, no_data: zero}
  stocked: {formula: stock, unit: number, better: higher, no_data: skip}
  certified: {formula: papers, unit: count, better: higher, no_data: zero}
scorecard:
  combine: mean
  of:
    reached: {kpi: attainment, weight: 2, points: {line: [[0%, 0], [100%, 100]]}}
    punctual:
      kpi: on_time
      weight: 1
      points: {bands: [{below: 80%, points: 0}, {from: 80%, to: 95%, points: 50}, {above: 95%, points: 100}]}
    busy: {kpi: orders, weight: 1, points: {per: {points: 1, each: 1}}, cap: 100}
levels: [{name: C, require: []}, {name: B, require: [points >= 50]}, {name: A, require: [points >= 80]}]
"""
PARTNERS = 1500


@pytest.fixture(scope="session")
def framework(score):
    return score(TEXT, {"sales": [1], "goal": [1], "lines": [1], "late": [1], "stock": [1], "papers": [1]}).framework


def rows(values, unit, counted, denominators=None):
    scale = 10 ** DECIMALS[unit]
    below = [None] * len(values) if denominators is None else [str(below) for below in denominators]
    stored = [None if value is None else round(value * scale) for value in values]
    frame = {"value": stored, "counted": counted, "denominator": below}
    return pl.DataFrame(frame, schema={"value": pl.Int64, "counted": pl.Int64, "denominator": pl.String})


def poisson(random, mean):
    limit, count, product = math.exp(-mean), 0, random.random()
    while product > limit:
        count, product = count + 1, product * random.random()
    return count


def share_covered(found, truths, unit):
    told = [(one, truth) for one, truth in zip(found, truths, strict=True) if one.low is not None]
    assert len(told) > PARTNERS / 2
    return sum(one.low <= truth * 10 ** DECIMALS[unit] <= one.high for one, truth in told) / len(told)


def test_what_a_kpi_is_follows_from_its_formula(framework):
    kinds = {name: method_of(framework, kpi) for name, kpi in framework.kpis.items()}
    assert kinds == {
        "attainment": Method("amount"),
        "growth": Method("amount", 1, halves=True),
        "on_time": Method("share"),
        "orders": Method("count"),
        "stocked": Method("none"),
        "certified": Method("none"),
    }


def test_shares_are_covered_nine_times_in_ten(framework):
    random, truths, seen = Random(1), [], []
    for _ in range(PARTNERS):
        truth, n = random.uniform(0.6, 0.99), random.randrange(5, 60)
        truths.append(truth)
        seen.append((sum(random.random() < truth for _ in range(n)), n))
    frame = rows([good / n for good, n in seen], "percent", [n for _, n in seen], [n for _, n in seen])
    assert 0.87 <= share_covered(intervals(framework, framework.kpis["on_time"], frame), truths, "percent") <= 0.95


def test_counts_are_covered_nine_times_in_ten(framework):
    random = Random(2)
    truths = [random.uniform(6, 60) for _ in range(PARTNERS)]
    seen = [poisson(random, truth) for truth in truths]
    found = intervals(framework, framework.kpis["orders"], rows(seen, "count", seen))
    assert 0.86 <= share_covered(found, truths, "count") <= 0.95


def selling(random, truth, mean):
    """A quarter of a partner: so many orders of sizes that differ as exponential ones do."""
    sizes = [random.expovariate(1 / mean) for _ in range(poisson(random, truth / mean))]
    return sum(sizes), len(sizes)


def test_amounts_are_covered_where_sizes_are_exponential_and_nothing_else_is_known(framework):
    random = Random(3)
    truths = [random.uniform(20_000, 120_000) for _ in range(PARTNERS)]
    seen = [selling(random, truth, 2_000) for truth in truths]
    frame = rows([amount / 100_000 for amount, _ in seen], "percent", [count for _, count in seen])
    found = intervals(framework, framework.kpis["attainment"], frame)
    assert 0.86 <= share_covered(found, [truth / 100_000 for truth in truths], "percent") <= 0.96


def test_amounts_whose_sizes_differ_more_are_covered_once_two_periods_are_known(framework):
    random, method, kpi = Random(4), Method("amount"), framework.kpis["attainment"]
    truths = [random.uniform(20_000, 120_000) for _ in range(PARTNERS)]

    def quarter():
        seen = [selling(random, truth, 2_000 * random.choice([0.4, 1, 3])) for truth in truths]
        frame = rows([amount / 100_000 for amount, _ in seen], "percent", [count for _, count in seen])
        return frame.with_columns(subject=pl.Series([f"P{number}" for number in range(PARTNERS)]))

    before, now = quarter(), quarter()
    found = dispersion(method, kpi, now, before)
    assert 1 < found < 4
    covered = share_covered(intervals(framework, kpi, now, found), [truth / 100_000 for truth in truths], "percent")
    assert 0.84 <= covered <= 0.96


def test_below_five_observations_there_is_no_interval_and_it_says_so(framework):
    few, enough = intervals(framework, framework.kpis["on_time"], rows([0.75, 0.8], "percent", [4, 5], [4, 5]))
    assert (few.low, few.too_few, enough.too_few) == (None, True, False)
    assert enough.low < 8 * 10**8 < enough.high
    (held,) = intervals(framework, framework.kpis["stocked"], rows([3], "number", [1]))
    assert (held.low, held.too_few) == (None, False)


@pytest.fixture(scope="session")
def cards(score):
    """Partners with many orders, with few, near a limit and far from it."""

    def at(lines, attainment, late=None):
        late = late or [count - 1 for count in lines]
        measures = {"sales": [round(100 * share) for share in attainment], "goal": [100] * len(lines), "lines": lines, "late": late}
        scored = score(TEXT, {**measures, "stock": [1] * len(lines), "papers": [1] * len(lines)})
        items = scored.cards.items_frame().with_columns(pl.col("partner").alias("subject"))
        rows_of = dict(zip(items["subject"].unique(maintain_order=True), lines, strict=True))
        items = items.with_columns(counted=pl.when(pl.col("kpi").is_not_null()).then(pl.col("subject").replace_strict(rows_of)))
        levels = dict(zip(items.filter(pl.col("kind") == "total")["subject"], scored.cards.levels.levels, strict=True))
        return firmness.draw(scored.framework, items, {}), levels

    return at


STARTS = [("A", 80 * 10**6), ("B", 50 * 10**6), ("C", 0)]


def test_many_rows_far_from_a_limit_are_firm_and_few_rows_near_one_are_borderline(cards):
    found, levels = cards([400, 12], [0.3, 0.7])
    shares = dict(zip(found.subjects, firmness.firm(found, STARTS, levels), strict=True))
    many, few = found.subjects
    assert shares[many] >= firmness.FIRM
    assert shares[few] < firmness.FIRM


def test_draws_lie_around_the_total_and_are_the_same_every_time(cards):
    found, _ = cards([40] * 30, [0.2 + 0.02 * number for number in range(30)])
    again, _ = cards([40] * 30, [0.2 + 0.02 * number for number in range(30)])
    assert np.array_equal(found.drawn, again.drawn)
    assert np.all(np.abs(np.median(found.drawn, axis=1) - found.totals) < 6)


def test_places_are_told_where_partners_differ_and_not_where_luck_decides(cards):
    found, _ = cards([300] * 20, [0.05 * number for number in range(20)])
    places = firmness.likely_places(found)
    assert all(low <= 20 - number <= high for number, (low, high) in enumerate(places))
    assert all(firmness.can_be_ranked(place, 20, 300) for place in places)
    alike, _ = cards([6] * 20, [0.5] * 20)
    assert not any(firmness.can_be_ranked(place, 20, 6) for place in firmness.likely_places(alike))
    assert not firmness.can_be_ranked((1, 1), 20, 4)
