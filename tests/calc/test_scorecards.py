"""Points, tree, gates and levels: both sides of every boundary, and contributions that add up to the last digit."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc import kpis, scorecards
from steelyard.calc.errors import Refused
from steelyard.calc.formula import parse
from steelyard.calc.formula.nodes import NUMBER, YES_NO, Formula
from steelyard.calc.framework.model import Gate, Node
from steelyard.calc.points import Points
from tests.thoroughness import examples

MEASURES = "measures:\n" + "".join(f"  {name}: {{fact: orders, count: lines}}\n" for name in "abcd")
KPIS = "kpis:\n" + "".join(
    f"  k{name}: {{formula: {name} * 1, unit: number, better: higher, range: [-1000, 1000], no_data: skip}}\n" for name in "abcd"
)
TOP = f"\n{MEASURES}{KPIS}"
LINE = "{line: [[0, 0], [100, 100]]}"
P = 10**6  # one point in its grain


def card(score, scorecard, more="", **columns):
    """A card over the KPIs ka..kd; measures that are not given are 0."""
    count = len(next(iter(columns.values())))
    measures = {name: columns.get(name, [0] * count) for name in "abcd"}
    return score(f"{TOP}scorecard:\n{scorecard}\n{more}", measures)


def mean(*items, more=""):
    """A card that takes the weighted mean of leaves written as `name: weight`."""
    lines = "".join(f"    n{name}: {{kpi: k{name}, weight: {weight}, points: {LINE}}}\n" for name, weight in items)
    return f"  combine: mean\n{more}  of:\n{lines}"


# combining ----------------------------------------------------------------------------------------------------------


def test_weights_are_ratios_and_nothing_is_rounded_before_the_end(score):
    scored = card(score, mean(("a", 3), ("b", 1)), a=[80], b=[90])
    assert scored.points_of("total") == [82_500_000]
    assert scored.cards.node("na").weights == [(3, 4)]


def test_three_equal_parts_of_a_hundred_add_up_to_a_hundred(score):
    scored = card(score, mean(("a", 1), ("b", 1), ("c", 1)), a=[100], b=[100], c=[100])
    shares = [scored.cards.node(name).contributions[0] for name in ("na", "nb", "nc")]
    assert shares == [33_333_334, 33_333_333, 33_333_333]  # the first of equal remainders gets the last digit
    assert sum(shares) == 100 * P


def test_the_weight_of_an_item_without_data_goes_to_the_others_and_says_where(score):
    scored = card(score, mean(("a", 50), ("b", 30), ("c", 20)), a=[None, 40], b=[60, 60], c=[100, 100])
    assert scored.points_of("total") == [76 * P, 58 * P]
    assert scored.cards.node("na").moved == {0: {"nb": "0.3", "nc": "0.2"}}
    assert [scored.cards.node(name).weights[0] for name in ("na", "nb", "nc")] == [(0, 1), (30, 50), (20, 50)]


def test_missing_zero_keeps_the_weight_and_earns_nothing(score):
    scored = card(score, mean(("a", 50), ("b", 50), more="  missing: zero\n"), a=[None, None], b=[60, None])
    assert scored.points_of("total") == [30 * P, 0]


def test_an_item_may_weigh_nothing_but_not_all_of_them(score):
    scored = card(score, mean(("a", 0), ("b", 1)), a=[10, 10], b=[20, None])
    assert scored.points_of("total") == [20 * P, None]
    assert scored.cards.node("total").reasons == {1: "no item with data has a weight"}


@pytest.mark.parametrize(("a", "b", "total"), [(None, 50, None), (50, None, 50 * P), (None, None, None)])
def test_less_data_than_needed_is_no_value(score, a, b, total):
    scored = card(score, mean(("a", 60), ("b", 40), more="  needs_data: 60%\n"), a=[a], b=[b])
    assert scored.points_of("total") == [total]
    if (a, b) == (None, 50):
        assert scored.cards.node("total").reasons[0] == "only 40 % of the weight has data, 60 % needed"


def leaves(combine, more=""):
    return f"""  combine: {combine}
{more}  of:
    na: {{kpi: ka, points: {{line: [[0, 0], [20, 20]]}}}}
    nb: {{kpi: kb, points: {{line: [[0, 0], [80, 80]]}}}}
