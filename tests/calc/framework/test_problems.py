"""Every mistake an author can make: its code, its place, what was found and what to do."""

# ruff: noqa: E501 (one row for each mistake)

import pytest

from steelyard.calc.framework.read import read

from .examples import DISTRIBUTOR, changed

RISING = "{bands: [{below: 0%, points: 0}, {from: 0%, points: 50}, {from: 5%, points: 100}]}"
GOLD = "      - points >= 60\n"

# (what is changed, into what, code, text whose place is the problem's place, words of the message)
MISTAKES = [
    # names, columns, keys
    ("formula: certified,", "formula: certifed,", "unknown-name", "certifed", "did you mean `certified`?"),
    ("count_distinct: end_customer", "count_distinct: end_custommer", "unknown-column", "end_custommer", "did you mean `end_customer`?"),
    ("fact: orders, sum: amount,", "fact: orders, sum: amout,", "unknown-column", "amout", "columns that are numbers: quantity"),
    ("small_below: 20", "smal_below: 20", "unknown-key", "smal_below", "did you mean `small_below`?"),
    ("{from: 0%, points: 50}", "{treshold: 0%, points: 50}", "unknown-key", "treshold", "a band has from, above, below, to, points"),
    ("fact: targets", "fact: target", "unknown-name", "fact: target,", "did you mean `targets`?"),
    ("kpi: people", "kpi: persons", "unknown-name", "kpi: persons", "is not a KPI"),
    ("kpi: people", "kpi: certified", "unknown-name", "kpi: certified", "is a measure, not a KPI"),
    ("points: late_points", "points: late_point", "unknown-name", "points: late_point,", "did you mean `late_points`?"),
    ("net_sales[ttm]", "net_sales[tttm]", "unknown-name", "net_sales[tttm]", "is not a window"),
    ("  lateness:", "  certified:", "duplicate-name", "certified: {formula: late", "measure at measures.certified"),
    ("  coop:", "  region:", "duplicate-name", "region: {formula", "attribute of the subject"),
    ("        prompt:", "        trained:", "duplicate-key", "trained: {kpi: lateness", "stands twice"),
    ("    capability:", "    trained:", "duplicate-name", "trained: {kpi", "already names a part"),
    ("{name: Platinum,", "{name: Gold,", "duplicate-name", "name: Gold, require: [points >= 85]", "stands twice"),
    ("two_years: last", "ttm: last", "duplicate-name", "ttm: last", "exists already"),
    ("  certified:", "  and:", "bad-name", "and: {fact", "not a name"),
    ("framework: distributor-standard", "framework: a b/c", "bad-name", "framework: a b/c", "code of a framework"),
    # words, types, missing keys
    ("grain: quarter", "grain: quater", "unknown-word", "grain: quater", "did you mean `quarter`?"),
    ("subject: partner", "subject: shop", "unknown-word", "subject: shop", "partner x territory"),
    ("currency: EUR", "currency: euro", "unknown-word", "currency: euro", "EUR"),
    ("no_data: {carry: 2}", "no_data: skipp", "unknown-word", "no_data: skipp", "choose skip"),
    ("framework: distributor-standard\n", "", "missing-key", "title: Distributor", "needs `framework`"),
    ("currency: EUR\n", "", "missing-key", "net_sales: {fact", "needs `currency`"),
    ("{name: Platinum, ", "{title: Platinum, ", "missing-key", "{title: Platinum", "needs `name`"),
    ("small_below: 20", "small_below: few", "wrong-type", "small_below", "a number is needed"),
    ("effective: 2026-01-01", "effective: soon", "wrong-type", "effective", "takes a date"),
    ("[[1, 0], [5, 40]]", "[[1, 0], 5]", "wrong-type", "5]}}", "[value, points]"),
    ("whole: true", "whole: yes", "wrong-type", "whole: yes", "true or false"),
    ("range: [-100%, 500%]", "range: [500%, -100%]", "wrong-type", "range:", "ends before it begins"),
    ("[[1, 0], [5, 40]]", "[[5, 0], [1, 40]]", "line-order", "[1, 40]", "must rise"),
    ("{line: [[1, 0], [5, 40]]}", "{line: [[1, 0]]}", "points-rule", "line: [[1, 0]]", "at least two corners"),
    ("{line: [[1, 0], [5, 40]]}", "{}", "points-rule", "points: {}", "exactly one thing"),
    ("fact: orders, count: lines}", "fact: orders}", "aggregate", "{fact: orders}", "count: lines"),
    ("window: two_years", "window: last two years", "window", "window: last two years", "did you mean `two_years`?"),
    ("window: ttm}", "window: sometimes}", "window", "window: sometimes", "last 24 months"),
    ("window: two_years", "window: 1 year earlier", "window", "window: 1 year earlier", "needs a length"),
    ("two_years: last 24 months", "two_years: last 99999 months", "window", "two_years: last", "not a window"),
    ("kpi: coop, points: {line: [[1, 0], [5, 40]]}", "kpi: coop", "missing-key", "{kpi: coop}", "needs `points`"),
    ("      combine: sum", "      kpi: coop", "node-kind", "kpi: coop\n", "not both"),
    # bands
    (RISING, "{bands: [{to: 0%, points: 0}, {from: 5%, points: 100}]}", "band-gap", "bands: [{to: 0%, points: 0}, {from", "no band holds 2.5 %"),
    (RISING, "{bands: [{to: 5%, points: 0}, {from: 5%, points: 9}]}", "band-overlap", "bands: [{to: 5%", "5 % is in two bands"),
    (RISING, "{bands: [{to: 5%, points: 0}, {above: 5%, to: 120%, points: 9}]}", "band-end", "bands: [{to: 5%, points: 0}, {above: 5%, to", "may reach 500 %"),
    (RISING, "{bands: [{from: 0%, points: 0}]}", "band-end", "bands: [{from", "may fall to -100 %"),
    (RISING, "{bands: [{below: 0%, points: 0}, {from: 5%, to: 1%, points: 50}, {from: 5%, points: 1}]}", "band-order", "bands: [{below: 0%, points: 0}, {from: 5%, to", "lower end first"),
    # formulas
    ("formula: certified,", "formula: max(0, certified),", "open-bracket", "(0, certified", "put the formula in quotes"),
    ("formula: net_sales / target", "formula: net_sales + target / net_sales", "mixed-units", "net_sales + target", "money plus"),
    ("formula: net_sales / target", "formula: net_sales", "mixed-units", "net_sales, unit", "the KPI says `unit: percent`"),
    ('status == "active"', "status >= 3", "compare-kinds", "status >= 3", "use `==` or `in`"),
    ('status == "active"', "status", "not-a-rule", "status\n", "not yes or no"),
    ("formula: net_sales / target", "formula: net_sales / (target - target)", "always-zero-denominator", "target - target", "always 0"),
    ("formula: certified,", "formula: lowest_item,", "wrong-level", "lowest_item,", "move it to `require`"),
    ("formula: certified,", "formula: 'any_day(certified > 1, ttm)',", "wrong-level", "any_day(certified", "cannot be used here"),
    ("sum: amount, where: metric", "sum: metric, where: metric", "not-a-number", "sum: metric", "needs numbers"),
    ("formula: certified,", "formula: width + people,", "circular", "people: {formula", "needs"),
    # KPIs
    ("better: higher, no_data: skip, round: 4", "better: higher", "no-data-missing", "attainment: {", "add `no_data:`"),
    # the tree
    ("combine: mean\n      weight: 60", "combine: mean\n      weight: -5", "weights", "of:\n    commercial", "below 0"),
    ("{kpi: people,", "{weight: 4, kpi: people,", "weight-ignored", "weight: 4,", "under `combine: sum` does nothing"),
    (", cap: 100}", "}", "unequal-scale", "of:\n        sales", "items under `mean` are out of 100 and 120"),
    ("{per: {points: 2}}, cap: 40}", "{per: {points: 2}}}", "no-cap", "breadth: {", "add a cap"),
    ("lowest_item > 0, else: {cap: 60}", "lowest_item > 0, else: {at_most: Bronze}", "unknown-name", "at_most: Bronze", "not a level"),
    ("{kpi: coop, points: {line: [[1, 0], [5, 40]]}}", '{kpi: coop, points: {choice: {"yes": 1}}}', "compare-kinds", "points: {choice", "text answers"),
    ("whole: true}}, cap: 20}", "whole: true}}, cap: 20, require: [lowest_item > 0]}", "wrong-level", "lowest_item > 0]", "only known inside a node"),
    # tables
    ("unit: EUR", "unit: USD", "mixed-units", "unit: USD", "framework in EUR"),
    ("region: South, level: Gold, from: 2027-01-01", "region: North, level: Gold", "duplicate-row", "rows:", "has two rows"),
    ("    else: blank\n", "    else: none\n", "compare-kinds", "else: none", "this value is text"),
    # rows
    ("mean: value,", "mean: 'peer_mean(value)',", "wrong-level", "peer_mean(value", "known in the formula of a KPI"),
    ("mean: value,", "mean: 'value / (value / (value / 2))',", "too-deep", "'value / (value / (value", "one fraction"),
    # facts and subjects
    ("fact: orders, count: lines, where: shipped_on", "fact: orders, valid_on: period end, count: lines, where: shipped_on", "unknown-column", "valid_on: period end, count: lines", "no validity"),
    ("fact: ratings,", "fact: ratings, date: value,", "unknown-column", "date: value", "columns that are dates: date"),
    ("fact: ratings,", "fact: ratings, known_when: {report: pos},", "unknown-name", "report: pos", "not a kind of fact"),
    ("fact: ratings,", "fact: ratings, once_per: project,", "unknown-column", "once_per: project", "no column `project`"),
    ("subject: partner", "subject: partner x territory", "missing-subject-column", "fact: certificates", "no territory"),
    # levels
    ("[points >= 85]", "[points >= 185]", "unreachable-level", "{name: Platinum", "the card ends at 100"),
    ("[points >= 85]", "[points >= 85, points < 70]", "contradiction", "points >= 85", "columns 32 and 46"),
    # lists
    ("fact: ratings,", "list: answers,", "unknown-name", "list:", "is not a list"),
    ("fact: ratings,", "list: ratings,", "unknown-name", "list:", "write `fact: ratings`"),
]  # fmt: skip


