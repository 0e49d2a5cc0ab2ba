"""One partner's score, opened down to its rows."""

from datetime import date
from fractions import Fraction

import pytest

from steelyard.calc.explanation import ReadingDetail, Selector, explain
from steelyard.calc.points import Reading, ReadingColumn

TEXT = """
measures:
  sales: {fact: orders, sum: amount, title: Net sales}
  goal: {fact: targets, sum: amount}
  claims: {fact: complaints, count: lines}
kpis:
  attainment: {formula: sales / goal, unit: percent, better: higher, no_data: skip}
  doubled: {formula: attainment * 2, unit: percent, better: higher, no_data: zero}
  quiet: {formula: claims * 1, unit: number, better: lower, no_data: skip}
scorecard:
  combine: mean
  cap: 90
  of:
    commercial:
      combine: mean
      weight: 2
      require: [{rule: quiet <= 3, else: {cap: 50}, reason: too many complaints}]
      of:
        reached: {title: Target reached, kpi: attainment, weight: 3, cap: 100, points: {line: [[0%, 0], [200%, 200]]}}
        twice: {kpi: doubled, weight: 1, points: {line: [[0%, 0], [100%, 100]]}}
    service: {kpi: quiet, weight: 1, points: {bands: [{below: 2, points: 100}, {from: 2, points: 70}]}}
levels:
  - {name: Low, require: [points >= 0]}
  - {name: High, require: [points >= 80]}
"""

QUARTER = (date(2026, 1, 1), date(2026, 4, 1))


def details(readings):
    """What each reading said of the first subject in the quarter."""
    return {
        reading: ReadingDetail(
            column.values[0], *QUARTER, column.counted[0], {reason: rows[0] for reason, rows in column.excluded.items() if rows[0]}
        )
        for reading, column in readings.items()
    }


@pytest.fixture
def told(score):
    """Explains one partner with this attainment and so many complaints."""

    def tell(sales, goal, claims):
        columns = {
            "sales": ReadingColumn([sales], [12], {"free goods": [3], "samples": [0]}),
            "goal": ReadingColumn([goal], [1]),
            "claims": ReadingColumn([claims], [claims or 0]),
        }
        scored = score(TEXT, columns)
        return explain(scored.framework, scored.cards.items_frame(), details(scored.readings))

    return tell


@pytest.mark.parametrize(
    ("sales", "goal", "claims"),
    [(1, 3, 0), (150, 100, 1), (150, 100, 9), (7, 0, 2), (Fraction(1, 7), Fraction(1, 3), 4), (10**6, 1, 0), (0, 5, 3)],
)
def test_every_node_adds_up_to_its_parent(told, sales, goal, claims):
    assert told(sales, goal, claims).adds_up()


def test_what_a_cap_and_a_gate_take_away_are_lines_of_their_own(told):
    explanation = told(150, 100, 9)
    commercial = explanation.find("commercial")
    assert [(part.kind, part.title, part.contribution) for part in commercial.parts if part.kind == "line"] == [
        ("line", "at most 50: too many complaints", -50_000_000)
    ]
    reached = explanation.find("reached")
    assert [(part.kind, part.contribution) for part in reached.parts] == [("rule", 150_000_000), ("line", -50_000_000)]
    assert reached.title == "Target reached"


def test_a_kpi_opens_to_its_readings_with_windows_rows_and_a_selector(told):
    reached = told(150, 100, 0).find("attainment")
    goal, sales = reached.evidence
    assert (goal.name, sales.name, sales.title, sales.value, sales.counted) == ("goal", "sales", "Net sales", "150", 12)
    assert sales.excluded == {"free goods": 3}
    assert (sales.first_day, sales.last_day) == (date(2026, 1, 1), date(2026, 3, 31))
    assert sales.selector == Selector("orders", "sales", None, *QUARTER)
    assert reached.details["value"] == "1.5"
    assert (reached.details["numerator"], reached.details["denominator"]) == ("150", "100")


def test_a_kpi_over_another_kpi_opens_to_the_same_readings(told):
    assert [found.name for found in told(1, 2, 0).find("twice").evidence] == ["goal", "sales"]


def test_no_data_says_why_and_where_the_weight_went(told):
    explanation = told(5, 0, 0)
    reached = explanation.find("reached")
    assert reached.points is None
    assert reached.details["no_data_reason"] == "denominator is 0"
    assert reached.details["moved"] == {"twice": "0.75"}
    assert explanation.find("twice").parts[-1].title == "no data counts as 0 points: denominator is 0"


def test_it_is_plain_values_throughout(told):
    import json

    plain = told(150, 100, 9).as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["points"] == "56.666667"
    assert plain["next_level"] == {"name": "High", "missing": ["points >= 80"]}


def test_readings_are_optional(score):
    scored = score(TEXT, {"sales": [1], "goal": [1], "claims": [0]})
    explanation = explain(scored.framework, scored.cards.items_frame())
    assert explanation.adds_up()
    assert explanation.find("reached").evidence == ()


def test_a_blank_reading_shows_its_reason(score):
    scored = score(TEXT, {"sales": [None], "goal": [1], "claims": [0]})
    explanation = explain(scored.framework, scored.cards.items_frame(), details(scored.readings))
    sales = explanation.find("reached").evidence[1]
    assert (sales.value, sales.blank) == (None, "report_missing")
    assert Reading("sales") in scored.readings