"""


def test_under_sum_the_points_of_an_item_without_data_go_to_the_rest_in_proportion(score):
    scored = card(score, leaves("sum"), a=[None, 10], b=[40, 40])
    assert scored.points_of("total") == [50 * P, 50 * P]  # 40 of 80 is 50 of 100
    assert scored.cards.node("nb").weights == [(100, 80), (1, 1)]
    assert scored.cards.node("na").moved == {0: {"nb": "0.2"}}  # a fifth of the card
    assert card(score, leaves("sum", "  missing: zero\n"), a=[None], b=[40]).points_of("total") == [40 * P]


@pytest.mark.parametrize(
    ("combine", "a", "b", "total", "chosen"),
    [
        ("best", 10, 40, 40, "nb"), ("best", 20, 20, 20, "na"), ("best", None, 5, 5, "nb"),
        ("worst", 10, 40, 10, "na"), ("worst", 20, 20, 20, "na"), ("worst", None, 5, 5, "nb"),
    ],
)  # fmt: skip
def test_best_and_worst_take_one_item_and_the_first_of_equals(score, combine, a, b, total, chosen):
    scored = card(score, leaves(combine), a=[a], b=[b])
    assert scored.points_of("total") == [total * P]
    assert scored.cards.node("total").chosen == [chosen]


TRACKS = """  combine: best
  of:
    large:
      combine: sum
      require: [{rule: points >= 70, reason: fewer than 70 points}, {rule: lowest_item > 0, reason: an empty metric}]
      of:
        na: {kpi: ka, points: {line: [[0, 0], [50, 50]]}}
        nb: {kpi: kb, points: {line: [[0, 0], [50, 50]]}}
    small:
      combine: sum
      require: [{rule: points >= 70, reason: fewer than 70 points}, {rule: lowest_item > 0, reason: an empty metric}]
      of:
        nc: {kpi: kc, points: {line: [[0, 0], [50, 50]]}}
        nd: {kpi: kd, points: {line: [[0, 0], [50, 50]]}}
"""


def test_a_track_that_passes_comes_before_a_higher_one_that_does_not(score):
    scored = card(score, TRACKS, a=[0, 20], b=[50, 49], c=[35, 0], d=[35, 50])
    assert scored.points_of("total") == [70 * P, 69 * P]
    assert scored.cards.node("total").chosen == ["small", "large"]
    assert scored.cards.passes == [True, False]


# cap, floor, scale, round ----------------------------------------------------------------------------------------------


def test_cap_floor_scale_and_round_come_in_this_order_and_each_leaves_a_line(score):
    scored = card(score, leaves("sum", "  cap: 90\n  scale_to: 50\n  round: 0\n"), a=[20, 1, 20], b=[80, 2, 69])
    assert scored.points_of("total") == [50 * P, 2 * P, 49 * P]  # 100 -> 90 -> 50; 3 -> 1.667 -> 2; 89 -> 49.44 -> 49
    lines = scored.cards.node("total").lines
    assert [(line.name, line.amount) for line in lines[0]] == [("cap", -10 * P), ("scale_to", -40 * P)]
    assert [line.name for line in lines[2]] == ["scale_to", "round"]
    assert card(score, leaves("sum", "  floor: 5\n"), a=[-9], b=[2]).points_of("total") == [5 * P]


@pytest.mark.parametrize(("value", "points"), [(59, 59), (60, 60), (61, 60)])
def test_a_cap_takes_nothing_at_its_own_value(score, value, points):
    scored = card(score, f"  combine: mean\n  of:\n    na: {{kpi: ka, points: {LINE}, cap: 60}}\n", a=[value])
    assert scored.points_of("total") == [points * P]
    assert bool(scored.cards.node("na").lines) == (value > 60)


@pytest.mark.parametrize(("value", "points"), [(Fraction(5, 2), 3), (Fraction(7, 2), 4), (Fraction(-5, 2), -3)])
def test_rounding_is_the_frameworks_method(score, value, points):
    scored = card(score, "  combine: mean\n  of:\n    na: {kpi: ka, points: value, round: 0}\n", a=[value])
    assert scored.points_of("na") == [points * P]


# gates ------------------------------------------------------------------------------------------------------------------


def gated(otherwise, rule="kb >= 1", extra=""):
    return f"""  combine: mean
  of:
    na: {{kpi: ka, points: {LINE}, require: [{{rule: {rule}, else: {otherwise}, reason: b is missing{extra}}}]}}
    nc: {{kpi: kc, points: {LINE}}}
