"""Resolution: who a row counts for on its date, beside plain loops over the masters, and each rule by name."""

# ruff: noqa: E501 - declarations read as tables, one row a line
from __future__ import annotations

import itertools
from datetime import date, timedelta
from random import Random

import narwhals as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.framework.read import read
from steelyard.calc.measures.pipeline import look, resolved
from steelyard.calc.measures.plan import plan
from steelyard.calc.periods import FiscalCalendar
from steelyard.calc.points import Reading
from steelyard.calc.resolve import Resolver
from tests.calc.measures import world
from tests.calc.measures.ledgers import Ledger, row
from tests.thoroughness import examples

EXAMPLES = examples(15)
ASKED = ("partner", "representative", "territory", "category", "partner.region")
TEXT = """framework: r
title: R
subject: {subject}
grain: year
currency: EUR
measures:
  m: {{fact: {fact}, count: lines, where: ['{rules}']}}
kpis: {{k: {{formula: m, unit: count, better: higher, no_data: zero}}}}
"""


def resolve(kind, contents, **changed):
    """partner, representative, territory, category and region of every row, in order."""
    asked = [name for name in ASKED if name != "category" or kind == "orders"]
    rules = " or ".join(f'{name} == "x"' for name in asked)
    framework, problems = read(TEXT.format(fact=kind, rules=rules, subject="partner"))
    assert framework is not None, problems
    todo = plan(framework, FiscalCalendar(), {Reading("m")})
    facts = Ledger(kind, [row(kind, content, number) for number, content in enumerate(contents)], []).frame().lazy()
    rows = resolved(todo, todo.scans[0], Resolver(world.histories(**changed)), nw.from_native(facts), look(facts, todo.scans[0], framework))
    table = rows.collect().to_native().sort("row_id")
    assert table.height == len(contents), "a lookup lost or doubled a row"
    return table.select(asked).rows(named=True)


def order(party="A", on="2012-05-05", **content):
    return {"source": "erp", "party": party, "date": date.fromisoformat(on), "document": "D", "amount": 0, "currency": "EUR"} | content


def who(name, *contents, **changed):
    return [found[name] for found in resolve("orders", contents, **changed)]


def test_a_decision_for_the_source_comes_before_one_for_every_source_and_that_before_the_code():
    assert who("partner", order("bee", "2012-05-31"), order("bee", "2012-06-01"), order("bee", "2012-06-01", source="crm")) == [
        "B",
        "A",
        "B",
    ]
    assert who("partner", order("A", source="crm"), order("A")) == ["C", "A"]


def test_not_one_of_ours_is_a_decision_and_hides_what_lies_below_it():
    assert who("partner", order("stranger"), order("stranger", source="crm")) == [None, "B"]
    assert who("partner", *(order("C", on) for on in ("2011-12-31", "2012-01-01", "2012-02-29", "2012-03-01"))) == ["C", None, None, "C"]


def test_a_party_that_nobody_knows_is_nobody():
    assert resolve("orders", [order("unknown", product="p3")]) == [
        {"partner": None, "representative": None, "territory": None, "category": "wear", "partner.region": None}
    ]


def test_the_same_key_in_two_sources_is_two_parties():
    decided = [("erp", "77", "A", None, None), ("crm", "77", "B", None, None)]
    assert who("partner", order("77"), order("77", source="crm"), order("77", source="pos"), aliases=decided) == ["A", "B", None]


def test_a_back_dated_assignment_moves_the_credit_from_its_day_on():
    on = ("2012-02-28", "2012-03-01", "2012-06-01")
    before = who("representative", *(order("B", day) for day in on))
    late = [*world.ASSIGNMENTS, ("r1", None, "B", "2012-03-01", "2012-06-01")]
    assert (before, who("representative", *(order("B", day) for day in on), assignments=late)) == (["r2", "r2", "r2"], ["r2", "r1", "r2"])


