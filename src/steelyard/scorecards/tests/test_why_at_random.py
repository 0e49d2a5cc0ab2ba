"""Why a score changed, whatever changed: random changes of a small ledger, each told as what it is, all of it added up.

The channel is built once; every example changes it within a savepoint and is rolled back.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from steelyard.calc import causes
from steelyard.calc.points import Reading
from steelyard.calc.units import Blank
from steelyard.company import actions as company
from steelyard.frameworks.actions import apply
from steelyard.ledger import actions as ledger
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners import actions as partners
from steelyard.products import actions as products
from steelyard.scorecards import moved, stored
from steelyard.scorecards.overrides import actions as overrides
from steelyard.scorecards.tracing import trace
from tests.thoroughness import examples

from .test_tracing import goal

TEXT = """framework: told
subject: partner
grain: quarter
currency: EUR
convert: {policy: line date, rates: ecb}
peers: {least: 1}
settings: {heavy: 2}
measures:
  sales: {fact: orders, sum: amount}
  systems: {fact: orders, sum: amount, where: [{rule: category == "SYS", reason: not a system}]}
  orders: {fact: orders, count_distinct: document}
  goal: {fact: targets, sum: amount}
kpis:
  net_sales: {formula: sales, unit: money, better: higher, no_data: zero}
  share: {formula: systems / sales, unit: percent, better: higher, range: [0%, 100%], no_data: skip}
  order_count: {formula: orders, unit: count, better: higher, no_data: zero}
  reached: {formula: sales / goal, unit: percent, better: higher, no_data: skip}
  at_home: {formula: 'when(country == "CH", sales, 0)', unit: money, better: higher, no_data: zero}
  growth: {formula: 'sales / sales[previous] - 1', unit: percent, better: higher, no_data: skip}
scorecard:
  combine: mean
  of:
    volume: {kpi: net_sales, weight: heavy, points: {line: [[0, 0], [200, 100]]}}
    mix: {kpi: share, weight: 1, points: {line: [[0%, 0], [100%, 100]]}}
    inner:
      combine: mean
      weight: 1
      require: [{rule: order_count >= 1, else: {cap: 50}, reason: no order}]
      of:
        activity: {kpi: order_count, weight: 1, points: {line: [[0, 0], [4, 100]]}}
        goal_reached: {kpi: reached, weight: 1, points: {line: [[0%, 0], [400%, 100]]}}
        home: {kpi: at_home, weight: 1, points: {line: [[0, 0], [300, 100]]}}
        grown: {kpi: growth, weight: 1, points: {line: [[-100%, 0], [100%, 100]]}}
"""
LISTED = """lists:
  documents:
    one_per: document
    columns: {value: {fact: orders, sum: amount}}
    keep: [{rule: value > 0, reason: nothing left}]
  products:
    one_per: product
    columns: {value: {fact: orders, sum: amount}, usual: {formula: peer_mean(value)}}
measures:
  listed: {list: documents, sum: value}
  above: {list: products, sum: value, where: value > usual}