"""


@pytest.mark.parametrize(
    ("otherwise", "b", "item", "total", "passes"),
    [
        ("fail", 1, 80, 60, True), ("fail", 0, 80, 60, False), ("fail", None, 80, 60, False),
        ("zero", 1, 80, 60, True), ("zero", 0, 0, 20, True), ("zero", None, 0, 20, True),
        ("skip", 1, 80, 60, True), ("skip", 0, None, 40, True),
        ("{cap: 30}", 1, 80, 60, True), ("{cap: 30}", 0, 30, 35, True),
    ],
)  # fmt: skip
def test_what_happens_when_a_gate_does_not_hold(score, otherwise, b, item, total, passes):
    scored = card(score, gated(otherwise), a=[80], b=[b], c=[40])
    assert scored.points_of("na") == [None if item is None else item * P]
    assert scored.points_of("total") == [total * P]
    assert scored.cards.passes == [passes]


def test_a_blank_gate_holds_only_if_it_says_so(score):
    scored = card(score, gated("zero", extra=", blank: holds"), a=[80], b=[None], c=[40])
    assert scored.points_of("na") == [80 * P]
    assert scored.cards.node("na").gates[0].held == [None]


@pytest.mark.parametrize(("a", "total"), [(1, 1), (2, 42)])
def test_a_step_may_ask_for_an_earlier_step_even_one_written_later(score, framework, a, total):
    rule = Formula("points(nb) >= 2", parse("points(nb) >= 2"), YES_NO)
    plain = framework(f"{TOP}scorecard:\n" + mean(("a", 1), ("b", 1)).replace("mean", "sum").replace("weight: 1, ", ""))
    root = plain.scorecard
    later = replace(root.items[0], require=(Gate(rule, "zero", reason="step 1 is open"),))
    stepped = replace(plain, scorecard=replace(root, items=(later, root.items[1])))
    assert score(stepped, {"a": [40], "b": [a], "c": [0], "d": [0]}).points_of("total") == [total * P]


def test_nodes_that_wait_for_each_other_are_refused(score, framework):
    plain = framework(f"{TOP}scorecard:\n" + mean(("a", 1), ("b", 1)))
    items = []
    for item, other in zip(plain.scorecard.items, ("nb", "na"), strict=True):
        rule = Formula(f"passes({other})", parse(f"passes({other})"), YES_NO)
        items.append(replace(item, require=(Gate(rule, "zero"),)))
    circle = replace(plain, scorecard=replace(plain.scorecard, items=tuple(items)))
    with pytest.raises(Refused, match="`na` needs `nb` needs `na`"):
        score(circle, {"a": [1], "b": [1], "c": [0], "d": [0]})


# no data ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "item", "total", "passes"),
    [("skip", None, 40, True), ("zero", 0, 20, True), ("full", 100, 70, True), ("fail", 0, 20, False), ("25", 25, Fraction(65, 2), True)],
)
def test_every_no_data_policy(score, policy, item, total, passes):
    text = TOP.replace("no_data: skip", f"no_data: {policy}", 1) + "scorecard:\n" + mean(("a", 1), ("c", 1))
    scored = score(text, {"a": [None], "b": [0], "c": [40], "d": [0]})
    assert scored.points_of("na") == [None if item is None else item * P]
    assert scored.points_of("total") == [total * P]
    assert scored.cards.passes == [passes]
    row = scored.cards.items_frame().filter(node="na").row(0, named=True)
    assert row["no_data"] == {"25": "points"}.get(policy, policy)
    assert row["no_data_reason"] == "report_missing"


# levels --------------------------------------------------------------------------------------------------------------------

LEVELS = """levels:
  - {name: C, require: [points >= 0]}
  - {name: B, require: [points >= 50]}
  - name: A
    require:
      - points >= 80
      - any:
          - [kb >= 3, kc >= 1]
          - [kb >= 5]
