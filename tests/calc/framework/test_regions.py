"""A region's file: a difference to its base, refused wherever the base does not open what it changes."""

import pytest

from steelyard.calc.framework.read import read, settings_of

from .examples import DISTRIBUTOR

OPEN = """open:
  - {path: scorecard.of.commercial.weight, from: 50, to: 70}
  - {path: tables.sales_for}
  - {path: kpis.growth.target, from: 5%, to: 10%}
  - {path: scorecard.of.capability.of, add: true}
  - {path: kpis, add: true}
  - {path: levels.Platinum.require}
"""
BASE = DISTRIBUTOR + "owner: channel operations\n" + OPEN
HEAD = """framework: distributor-dach
title: Distributor standard, DACH
extends: distributor-standard
applies_to: region == "DACH"
"""


def region(text, base=BASE):
    return read(HEAD + text, bases={"distributor-standard": base})


def codes(problems):
    return [problem.code for problem in problems if problem.severity == "error"]


def only(problems):
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def test_a_region_is_its_base_with_keys_replaced():
    base, problems = read(BASE)
    assert problems == []
    found, problems = region("set: {scorecard.of.commercial.weight: 65, kpis.growth.target: 6%}\n")
    assert problems == []
    assert (found.code, found.title, found.extends) == ("distributor-dach", "Distributor standard, DACH", "distributor-standard")
    assert found.applies_to.text == 'region == "DACH"'
    assert found.scorecard.items[0].weight.text == "65"
    assert found.kpis["growth"].target.text == "6%"
    assert found.changed == ("scorecard.of.commercial.weight", "kpis.growth.target")
    assert (found.base, found.open, found.effective) == (BASE, (), base.effective)
    assert found.measures == base.measures
    assert found.levels == base.levels


def test_a_region_that_sets_nothing_is_its_base_under_another_name():
    base, _ = read(BASE)
    found, problems = region("")
    assert problems == []
    assert (found.scorecard, found.kpis, found.changed) == (base.scorecard, base.kpis, ())


def test_a_region_may_add_a_local_item_where_names_may_be_added():
    found, problems = region("""set:
  kpis.shops: {formula: customers, unit: count, no_data: zero}
  scorecard.of.capability.of.shops: {kpi: shops, points: {per: {points: 1}}, cap: 10}
""")
    assert codes(problems) == []
    assert [item.name for item in found.scorecard.items[1].items][-1] == "shops"


def test_what_may_be_added_to_may_not_be_changed():
    _, problems = region("set: {scorecard.of.capability.of.trained.cap: 30, kpis.people.no_data: full}\n")
    assert codes(problems) == ["not-open", "not-open"]


def test_a_table_is_open_with_everything_in_it():
    found, problems = region("set: {tables.sales_for.rows: [{region: North, level: Gold, value: 1}]}\n")
    assert problems == []
    assert [row.value for row in found.tables["sales_for"].rows] == [1]


def test_items_of_a_list_are_told_by_name_or_by_number():
    for path in ("levels.3.require", "levels.Platinum.require"):
        found, problems = region(f"set: {{{path}: [points >= 90]}}\n")
        assert problems == [], path
        assert found.levels[2].require[0].text == "points >= 90"


def test_what_is_not_open_is_refused_with_what_is_and_whom_to_ask():
    _, problems = region("set:\n  levels.2.require: [points >= 1]\n")
    problem = only(problems)
    assert (problem.code, problem.where) == ("not-open", "set.levels.2.require (line 6, column 3)")
    assert problem.message == "the region changes `levels.2.require`, which is not open"
    assert problem.found.startswith(
        "open: scorecard.of.commercial.weight from 50 to 70, tables.sales_for, kpis.growth.target from 5 % to 10 %"
    )
    assert problem.hint == "ask the owner (channel operations)"


@pytest.mark.parametrize(
    "value, fits", [("50", True), ("70", True), ("49.9", False), ("71", False), ("least_base", False), ("[60]", False)]
)
def test_limits_hold_at_both_ends(value, fits):
    _, problems = region(f"set: {{scorecard.of.commercial.weight: {value}}}\n")
    assert codes(problems) == ([] if fits else ["out-of-limits"])
    if not fits:
        assert "from 50 to 70" in problems[0].message
        assert "line 5" in problems[0].where


