"""Whoever reports nothing must not be better off than whoever reports the worst, without anybody having been told."""

import pytest

CARD = """
kpis:
  sold: {formula: a, unit: count, better: higher, no_data: zero}
  share: {formula: a / c, unit: percent, better: higher, range: [0%, 100%], no_data: POLICY}
scorecard:
  combine: mean
  of:
    sales: {kpi: sold, weight: 60, points: {line: [[0, 0], [100, 100]]}}
    part: {kpi: share, weight: 40, points: {line: [[0%, 0], [100%, 100]]}}
"""


@pytest.mark.parametrize(("policy", "without", "bad"), [("skip", "100", "60"), ("full", "40", "0"), ("30", "12", "0")])
def test_no_data_that_earns_more_than_bad_data_is_found(found, replayed, policy, without, bad):
    text = CARD.replace("POLICY", policy)
    (finding,) = found(text, "no-data-beats-bad")
    first, second = (float(total) for total, _ in replayed(text, finding))
    assert first - second == float(without) - float(bad)
    assert finding.where.startswith("kpis.share.no_data") and "null" in finding.witness.splitlines()[0]


@pytest.mark.parametrize("policy", ["zero", "fail"])
def test_no_data_that_earns_nothing_is_not_found(found, policy):
    assert found(CARD.replace("POLICY", policy), "no-data-beats-bad") == []


def test_kpis_with_one_policy_are_named_in_one_finding(found):
    text = CARD.replace("POLICY", "skip").replace("better: higher, no_data: zero", "better: higher, no_data: skip")
    (finding,) = found(text, "no-data-beats-bad")
    assert "`sold`" in finding.message and "`share`" in finding.message
