"""Which touches a line has, held against looking at every pair of rows by hand."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from hypothesis import given, settings

from steelyard.calc.credit.rule import BY_NAME, ROLES, Rule
from steelyard.calc.credit.touches import cases_of, touches
from tests.thoroughness import examples

from .test_shares import DAY, evidence, evidences

ALL = Rule("own", "own", "linear", look_back=20)


def found(told, rule=ALL):
    _, cases = cases_of(told.lines)
    return touches(cases, told, rule).join(cases.select("case", "document"), on="case")


def says(told, rule=ALL):
    return [(ROLES[role], partner, by) for role, partner, by in found(told, rule).select("role", "partner", "by").iter_rows()]


@settings(max_examples=examples(50))
@given(told=evidences())
def test_touches_are_those_that_looking_at_every_pair_finds(told):
    lines, cases = cases_of(told.lines)
    got = touches(cases, told, ALL)
    for case in cases.iter_rows(named=True):
        mine = got.filter(pl.col("case") == case["case"]).select("role", "partner", "day", "via").rows()
        assert sorted(mine, key=repr) == sorted(_by_hand(case, told, set(cases["source"])), key=repr)
    assert set(lines["case"]) <= set(cases["case"])


def _by_hand(case, told, selling):
    facts = []
    for one in told.referrals.iter_rows(named=True):
        if one["partner"] is None or one["outcome"] == "lost":
            continue
        own_number = one["source"] == case["source"] or one["source"] not in selling
        named = one["order_document"] == case["document"] and own_number
        recent = case["date"] - timedelta(days=20) <= one["date"] <= case["date"]
        customer = one["end_customer"] is not None and one["end_customer"] == case["end_customer"]
        if named or (one["order_document"] is None and customer and recent and not case["brought"]):
            facts.append((0, one["partner"], one["date"], one["row_id"]))
    referrers = {fact[1] for fact in facts}
    if case["referrer"] is not None and case["referrer"] not in referrers:
        facts.append((0, case["referrer"], case["date"], None))
        referrers.add(case["referrer"])
    for one in told.affiliations.iter_rows(named=True):
        since, until = one["valid_from"] or case["date"], one["valid_to"] or case["date"] + timedelta(days=1)
        if one["organisation"] == case["partner"] and since <= case["date"] < until and one["person"] not in referrers:
            facts.append((1, one["person"], case["date"], None))
    return [*facts, (2, case["partner"], case["date"], None)]


def test_a_doctor_of_two_hospitals_influences_both_while_she_belongs_to_them():
    both = [{"person": "D1", "organisation": "H1"}, {"person": "D1", "organisation": "H2", "valid_to": DAY}]
    lines = [{"document": "1", "partner": "H1", "amount": 1}, {"document": "2", "partner": "H2", "amount": 1}]
    before = {"document": "3", "partner": "H2", "amount": 1, "date": DAY - timedelta(days=1)}
    told = found(evidence([*lines, before], affiliations=both)).filter(pl.col("role") == ROLES.index("influenced"))
    assert sorted(told["document"]) == ["1", "3"]


def test_only_persons_of_the_types_named_influence():
    people = [{"person": "D1", "organisation": "H1"}, {"person": "D2", "organisation": "H1"}]
    told = evidence([{"document": "1", "partner": "H1", "amount": 1}], affiliations=people, types=[("D1", "doctor"), ("D2", "nurse")])
    assert ("influenced", "D2", "affiliation") not in says(told, Rule("own", "own", "linear", person_types=("doctor",)))
    assert ("influenced", "D1", "affiliation") in says(told, Rule("own", "own", "linear", person_types=("doctor",)))


def test_an_order_that_the_company_brought_itself_has_no_referral_of_its_customer():
    referral = {"partner": "D1", "date": DAY, "end_customer": "C1"}
    lines = [{"document": "1", "partner": "H1", "amount": 1, "end_customer": "C1", "source_kind": "campaign"}]
    assert says(evidence(lines, [referral])) == [("ordered", "H1", "order")]
    lines[0]["source_kind"] = "referral"
    assert says(evidence(lines, [referral])) == [("referred", "D1", "customer"), ("ordered", "H1", "order")]


def test_a_referral_that_the_line_and_a_fact_tell_is_one():
    referral = {"partner": "D1", "date": DAY - timedelta(days=9), "order_document": "1"}
    told = evidence([{"document": "1", "partner": "H1", "amount": 1, "referrer": "D1"}], [referral])
    assert says(told, BY_NAME["linear"]) == [("referred", "D1", "document"), ("ordered", "H1", "order")]
