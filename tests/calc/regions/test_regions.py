"""That the rest is equal is proved on the models; what a region's scheme changes for whom is found with its causes."""

from dataclasses import replace

from steelyard.calc.framework.read import read
from steelyard.calc.regions import Outcome, equality, gaps, schemes, variants
from tests.calc.framework.test_regions import BASE, HEAD

SET = "set: {scorecard.of.commercial.weight: 65, kpis.growth.target: 6%, levels.Platinum.require: [points >= 90]}\n"


def pair(text=SET):
    base, _ = read(BASE)
    region, problems = read(HEAD + text, bases={"distributor-standard": BASE})
    assert region is not None, problems
    return base, region


def test_only_what_a_region_sets_differs():
    base, region = pair()
    found = equality(base, region)
    assert sorted(found.set) == ["kpis.growth.target", "levels.3.require", "scorecard.of.commercial.weight"]
    assert found.unexplained == ()
    assert found.equal == found.compared - 3 > 100


def test_a_region_without_settings_is_equal_in_everything():
    found = equality(*pair(""))
    assert (found.set, found.unexplained, found.equal) == ((), (), found.compared)


def test_a_difference_that_nobody_set_is_found():
    base, region = pair()
    kpi = replace(region.kpis["attainment"], round=2)
    assert equality(base, replace(region, kpis={**region.kpis, "attainment": kpi})).unexplained == ("kpis.attainment.round",)
    assert equality(base, replace(region, currency="USD")).unexplained == ("currency",)
    assert "levels.order" in equality(base, replace(region, levels=region.levels[:2])).unexplained


def test_every_scheme_scores_whomever_any_of_them_scores():
    base, region = pair()
    ways = schemes(base, [region])
    assert [one.region for one in ways] == ["", "distributor-dach"]
    assert ways[0].framework.applies_to.text == ways[1].framework.applies_to.text == '(status == "active") or (region == "DACH")'
    assert schemes(replace(base, applies_to=None), [region])[1].framework.applies_to is None


def test_each_setting_is_tried_alone():
    base, region = pair()
    assert [(one.path, one.framework.changed) for one in variants(base, region)] == [(path, (path,)) for path in region.changed]
    assert variants(*pair("set: {kpis.growth.target: 6%}\n")) == []


def test_a_setting_that_cannot_stand_alone_is_left_to_all_together():
    base, region = pair("""set:
  kpis.shops: {formula: customers, unit: count, no_data: zero}
  scorecard.of.capability.of.shops: {kpi: shops, points: {per: {points: 1}}, cap: 10}
""")
    assert [one.path for one in variants(base, region)] == ["kpis.shops"]


def test_who_is_scored_otherwise_is_listed_with_the_settings_that_do_it():
    _, region = pair()
    weight, target, levels = region.changed
    one, two, none = Outcome(50_000_000, "Silver"), Outcome(60_000_000, "Gold"), Outcome(None, None)
    base = {"A": one, "B": one, "C": two, "D": one}
    after = {"A": two, "B": one, "C": none, "D": two}
    alone = {weight: {"A": two, "B": one, "C": two, "D": one}, target: base, levels: {**base, "C": none}}
    found = gaps(base, region, after, alone, frozenset({"A"}))
    assert [(gap.subject, gap.own, gap.because, gap.change) for gap in found] == [
        ("A", True, (weight,), 10_000_000),
        ("C", False, (levels,), None),
        ("D", False, ("together",), 10_000_000),
    ]
    other = gaps(base, region, after, alone, frozenset(), same_base=False)
    assert other[0].because == (weight, "base")
