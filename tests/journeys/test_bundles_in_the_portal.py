"""What the portal hands out of a bundle: nothing that the company keeps to itself, and no values of hardly anybody."""

from __future__ import annotations

import pytest

from steelyard.calc.errors import Refused
from steelyard.calc.framework.read import read
from steelyard.calc.receipts.recompute import verify
from steelyard.frameworks.actions import apply
from steelyard.ledger.scope import EVERYTHING
from steelyard.portal.own_rows import bundle, hidden_behind
from steelyard.scorecards.cards import card

from .conftest import HEAD

PLAIN = HEAD.format(subject="partner").replace("framework: partner", "framework: told")


def own_bundle(channel, text):
    apply(text=text, acting_user=channel.people.carla)
    channel.score("told")
    return bundle(card("told", "2012-Q4", "ALP", scope=EVERYTHING))


def test_a_score_of_own_rows_alone_has_its_bundle(channel):
    assert verify(own_bundle(channel, PLAIN)).subject == "ALP"


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (("sales / sales[previous] - 1", "percentile(sales)"), ("no-bundle", "3")),  # of four partners three are others
        (("sum: amount}", "sum: amount, where: cost < 50}"), ("bundle-not-here", "orders.cost")),
    ],
)
def test_what_would_tell_too_much_is_refused_with_what_it_is(channel, changed, found):
    with pytest.raises(Refused) as refused:
        own_bundle(channel, PLAIN.replace("measures:", "peers: {least: 2}\nmeasures:").replace(*changed, 1))
    assert [(problem.code, problem.found) for problem in refused.value.problems] == [found]


LISTED = """
framework: listed
subject: partner
grain: quarter
currency: EUR
lists:
  judged: {one_per: [question, who], columns: {mark: {fact: ratings, last: value, match: {question: question, who: rated_by}}}}
  sold:
    one_per: document
    columns:
      amount: {fact: orders, sum: amount}
      paid: {fact: orders, sum: cost}
      earned: {formula: amount - paid}
      half: {formula: earned / 2}
  dearest: {fact: orders, one_per: product, prefer: [highest cost], columns: {left: {formula: amount - cost}}}
  again: {list: dearest, one_per: product, prefer: [highest left]}
measures:
  marks: {list: judged, count: lines}
  documents: {list: sold, count: lines}
  products: {list: dearest, count: lines}
  chosen: {list: again, count: lines}
kpis:
  all: {formula: marks + documents + products + chosen, unit: count, no_data: zero}
"""


@pytest.mark.parametrize(
    ("measure", "kept"),
    [("marks", {"who"}), ("documents", {"paid", "earned", "half"}), ("products", {"cost", "left"}), ("chosen", {"cost", "left"})],
)
def test_lines_of_a_list_show_nothing_that_their_rows_would_not(measure, kept):
    framework, problems = read(LISTED)
    assert framework is not None, problems
    told = hidden_behind(framework, framework.measures[measure])
    assert kept <= told and not told & {"amount", "document", "product", "question", "mark"}
