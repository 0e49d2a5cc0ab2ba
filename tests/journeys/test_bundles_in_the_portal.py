"""What the portal hands out of a bundle: nothing that the company keeps to itself, and no values of hardly anybody."""

from __future__ import annotations

import pytest

from steelyard.calc.errors import Refused
from steelyard.calc.receipts.recompute import verify
from steelyard.frameworks.actions import apply
from steelyard.ledger.scope import EVERYTHING
from steelyard.portal.own_rows import bundle
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
        (("sales / sales[previous] - 1", "percentile(sales)"), "3"),  # of four partners three are others
        (("sum: amount}", "sum: amount, where: cost < 50}"), "orders.cost"),
    ],
)
def test_what_would_tell_too_much_is_refused_with_what_it_is(channel, changed, found):
    with pytest.raises(Refused) as refused:
        own_bundle(channel, PLAIN.replace("measures:", "peers: {least: 2}\nmeasures:").replace(*changed, 1))
    assert [(problem.code, problem.found) for problem in refused.value.problems] == [("bundle-not-here", found)]
