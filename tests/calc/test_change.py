"""Why a score changed: start + steps = end, whatever changed."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.change import chain, why
from tests.thoroughness import examples

TEXT = """
settings: {base: 0}
measures:
  sales: {fact: orders, sum: amount}
  goal: {fact: targets, sum: amount}
  calls: {fact: activities, count: lines}
  claims: {fact: complaints, count: lines}
kpis:
  attainment: {formula: sales / goal, unit: percent, better: higher, no_data: skip}
  calling: {formula: calls * 1, unit: number, better: higher, range: [0, 1000], no_data: skip}
  quiet: {formula: claims * 1, unit: number, better: lower, range: [0, 1000], no_data: zero}
scorecard:
  combine: mean
  cap: 95
  of:
    commercial:
      combine: mean
      weight: 60
      require: [{rule: quiet <= 5, else: {cap: 30}, reason: complaints}]
      of:
        reached: {kpi: attainment, weight: 2, points: {line: [[0%, 0], [100%, 100]]}}
        called: {kpi: calling, weight: 1, points: {line: [[0, 0], [100, 100]]}, require: [{rule: quiet <= 8, else: zero, reason: x}]}
    service: {kpi: quiet, weight: 40, points: {line: [[0, 100], [10, 0]]}}
"""
P = 10**6


@pytest.fixture(scope="session")
def result(score):
    """One partner's card: its rows and the framework."""

    def compute(sales=50, goal=100, calls=40, claims=0, text=TEXT):
        scored = score(text, {"sales": [sales], "goal": [goal], "calls": [calls], "claims": [claims]})
        return scored.cards.items_frame(), scored.framework

    return compute


def change(before, after):
    return why(before[0], after[0], before[1], after[1])


def test_nothing_changed_is_no_step(result):
    waterfall = change(result(), result())
    assert (waterfall.start, waterfall.end, waterfall.steps) == (68 * P, 68 * P, ())


def test_more_sales_are_data_and_a_higher_target_is_the_target(result):
    waterfall = change(result(sales=50, goal=100), result(sales=90, goal=120))
    assert waterfall.by_cause() == {"value": 16 * P, "target": -6 * P}  # 50 % -> 90 % by data, -> 75 % by the target; x 2/3 x 0.6
    assert waterfall.by_node() == {"commercial/reached": 10 * P}


def test_new_weights_alone_are_weight(result):
    waterfall = change(result(), result(text=TEXT.replace("weight: 60", "weight: 160")))
    assert waterfall.by_node() == {"commercial/reached": 6_666_667, "commercial/called": 2_666_667, "service": -20 * P}
    assert set(waterfall.by_cause()) <= {"weight", "rounding"}


def test_a_changed_points_rule_is_rule(result):
    waterfall = change(result(), result(text=TEXT.replace("[100, 100]]}, require", "[50, 100]]}, require")))
    assert waterfall.by_cause() == {"rule": 8 * P}


def test_a_changed_formula_is_rule_even_if_the_value_moves(result):
    text = TEXT.replace("formula: calls * 1", "formula: calls * 2")
    assert change(result(), result(text=text)).by_cause() == {"rule": 8 * P}


def test_lost_data_is_no_data_on_the_item_and_on_those_who_get_its_weight(result):
    waterfall = change(result(calls=40), result(calls=None))
    assert waterfall.by_cause() == {"no data": 2 * P}
    assert waterfall.by_node() == {"commercial/reached": 10 * P, "commercial/called": -8 * P}
    assert next(step.text for step in waterfall.steps if step.node == "commercial/called") == "has no data: report_missing"


def test_data_that_fails_by_policy_is_no_data(result):
    waterfall = change(result(claims=0), result(claims=None))
    assert waterfall.by_node()["service"] == -40 * P
    assert waterfall.by_cause()["no data"] == -40 * P


def test_a_gate_that_closes_is_a_step_of_its_section(result):
    waterfall = change(result(sales=100, calls=100, claims=5), result(sales=100, calls=100, claims=6))
    assert waterfall.by_node()["commercial"] == -42 * P  # 100 -> 30, times 0.6
    assert waterfall.by_cause()["value"] == -4 * P


def test_a_gate_of_an_item_is_a_step_of_the_item(result):
    waterfall = change(result(sales=0, claims=8), result(sales=0, claims=9))
    assert [(step.node, step.cause, step.amount) for step in waterfall.steps] == [
        ("commercial/called", "gate", -8 * P),
        ("service", "value", -4 * P),
    ]


