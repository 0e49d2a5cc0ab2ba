"""Each check on the smallest framework that has the defect, and on its nearest neighbour that has not."""

# ruff: noqa: E501 (one case a line)

import re
from pathlib import Path

import pytest

from steelyard.calc import prover

CARD = """
kpis:
  sold: {formula: a, unit: count, better: higher, no_data: zero}
  share: {formula: a / c, unit: percent, better: higher, range: [0%, 100%], no_data: zero, round: 2}
scorecard:
  combine: sum
  require: []
  of:
    sales: {kpi: sold, points: {bands: [{below: 10, points: 0}, {from: 10, points: 30}, {from: 20, points: 50}]}}
    part: {kpi: share, points: {bands: [{below: 50%, points: 0}, {from: 50%, points: 20}, {from: 100%, points: 50}]}}
levels:
  - {name: C, require: []}
  - {name: B, require: [points >= 50]}
  - {name: A, require: [points >= 80]}
"""  # totals: 0 20 30 50 70 80 100
SMOOTH = """
kpis:
  sold: {formula: a, unit: count, better: higher, no_data: zero}
  seen: {formula: c, unit: count, better: higher, no_data: zero}
scorecard:
  combine: sum
  of:
    sales: {kpi: sold, points: {bands: [{below: 10, points: 0}, {from: 10, points: 10}]}}
    visits: {kpi: seen, points: {line: [[0, 0], [90, 90]]}}
"""
# code, framework, what is written in it, with the defect, and nearly the same without it
SIDES = [
    ("level-impossible", CARD, "[points >= 80]", "[points >= 80, share > 100%]", "[points >= 80, share >= 100%]"),
    ("way-closed", CARD, "[points >= 80]", "[any: [[share > 100%], [sold >= 30]]]", "[any: [[share >= 100%], [sold >= 30]]]"),
    ("levels-together", CARD, "[points >= 50]}\n  - {name: A, require: [points >= 80]",
     "[sold >= 10, share >= 50%]}\n  - {name: A, require: ['sold + 100 * share >= 60']",
     "[sold >= 10, share >= 50%]}\n  - {name: A, require: ['sold + 100 * share >= 61']"),
    ("threshold-between-totals", CARD, "points >= 80", "points >= 75", "points >= 80"),
    ("levels-equal", CARD, "points >= 50", "points >= 71", "points >= 70"),
    ("gate-never-holds", CARD, "require: []\n  of", "require: [{rule: share > 100%, else: {cap: 70}}]\n  of", "require: [{rule: share >= 100%, else: {cap: 70}}]\n  of"),
    ("gate-always-holds", CARD, "require: []\n  of", "require: [{rule: share <= 100%, else: {cap: 70}}]\n  of", "require: [{rule: share >= 1%, else: {cap: 70}}]\n  of"),
    ("points-out-of-reach", CARD, "{from: 100%, points: 50}", "{above: 100%, points: 50}", "{from: 100%, points: 50}"),
    ("best-total", CARD, "{from: 100%, points: 50}", "{above: 100%, points: 50}", "{from: 100%, points: 50}"),
    ("points-against-better", SMOOTH, "[[0, 0], [90, 90]]", "[[0, 0], [80, 90], [90, 89]]", "[[0, 0], [80, 90], [90, 90]]"),
    ("better-scores-less", CARD, "require: []\n  of", "require: [{rule: sold < 20, else: {cap: 40}}]\n  of", "require: [{rule: sold >= 20, else: {cap: 40}}]\n  of"),
    ("no-data-beats-bad", SMOOTH, "unit: count, better: higher, no_data: zero}\n  seen", "unit: count, better: higher, no_data: 1}\n  seen", "unit: count, better: higher, no_data: 0}\n  seen"),
    ("cliff", SMOOTH, "{from: 10, points: 10}]}}\n    visits: {kpi: seen, points: {line: [[0, 0], [90, 90]]}}",
     "{from: 10, points: 11}]}}\n    visits: {kpi: seen, points: {line: [[0, 0], [90, 89]]}}",
     "{from: 10, points: 10}]}}\n    visits: {kpi: seen, points: {line: [[0, 0], [90, 90]]}}"),
    ("counts-twice", SMOOTH, "formula: c,", "formula: a,", "formula: a + c,"),
    ("leads-nowhere", SMOOTH, "  seen: {", "  first: {formula: b, unit: money, no_data: zero}\n  second: {formula: first * 2, unit: money, no_data: zero}\n  seen: {",
     "  first: {formula: b, unit: money, no_data: zero}\n  seen: {"),
]  # fmt: skip
ELSEWHERE = {  # both sides too: test_levels, test_partners, test_vectors
    "level-not-found", "never-varies", "gate-hits-everybody", "gate-hits-nobody", "correlated", "real-weight", "table-hole", "unvectored",
}  # fmt: skip


@pytest.mark.parametrize(("code", "text", "old", "defect", "neighbour"), SIDES, ids=[side[0] for side in SIDES])
def test_the_defect_is_found_with_line_and_witness_and_its_neighbour_is_not_accused(found, replayed, code, text, old, defect, neighbour):
    assert text.count(old) == 1
    wrong = text.replace(old, defect)
    findings = found(wrong, code)
    assert findings
    for finding in findings:
        assert "(line " in finding.where and finding.hint
        for total, level in replayed(wrong, finding):
            said = f"{finding.message} {finding.found}".replace(",", "")
            assert f"{total} points" in said or f"earns {total}" in said or (level is not None and level in said)
    assert found(text.replace(old, neighbour), code) == []


def test_every_finding_that_the_prover_knows_is_looked_at_from_both_sides():
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(prover.__file__).parent.glob("*.py"))
    known = set(re.findall(r'findings\.add\(\s*"([a-z-]+)"', sources)) | set(re.findall(r'code = "([a-z-]+)"', sources))
    assert known <= {side[0] for side in SIDES} | ELSEWHERE
