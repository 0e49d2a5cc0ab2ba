"""Levels that nobody can earn, ways in that are closed, levels nobody ends with, gates that hit everybody or nobody."""

import pytest

KPIS = """
kpis:
  sold: {formula: a, unit: count, better: higher, no_data: zero}
  share: {formula: a / c, unit: percent, better: higher, range: [0%, 100%], no_data: zero}
  spent: {formula: b, unit: money, better: lower, no_data: zero}
"""
CARD = KPIS + (
    "scorecard: {combine: mean, of: {sales: {kpi: sold, points: {line: [[0, 0], [100, 100]]}}, "
    "part: {kpi: share, points: {line: [[0%, 0], [100%, 100]]}}}}\n"
)


def levels(*require):
    lines = [f"  - {{name: {name}, require: [{rules}]}}" for name, rules in zip(("C", "B", "A"), require, strict=False)]
    return "levels:\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("require", "said"),
    [
        ("points >= 80, sold <= 40", "`points` is 70 at most"),
        ("'sold + 100 * share >= 220', sold <= 100", "`sold + 100 * share >= 220` and `sold <= 100`"),
        ("sold >= 50, 'sold < 20 or share >= 130%'", "sold >= 50"),
        ("'not (sold < 30 or spent > 100)', sold <= 20", "sold <= 20"),
        ("'points(part) >= 60', share < 50%", "`points(part)` is"),
        ("'region == \"North\" and sold >= 10', 'region == \"South\"'", "never true"),
    ],
)
def test_a_level_that_nobody_can_earn_is_found_with_its_rules_and_their_lines(found, require, said):
    (finding,) = found(CARD + levels("", require), "level-impossible")
    assert "nobody can earn B" in finding.message and said in finding.message
    assert finding.where.startswith("levels.2.require") and "in line" in finding.found


@pytest.mark.parametrize(
    "require",
    [
        "points >= 70, sold <= 40",
        "'sold + 100 * share >= 200', sold <= 100",
        "spent <= 0, points >= 100",
        "any: [[sold >= 50, share >= 90%], [sold >= 70]]",
    ],
)
def test_a_level_that_somebody_can_earn_is_not_found(found, require):
    for code in ("level-impossible", "level-not-found", "way-closed"):
        assert found(CARD + levels("", require), code) == []


def test_what_cannot_be_reasoned_about_is_called_not_found_and_never_impossible(found):
    text = CARD + levels("", "'min(sold, 10) >= 20'")
    assert found(text, "level-impossible") == []
    (finding,) = found(text, "level-not-found")
    assert "inputs were tried" in finding.found


def test_one_closed_way_of_two_is_found(found):
    (finding,) = found(CARD + levels("", "any: [[sold >= 50, share >= 120%], [sold >= 70]]"), "way-closed")
    assert "one way into B" in finding.message and "share >= 120%" in finding.message


def test_a_gate_that_keeps_everybody_down_makes_the_level_impossible(found):
    card = CARD.replace("combine: mean, of", 'combine: mean, require: [{rule: sold < 10, else: {at_most: C}, reason: "no"}], of', 1)
    (finding,) = found(card + levels("", "sold >= 50"), "level-impossible")
    assert "sold < 10" in finding.message


def test_a_level_that_always_comes_with_a_higher_one_is_found_with_the_least_that_earns_it(found, replayed):
    text = KPIS + levels("", "sold >= 20, share >= 50%", "'sold + 100 * share >= 60', sold >= 15")
    (finding,) = found(text, "levels-together")
    assert "earns B earns A too" in finding.message
    assert "sold: 20, share: 50%" in finding.witness
    assert [level for _, level in replayed(text, finding)] == ["A"]


def test_levels_that_rise_are_not_found(found):
    assert found(KPIS + levels("", "sold >= 20, share >= 50%", "'sold + 100 * share >= 80', sold >= 15"), "levels-together") == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("points >= 120", "gate-never-holds"),
        ("share > 100%", "gate-never-holds"),
        ("share <= 150%", "gate-always-holds"),
        ("points <= 100", "gate-always-holds"),
    ],
)
def test_a_gate_that_hits_everybody_or_nobody_is_found(found, rule, code):
    card = CARD.replace("combine: mean, of", f"combine: mean, require: [{{rule: {rule}, else: {{cap: 50}}}}], of", 1)
    (finding,) = found(card, code)
    assert rule in finding.message and "require.1" in finding.where


def test_a_gate_that_some_meet_is_not_found(found):
    card = CARD.replace("combine: mean, of", "combine: mean, require: [{rule: share >= 50%, else: {cap: 50}}], of", 1)
    assert found(card, "gate-never-holds") == [] and found(card, "gate-always-holds") == []


MANY = [f"'sold >= {count} or spent <= {count}'" for count in range(2, 8)]  # with one more, twice as many ways in as are looked at


def test_of_more_ways_in_than_are_looked_at_nothing_is_called_impossible(found):
    open_to_half = CARD + levels("", ", ".join(["'share >= 130% or sold >= 1'", *MANY]))
    for code in ("level-impossible", "level-not-found", "levels-together"):
        assert found(open_to_half, code) == []
    (finding,) = found(CARD + levels("", ", ".join(["'share >= 130% or sold < 0'", *MANY])), "level-not-found")
    assert "inputs were tried" in finding.found


def test_of_a_gate_with_more_ways_to_hold_than_are_looked_at_nothing_is_said(found):
    rule = " and ".join(["(share >= 130% or sold >= 1)", *(one.strip("'").join("()") for one in MANY)])
    gated = CARD.replace("combine: mean", f"combine: mean, require: ['{rule}']")
    assert found(gated, "gate-never-holds") == []
