"""Doing better must not cost points or a level, unless the prover says so."""

import pytest

KPIS = """
kpis:
  sold: {formula: a, unit: count, better: higher, no_data: zero}
  share: {formula: a / c, unit: percent, better: higher, range: [0%, 100%], no_data: zero}
"""
SALES = "sales: {kpi: sold, points: {line: [[0, 0], [100, 50]]}}"
SKIPPED = "part: {kpi: share, points: {line: [[0%, 0], [100%, 50]]}, require: [{rule: sold >= 30, else: skip}]}"
SHARE = "part: {kpi: share, points: {line: [[0%, 0], [100%, 50]]}}"
LEVELS = "\nlevels: [{name: C, require: []}, {name: B, require: [points >= 40]}]\n"

FAULTS = {
    "a gate that holds for the worse": KPIS
    + f"scorecard: {{combine: sum, require: [{{rule: sold <= 60, else: {{cap: 20}}}}], of: {{{SALES}, {SHARE}}}}}"
    + LEVELS,
    "a part that counts from a value on": KPIS + f"scorecard: {{combine: mean, of: {{{SALES}, {SKIPPED}}}}}",
    "a level that asks for the worse": KPIS
    + f"scorecard: {{combine: sum, of: {{{SALES}, {SHARE}}}}}\n"
    + "levels: [{name: C, require: []}, {name: B, require: [points >= 20, share <= 50%]}]\n",
    "a track that passes goes before more points": KPIS
    + "scorecard: {combine: best, of: {one: {kpi: sold, points: {line: [[0, 0], [100, 10]]}, require: [sold >= 50]}, "
    + "two: {kpi: share, points: {line: [[0%, 30], [100%, 60]]}, require: [share >= 200%]}}}",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_better_value_that_costs_is_found_and_its_witness_shows_it(found, replayed, fault):
    findings = found(FAULTS[fault], "better-scores-less")
    assert findings
    for finding in findings:
        (before, level), (after, later) = replayed(FAULTS[fault], finding)
        assert float(after) < float(before) or (level, later) == ("B", "C")
        assert "line" in finding.where


def test_the_two_values_lie_as_close_as_they_can(found):
    (finding,) = found(FAULTS["a gate that holds for the worse"], "better-scores-less")
    assert "60:" in finding.found and "61:" in finding.found
    assert "sold <= 60 no longer holds" in finding.message and "require.1" in finding.where


def test_a_card_that_only_rises_has_none(found):
    text = KPIS + f"scorecard: {{combine: sum, require: [{{rule: sold >= 60, else: {{cap: 20}}}}], of: {{{SALES}, {SHARE}}}}}" + LEVELS
    assert found(text, "better-scores-less") == []


def test_items_that_read_one_kpi_in_opposite_ways_are_found(found, replayed):
    text = KPIS + (
        "scorecard: {combine: sum, of: {up: {kpi: sold, points: {line: [[0, 0], [100, 10]]}}, "
        "down: {combine: sum, require: [{rule: sold < 50, else: zero}], of: {" + SHARE + "}}}}"
    )
    (finding,) = found(text, "better-scores-less")
    (before, _), (after, _) = replayed(text, finding)
    assert float(after) < float(before)