def place_of(text: str, marker: str) -> str:
    assert text.count(marker) == 1, f"{marker!r} occurs {text.count(marker)} times"
    before = text[: text.index(marker)]
    return f"(line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))})"


@pytest.mark.parametrize(("old", "new", "code", "marker", "words"), MISTAKES, ids=[f"{m[2]}-{n}" for n, m in enumerate(MISTAKES)])
def test_a_mistake_is_told_with_its_code_place_and_remedy(old, new, code, marker, words):
    text = changed((old, new))
    framework, problems = read(text)
    errors = [problem for problem in problems if problem.code == code]
    assert errors, [str(problem) for problem in problems]
    assert framework is None
    assert words in str(errors[0])
    assert place_of(text, marker) in errors[0].where


@pytest.mark.parametrize("code", sorted({mistake[2] for mistake in MISTAKES}))
def test_messages_say_what_to_do(code):
    old, new = next((mistake[0], mistake[1]) for mistake in MISTAKES if mistake[2] == code)
    _, problems = read(changed((old, new)))
    problem = next(problem for problem in problems if problem.code == code)
    assert problem.where and (problem.hint or problem.found)


def test_a_measure_is_not_shifted_twice_in_different_units():
    text = changed(
        ("window: ttm}", 'window: "last 12 months, 6 months earlier"}'),
        ("formula: customers, unit: count", "formula: 'customers[last_year]', unit: count"),
    )
    _, problems = read(text)
    assert [problem.code for problem in problems] == ["window-shift"]
    assert "in months and in years" in problems[0].message


