"""What only partners show: items that say nothing, KPIs that say the same, weights that weigh otherwise, tables with holes."""

from fractions import Fraction

import pytest

from steelyard.calc.prover import Backtest, prove
from steelyard.calc.prover.backtest import Partners
from steelyard.calc.prover.card import Card
from steelyard.calc.units import Blank
from tests.calc.conftest import framework_of
from tests.calc.prover.conftest import MEASURES

CARD = """
tables:
  needed: {by: [region], rows: [{region: North, value: 3}]}
kpis:
  sold: {formula: a, unit: count, better: higher, no_data: skip}
  share: {formula: a / c, unit: percent, better: higher, range: [0%, 100%], no_data: skip}
  people: {formula: c / needed(region), unit: percent, better: higher, no_data: skip}
scorecard:
  combine: mean
  require: [{rule: share >= 10%, else: {cap: 50}}]
  of:
    sales: {kpi: sold, weight: 40, points: {line: [[0, 0], [100, 100]]}}
    part: {kpi: share, weight: 30, points: {line: [[0%, 0], [100%, 100]]}}
    trained: {kpi: people, weight: 30, points: {line: [[0%, 0], [100%, 100]]}}
"""
COUNT = 40


def partners(sold=None, share=None, people=None, region=None):
    """Forty partners whose three KPIs have nothing to do with each other, unless they are given."""
    return Backtest(
        "2026-Q1",
        [f"P{place:02}" for place in range(COUNT)],
        {
            "sold": sold or [place * 37 % 101 for place in range(COUNT)],
            "share": share or [Fraction(place * 53 % 97, 100) for place in range(COUNT)],
            "people": people or [Fraction(place * 29 % 83, 100) for place in range(COUNT)],
        },
        {},
        {"region": region or ["North"] * COUNT},
    )


def found(code, backtest):
    return [finding for finding in prove(framework_of(MEASURES + CARD), backtest) if finding.code == code]


def test_partners_that_differ_in_everything_show_nothing():
    for code in ("never-varies", "gate-hits-nobody", "gate-hits-everybody", "correlated", "real-weight", "table-hole"):
        assert found(code, partners()) == []


def test_an_item_with_the_same_points_for_nearly_all_is_found():
    (finding,) = found("never-varies", partners(people=[Fraction(150, 100)] * 38 + [Fraction(1, 2)] * 2))
    assert "`trained`" in finding.message and "38 of 40 partners have 100 points" in finding.found
    assert found("never-varies", partners(people=[Fraction(150, 100)] * 37 + [Fraction(1, 2)] * 3)) == []


@pytest.mark.parametrize(("share", "code"), [(Fraction(1, 20), "gate-hits-everybody"), (Fraction(1, 2), "gate-hits-nobody")])
def test_a_gate_that_hits_all_or_none_is_found(share, code):
    (finding,) = found(code, partners(share=[share + Fraction(place % 5, 1000) for place in range(COUNT)]))
    assert "share >= 10%" in finding.message and "require.1" in finding.where


def test_kpis_that_rise_together_are_found_and_those_that_do_not_are_not():
    twin = [Fraction(place * 37 % 101, 101) for place in range(COUNT)]
    (finding,) = found("correlated", partners(share=twin))
    assert "`sold` and `share` rise together" in finding.message and "40 partners" in finding.found
    (opposite,) = found("correlated", partners(share=[1 - one for one in twin]))
    assert "opposite" in opposite.message
    few = [one if place < 29 else Blank("no data") for place, one in enumerate(twin)]
    assert found("correlated", partners(share=few)) == []  # 29 partners prove nothing


def test_the_rank_correlation_is_that_of_the_textbook():
    from steelyard.calc.prover.correlated import _correlation, _ranks

    iq, hours = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110], [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    assert _correlation(_ranks(iq), _ranks(hours)) == -17  # -29/165 = -.1757
    assert _correlation(_ranks([1, 2, 2, 3]), _ranks([1, 2, 3, 4])) == 94  # with a tie, .9487
    assert _correlation(_ranks([1, 1, 1]), _ranks([1, 2, 3])) is None


def test_an_item_that_hardly_varies_weighs_less_than_its_weight_says():
    (finding,) = found("real-weight", partners(sold=[place % 2 + 50 for place in range(COUNT)]))
    assert "weight 40 %" in finding.found and "sales" in finding.found
    shares = [int(part.partition(" %")[0].rpartition(" ")[2]) for part in finding.found.partition(": ")[2].split(", ")]
    assert 99 <= sum(shares) <= 101  # they make up the variance


def test_a_key_that_partners_have_and_no_table_row_answers_is_found():
    (finding,) = found("table-hole", partners(region=["North"] * 30 + ["South"] * 10))
    assert "(South)" in finding.message and "10 subjects have region South" in finding.found
    assert found("table-hole", partners(region=["North"] * 30 + [Blank("not recorded")] * 10)) == []


def test_values_are_also_varied_against_what_partners_had():
    card = Card.of(framework_of(MEASURES + CARD))
    backgrounds = Partners.of(card, partners()).backgrounds()
    assert len(backgrounds) == 24 and backgrounds[0].words.endswith("had it")
    totals = [card.outcome(one.given).total for one in backgrounds]
    assert totals == sorted(totals)  # evenly over the field, from last to first