def test_what_lies_around_an_opened_number_stays_closed():
    _, problems = region("set: {scorecard.of.commercial: {combine: sum, of: {}}}\n")
    assert codes(problems) == ["not-open"]


def test_a_path_that_leads_nowhere_is_told_with_the_nearest():
    _, problems = region("set: {kpis.growht.target: 6%}\n")
    assert codes(problems) == ["unknown-path"]
    assert problems[0].hint == "did you mean `kpis.growth.target`?"


def test_a_mistake_in_a_value_is_shown_in_the_regions_file():
    _, problems = region("set:\n  kpis.growth.target: 6%\n  levels.Platinum.require: [pionts >= 85]\n")
    problem = only(problems)
    assert (problem.code, problem.where) == ("unknown-name", "levels.3.require.1 (line 7, column 29)")


def test_a_regions_file_has_nothing_but_the_difference():
    _, problems = region("kpis: {}\n")
    problem = only(problems)
    assert problem.code == "unknown-key"
    assert "a region has framework, extends, applies_to, set" in problem.hint


def test_a_region_needs_its_base():
    _, problems = read(HEAD)
    assert codes(problems) == ["no-base"]
    _, problems = read(HEAD, bases={"distributor-standart": BASE})
    assert problems[0].hint == "did you mean `distributor-standart`?"
    _, problems = read("framework: x\nset: {a: 1}\n")
    assert codes(problems) == ["missing-key"]


def test_a_broken_base_a_region_and_another_framework_are_no_bases():
    assert codes(region("", BASE.replace("customers, unit", "custommers, unit"))[1]) == ["base-broken"]
    assert codes(region("", HEAD)[1]) == ["base-broken"]
    assert codes(region("", BASE.replace("framework: distributor-standard", "framework: other"))[1]) == ["no-base"]


def test_a_newer_base_that_closes_something_refuses_the_region():
    text = "set: {kpis.growth.target: 6%}\n"
    assert region(text)[1] == []
    assert codes(region(text, BASE.replace("from: 5%, to: 10%", "from: 7%, to: 10%"))[1]) == ["out-of-limits"]


def test_nothing_is_set_twice():
    _, problems = region("set: {levels.3.require: [points >= 90], levels.Platinum.require: [points >= 91]}\n")
    assert codes(problems) == ["set-twice"]


@pytest.mark.parametrize(
    ("opening", "code"),
    [
        ("{path: kpis.growht.target}", "unknown-path"),
        ("{path: subject}", "bad-path"),
        ("{path: scorecard.of.commercial, from: 1, to: 2}", "wrong-type"),
        ("{path: scorecard.of.commercial.weight, from: 3, to: 2}", "wrong-type"),
        ("{path: kpis.growth.formula, add: true}", "unknown-path"),
        ("{path: kpis, add: true, from: 1}", "wrong-type"),
        ("{pth: kpis}", "unknown-key"),
    ],
)
def test_an_opening_that_opens_nothing_is_refused(opening, code):
    _, problems = read(DISTRIBUTOR + f"open: [{opening}]\n")
    assert code in codes(problems)


def test_the_settings_of_a_region_tell_both_values():
    found = settings_of(HEAD + "set: {scorecard.of.commercial.weight: 65}\n", BASE)
    assert [(one.path, one.was, one.now, one.opening.low) for one in found] == [("scorecard.of.commercial.weight", 60, 65, 50)]


def test_a_region_can_be_read_with_some_of_its_settings():
    text = HEAD + "set: {scorecard.of.commercial.weight: 65, kpis.growth.target: 6%}\n"
    found, _ = read(text, bases={"distributor-standard": BASE}, only={"kpis.growth.target"})
    assert (found.scorecard.items[0].weight.text, found.kpis["growth"].target.text) == ("60", "6%")
    assert found.changed == ("kpis.growth.target",)


@pytest.mark.parametrize("number", ["²", "0", "4", "9" * 900])
def test_a_number_that_no_item_of_a_list_has_leads_nowhere(number):
    _, problems = read(DISTRIBUTOR + f"open: [{{path: levels.{number}}}]\n")
    assert codes(problems) == ["unknown-path"]
    _, problems = region(f"set: {{levels.{number}: 1}}\n")
    assert codes(problems) == ["unknown-path"]
