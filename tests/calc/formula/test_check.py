"""Names, types and units: every problem at once, with its column and what to do."""

import pytest

from steelyard.calc.formula import NameScope, formula
from steelyard.calc.formula.nodes import COUNT, DATE, DAYS, LEVEL, MONEY, NUMBER, PERCENT, POINTS, TEXT, YES_NO, Type

SCOPE = NameScope(
    names={
        "net_sales": MONEY, "target": MONEY, "customers": COUNT, "growth": PERCENT, "ratio": NUMBER, "least_base": NUMBER, "region": TEXT,
        "level": LEVEL, "signed_on": DATE, "renewed_on": DATE, "age": DAYS, "documents": YES_NO,
    },
    measures=frozenset({"net_sales", "customers"}),
    windows=frozenset({"ttm", "prior_ttm", "period"}),
    tables={"sales_for": (2, MONEY)},
    curves=frozenset({"late_points"}),
    functions=frozenset({"plain", "peers"}),
    levels=("Silver", "Gold", "Platinum"),
)  # fmt: skip
GATE = NameScope(names=SCOPE.names, functions=frozenset({"plain", "tree"}), levels=SCOPE.levels, nodes=frozenset({"commercial"}))


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("net_sales[ttm] / net_sales[prior_ttm] - 1", NUMBER),
        ("net_sales + 100", MONEY), ("net_sales >= least_base", YES_NO), ("max(net_sales, 0)", MONEY), ("net_sales - target", MONEY),
        ("net_sales * 40%", MONEY), ("customers * net_sales", MONEY), ("net_sales * net_sales", Type("number", 2)),
        ("power(net_sales, 2) / target", MONEY), ("power(net_sales, -1) * net_sales", NUMBER), ("net_sales / age", Type("number", 1, -1)),
        ("growth * 100", NUMBER),
        ("growth > 0.5", YES_NO), ("growth + customers", NUMBER), ("customers - 1", COUNT), ("growth + 1", PERCENT),
        ("renewed_on - signed_on", DAYS), ("renewed_on - signed_on <= 30 days", YES_NO), ("signed_on + 14 days", DATE),
        ("signed_on - 12 months > 2026-01-31", YES_NO), ("max(signed_on, renewed_on)", DATE),
        ("months_between(signed_on, renewed_on)", COUNT),
        ('when(region == "North", net_sales, 0)', MONEY), ("when(documents, blank, growth)", PERCENT), ("if_blank(net_sales, 0)", MONEY),
        ("is_blank(net_sales)", YES_NO), ('level >= "Gold"', YES_NO), ('region in ["North", "South"]', YES_NO),
        ("sales_for(region, level)", MONEY),
        ("sales_for(region, level, signed_on) / 2", MONEY), ("late_points(growth)", POINTS), ("percentile(net_sales)", PERCENT),
        ("peer_mean(net_sales)", MONEY), ("peer_count(net_sales)", COUNT), ("peer_mean(customers)", NUMBER), ("round(growth, 4)", PERCENT),
        ("clamp(growth, -1, 60%)", PERCENT), ("not documents or customers > 3", YES_NO), ("blank", Type("blank")),
    ],
)  # fmt: skip
def test_types_and_units_follow(text, type_):
    checked, problems = formula(text, SCOPE)
    assert problems == []
    assert checked.type == type_
    assert str(checked) == text


