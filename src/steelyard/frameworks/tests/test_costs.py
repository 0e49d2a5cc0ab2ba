"""A list is costly by what the ledger holds; where it holds nothing of a fact, by its key."""

import pytest

from steelyard.calc.framework.read import read
from steelyard.calc.lists.cost import Cost, judged
from steelyard.frameworks.checking import check
from tests.journeys.conftest import channel

__all__ = ["channel"]

HEAD = "framework: a\nsubject: partner\ngrain: quarter\ncurrency: EUR\n"
LISTS = """
lists:
  documents: {one_per: document, columns: {value: {fact: orders, sum: amount}}}
  months: {one_per: month, columns: {value: {fact: orders, sum: amount}}}
  lines: {fact: orders, one_per: [document, line]}
  deals: {fact: deals, one_per: [document, line]}
  kinds: {fact: orders, one_per: category}
measures:
  a: {list: documents, sum: value}
  b: {list: months, sum: value}
  c: {list: lines, count: lines}
  d: {list: deals, count: lines}
  e: {list: kinds, count: lines}
kpis: {k: {formula: a + b, unit: money, no_data: zero}, l: {formula: c + d + e, unit: count, no_data: zero}}
"""


def test_a_list_is_costly_by_the_live_keys_that_the_ledger_holds(channel):
    found = check(HEAD + LISTS)
    assert [str(cost) for cost in found.costs] == [
        "list `documents` keeps about 5 lines, 83 % of the 6 rows of `orders`",
        "list `months` keeps about 5 lines, 83 % of the 6 rows of `orders`",
        "list `lines` keeps about 6 lines, 100 % of the 6 rows of `orders`",
    ]
    told = {problem.where.partition(" ")[0]: problem.message for problem in found.problems if problem.code == "costly-list"}
    assert told.keys() == {"lists.documents", "lists.months", "lists.lines", "lists.deals"}
    assert told["lists.months"].startswith("list `months` keeps about 5 lines")
    assert told["lists.deals"] == "list `deals` keeps a line for every row of `deals`"  # the ledger holds no deals: its key says so


def test_where_there_is_no_house_the_key_says_it():
    found = check(HEAD + LISTS, ask=False)
    told = [problem.where.partition(" ")[0] for problem in found.problems if problem.code == "costly-list"]
    assert found.costs == [] and told == ["lists.lines", "lists.deals"]


@pytest.mark.parametrize(("lines", "costly"), [(20, False), (21, True)])
def test_a_fifth_of_the_rows_is_not_costly_and_a_line_more_is(lines, costly):
    framework, problems = read(HEAD + LISTS)
    found = judged(framework, problems, [Cost("lines", "orders", lines, 100)])
    told = [problem.message for problem in found if problem.where.startswith("lists.lines")]
    assert told == ([f"list `lines` keeps about {lines} lines, {lines} % of the 100 rows of `orders`"] if costly else [])