def test_one_mistake_gives_one_message():
    for old, new, code in [
        ("count_distinct: person,", "count_distinct: persn,", "unknown-column"),
        ("formula: certified,", "formula: max(0, certified),", "open-bracket"),
        ("fact: targets", "fact: target", "unknown-name"),
        ("better: higher, no_data: skip, round: 4", "better: higher", "no-data-missing"),
        ("fact: ratings,", "list: answers,", "unknown-name"),
    ]:
        _, problems = read(changed((old, new)))
        assert [problem.code for problem in problems if problem.severity == "error"] == [code]


def test_all_mistakes_are_told_at_once():
    _, problems = read(
        changed(
            ("grain: quarter", "grain: quater"),
            ("small_below: 20", "smal_below: 20"),
            ("formula: certified,", "formula: certifed,"),
            ("[points >= 85]", "[points >= sales_for]"),
        )
    )
    assert sorted(problem.code for problem in problems) == ["unknown-key", "unknown-name", "unknown-name", "unknown-word"]


def test_circles_show_the_path_of_names_and_lines():
    text = changed(
        ("{formula: certified, unit: count, no_data: zero}", "{formula: width + 1, unit: count, no_data: zero}"),
        ("{formula: customers, unit: count, no_data: zero}", "{formula: coop + 1, unit: count, no_data: zero}"),
        ("{formula: cooperation, unit: points,", "{formula: people + 1, unit: points,"),
    )
    _, problems = read(text)
    problem = next(problem for problem in problems if problem.code == "circular")
    assert problem.message == "`people` needs `width` needs `coop` needs `people`"
    assert "people in line 40, width in line 41, coop in line 42" in problem.found


