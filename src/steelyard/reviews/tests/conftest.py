"""A scored quarter of two partners and a cycle on it: what the steps of a review start from."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from steelyard.accounts import actions as accounts
from steelyard.ledger.scope import EVERYTHING, Scope
from tests import cast

if TYPE_CHECKING:
    from steelyard.accounts.models import User

FRAMEWORK = """
framework: quality
title: Quality standard
subject: partner
applies_to: type in ["distributor", "dealer"]
grain: quarter
currency: EUR
measures:
  answers: {title: Answers, fact: ratings, mean: value, where: question == "cooperation"}
  sold: {title: Sold, fact: orders, sum: amount}
kpis:
  cooperation: {title: Cooperation, formula: answers, unit: number, better: higher, range: [1, 5], no_data: skip}
  revenue: {title: Revenue, formula: sold, unit: money, better: higher, no_data: zero}
scorecard:
  combine: mean
  of:
    talk: {weight: 1, kpi: cooperation, points: {line: [[1, 0], [5, 100]]}}
    money: {weight: 1, kpi: revenue, points: {line: [[0, 0], [100, 100]]}}
levels:
  - {name: B, require: []}
  - {name: A, require: [points >= 70]}
"""
PASSWORD = "weigh-what-counts"
ONLY_BOR = Scope(partners=frozenset({"BOR"}))


def build() -> SimpleNamespace:
    """People with passwords, two partners with orders known to the end of the quarter, a framework that asks one question."""
    from steelyard.frameworks.actions import apply
    from steelyard.intake import actions as intake
    from steelyard.intake import mappings

    people = cast.people()
    cast.channel(people.anna)
    for name in ("anna", "ben", "carla"):
        setattr(people, name, accounts.change_user(username=name, password=PASSWORD, acting_user=people.system))
    people.alma = accounts.add_user(
        username="alma", name="Alma Alder", roles=["partner_administrator"], grants=[("partner", "ALP")], acting_user=people.system
    )
    apply(text=FRAMEWORK, vectors=cast.level_vectors(B=0, A=70), acting_user=people.anna)
    mapping, problems = mappings.read_mapping("kind: orders\nsource: erp\n")
    assert problems == []
    lines = "document,line,date,party,product,quantity,unit price,amount,currency,kind,end customer\n"
    lines += "A1,1,2012-10-05,ALP,REA-1,1,60,60,EUR,sale,\nB1,1,2012-12-31,BOR,REA-1,1,80,80,EUR,sale,\n"
    intake.commit(lines.encode(), name="orders.csv", kind="orders", source="erp", mapping=mapping, acting_user=people.anna)
    return people


def operator(people: SimpleNamespace) -> User:
    """Olga, another operator: nothing here is her work."""
    return accounts.add_user(username="olga", name="Olga Olsen", roles=["operator"], acting_user=people.system, password=PASSWORD)


def cycle_of(people: SimpleNamespace):
    """A cycle with its reviews, opened by Anna."""
    from steelyard.jobs.actions import work_off
    from steelyard.reviews import actions

    cycle = actions.open_cycle(framework="quality", period="2012-Q4", acting_user=people.anna, due_on=date(2030, 1, 20))
    work_off()
    return cycle


def number_of(subject: str) -> int:
    """The review of a partner."""
    from steelyard.reviews import queries

    found = queries.review_of("quality", "2012-Q4", subject, EVERYTHING)
    assert found is not None
    return found.pk


@pytest.fixture
def people(db) -> SimpleNamespace:
    """Everybody, with the quarter's facts in the ledger."""
    return build()


@pytest.fixture
def reviewed(people) -> SimpleNamespace:
    """The people, and the number of Alpine's review in `review`."""
    cycle_of(people)
    people.review = number_of("ALP")
    return people
