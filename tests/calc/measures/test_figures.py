"""Single figures of phase 1 worked out by hand, each beside the figure that a known mistake would give."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from steelyard.calc.framework.read import read
from steelyard.calc.measures.evaluate import Cube, evaluate
from steelyard.calc.measures.known import read_coverage
from steelyard.calc.measures.listing import list_rows
from steelyard.calc.measures.partial import merge, reduce
from steelyard.calc.measures.plan import plan
from steelyard.calc.periods import FiscalCalendar
from steelyard.calc.points import Points, Reading
from steelyard.calc.resolve import Resolver
from steelyard.calc.units import Blank

from . import world
from .ledgers import Ledger, row

YEAR_END = date(2012, 12, 31)


def day(text):
    return date.fromisoformat(text)


def framework(measures, subject="partner", grain="year", more=""):
    text = f"framework: f\ntitle: F\nsubject: {subject}\ngrain: {grain}\ncurrency: EUR\n{more}measures:\n" + "".join(
        f"  {line}\n" for line in measures
    )
    found, problems = read(text + "kpis: {k: {formula: m * 1, unit: number, better: higher, no_data: zero}}\n")
    assert found is not None, "\n".join(map(str, problems))
    return found


def rows_of(kind, *contents):
    defaults = {"orders": {"party": "A", "currency": "EUR", "document": "D", "line": "1", "date": day("2012-05-05"), "amount": 0}}
    return Ledger(
        kind, [row(kind, {"source": "erp"} | defaults.get(kind, {}) | content, number) for number, content in enumerate(contents)], []
    )


def figures(framework, *parts, subject=("A",), as_of=YEAR_END, calendar=None, readings=None, coverage=None, masters=None):
    """The column of every measure for one subject; each part of the facts is reduced apart."""
    readings = readings or {Reading(name) for name in framework.measures}
    todo, resolver = plan(framework, calendar or FiscalCalendar(), readings), Resolver(masters or world.histories())
    partials = {}
    for scan in todo.scans:
        found = [reduce(todo, scan, resolver, part.frame().lazy(), len(part.rows)) for part in parts if part.kind == scan.fact]
        if found:
            partials[scan.name] = merge(found)
    reported = None if coverage is None else read_coverage(coverage.frame().lazy(), resolver)
    columns = evaluate(Cube(todo, resolver, partials, reported), Points([subject], [as_of]), readings)
    return {str(reading): column.values[0] for reading, column in columns.items()}


def test_a_median_and_a_maximum_of_the_same_counts_do_not_share_their_decimals():
    calls = rows_of(
        "activities",
        *({"document": str(n), "line": "1", "kind": "call", "party": "A", "date": day("2012-03-01"), "minutes": n} for n in (10, 25)),
    )
    both = framework(
        [
            "m: {fact: activities, max: minutes}",
            "middle: {fact: activities, median: minutes}",
            "minutes_all: {fact: activities, sum: minutes}",
        ]
    )
    assert figures(both, calls) == {"m": 25, "middle": Fraction(35, 2), "minutes_all": 35}  # not 25 millionths


def test_different_quantities_are_not_rounded_to_whole_ones():
    orders = rows_of("orders", *({"line": str(n), "quantity": quantity} for n, quantity in enumerate((1_200_000, 1_300_000, 1_300_000))))
    both = framework(
        ["m: {fact: orders, count_distinct: quantity}", "most: {fact: orders, max: quantity}", "all: {fact: orders, sum: quantity}"]
    )
    assert figures(both, orders) == {"m": 2, "most": Fraction(13, 10), "all": Fraction(38, 10)}  # not one quantity of 1


def test_parts_in_which_keys_repeat_add_up_with_parts_in_which_they_do_not():
    repeated = rows_of("orders", *({"line": str(n), "amount": 1_0000} for n in range(40)))
    single = rows_of("orders", {"document": "E", "amount": 5_0000})
    assert figures(framework(["m: {fact: orders, count_distinct: document}"]), repeated, single) == {"m": 2}


def test_facts_before_1970_are_found_by_the_day_and_a_shelf_life_for_ever_is_nobody_elses():
    old = rows_of("orders", {"date": day("1961-08-13"), "amount": 3_0000})
    assert figures(framework(["m: {fact: orders, last: amount, window: all time}"]), old) == {"m": 3}
    stock = [
        {"party": party, "product": "p1", "date": day("2012-12-01"), "quantity": 10**6, "expires_on": day("9999-12-30")} for party in "AABC"
    ]
    for_ever = framework(["m: {fact: inventory, sum: quantity, date: expires_on, window: last 30 days}"])
    found = [figures(for_ever, rows_of("inventory", *stock), subject=(partner,), as_of=day("9999-12-30"))["m"] for partner in "ABCD"]
    assert found == [2, 1, 1, 0]


def test_before_the_first_window_of_a_calendar_of_dates_there_is_nothing_and_ever_still_counts_it():
    quotas = FiscalCalendar("quota", pattern="dates", dates=(day("2012-01-10"), day("2012-05-01")))
    orders = rows_of("orders", {"amount": 1_0000, "date": day("2011-12-01")}, {"amount": 2_0000, "line": "2", "date": day("2012-02-01")})
    found = figures(
        framework(["m: {fact: orders, sum: amount}"], grain="window"), orders, as_of=day("2012-04-30"), calendar=quotas,
        readings={Reading("m"), Reading("m", "previous"), Reading("m", "ever")},
    )  # fmt: skip
    assert found == {"m": 2, "m[previous]": 0, "m[ever]": 3}


def test_certificates_that_are_not_valid_that_day_are_neither_counted_nor_told_as_excluded():
    valid, expired = {"valid_from": day("2012-01-01")}, {"valid_from": day("2011-01-01"), "valid_to": day("2011-12-31")}
    people = [
        {"person": "m1", "grade": "advanced", **valid},
        {"person": "m2", "grade": "basic", **valid},
        {"person": "m3", "grade": "basic", **expired},
    ]
    certified = framework(
        ['m: {fact: certificates, count_distinct: person, valid_on: period end, where: [{rule: grade == "advanced", reason: basic}]}']
    )
    certificates = rows_of("certificates", *({"party": "A", **person} for person in people))
    todo, resolver = plan(certified, FiscalCalendar(), {Reading("m")}), Resolver(world.histories())
    cube = Cube(todo, resolver, {todo.scans[0].name: reduce(todo, todo.scans[0], resolver, certificates.frame().lazy(), 3)})
    column = evaluate(cube, Points([("A",)], [YEAR_END]), {Reading("m")})[Reading("m")]
    listed = list_rows(todo, resolver, certificates.frame().lazy(), certified.measures["m"], ("A",), day("2012-01-01"), day("2013-01-01"))
    assert (column.values, column.counted, column.excluded) == ([1], [1], {"basic": [1]})
    assert listed.select("person", "reason").rows() == [("m1", None), ("m2", "basic")]


def test_a_report_is_looked_up_by_the_partner_wherever_the_subject_names_it():
    measure = ["m: {fact: orders, sum: amount, known_when: {report: orders, missing: 0}}"]
    every_month = [
        {"report": "orders", "party": "A", "date": day("2012-01-01"), "until": YEAR_END},
    ]
    reported = rows_of("coverage", *every_month)
    orders = rows_of("orders", {"amount": 7_0000})
    for subject, codes in {"partner": ("A",), "partner x territory": ("A", "T2"), "territory x partner": ("T2", "A")}.items():
        found = figures(framework(measure, subject=subject), orders, subject=codes, coverage=reported)
        assert found == {"m": 7}, subject  # not "no report of T2"
    assert isinstance(figures(framework(measure), orders, subject=("B",), coverage=reported)["m"], Blank)


@pytest.mark.parametrize(
    ("measure", "more", "code"),
    [
        ("m: {fact: orders, count: lines, once_per: document}", "", "aggregate"),
        ("m: {fact: orders, min: amount, once_per: document}", "", "aggregate"),
        ("m: {fact: orders, count_distinct: product, once_per: document}", "", "aggregate"),
        ("m: {fact: orders, last: on_credit}", "", "not-a-number"),
        ("m: {fact: orders, median: amount}", "convert: month average\n", "convert"),
        ("m: {fact: orders, last: amount}", "convert: period end\n", "convert"),
        ("m: {fact: orders, sum: amount, once_per: document}", "convert: period end\n", "convert"),
    ],
)
def test_what_phase_1_cannot_say_is_refused_when_the_framework_is_read(measure, more, code):
    text = f"framework: f\ntitle: F\nsubject: partner\ngrain: year\ncurrency: EUR\n{more}measures:\n  {measure}\n"
    found, problems = read(text + "kpis: {k: {formula: m * 1, unit: number, better: higher, no_data: zero}}\n")
    assert found is None
    assert code in {problem.code for problem in problems if problem.severity == "error"}


@pytest.mark.parametrize(
    ("measure", "kind", "content", "named"),
    [
        (
            "m: {fact: targets, sum: value}",
            "targets",
            {"metric": "calls", "party": "A", "date": day("2012-02-01"), "value": 4_000_000},
            "targets.value",
        ),
        (
            "m: {fact: ratings, mean: value}",
            "ratings",
            {"party": "A", "question": "q", "date": day("2012-02-01"), "value": 4_000_000},
            "ratings.value",
        ),
    ],
)
def test_a_facts_own_column_value_or_reason_is_listed_under_its_kind(measure, kind, content, named):
    asked = framework([measure])
    todo, resolver = plan(asked, FiscalCalendar(), {Reading("m")}), Resolver(world.histories())
    listed = list_rows(
        todo, resolver, rows_of(kind, content).frame().lazy(), asked.measures["m"], ("A",), day("2012-01-01"), day("2013-01-01")
    )
    assert listed[named].to_list() == [content[named.split(".")[1]]]
    assert listed.select("counted", "reason").row(0) == (True, None)
    nothing = list_rows(
        todo, resolver, Ledger(kind, [], []).frame().lazy(), asked.measures["m"], ("A",), day("2012-01-01"), day("2013-01-01")
    )
    assert nothing.columns == listed.columns
