"""Points rules and `better` must not contradict each other."""

import pytest

CARD = """
kpis:
  sold: {formula: a, unit: count, better: BETTER, no_data: zero}
scorecard:
  combine: sum
  of:
    sales: {kpi: sold, points: RULE}
"""


def card(better, rule):
    return CARD.replace("BETTER", better).replace("RULE", rule)


@pytest.mark.parametrize(
    ("better", "rule", "points"),
    [
        ("higher", "{line: [[0, 100], [50, 0]]}", ("100", "0")),
        ("lower", "{line: [[0, 0], [50, 100]]}", ("100", "0")),
        ("higher", "{bands: [{below: 10, points: 0}, {from: 10, to: 20, points: 50}, {above: 20, points: 40}]}", ("50", "40")),
        ("lower", "{per: {points: 2}, cap: 10}", ("10", "0")),
        ("{between: [30, 60]}", "{line: [[10, 100], [30, 50], [60, 50], [90, 0]]}", ("100", "50")),
    ],
)
def test_a_rule_against_better_is_found_with_two_values(found, replayed, better, rule, points):
    (finding,) = found(card(better, rule), "points-against-better")
    assert "scorecard.of.sales" in finding.where and "line" in finding.where
    assert tuple(total for total, _ in replayed(card(better, rule), finding)) == points


@pytest.mark.parametrize(
    ("better", "rule"),
    [
        ("higher", "{line: [[0, 0], [50, 100]]}"),
        ("lower", "{line: [[0, 100], [50, 0]]}"),
        ("{between: [30, 60]}", "{line: [[10, 0], [30, 100], [60, 100], [90, 0]]}"),
        ("higher", "{bands: [{below: 10, points: 0}, {from: 10, points: 50}]}"),
        ("lower", "{per: {points: -2}}, floor: -20"),
    ],
)
def test_a_rule_with_better_is_not_found(found, better, rule):
    assert found(card(better, rule), "points-against-better") == []
