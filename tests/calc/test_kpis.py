"""KPI values: exact, rounded once, blank with a reason, never zero by accident."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.calc import kpis
from steelyard.calc.errors import Refused
from steelyard.calc.formula.nodes import Name
from steelyard.calc.points import Points, ReadingColumn, readings_of
from steelyard.calc.units import Blank

ATTAINMENT = """
measures:
  sales: {fact: orders, sum: amount}
  goal: {fact: targets, sum: amount}
kpis:
  attainment: {formula: sales / goal, unit: percent, better: higher, no_data: skip}
levels: [{name: Met, require: [attainment >= 100%]}]
"""


def one(score, formula, unit, more="", **measures):
    """The single KPI `k` of a framework, for one partner."""
    named = "".join(f"  {name}: {{fact: orders, sum: amount}}\n" for name in sorted({m.split("[")[0] for m in measures}))
    text = f"\nmeasures:\n{named}kpis:\n  k: {{formula: '{formula}', unit: {unit}, better: higher, no_data: skip{more}}}\n"
    text += "levels: [{name: Any, require: [not is_blank(k)]}]\n"
    return score(text, {name: [value] for name, value in measures.items()}).kpis["k"]


@pytest.mark.parametrize(
    ("formula", "unit", "a", "b", "stored"),
    [
        ("a / b", "percent", 1, 3, 333_333_333),  # rounded half-even to nine decimals
        ("a / b", "percent", 2, 3, 666_666_667),
        ("a / b", "percent", -1, 3, -333_333_333),
        ("a / b", "percent", 1, -3, -333_333_333),
        ("a / b", "number", 1, 2_000_000, 0),  # 0.0000005 is half: to even
        ("a / b", "number", 3, 2_000_000, 2),  # 0.0000015 is half: to even
        ("a - b", "money", Fraction(3, 10), Fraction(1, 10), 2_000),  # 0.3 - 0.1 is 0.2, exactly
        ("a + b", "money", Fraction(1, 10), Fraction(2, 10), 3_000),
    ],
)
def test_a_kpi_is_stored_in_its_grain_rounded_once(score, formula, unit, a, b, stored):
    assert one(score, formula, unit, a=a, b=b).values == [stored]


def test_a_tenth_and_two_tenths_are_three_tenths(score):
    text = ATTAINMENT.replace("sales / goal", "sales / goal + 10%").replace("attainment >= 100%", "attainment == 30%")
    assert score(text, {"sales": [Fraction(2, 10)], "goal": [1]}).cards.levels.levels == ["Met"]


def test_its_own_rounding_comes_after_the_grain_and_by_the_frameworks_method(score):
    column = one(score, "a / b", "percent", ", round: 4", a=Fraction(50005, 100000), b=1)
    assert column.values == [500_100_000]  # 0.50005 half up to four decimals: 0.5001


def test_division_by_zero_is_blank_and_says_so(score):
    column = one(score, "a / b", "percent", a=5, b=0)
    assert column.values == [Blank("denominator is 0")]
    assert column.no_data == [kpis.Applied("skip", "denominator is 0")]


def test_a_blank_measure_keeps_its_reason(score):
    column = one(score, "a / b", "percent", a=None, b=0)
    assert column.values == [Blank("report_missing")]


def test_numerator_and_denominator_are_kept_exactly_where_the_formula_divides(score):
    column = one(score, "a / b", "percent", a=Fraction(1, 3), b=7)
    assert (column.numerators, column.denominators) == ([Fraction(1, 3)], [7])
    assert one(score, "a - b", "money", a=1, b=2).numerators is None


def test_a_kpi_reads_the_stored_value_of_another_kpi_written_later(score):
    text = """
measures:
  a: {fact: orders, sum: amount}
  b: {fact: orders, sum: amount}
kpis:
  third: {formula: a / b, unit: number, better: higher, no_data: skip}
  whole: {formula: third * 3, unit: number, better: higher, no_data: skip}
levels: [{name: Any, require: [whole >= 0]}]
"""
    assert score(text, {"a": [1], "b": [3]}).kpis["whole"].values == [999_999]  # 0.333333 x 3, not 1


def test_a_circle_of_kpis_is_refused_with_its_members(framework):
    good = framework(ATTAINMENT)
    kpi, circle = good.kpis["attainment"], {}
    for name, reads in (("attainment", "other"), ("other", "attainment")):
        circle[name] = replace(kpi, name=name, formula=replace(kpi.formula, tree=Name(1, reads)))
    with pytest.raises(Refused, match="`attainment` needs `other` needs `attainment`"):
        kpis.in_order(replace(good, kpis=circle))


BASE = """
measures:
  sales: {fact: orders, sum: amount}
settings: {least_base: 10000}
kpis:
  growth:
    formula: sales[ttm] / sales[prior_ttm] - 1
    unit: percent
    better: higher
    no_data: {if: 'sales[prior_ttm] < least_base', then: skip, reason: base too small}
    small_below: 20000