"""


@pytest.mark.parametrize(
    ("a", "b", "c", "level"),
    [
        (49, 5, 1, "C"), (50, 0, 0, "B"), (79, 5, 1, "B"), (80, 5, 0, "A"), (80, 4, 0, "B"), (80, 3, 1, "A"), (80, 2, 1, "B"),
        (80, None, 1, "B"), (None, 5, 1, None),
    ],
)  # fmt: skip
def test_the_highest_level_whose_requirements_all_hold(score, a, b, c, level):
    scored = card(score, mean(("a", 1)), LEVELS, a=[a], b=[b], c=[c])
    assert scored.cards.levels.levels == [level]


def test_without_a_total_no_level_not_even_one_without_requirements(score):
    levels = "levels:\n  - {name: None yet, require: []}\n  - {name: Good, require: [points >= 50]}\n"
    assert card(score, mean(("a", 1)), levels, a=[None, 10]).cards.levels.levels == [None, "None yet"]


def test_a_level_that_is_skipped_over_does_not_hinder_a_higher_one(score):
    levels = "levels:\n  - {name: Low, require: [kb >= 5]}\n  - {name: High, require: [kb >= 1, kc >= 1]}\n"
    assert card(score, mean(("a", 1)), levels, a=[1, 1], b=[1, 0], c=[1, 1]).cards.levels.levels == ["High", None]


def test_a_gate_may_hold_the_level_down_but_the_points_stay(score):
    gate = "  require: [{rule: kb >= 1, else: {at_most: C}, reason: documents are missing}]\n"
    scored = card(score, mean(("a", 1), more=gate), LEVELS, a=[60, 60], b=[1, 0])
    assert scored.cards.levels.levels == ["B", "C"]
    assert scored.points_of("total") == [60 * P, 60 * P]
    assert scored.cards.results()["level_limited_by"].to_list() == [None, "C at most: documents are missing"]


def test_a_gate_on_a_track_that_was_not_taken_limits_nothing(score):
    tracks = TRACKS.replace("reason: an empty metric}]", "else: {at_most: C}, reason: an empty metric}]", 1)
    scored = card(score, tracks, LEVELS, a=[0], b=[10], c=[35], d=[35])
    assert scored.cards.node("total").chosen == ["small"]
    assert scored.cards.levels.levels == ["B"]


# the frame -------------------------------------------------------------------------------------------------------------------


def test_what_is_missing_for_the_next_level_is_noted(score):
    row = card(score, mean(("a", 1)), LEVELS, a=[60]).cards.items_frame().row(0, named=True)
    assert json.loads(row["notes"])["next_level"] == {
        "name": "A",
        "missing": ["points >= 80", "kb >= 3 and kc >= 1 or kb >= 5"],
    }


def test_kpis_outside_the_card_are_kept_too(score):
    frame = card(score, mean(("a", 1)), a=[60], b=[7]).cards.items_frame()
    assert frame.filter(kind="kpi", kpi="kb")["value_text"].to_list() == ["7"]
    assert frame["node"].to_list()[:2] == ["total", "na"]


def test_an_empty_company_gives_empty_frames(score, framework):
    empty, nobody = framework(f"{TOP}scorecard:\n{mean(('a', 1))}"), Points([], [], {})
    cards = scorecards.compute(empty, nobody, kpis.compute(empty, nobody, {}), {})
    assert cards.items_frame().height == cards.results().height == 0


VALUES = st.none() | st.integers(-50, 150) | st.fractions(-50, 150, max_denominator=997)
WEIGHTS = st.lists(st.integers(0, 9), min_size=3, max_size=3)
LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "cap": st.integers(30, 99),
        "floor": st.fractions(0, 40, max_denominator=7),
        "scale_to": st.integers(10, 200),
        "round": st.integers(0, 5),
        "missing": st.sampled_from(["share", "zero"]),
        "needs_data": st.fractions(0, 1, max_denominator=5),
    },
)
ROWS = st.lists(st.tuples(VALUES, VALUES, VALUES, VALUES), min_size=1, max_size=6)


def random_tree(plain, combine, weights, inner, outer):
    """Two nodes deep: the inner one in every way of combining, with any limits and with gates."""
    leaves = {item.name: item for item in plain.scorecard.items}
    items = tuple(
        replace(leaves[name], weight=number(weight), require=(gate("ka < 120", "skip"),) if name == "nb" else ())
        for name, weight in zip(("na", "nb", "nc"), weights, strict=True)
    )
    low = Node("inner", combine=combine, items=items, weight=number(3), out_of=99, require=(gate("kd > 100", "zero"),), **inner)
    root = replace(plain.scorecard, items=(low, replace(leaves["nd"], weight=number(7))), **outer)
    return replace(plain, scorecard=root)


def number(value):
    return Formula(str(value), parse(str(value)), NUMBER)


def gate(rule, otherwise):
    return Gate(Formula(rule, parse(rule), YES_NO), otherwise)


@settings(deadline=None)
@given(ROWS, WEIGHTS, st.sampled_from(["mean", "sum", "best", "worst"]), LIMITS, LIMITS)
def test_contributions_add_up_exactly_whatever_the_tree(score, framework, rows, weights, combine, inner, outer):
    tree = random_tree(framework(f"{TOP}scorecard:\n" + mean(*((name, 1) for name in "abcd"))), combine, weights, inner, outer)
    scored = score(tree, dict(zip("abcd", map(list, zip(*rows, strict=True)), strict=True)))
    for column in scored.cards.nodes():
        for position, points in enumerate(column.points):
            if not column.items or points is None:
                continue
            lines = column.lines.get(position, [])
            parts = [item.contributions[position] for item in column.items]
            assert sum(parts) + sum(line.amount for line in lines) == points
            below = sum(item.totals[position] for item in column.items) + sum(column.line_totals.get(position, []))
            assert below == column.totals[position]
    everything = [column for column in scored.cards.nodes() if not column.items]
    for position, total in enumerate(scored.cards.totals):
        lines = sum(sum(column.line_totals.get(position, [])) for column in scored.cards.nodes())
        assert sum(column.totals[position] for column in everything) + lines == (total or 0)


@settings(deadline=None, max_examples=examples(25))
@given(ROWS, st.randoms(use_true_random=False))
def test_same_inputs_same_bytes_and_the_order_of_partners_does_not_matter(score, rows, random):
    names = [f"P{number}" for number in range(len(rows))]
    tree = mean(("a", 2), ("b", 3), ("c", 1), more="  cap: 85\n")
    text = f"{TOP}scorecard:\n{tree}\n{LEVELS}"

    def frames(order):
        measures = {name: [rows[position][place] for position in order] for place, name in enumerate("abcd")}
        cards = score(text, measures, subjects=[names[position] for position in order]).cards
        return cards.items_frame().write_ipc(None).getvalue(), cards.results().write_ipc(None).getvalue()

    shuffled = list(range(len(rows)))
    random.shuffle(shuffled)
    assert frames(range(len(rows))) == frames(range(len(rows))) == frames(shuffled)
