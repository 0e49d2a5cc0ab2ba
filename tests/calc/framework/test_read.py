"""What a framework becomes when it is right: types, windows, points, the highest possible score."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.formula.nodes import COUNT, MONEY, NUMBER
from steelyard.calc.framework.model import Conversion, Window
from steelyard.calc.framework.read import read
from steelyard.calc.framework.windows import READY_WINDOWS, parse_window
from steelyard.calc.framework.wording.windows import window_text
from tests.thoroughness import examples

from .examples import DISTRIBUTOR, changed


@pytest.fixture(scope="module")
def framework():
    found, problems = read(DISTRIBUTOR)
    assert [str(problem) for problem in problems] == []
    return found


def test_the_head_says_who_is_scored_when_and_in_what_money(framework):
    assert (framework.code, framework.subject, framework.grain) == ("distributor-standard", ("partner",), "quarter")
    assert (framework.effective, framework.currency, framework.convert) == (date(2026, 1, 1), "EUR", Conversion("line date"))
    assert framework.applies_to.text == 'status == "active"'
    assert framework.settings == {"least_base": 10000}
    assert framework.source == DISTRIBUTOR


def test_measures_know_their_units(framework):
    types = {name: measure.type for name, measure in framework.measures.items()}
    assert types["net_sales"] == types["target"] == MONEY
    assert types["customers"] == types["late"] == types["certified"] == COUNT
    assert types["cooperation"] == NUMBER
    assert framework.measures["certified"].valid_on
    assert framework.measures["customers"].window == Window("month", 12)
    assert framework.measures["cooperation"].window == Window("month", 24)
    rule = framework.measures["net_sales"].where[0]
    assert (rule.reason, rule.blank_holds) == ("free goods", True)


def test_percentages_and_decimals_are_exact(framework):
    growth = framework.kpis["growth"]
    assert growth.range == (-1, 5)
    assert growth.target.tree.value == Fraction(2, 25)
    assert framework.curves["late_points"].bands[1].high == Fraction(1, 20)


def test_an_upper_end_left_out_is_the_next_lower_end(framework):
    rising = framework.scorecard.items[0].items[1].points.bands
    assert [(band.low, band.low_closed, band.high, band.high_closed) for band in rising] == [
        (None, False, 0, False), (0, True, Fraction(1, 20), False), (Fraction(1, 20), True, None, False),
    ]  # fmt: skip


def test_the_highest_points_are_known_from_the_leaves_up(framework):
    out_of = {node.name: node.out_of for part in framework.scorecard.items for node in (part, *part.items)}
    assert out_of == {
        "commercial": 100, "sales": 100, "rising": 100,
        "capability": 100, "trained": 20, "breadth": 40, "working": 40, "prompt": 20,
    }  # fmt: skip
    assert framework.scorecard.out_of == 100


def test_levels_have_ways_in(framework):
    gold = framework.levels[1]
    assert [level.name for level in framework.levels] == ["Silver", "Gold", "Platinum"]
    assert [formula.text for formula in gold.require] == ["points >= 60"]
    assert [[formula.text for formula in way] for way in gold.any[0]] == [
        ["people >= 3", 'net_sales >= sales_for(region, "Gold") / 2'],
        ['net_sales >= sales_for(region, "Gold")'],
    ]
    assert gold.actions == ("show_badge",)


def test_no_data_policies(framework):
    policies = {name: (kpi.no_data.policy, kpi.no_data.amount, kpi.no_data.reason) for name, kpi in framework.kpis.items()}
    assert policies["attainment"] == ("skip", 0, "")
    assert policies["growth"] == ("skip", 0, "base too small")
    assert policies["coop"] == ("carry", 2, "")
    assert policies["lateness"] == ("full", 0, "")
    found, _ = read(changed(("no_data: {carry: 2}", "no_data: 12.5")))
    assert (found.kpis["coop"].no_data.policy, found.kpis["coop"].no_data.amount) == ("points", Fraction(25, 2))


def test_conversion_may_name_the_currency_to_read_and_whose_rates():
    found, problems = read(changed(("convert: line date", "convert: {policy: month average, read_as: document_currency, rates: ECB}")))
    assert problems == []
    assert found.convert == Conversion("month average", "document_currency", "ECB")


def test_a_subject_of_two_parts_repeats_what_has_only_one():
    assert read(changed(("subject: partner", "subject: partner x representative")))[0] is None
    found, problems = read(
        changed(
            ("subject: partner", "subject: partner x representative"),
            ("valid_on: period end", "valid_on: period end, per_subject: repeat"),
            ("window: two_years", "window: two_years, per_subject: repeat"),
        )
    )
    assert [str(problem) for problem in problems] == []
    assert found.subject == ("partner", "representative") and found.measures["certified"].repeat_per_subject


def test_a_cap_beside_the_points_rule_is_the_cap_of_the_node():
    found, _ = read(changed(("{per: {points: 2}}, cap: 40}", "{per: {points: 2}, cap: 40}}")))
    assert found.scorecard.items[1].items[1].cap == 40


def test_a_card_can_be_left_out_when_levels_read_kpis():
    text = DISTRIBUTOR[: DISTRIBUTOR.index("scorecard:")] + "levels:\n  - {name: A, require: [people >= 1]}\n"
    found, problems = read(text)
    assert found is not None and found.scorecard is None
    assert all(problem.severity == "warning" for problem in problems)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("period", Window("period")), ("last 90 days", Window("days", 90)), ("last 24 months", Window("month", 24)),
        ("last 1 quarter", Window("quarter", 1)), ("year to date", Window("year to date")), ("all time", Window("all time")),
        ("last 12 months, 6 months earlier", Window("month", 12, 6, "months")), ("1 year earlier", Window(None, 1, 1, "years")),
        ("all time,  1 period earlier", Window("all time", 1, 1, "periods")), ("ttm", READY_WINDOWS["ttm"]),
        ("last 0 months", None), ("last months", None), ("next month", None), ("period,", None), ("", None), (", 1 year earlier", None),
        ("last 24 months 1 year earlier", None), ("last 9999 quarters", None), ("period, 999 years earlier", None),
    ],
)  # fmt: skip
def test_windows(text, window):
    assert parse_window(text) == (Window(None, 1, 1, "years") if text == ", 1 year earlier" else window)


def test_windows_in_words():
    assert window_text(Window("month", 12, 1, "years")) == "the last 12 months, 1 year earlier"
    assert window_text(Window("period", 1, 2, "periods"), "quarter") == "the quarter, 2 quarters earlier"
    assert window_text(Window("days", 90)) == "the last 90 days"


LIBRARY = (
    "framework: library\nsubject: partner\ngrain: quarter\ncurrency: EUR\nmeasures:\n"
    + "".join(f"  m{n}: {{fact: orders, sum: amount, where: [{{rule: quantity > {n}, reason: too few}}]}}\n" for n in range(60))
    + "kpis:\n"
    + "".join(f"  k{n}: {{formula: 'm{n}[ttm] / m{(n + 1) % 60}[prior_ttm] - 1', unit: percent, no_data: skip}}\n" for n in range(60))
    + "scorecard:\n  combine: mean\n  of:\n"
    + "".join(f"    n{n}: {{weight: {n + 1}, kpi: k{n}, points: {{line: [[0%, 0], [100%, 100]]}}}}\n" for n in range(60))
)


def test_sixty_kpis_are_read_without_a_problem():
    found, problems = read(LIBRARY)
    assert (len(found.kpis), problems) == (60, [])


def test_a_chain_of_a_thousand_kpis_is_no_problem():
    kpis = "".join(f"  k{n}: {{formula: k{n + 1} + 1, unit: count}}\n" for n in range(1000))
    head = "framework: chain\nsubject: partner\ngrain: month\nmeasures: {m: {fact: orders, count: lines}}\nkpis:\n"
    text = f"{head}{kpis}  k1000: {{formula: m, unit: count}}\n"
    assert read(text)[0] is not None


LINES = DISTRIBUTOR.splitlines(keepends=True)
BITS = st.sampled_from(
    ["", "[", "]", "{", "}", ": ", "- ", "null", "~", "-1", "60%", "'", '"', "no", "points", "99999999999999999999", "{}", "[]", "\n"]
)


@given(st.data())
@settings(max_examples=examples(100), deadline=None)
def test_no_mutilated_framework_raises_anything(data):
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(0, len(lines) - 1))
        line = lines[number]
        start = data.draw(st.integers(0, len(line)))
        end = min(len(line), start + data.draw(st.integers(0, 12)))
        lines[number] = line[:start] + data.draw(BITS) + line[end:]
    found, problems = read("".join(lines))
    assert (found is None) == any(problem.severity == "error" for problem in problems)


@given(st.text(max_size=80))
@settings(max_examples=examples(50), deadline=None)
def test_no_text_raises_anything(text):
    assert read(text)[0] is None
