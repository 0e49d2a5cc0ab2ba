"""The catalogue of authors' mistakes (docs/reference/framework-language.md): each with its exact words, place and remedy."""

# ruff: noqa: E501 (one mistake a line)

import pytest

from steelyard.calc.framework.read import read
from steelyard.calc.prover import prove_vectors
from steelyard.calc.vectors import read_vectors

from .examples import changed
from .test_regions import region

CONTRADICTING = ("net_sales >= 900000", "points >= 85", "net_sales < 500000")
# (code, what is changed in the example, where, message, found, what to do)
CATALOGUE = [
    (
        "unknown-name",
        [("formula: net_sales / target", "formula: net_sale / target")],
        "kpis.attainment.formula (line 31, column 25)",
        "`net_sale` is not a measure, KPI, setting, table or column known here",
        "column 1 of `net_sale / target`",
        "did you mean `net_sales`?",
    ),
    (
        "unknown-column",
        [("fact: orders, sum: amount,", "fact: orders, sum: amout,")],
        "measures.net_sales.sum (line 23, column 34)",
        "fact `orders` has no column `amout`",
        "column 1 of `amout`",
        "did you mean `amount`? columns that are numbers: quantity, unit_price, amount, cost, ordered_quantity",
    ),
    (
        "unknown-key",
        [("{from: 0%, points: 50}", "{treshold: 0%, points: 50}")],
        "scorecard.of.commercial.of.rising.points.bands.2.treshold (line 52, column 85)",
        "`treshold` is not a key of a band",
        "`treshold`",
        "a band has from, above, below, to, points",
    ),
    (
        "band-gap",
        [
            (
                "{bands: [{below: 0%, points: 0}, {from: 0%, points: 50}, {from: 5%, points: 100}]}",
                "{bands: [{to: 97%, points: 0}, {from: 98%, points: 100}]}",
            )
        ],
        "scorecard.of.commercial.of.rising.points.bands (line 52, column 52)",
        "no band holds 97.5 %",
        'between "to 97 %" and "from 98 %"',
        "write `below: 98 %` or leave the upper end out, or round the KPI to 2 digits (`round: 2`)",
    ),
    (
        "band-overlap",
        [
            (
                "{bands: [{below: 0%, points: 0}, {from: 0%, points: 50}, {from: 5%, points: 100}]}",
                "{bands: [{to: 95%, points: 0}, {from: 95%, points: 100}]}",
            )
        ],
        "scorecard.of.commercial.of.rising.points.bands (line 52, column 52)",
        "95 % is in two bands",
        '"to 95 %" and "from 95 %"',
        "end the first with `below`",
    ),
    (
        "band-end",
        [
            (
                "{bands: [{below: 0%, points: 0}, {from: 0%, points: 50}, {from: 5%, points: 100}]}",
                "{bands: [{below: 5%, points: 0}, {from: 5%, to: 120%, points: 100}]}",
            )
        ],
        "scorecard.of.commercial.of.rising.points.bands (line 52, column 52)",
        "values above 120 % are in no band",
        'the top band ends "to 120 %", the KPI may reach 500 %',
        "leave the upper end out or set `range` of the KPI",
    ),
    (
        "open-bracket",
        [("formula: certified,", "formula: max(0, certified),")],
        "kpis.people.formula (line 40, column 24)",
        "the formula ends inside a bracket",
        "`max(0`, column 4 of `max(0`",
        "close the bracket; in a one-line {…} a comma ends the value: put the formula in quotes",
    ),
    (
        "mixed-units",
        [("formula: net_sales / target", "formula: net_sales + growth")],
        "kpis.attainment.formula (line 31, column 25)",
        "money plus percent",
        "`net_sales + growth`, column 1 of `net_sales + growth`",
        "divide or multiply, or check which one you meant",
    ),
    (
        "compare-kinds",
        [('status == "active"', "country >= 3")],
        "applies_to (line 4, column 13)",
        "text compared with a number",
        "`country >= 3`, column 1 of `country >= 3`",
        "use `==` or `in` with values of one kind",
    ),
    (
        "always-zero-denominator",
        [("formula: net_sales / target", "formula: target / (net_sales - net_sales)")],
        "kpis.attainment.formula (line 31, column 35)",
        "the denominator is always 0",
        "`net_sales - net_sales`, column 11 of `target / (net_sales - net_sales)`",
        "check what to divide by",
    ),
    (
        "circular",
        [
            ("{formula: certified, unit: count, no_data: zero}", "{formula: width + 1, unit: count, no_data: zero}"),
            ("{formula: customers, unit: count, no_data: zero}", "{formula: people + 1, unit: count, no_data: zero}"),
        ],
        "kpis.people (line 40, column 3)",
        "`people` needs `width` needs `people`",
        "people in line 40, width in line 41",
        "remove one of them",
    ),
    (
        "no-data-missing",
        [("better: higher, no_data: skip, round: 4", "better: higher, round: 4")],
        "kpis.attainment (line 31, column 3)",
        "KPI `attainment` divides and does not say what happens without data",
        "`net_sales / target`",
        "add `no_data:` skip, zero, full or fail",
    ),
    (
        "weights",
        [("{weight: 70,", "{weight: 0,"), ("{weight: 30,", "{weight: -5,")],
        "scorecard.of.commercial.of (line 50, column 7)",
        "a weight among the items of `commercial` is below 0",
        "0, -5",
        "weights are 0 or more and one is above 0",
    ),
    (
        "weights",
        [("{weight: 70,", "{weight: 0,"), ("{weight: 30,", "{weight: 0,")],
        "scorecard.of.commercial.of (line 50, column 7)",
        "no positive weight among the items of `commercial`",
        "0, 0",
        "weights are 0 or more and one is above 0",
    ),
    (
        "weight-ignored",
        [("{kpi: people,", "{weight: 40, kpi: people,")],
        "scorecard.of.capability.of.trained.weight (line 58, column 19)",
        "a weight under `combine: sum` does nothing",
        "`weight: 40`",
        "use `combine: mean`, or limit the item with `cap`",
    ),
    (
        "unequal-scale",
        [("120%, 120]]}, cap: 100}", "120%, 50]]}}"), ("[100%, 100], ", "")],
        "scorecard.of.commercial.of (line 50, column 7)",
        "items under `mean` are out of 50 and 100",
        "with these weights the best total is 65",
        "use `scale_to: 100` if 50 should mean full",
    ),
    (
        "no-cap",
        [
            (
                "rising: {weight: 30, kpi: growth, points: {bands: [{below: 0%, points: 0}, {from: 0%, points: 50}, {from: 5%, points: 100}]}",
                "rising: {weight: 30, kpi: growth, points: value",
            ),
            ("      combine: mean\n      weight: 60", "      combine: sum\n      weight: 60"),
            ("{weight: 70, kpi", "{kpi"),
            ("    range: [-100%, 500%]\n", ""),
        ],
        "scorecard.of.commercial.of.rising (line 51, column 9)",
        "the highest points of `rising` are unknown, so a missing item cannot be shared out",
        "`value` without cap or range",
        "add a cap, a `range` of the KPI, or `missing: zero` above",
    ),
    (
        "unreachable-level",
        [("[points >= 85]", "[points >= 185]")],
        "levels.Platinum (line 73, column 5)",
        "no partner can earn Platinum",
        "it needs points >= 185, the card ends at 100",
        "lower it or raise a cap",
    ),
    (
        "contradiction",
        [
            (
                "{name: Platinum, require: [points >= 85]}",
                "name: Platinum\n    require:\n" + "".join(f"      - {rule}\n" for rule in CONTRADICTING),
            )
        ],
        "levels.3.require.1 (line 75, column 9)",
        "Platinum can never hold: net_sales >= 900,000 and net_sales < 500,000",
        "lines 75 and 77",
        "correct one of the two",
    ),
    (
        "level-order",
        [("[points >= 85]", "[points >= 40]"), ("      - points >= 60\n", "      - points >= 60\n      - people >= 1\n")],
        "levels.Platinum (line 74, column 5)",
        "every partner that earns Gold earns Platinum too",
        "witness: points 60, people 1",
        "the order is lowest first; ask for more",
    ),
    (
        "table-hole",
        [
            ("    else: blank\n", ""),
            ("- ['net_sales >= sales_for(region, \"Gold\")']", '- [\'net_sales >= sales_for("North", "Platinum")\']'),
        ],
        "levels.2.require.2.any.2.1 (line 70, column 14)",
        "table sales_for has no row for (North, Platinum)",
        "`sales_for` with North, Platinum",
        "add the row or `else`",
    ),
    (
        "window-grain",
        [
            (
                'fact: ratings, mean: value, where: question == "cooperation", window: two_years',
                "fact: usage_growth, sum: users, window: last 90 days",
            )
        ],
        "measures.cooperation.window (line 27, column 49)",
        "`last 90 days` cuts months apart: usage_growth are reported by month",
        "`last 90 days`",
        "use `last 3 months`",
    ),
    (
        "wrong-level",
        [("formula: certified,", "formula: lowest_item,")],
        "kpis.people.formula (line 40, column 21)",
        "`lowest_item` is only known in the scorecard and the levels",
        "column 1 of `lowest_item`",
        "move it to `require` of a node or a level",
    ),
    (
        "missing-subject-column",
        [("subject: partner", "subject: partner x territory")],
        "measures.certified.fact (line 26, column 15)",
        "certificates have no territory, but the subject is partner x territory",
        "`certificates`",
        "say `per_subject: repeat` or take another fact",
    ),
]