def test_items_that_come_and_go_are_rule(result):
    text = TEXT.replace("    service: {kpi: quiet, weight: 40", "    care: {kpi: quiet, weight: 40")
    waterfall = change(result(), result(text=text))
    assert waterfall.by_node() == {"care": 40 * P, "service": -40 * P}
    assert set(waterfall.by_cause()) == {"rule"}


def test_a_total_that_was_not_there_counts_as_nothing_and_says_so(result):
    text = TEXT.replace("  cap: 95", "  cap: 95\n  needs_data: 80%")
    waterfall = change(result(sales=None, calls=None, text=text), result(text=text))
    assert (waterfall.start, waterfall.end) == (0, 68 * P)
    assert waterfall.note == "no total before: only 40 % of the weight has data, 80 % needed; it counts as 0 here"


def test_another_choice_is_choice(score):
    text = """
measures: {sales: {fact: orders, count: lines}, calls: {fact: activities, count: lines}}
kpis:
  a: {formula: sales * 1, unit: number, better: higher, range: [0, 100], no_data: skip}
  b: {formula: calls * 1, unit: number, better: higher, range: [0, 100], no_data: skip}
scorecard:
  combine: best
  of: {first: {kpi: a, points: value, cap: 100}, second: {kpi: b, points: value, cap: 100}}
"""
    before, after = (score(text, {"sales": [a], "calls": [b]}) for a, b in ((50, 40), (50, 60)))
    waterfall = why(before.cards.items_frame(), after.cards.items_frame(), before.framework, after.framework)
    assert waterfall.by_node() == {"first": -50 * P, "second": 60 * P}
    assert set(waterfall.by_cause()) == {"choice"}


def test_a_chain_of_recomputed_results_names_each_cause(result):
    steps = [("", result()), ("new rows", result(sales=60)), ("restatement", result(sales=58)), ("masters", result(sales=58, calls=50))]
    waterfall = chain([(cause, rows) for cause, (rows, _) in steps])
    assert waterfall.by_cause() == {"new rows": 4 * P, "restatement": -800_000, "masters": 2 * P}
    assert waterfall.start + sum(waterfall.by_cause().values()) == waterfall.end


def test_steps_that_do_not_add_up_are_refused(result):
    waterfall = change(result(), result(sales=60))
    with pytest.raises(ArithmeticError):
        replace(waterfall, end=waterfall.end + 1)


AMOUNT = st.none() | st.integers(0, 200) | st.fractions(0, 200, max_denominator=97)
COUNT = st.none() | st.integers(0, 120)
INPUTS = st.fixed_dictionaries({"sales": AMOUNT, "goal": AMOUNT, "calls": COUNT, "claims": st.none() | st.integers(0, 12)})
TEXTS = st.sampled_from(
    [
        TEXT,
        TEXT.replace("weight: 60", "weight: 7"),
        TEXT.replace("weight: 2,", "weight: 5,").replace("cap: 95", "cap: 40"),
        TEXT.replace("[100, 100]]}, require", "[30, 100]]}, require"),
        TEXT.replace("no_data: zero", "no_data: skip").replace("{cap: 30}", "skip"),
        TEXT.replace("calls * 1", "calls / 3"),
        TEXT.replace("  cap: 95", "  scale_to: 71\n  round: 1"),
        TEXT.replace("    service: {kpi: quiet", "    care: {kpi: quiet"),
        TEXT.replace("  combine: mean\n  cap", "  combine: best\n  cap").replace("weight: 60", "title: x").replace("weight: 40, ", ""),
    ]
)


@settings(deadline=None, max_examples=examples(60))
@given(INPUTS, INPUTS, TEXTS, TEXTS)
def test_start_plus_steps_is_end_whatever_changes(result, old, new, text_before, text_after):
    before, after = result(**old, text=text_before), result(**new, text=text_after)
    waterfall = change(before, after)  # refuses to exist if it does not add up
    again = chain([("", before[0]), ("all", after[0])])
    assert (waterfall.start, waterfall.end) == (again.start, again.end)
    rounding = sum(abs(step.amount) for step in waterfall.steps if step.cause == "rounding")
    assert rounding <= 10  # the last digit of each item, never more
