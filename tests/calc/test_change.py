"""Why a score changed: start + steps = end, whatever changed."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.change import chain
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
    return chain([("", before[0]), ("data", after[0])])


def test_nothing_changed_is_no_step(result):
    waterfall = change(result(), result())
    assert (waterfall.start, waterfall.end, waterfall.steps) == (68 * P, 68 * P, ())


def test_a_step_says_from_what_value_to_what_and_how_many_rows_more(result):
    (step,) = change(result(sales=50), result(sales=90)).steps
    assert (step.node, step.kpi, step.unit, step.before, step.after) == (
        "commercial/reached",
        "attainment",
        "percent",
        5 * 10**8,
        9 * 10**8,
    )
    assert step.amount == 16 * P


def test_weights_move_items_whose_values_stay(result):
    waterfall = change(result(), result(text=TEXT.replace("weight: 60", "weight: 160")))
    assert waterfall.by_node() == {"commercial/reached": 6_666_667, "commercial/called": 2_666_667, "service": -20 * P}
    assert not any(step.value_moved for step in waterfall.steps)


def test_lost_data_moves_the_item_and_those_who_get_its_weight(result):
    waterfall = change(result(calls=40), result(calls=None))
    assert waterfall.by_node() == {"commercial/reached": 10 * P, "commercial/called": -8 * P}
    assert next(step for step in waterfall.steps if step.node == "commercial/called").after is None


def test_a_gate_that_closes_is_a_step_of_its_section_in_its_own_words(result):
    waterfall = change(result(sales=100, calls=100, claims=5), result(sales=100, calls=100, claims=6))
    assert waterfall.by_node()["commercial"] == -42 * P  # 100 -> 30, times 0.6
    assert "complaints" in next(step.text for step in waterfall.steps if step.node == "commercial")


def test_items_that_come_and_go_are_told_whole(result):
    text = TEXT.replace("    service: {kpi: quiet, weight: 40", "    care: {kpi: quiet, weight: 40")
    assert change(result(), result(text=text)).by_node() == {"care": 40 * P, "service": -40 * P}


def test_a_total_that_was_not_there_counts_as_nothing_and_says_so(result):
    text = TEXT.replace("  cap: 95", "  cap: 95\n  needs_data: 80%")
    waterfall = change(result(sales=None, calls=None, text=text), result(text=text))
    assert (waterfall.start, waterfall.end) == (0, 68 * P)
    assert waterfall.note == "no total before: only 40 % of the weight has data, 80 % needed; it counts as 0 here"


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
    halfway = result(**new, text=text_before)
    by_cause = chain([("", before[0]), ("data", halfway[0]), ("rules", after[0])])
    assert (waterfall.start, waterfall.end) == (by_cause.start, by_cause.end)
    assert sum(by_cause.by_cause().values()) == waterfall.end - waterfall.start