@pytest.mark.parametrize(
    ("code", "pairs", "where", "message", "found", "hint"), CATALOGUE, ids=[f"{n}-{row[0]}" for n, row in enumerate(CATALOGUE, 1)]
)
def test_a_mistake_is_told_in_full(code, pairs, where, message, found, hint):
    framework, problems = read(changed(*pairs))
    told = [problem for problem in problems if problem.code == code]
    assert framework is None
    assert [(problem.where, problem.message, problem.found, problem.hint) for problem in told[:1]] == [(where, message, found, hint)]
    assert told[0].severity == "error"


def test_a_region_that_changes_what_is_not_open():
    framework, problems = region("set: {levels.Gold.require: [points >= 50]}\n")
    assert framework is None
    (problem,) = problems
    assert (problem.code, problem.message) == ("not-open", "the region changes `levels.Gold.require`, which is not open")
    assert problem.where == "set.levels.Gold.require (line 5, column 7)"
    assert problem.found.startswith("open: scorecard.of.commercial.weight from 50 to 70, tables.sales_for")
    assert problem.hint == "ask the owner (channel operations)"


def test_an_edge_that_no_vector_touches():
    framework, _ = read(EDGE)
    vectors, _ = read_vectors("vectors:\n  - {name: low, given: {kpis: {delivery: 20%}}, expect: {points: 0, level: C}}\n", framework)
    findings = prove_vectors(framework, vectors)
    finding = next(one for one in findings if "scorecard" in one.where)
    assert finding.code == "unvectored"
    assert "would pass unnoticed" in finding.message
    assert "the edge 93 % → 94 %" in finding.found
    assert finding.hint == "add the vectors proposed: they hold as the framework stands, and would notice"
    assert '{name: "delivery 93 %", given: {kpis: {delivery: 93%}}, expect: {points: 20, level: A}}' in finding.witness


EDGE = """framework: edge
subject: partner
grain: quarter
measures: {a: {fact: orders, count: lines}, b: {fact: activities, count: lines}}
kpis: {delivery: {formula: a / b, unit: percent, range: [0%, 100%], round: 2, no_data: zero}}
scorecard: {combine: sum, of: {on_time: {kpi: delivery, points: {bands: [{below: 93%, points: 0}, {from: 93%, points: 20}]}}}}
levels: [{name: C, require: []}, {name: A, require: [points >= 20]}]
"""


def test_the_catalogue_is_whole():
    codes = {row[0] for row in CATALOGUE} | {"not-open", "unvectored"}
    assert len(codes) == 25