levels: [{name: Any, require: [growth >= 0]}]
"""


@pytest.mark.parametrize(
    ("prior", "value", "few"),
    [
        (0, Blank("base too small"), True),
        (9_999, Blank("base too small"), True),
        (10_000, 100_000_000, True),
        (20_000, -450_000_000, False),
    ],
)
def test_a_base_that_is_too_small_is_no_data_on_one_side_of_the_edge_only(score, prior, value, few):
    column = score(BASE, {"sales[ttm]": [11_000], "sales[prior_ttm]": [prior]}).kpis["growth"]
    assert column.values == [value]
    assert column.few == [few]  # the denominator inside the formula decides


@pytest.mark.parametrize(
    ("earlier", "value", "applied"),
    [
        ([700], 700, kpis.Applied("carry", "report_missing; carried from 1 period earlier")),
        ([Blank("x"), 800], 800, kpis.Applied("carry", "report_missing; carried from 2 periods earlier")),
        ([Blank("x"), Blank("x"), 900], Blank("report_missing"), kpis.Applied("skip", "report_missing; nothing earlier")),
        (None, Blank("report_missing"), kpis.Applied("skip", "report_missing; nothing earlier")),
    ],
)
def test_carry_looks_back_so_many_periods_and_no_further(score, earlier, value, applied):
    given_earlier = None if earlier is None else {"attainment": [earlier]}
    carrying = ATTAINMENT.replace("no_data: skip", "no_data: {carry: 2}")
    column = score(carrying, {"sales": [None], "goal": [1]}, earlier=given_earlier).kpis["attainment"]
    assert (column.values, column.no_data) == ([value], [applied])


def test_rows_counted_and_excluded_are_added_over_the_readings(score):
    sales = ReadingColumn([10], [4], {"free goods": [2]})
    goal = ReadingColumn([10], [1], {"free goods": [1], "other year": [3]})
    column = score(ATTAINMENT, {"sales": sales, "goal": goal}).kpis["attainment"]
    assert column.counted == [5]
    assert column.excluded == {"free goods": [3], "other year": [3]}


def test_peers_are_those_with_the_same_attributes_and_too_few_say_so(score):
    text = """
measures: {sales: {fact: orders, sum: amount}}
peers: {same: [region], least: 3}
kpis:
  rank: {formula: percentile(sales), unit: percent, better: higher, no_data: skip}
levels: [{name: Any, require: [rank >= 0]}]
"""
    regions = ["North", "North", "North", "South"]
    column = score(text, {"sales": [5, 5, 1, 9]}, attributes={"region": regions}).kpis["rank"]
    assert column.values == [666_666_667, 666_666_667, 166_666_667, Blank("1 peer, 3 needed")]


def test_applies_to_admits_who_meets_it_and_a_blank_does_not(framework):
    admitted = framework('applies_to: status == "active"' + ATTAINMENT)
    points = Points([("A",), ("B",), ("C",)], [date(2026, 3, 31)] * 3, {"status": ["active", "closed", Blank("unknown")]})
    assert kpis.applicable(admitted, points) == [0]
    assert points.take([0]).subjects == [("A",)]


def test_phase_one_is_asked_for_every_reading_once(framework):
    asked = {str(found) for found in readings_of(framework(BASE + "# nothing more\n"))}
    assert asked == {"sales[ttm]", "sales[prior_ttm]"}


@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 10**6)), min_size=1, max_size=20))
def test_one_partners_blank_never_touches_another(score, rows):
    together = score(ATTAINMENT, {"sales": [a for a, _ in rows], "goal": [b for _, b in rows]})
    for position, (a, b) in enumerate(rows):
        alone = score(ATTAINMENT, {"sales": [a], "goal": [b]})
        assert together.kpis["attainment"].values[position] == alone.kpis["attainment"].values[0]


def test_what_divides_by_next_to_nothing_is_blank_and_stops_nobody_else(score):
    text = """
measures:
  a: {fact: orders, sum: amount}
  b: {fact: orders, sum: amount}
kpis:
  k: {formula: a / b, unit: percent, better: higher, target: 'a / b', no_data: zero}
  m: {formula: a * 1000000, unit: number, better: higher, no_data: zero}
scorecard:
  combine: sum
  of:
    ratio: {kpi: k, points: {line: [[0%, 0], [100%, 100]]}}
    large: {kpi: m, points: {per: {points: 1000000, each: 1}}}
levels: [{name: Any, require: []}]
"""
    scored = score(text, {"a": [10**8, 1], "b": [Fraction(1, 100), 2]})
    assert scored.kpis["k"].values == [Blank("the value is larger than can be held"), 500_000_000]
    items = scored.cards.items_frame()  # every column of it is an int64
    large = items.filter(pl.col("kpi") == "m")
    assert large["points"].to_list() == [0, None]
    assert large["no_data_reason"].to_list() == ["the value is larger than can be held", "the points are more than can be held"]
    assert items.filter(pl.col("kpi") == "k")["points"].to_list() == [0, 50_000_000]