@pytest.mark.parametrize(
    ("content", "representative", "territory"),
    [
        (order("B", representative="r1"), "r1", "T1"),  # the row's own, and that person's territory
        (order("B", representative="nobody"), "r2", "T2"),  # the company does not know this one
        (order("A", "2012-10-01"), "r3", "T2"),  # assigned to the partner
        (order("A", "2012-09-30"), "r3", "T2"),  # assigned to the partner's territory
        (order("D", "2012-08-01"), "r2", "T1"),  # of two in a territory the one that began last
        (order("B", "2012-08-15"), "r2", "T1"),  # who holds two territories sells in the one that began last
        (order("C"), None, None),  # a partner without a territory
    ],
)
def test_credit_falls_from_the_row_to_the_partner_to_its_territory(content, representative, territory):
    found = resolve("orders", [content])[0]
    assert (found["representative"], found["territory"]) == (representative, territory)


def test_a_target_keeps_its_own_territory_and_representative():
    target = {"source": "erp", "metric": "quota", "date": date(2012, 5, 5)}
    found = resolve(
        "targets",
        [target | {"territory": "T3", "representative": "r1"}, target | {"representative": "r1"}, target | {"party": "B"}, target],
    )
    assert [(one["partner"], one["representative"], one["territory"]) for one in found] == [
        (None, "r1", "T3"), (None, "r1", "T1"), ("B", "r2", "T2"), (None, None, None),
    ]  # fmt: skip


def test_a_category_is_the_top_of_the_tree_as_it_stood_on_the_day():
    assert who("category", order(on="2012-07-31", product="p1"), order(on="2012-08-01", product="p1")) == ["bikes", "wear"]
    assert who("category", order(on="2012-04-30", product="p3"), order(on="2012-05-01", product="p3")) == ["bikes", "wear"]
    assert who("category", order(product="p2"), order(product="p9"), order()) == [None, None, None]


def test_a_partner_that_moved_is_where_it_was_on_the_day():
    on = ("2012-03-31", "2012-04-01", "2012-06-30", "2012-07-01")
    assert who("partner.region", *(order("A", day) for day in on)) == ["N", "N", "N", "S"]
    assert who("partner.region", order("D", "2012-04-30"), order("D", "2012-05-01")) == [None, "N"]


def intervals(random, values, key):
    """Rows of one key that never overlap: some days in order, a value or a gap between each two."""
    cuts = sorted({date(2012, 1, 1) + timedelta(days=random.randrange(365)) for _ in range(random.randrange(4))})
    ends = [None, *(cut.isoformat() for cut in cuts), None]
    return [(*key, *random.choice(values), start, end) for start, end in itertools.pairwise(ends) if random.random() < 0.7]


@settings(max_examples=EXAMPLES, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_whatever_the_masters_say_when_each_row_is_found_once_and_as_plain_loops_find_it(seed):
    random = Random(seed)
    people, places, partners = world.REPRESENTATIVES, world.TERRITORIES, "ABCD"
    changed = {
        "aliases": [one for source in ("", "erp", "crm") for party in ("bee", "A") for one in intervals(random, [("A",), ("B",), (None,), ("GONE",)], (source, party))],
        "assignments": [one for r in people for place in random.sample(places, 2) for one in intervals(random, [()], (r, place, None))]
        + [one for r in people for partner in random.sample(partners, 1) for one in intervals(random, [()], (r, None, partner))],
        "categories": [one for code, above in (("racing", "road"), ("road", "bikes"), ("bikes", "wear")) for one in intervals(random, [(above,), (None,)], (code,))],
        "partners": [one for code in partners for one in intervals(random, [("t", region, place, "s") for region in ("N", None) for place in ("T1", "T2", None)], (code,))],
    }  # fmt: skip
    rows = [
        order(
            random.choice(["A", "B", "bee", "D", "unknown"]), str(date(2012, 1, 1) + timedelta(days=random.randrange(366))), source=random.choice(["erp", "crm"]),
            representative=random.choice([None, None, "r1", "r2", "who"]), product=random.choice(["p1", "p2", "p3", "p9", None]),
        )
        for _ in range(60)
    ]  # fmt: skip
    assert resolve("orders", rows, **changed) == [world.who(content, content["date"], **changed) for content in rows]