def test_a_gate_may_read_another_part_but_not_what_needs_it():
    gated = "whole: true}}, cap: 20, require: [{rule: %s, else: zero}]}"
    later_step = changed(("whole: true}}, cap: 20}", gated % "points(working) > 0"))
    assert read(later_step)[0] is not None
    _, problems = read(changed(("whole: true}}, cap: 20}", gated % "points(capability) > 0")))
    assert [problem.message for problem in problems] == ["`capability` needs `trained` needs `capability`"]
    _, problems = read(changed(("whole: true}}, cap: 20}", gated % "points(traned) > 0")))
    assert "did you mean `trained`?" in problems[0].hint


def test_a_level_that_asks_for_nothing_more_is_refused_with_a_witness():
    _, problems = read(changed(("[points >= 85]", "[points >= 40]"), (GOLD, "      - points >= 60\n      - people >= 1\n")))
    assert [problem.code for problem in problems if problem.severity == "error"] == ["level-order"]
    assert "every partner that earns Gold earns Platinum too" in problems[0].message
    assert "points 60" in problems[0].found


def test_weights_without_a_positive_one_are_refused():
    _, problems = read(changed(("{weight: 70,", "{weight: 0,"), ("{weight: 30,", "{weight: 0,")))
    problem = next(problem for problem in problems if problem.code == "weights")
    assert problem.message == "no positive weight among the items of `commercial`"
    assert problem.found == "0, 0"


def test_a_table_without_else_must_have_the_rows_that_are_asked_for():
    text = changed(
        ("    else: blank\n", ""), ("- ['net_sales >= sales_for(region, \"Gold\")']", "- ['net_sales >= sales_for(region, \"Platinum\")']")
    )
    _, problems = read(text)
    problem = next(problem for problem in problems if problem.code == "table-hole")
    assert problem.message == "table sales_for has no row for (…, Platinum)"


def test_division_by_a_quotient_is_no_depth_yet():
    assert read(changed(("mean: value,", "mean: 'value / (value / 2)',")))[0] is not None


def test_points_without_a_scorecard_are_refused():
    text = DISTRIBUTOR[: DISTRIBUTOR.index("scorecard:")] + DISTRIBUTOR[DISTRIBUTOR.index("levels:") :]
    _, problems = read(text)
    assert "wrong-level" in {problem.code for problem in problems if problem.severity == "error"}


def test_unused_definitions_and_two_kpis_from_one_measure_are_warnings():
    framework, problems = read(
        changed(
            ("  all_lines:", "  idle: {fact: orders, sum: cost}\n  all_lines:"),
            ("{formula: customers, unit: count, no_data: zero}", "{formula: certified, unit: count, no_data: zero}"),
        )
    )
    assert framework is not None
    assert sorted(problem.code for problem in problems) == ["same-measure", "unused", "unused"]
    assert all(problem.severity == "warning" for problem in problems)


def test_a_requirement_that_is_always_blank_is_a_warning():
    framework, problems = read(
        changed(("lowest_item > 0,", "lowest_item != blank,"), ("[points >= 85]", "[points >= 85, people == blank]"))
    )
    assert framework is not None
    assert [(problem.code, problem.severity) for problem in problems] == [("blank-requirement", "warning")] * 2
    assert problems[0].found == "`lowest_item != blank`"
    assert problems[1].hint == "write is_blank(x) to ask whether there is data"


@pytest.mark.parametrize(
    ("measure", "used"),
    [
        ("{fact: usage_growth, sum: users, window: last 90 days}", "cooperation"),
        ("{fact: usage_growth, sum: users, window: 'last 3 months, 10 days earlier'}", "cooperation"),
        ("{fact: forecasts, sum: quantity}", "'cooperation[days90]'"),
    ],
)
def test_a_window_of_days_does_not_cut_months_apart(measure, used):
    text = changed(
        ('{fact: ratings, mean: value, where: question == "cooperation", window: two_years}', measure),
        ("formula: cooperation,", f"formula: {used},"), ("{two_years: last 24 months}", "{days90: last 90 days}"),
    )  # fmt: skip
    _, problems = read(text)
    assert [problem.code for problem in problems if problem.severity == "error"] == ["window-grain"]