"""
TEXTS = {
    "plain": TEXT,
    "peers": TEXT.replace("formula: sales / goal", "formula: sales / goal * rank_share(sales)").replace(
        "rank_share(sales)", "(sales / peer_mean(sales))"
    ),
    "lists": TEXT.replace("measures:\n", LISTED).replace("net_sales: {formula: sales,", "net_sales: {formula: listed + above,"),
    "history": TEXT.replace("framework: told", "framework: told\neffective: 2012-07-01\nearlier: as known now")
    + "history: {smooth: 50%}\n",
}
SUBJECTS = ("ALP", "BOR", "CAS", "ROTH")
HEADS = {name: text.replace("framework: told", f"framework: {name}") for name, text in TEXTS.items()}


@dataclass
class Told:
    """What an example did: which causes it may be told as, of all subjects and of one."""

    channel: Any
    framework: str
    all: set[str] = field(default_factory=set)
    own: dict[str, set[str]] = field(default_factory=dict)
    settled: bool = False

    def touch(self, cause: str, *parties: str) -> None:
        """Rows of these parties, or of everybody."""
        if not parties or not set(parties) <= set(SUBJECTS):
            self.all.add(cause)
        for party in parties:
            self.own.setdefault(party, set()).add(cause)

    def may(self, subject: str) -> set[str]:
        """The causes that may be told to a subject."""
        found = self.all | self.own.get(subject, set())
        anything = self.all | {cause for named in self.own.values() for cause in named}
        return found | ({causes.PEERS} if self.framework in ("peers", "lists") and anything else set())


PARTY, AMOUNT = st.sampled_from((*SUBJECTS[:3], "4711")), st.integers(0, 300)
DAY = st.sampled_from(["2012-08-01", "2012-10-05", "2012-12-31", "2013-01-10", "2013-03-31"])
PRODUCT, CURRENCY = st.sampled_from(["ANA-1", "REA-1", "REA-2"]), st.sampled_from(["EUR", "USD"])
DOCUMENTS = {"A0": "ALP", "A1": "ALP", "B1": "BOR", "X1": "4711", "C1": "CAS"}


def restate(told, document, party, day, product, amount, currency):
    told.channel.sell((document, "1", party, day, product, str(amount), currency))
    told.touch(causes.RESTATEMENT, DOCUMENTS[document], party)


def sell(told, number, party, day, product, amount, currency):
    told.channel.sell((f"N{told.channel.batch}-{number}", "1", party, day, product, str(amount), currency))
    told.touch(causes.DATA, party)


def take_back(told):
    if told.settled:
        return  # a batch is taken back once, and not after its rows were written anew
    told.settled = True
    ledger.reverse_batch(1, acting_user=told.channel.people.anna)
    told.touch(causes.RESTATEMENT)


def match(told, partner):
    partners.remember_matches(source="erp", matches={"4711": partner}, method="person", acting_user=told.channel.people.carla)
    told.touch(causes.ATTRIBUTION)


def recategorise(told, product, category):
    products.change("products", code=product, category=category, acting_user=told.channel.people.carla)
    told.touch(causes.MASTERS)


def move(told, partner, country):
    partners.change("partners", code=partner, country=country, acting_user=told.channel.people.carla)
    told.touch(causes.MASTERS, partner)


def correct_rate(told, rate):
    company.change("rates", source="ecb", base="EUR", quote="USD", date=date(2012, 1, 1), rate=rate, acting_user=told.channel.people.carla)
    told.touch(causes.FX)


def set_goal(told, party, amount, day):
    goal(told.channel, amount, party=party, day=day)
    told.touch(causes.TARGET, party)


def reweigh(told, weight):
    version(told, "settings: {heavy: 2}", f"settings: {{heavy: {weight}}}")
    told.touch(causes.WEIGHTS)


def new_rule(told, most):
    version(told, "[4, 100]", f"[{most}, 100]")
    told.touch(causes.RULES)


def override(told, subject, period, points):
    wanted = {"framework": told.framework, "subject": subject, "period": period, "reason": "a flood", "points": points * 10**6}
    made = overrides.propose(**wanted, scope=EVERYTHING, acting_user=told.channel.people.anna)
    overrides.approve(override=made.pk, acting_user=told.channel.people.ben, scope=EVERYTHING)
    told.touch(causes.OVERRIDE, subject)


def version(told, old, new):
    text = told.channel.texts[told.framework].replace(old, new)
    told.channel.texts = {**told.channel.texts, told.framework: text}
    apply(text=text, acting_user=told.channel.people.carla)


def merge_files(told):
    ledger.compact(at_least=2)


def write_anew(told):
    told.settled = True
    ledger.rewrite("orders", lambda rows: rows, cause="schema", acting_user=told.channel.people.carla)


CHANGES: dict[Callable[..., None], tuple[st.SearchStrategy[Any], ...]] = {
    restate: (st.sampled_from(sorted(DOCUMENTS)), PARTY, DAY, PRODUCT, AMOUNT, CURRENCY),
    sell: (st.integers(1, 9), PARTY, DAY, PRODUCT, AMOUNT, CURRENCY),
    take_back: (),
    match: (st.sampled_from(SUBJECTS[:3]),),
    recategorise: (PRODUCT, st.sampled_from(["SYS", "CON"])),
    move: (st.sampled_from(SUBJECTS), st.sampled_from(["CH", "DE"])),
    correct_rate: (st.sampled_from(["1.1", "1.25", "3"]),),
    set_goal: (st.sampled_from(SUBJECTS[:3]), st.integers(1, 400), st.sampled_from([date(2012, 10, 1), date(2013, 1, 1)])),
    reweigh: (st.sampled_from([0, 1, 5]),),
    new_rule: (st.integers(1, 9),),
    merge_files: (),
    write_anew: (),
}
CHANGE = st.sampled_from(list(CHANGES)).flatmap(lambda change: st.tuples(st.just(change), *CHANGES[change]))


@pytest.fixture
def told(channel):
    """The channel with four frameworks, and the score of each of its last quarter."""
    goal(channel, 200)
    goal(channel, 100, party="BOR")
    goal(channel, 150, day=date(2013, 1, 1))
    channel.texts = HEADS
    for text in HEADS.values():
        apply(text=text, acting_user=channel.people.carla)
    for name in HEADS:
        channel.score(name)
    return channel


WHO = st.sampled_from(["ALP", "BOR", "CAS"])
BY_HAND = st.none() | st.integers(0, 100)
PERIODS = st.sampled_from([("2012-Q4", "2012-Q4"), ("2012-Q4", "2013-Q1"), ("2013-Q1", "2012-Q4")])


def test_whatever_changes_is_told_as_what_it_is_and_adds_up(told):
    @settings(max_examples=examples(6), deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(
        st.sampled_from(sorted(HEADS)), st.lists(CHANGE, min_size=1, max_size=4), PERIODS, st.sampled_from(["ALP", "BOR", "CAS"]), BY_HAND
    )
    def tried(framework, changes, periods, subject, by_hand):
        with transaction.atomic():
            holds(Told(told, framework), changes, *periods, subject, by_hand)
            transaction.set_rollback(True)
        told.texts = HEADS

    tried()


def holds(story, changes, first, second, subject, by_hand):
    """One period scored, then changes made, then the other scored: a subject is told why, and the other way round."""
    known = story.channel.score(story.framework, first)
    for change, *arguments in changes:
        change(story, *arguments)
    later = story.channel.score(story.framework, second)
    if by_hand is not None:
        override(story, subject, second, by_hand)
    found, back = trace(known, later, subject).waterfall, trace(later, known, subject).waterfall
    wanted = difference(known, later, subject)
    calculated = replace(found, end=found.start + sum(wanted.values()), steps=steps_without(found, causes.OVERRIDE))
    assert {node: amount for node, amount in calculated.by_node().items() if amount} == wanted
    assert found.end == (calculated.end if by_hand is None else by_hand * 10**6)
    may = story.may(subject) | (set() if first == second else {causes.DATA, causes.TARGET})
    assert {step.cause for step in found.steps} <= may, (changes, found.steps)
    assert_rows_tell(trace(known, later, subject), may)
    assert (back.start, back.end) == (found.end, found.start)
    assert sorted(told_of(back, -1)) == sorted(told_of(found, 1))


def steps_without(waterfall, cause):
    """The steps of all other causes."""
    return tuple(step for step in waterfall.steps if step.cause != cause)


def assert_rows_tell(found, may):
    """The rows of each cause add up to what it did to what every KPI of the card reads."""
    for measure in ("sales", "orders", "goal"):
        reading = Reading(measure)
        ends = [
            stored.values(found.chain[0].state.framework, stored.readings(run, found.subject))[reading]
            for run in (found.before, found.after)
        ]
        total = 0
        for cause in moved.CAUSES:
            rows = moved.rows(found, cause, reading)
            assert rows.is_empty() or cause in may, (measure, cause, rows)
            total += rows["moved"].sum()
        grain = 1 if measure == "orders" else 10**4
        was, now = (0 if isinstance(value, Blank) else value * grain for value in ends)
        assert total == now - was, measure


def told_of(waterfall, sign):
    """What each step says, as strings that compare."""
    return [f"{step.node} {step.cause} {step.amount * sign} {step.rows * sign} {step.text}" for step in waterfall.steps]


def difference(before, after, subject):
    """What each item adds to the total now, less what it added before; what caps and gates take stands at their section."""
    moved: dict[str, int] = {}
    for sign, run in ((-1, before), (1, after)):
        for row in stored.items(run, subject).iter_rows(named=True):
            lines = json.loads(row["notes"]).get("lines", ()) if row["notes"] and row["kind"] != "item" else ()
            own = [row["total_contribution"] or 0] if row["kind"] == "item" else [line["total_contribution"] for line in lines]
            moved[row["node"]] = moved.get(row["node"], 0) + sign * sum(own)
    return {node: amount for node, amount in moved.items() if amount}