@pytest.mark.parametrize(
    ("text", "code", "column", "message", "hint"),
    [
        ("net_sale / target", "unknown-name", 1, "`net_sale` is not a measure", "did you mean `net_sales`?"),
        ("target / net_sales[tm]", "unknown-name", 10, "`tm` is not a window", "did you mean `ttm`?"),
        ("growth[ttm]", "unknown-name", 1, "`growth` is not a measure", "only measures"),
        ("foo(1)", "unknown-function", 1, "`foo` is not a function", "did you mean `floor`?"),
        ("when", "unknown-name", 1, "needs its arguments", "when(rule, a, b)"),
        ("signed_on - today", "unknown-name", 13, "`today`", "there is no today"),
        ("net_sales + growth", "mixed-units", 1, "money plus percent", "divide or multiply"),
        ("net_sales > 5%", "mixed-units", 1, "money compared with percent", ""),
        ("customers + net_sales", "mixed-units", 1, "count plus money", ""),
        ("net_sales + net_sales / target", "mixed-units", 1, "money plus number", ""),
        ("age > 30", "mixed-units", 1, "days compared with number", "`30 days`"),
        ("signed_on + 14", "mixed-units", 1, "date plus number", "14 days"),
        ("region >= 3", "compare-kinds", 1, "text compared with a number", "`==` or `in`"),
        ('region >= "N"', "compare-kinds", 1, "text has no order", "`==` or `in`"),
        ('region in ["North", 3]', "compare-kinds", 1, "text compared with a number", ""),
        ("documents == 1", "compare-kinds", 1, "yes/no compared with a number", ""),
        ('level >= "Goold"', "unknown-name", 10, '"Goold" is not a level', "did you mean `Gold`?"),
        ("target / (net_sales - net_sales)", "always-zero-denominator", 11, "the denominator is always 0", "divide by"),
        ("target / 0", "always-zero-denominator", 10, "always 0", ""),
        ("target / (1 - 100%)", "always-zero-denominator", 11, "always 0", ""),
        ("region + 1", "not-a-number", 1, "`region` is text, not a number", ""),
        ("-documents", "not-a-number", 2, "`documents` is yes/no", ""),
        ("power(growth, ratio)", "not-a-number", 15, "whole number", "power(x, 2)"),
        ("power(growth, 21)", "not-a-number", 15, "whole number", ""),
        ("customers and documents", "not-a-rule", 1, "`customers` is count", "compare"),
        ("when(growth, 1, 2)", "not-a-rule", 6, "`growth` is percent", ""),
        ("when(documents, 1)", "argument-count", 1, "`when` takes 3 arguments", "when(rule, a, b)"),
        ("sales_for(region)", "argument-count", 1, "2 to 3 arguments", "key 1, key 2"),
        ("sales_for(region, 3)", "table-key", 19, "`3` is number", "text"),
        ("sales_for(region, level, 3)", "table-key", 26, "not the date", ""),
        ("points(commercial)", "wrong-level", 1, "`points` cannot be used here", "`require`"),
        ("lowest_item > 0", "wrong-level", 1, "`lowest_item`", "`require`"),
        ("previous(growth)", "wrong-level", 1, "`previous` cannot be used here", "in KPIs"),
    ],
)
def test_mistakes_are_named_with_their_column(text, code, column, message, hint):
    checked, problems = formula(text, SCOPE)
    assert checked is None
    assert [(problem.code, problem.where) for problem in problems] == [(code, f"column {column} of `{text}`")]
    assert message in problems[0].message
    assert hint in problems[0].hint


def test_all_problems_come_at_once_and_in_order():
    _, problems = formula("net_sale + (region * 2) + foo(custmers, growth) / 0", SCOPE)
    assert [problem.code for problem in problems] == [
        "unknown-name", "not-a-number", "unknown-function", "unknown-name", "always-zero-denominator",
    ]  # fmt: skip


def test_the_scorecard_knows_points_and_nodes():
    for text in ("points >= 85", "overall > 3 and passes", "points(commercial) > points / 2", "passes(commercial)", "lowest_item > 0"):
        assert formula(text, GATE)[1] == []
    assert formula("points(comercial) > 0", GATE)[1][0].hint == "did you mean `commercial`?"
    leaf = NameScope(functions=frozenset({"plain", "tree"}), items=False)
    assert formula("lowest_item > 0", leaf)[1][0].code == "wrong-level"
    assert formula("peer_mean(growth)", GATE)[1][0].hint == "it is known in the formula of a KPI"
