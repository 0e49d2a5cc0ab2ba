"""What totals can be: full marks out of reach, thresholds between totals, cliffs."""

import pytest

KPIS = """
kpis:
  sold: {formula: a, unit: count, better: higher, no_data: zero}
  share: {formula: a / c, unit: percent, better: higher, range: [0%, 100%], no_data: zero, round: 2}
"""
STEPS = "sales: {kpi: sold, points: {bands: [{below: 10, points: 0}, {from: 10, points: 30}, {from: 20, points: 50}]}}"
PART = "part: {kpi: share, points: {bands: [{below: 50%, points: 0}, {from: 50%, points: 20}, {from: 90%, points: 50}]}}"
CARD = KPIS + f"scorecard: {{combine: sum, of: {{{STEPS}, {PART}}}}}\n"  # 0 20 30 50 70 80 100


def levels(low, high):
    return f"levels: [{{name: C, require: []}}, {{name: B, require: [points >= {low}]}}, {{name: A, require: [points >= {high}]}}]\n"


def test_points_that_the_range_keeps_out_of_reach_are_found(found, replayed):
    text = CARD.replace("{from: 90%, points: 50}", "{from: 90%, points: 40}, {above: 100%, points: 50}")
    (finding,) = found(text, "points-out-of-reach")
    assert "`part` gives 40 points at most" in finding.message and "100 %" in finding.found
    (total,) = found(text, "best-total")
    assert "the best possible total is 90, the card is out of 100" in total.message
    assert replayed(text, total) == [("90", None)]


def test_a_card_whose_full_marks_can_be_had_is_not_found(found):
    assert found(CARD, "best-total") == [] and found(CARD, "points-out-of-reach") == []


def test_a_threshold_between_two_totals_is_found(found):
    (finding,) = found(CARD + levels(50, 75), "threshold-between-totals")
    assert "A in truth begins at 80" in finding.message and "70 and 80 (7 can occur)" in finding.found


def test_two_levels_without_a_total_between_them_are_found(found):
    (finding,) = found(CARD + levels(60, 70), "levels-equal")
    assert "nobody ends with B" in finding.message
    assert found(CARD + levels(50, 70), "levels-equal") == []


def test_thresholds_on_totals_are_not_found(found):
    assert found(CARD + levels(50, 80), "threshold-between-totals") == []


def test_a_card_with_a_line_has_no_list_of_totals(found):
    text = CARD.replace("{bands: [{below: 10, points: 0}, {from: 10, points: 30}, {from: 20, points: 50}]}", "{line: [[0, 0], [20, 50]]}")
    assert found(text + levels(51, 75), "threshold-between-totals") == []


def test_a_step_that_moves_more_than_a_tenth_is_found_on_both_sides(found, replayed):
    findings = {finding.where.partition(" ")[0]: finding for finding in found(CARD, "cliff")}
    assert list(findings) == ["scorecard.of.sales", "scorecard.of.part"]
    (below, _), (above, _) = replayed(CARD, findings["scorecard.of.part"])
    assert float(above) - float(below) == 30
    assert "share: 89%" in findings["scorecard.of.part"].witness and "share: 90%" in findings["scorecard.of.part"].witness


def test_a_step_over_more_than_one_level_is_found_where_the_gate_stands(found, replayed):
    text = (
        KPIS
        + "scorecard: {combine: sum, require: [{rule: sold >= 5, else: {at_most: C}}], "
        + "of: {part: {kpi: share, points: {line: [[0%, 0], [100%, 100]]}}}}\n"
        + levels(50, 80)
    )
    (finding,) = found(text, "cliff")
    assert "2 levels" in finding.message and "require.1" in finding.where
    assert [level for _, level in replayed(text, finding)] == ["C", "A"]


def test_levels_that_one_step_crosses_between_two_corners_are_found(found, replayed):
    text = KPIS + "scorecard: {combine: sum, of: {part: {kpi: share, points: {line: [[0%, 0], [100%, 10000]]}}}}\n" + levels(4910, 4990)
    (finding,) = found(text, "cliff")
    assert [level for _, level in replayed(text, finding)] == ["C", "A"]


@pytest.mark.parametrize("rule", ["{line: [[0, 0], [20, 50]]}", "{line: [[0, 0], [1000, 50]]}"])
def test_a_line_has_no_cliff(found, rule):
    text = KPIS + f"scorecard: {{combine: sum, of: {{sales: {{kpi: sold, points: {rule}}}}}}}\nlevels: [{{name: C, require: []}}]\n"
    assert found(text, "cliff") == []
