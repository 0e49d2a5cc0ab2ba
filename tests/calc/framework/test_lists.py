"""Mistakes in lists: each told with its code, its place and what to do; an order of definitions is none."""

# ruff: noqa: E501 - declarations read as tables, one mistake a line
import pytest

from steelyard.calc.framework.read import read

HEAD = "framework: l\nsubject: partner\ngrain: quarter\ncurrency: EUR\n"
TAIL = "measures: {m: {list: tenants, count: lines}}\nkpis: {k: {formula: m, unit: count, no_data: zero}}\n"
SEATS = "seats: {fact: seats, last: paid_units, window: all time}"


def problems_of(lists, tail=TAIL):
    _, problems = read(f"{HEAD}lists:\n  {lists}\n{tail}")
    return [problem for problem in problems if problem.code != "same-measure"]


MISTAKES = [
    (f"tenants: {{one_per: tenant, columns: {{{SEATS}}}, keep: [{{rule: seat > 0}}]}}", "unknown-column", "list `tenants` has no column `seat`"),
    (f"tenants: {{one_per: product, columns: {{{SEATS}, size: {{formula: product.category}}}}}}", "unknown-column",
     "add one before, `category: {fact: …, last: product.category}`"),
    ("tenants: {one_per: tenant, columns: {seats: {fact: seat, count: lines}}}", "unknown-name", "`seat` is not a kind of fact"),
    ("tenants: {one_per: tenant, columns: {n: {list: others, count: lines}}}", "unknown-name", "`others` is not a list"),
    ("tenants: {one_per: tenant, columns: {n: {fact: orders, count: lines}}}", "unknown-column", "has no column `tenant`, by which its rows"),
    ("tenants: {one_per: tenant, columns: {a: {formula: '1 + 1'}}}", "missing-key", "needs a column that is measured"),
    ("tenants: {one_per: tenant, where: paid_units > 1, columns: {seats: {fact: seats, count: lines}}}", "unknown-key", "has no `where` of its own"),
    ("tenants: {fact: quotes, one_per: customer, prefer: [cheapest amount]}", "prefer", "does not say what is preferred"),
    ("tenants: {fact: quotes, one_per: customer, prefer: [latest amount]}", "prefer", "needs a date, and `amount` is money"),
    ("tenants: {fact: quotes, one_per: customer, prefer: [customer]}", "prefer", "needs yes/no, and `customer` is text"),
    ("tenants: {fact: quotes, columns: {}}", "missing-key", "needs `one_per`"),
    ("tenants: {fact: activities, one_per: account, columns: {n: {fact: orders, count: lines, match: {account: end_customer}, from: date}}}",
     "missing-key", "`for` is missing"),
    ("tenants: {fact: activities, one_per: account, columns: {n: {fact: orders, count: lines, match: {account: date}}}}",
     "compare-kinds", "`account` is text, and `date` of `orders` is date"),
    ("tenants: {one_per: tenant, columns: {tenant: {fact: seats, count: lines}}}", "duplicate-name", "a column `tenant` already"),
    ("tenants: {list: others, one_per: customer}\n  others: {list: tenants, one_per: customer}", "circular", "`tenants` needs `others` needs `tenants`"),
]  # fmt: skip


@pytest.mark.parametrize(("lists", "code", "words"), MISTAKES, ids=[f"{code}-{number}" for number, (_, code, _) in enumerate(MISTAKES)])
def test_a_mistake_in_a_list_is_told_with_its_code_and_place(lists, code, words):
    errors = [problem for problem in problems_of(lists) if problem.severity == "error"]
    assert [problem.code for problem in errors] == [code], [str(problem) for problem in errors]
    assert words in errors[0].message + errors[0].hint and "line" in errors[0].where


def test_lists_may_stand_in_any_order():
    lists = "tenants: {list: others, one_per: customer}\n  others: {fact: quotes, one_per: [customer, product]}"
    assert not problems_of(lists)


def test_a_list_that_nobody_reads_and_one_that_keeps_every_row_are_warnings():
    lists = f"tenants: {{one_per: tenant, columns: {{{SEATS}}}}}\n  lines: {{fact: orders, one_per: [document, line]}}"
    found = {problem.code: problem for problem in problems_of(lists)}
    assert set(found) == {"unused", "costly-list"} and all(problem.severity == "warning" for problem in found.values())


def test_lines_in_several_currencies_are_compared_only_by_line_date():
    lists = "tenants: {fact: quotes, one_per: customer, prefer: [highest amount]}"
    assert [problem.code for problem in problems_of(lists, f"convert: period end\n{TAIL}")] == ["convert"]
