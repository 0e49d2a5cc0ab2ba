"""What is computed for whole columns at once is what each number alone would give, however large."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.scorecards import arrays
from steelyard.calc.scorecards.shares import spread
from steelyard.calc.units import Blank, divide, to_text
from tests.thoroughness import examples

TOP = """
measures: {a: {fact: orders, count: lines}, b: {fact: orders, count: lines}}
kpis:
  ka: {formula: a * 1, unit: number, better: higher, range: [-1000, 1000], no_data: skip}
  kb: {formula: b * 1, unit: number, better: higher, range: [-1000, 1000], no_data: skip}
"""

ANY = st.integers(-(10**30), 10**30) | st.integers(-1000, 1000)


@given(st.lists(ANY, min_size=1, max_size=9), st.integers(1, 10**30) | st.integers(1, 9))
def test_a_column_is_rounded_as_each_number_alone_however_large(numerators, denominator):
    rounded = arrays.half_even(arrays.widened(arrays.whole(numerators), 4), denominator)
    assert rounded.tolist() == [divide(numerator, denominator) for numerator in numerators]


BLOCKS = st.lists(st.lists(ANY, min_size=3, max_size=3), min_size=1, max_size=6)


@given(BLOCKS, st.integers(1, 10**25) | st.integers(1, 7), st.integers(-9, 9))
def test_shares_of_whole_columns_are_the_shares_of_each_point(rows, denominator, off):
    targets = [divide(sum(row), denominator) + off for row in rows]
    block = np.stack([arrays.widened(arrays.whole(part), 4) for part in zip(*rows, strict=True)])
    parts = arrays.spread_columns(block, denominator, arrays.whole(targets))
    for row, target, found in zip(rows, targets, parts.T.tolist(), strict=True):
        assert found == spread(row, denominator, target)
        assert sum(found) == target


def test_points_beyond_any_card_still_add_up(score):
    tree = "  combine: mean\n  of:\n    na: {kpi: ka, weight: 3, points: value}\n    nb: {kpi: kb, weight: 4, points: value}\n"
    scored = score(f"{TOP}scorecard:\n{tree}", {"a": [10**15], "b": [1 - 10**15]}, given={"na": [10**20], "nb": [10**19]})
    total = scored.cards.totals[0]
    assert total == divide((3 * 10**20 + 4 * 10**19) * 10**6, 7)
    assert sum(scored.cards.node(name).totals[0] for name in ("na", "nb")) == total


STORED = st.lists(st.none() | st.integers(-(10**9), 10**9), min_size=1, max_size=8)


@settings(deadline=None, max_examples=examples(20))
@given(STORED, st.sampled_from(["percent", "money", "days", "points"]))
def test_numbers_in_the_frame_read_as_they_do_everywhere(score, values, unit):
    formulas = {"percent": "a / 7", "money": "m / 7", "days": "a / 7", "points": "a / 7"}
    text = f"""
measures: {{a: {{fact: orders, count: lines}}, m: {{fact: orders, sum: amount}}}}
kpis: {{k: {{formula: '{formulas[unit]}', unit: {unit}, better: higher, no_data: skip}}}}
levels: [{{name: Any, require: [not is_blank(k)]}}, {{name: Some, require: [is_blank(m), not is_blank(a)]}}]
"""
    if unit == "days":
        text = text.replace("a / 7", "(as_of - as_of) + a / 7 * (as_of - 2026-03-30)")
    scored = score(text, {"a": values, "m": values})
    items = scored.cards.items_frame()
    shown = items.filter(items["kpi"] == "k")["value_text"].to_list()
    stored = scored.kpis["k"].values
    assert shown == [None if isinstance(value, Blank) else to_text(value, unit) for value in stored]
