"""Cycles open by hand or by the calendar, once for each period, and close when everything in them is decided."""

from __future__ import annotations

from datetime import date

import pytest

from steelyard.accounts.queries import system_user
from steelyard.calc.errors import Refused
from steelyard.frameworks.actions import apply
from steelyard.jobs.actions import work_off
from steelyard.ledger.scope import EVERYTHING
from steelyard.reviews import actions, queries

from .conftest import FRAMEWORK, ONLY_BOR, cycle_of


def codes(call) -> list[str]:
    with pytest.raises(Refused) as refused:
        call()
    return [problem.code for problem in refused.value.problems]


def test_a_period_without_a_score_is_scored_first(people):
    cycle = cycle_of(people)
    assert [(review.subject, review.level) for review in queries.reviews(EVERYTHING)] == [("ALP", "B"), ("BOR", "A")]
    assert (cycle.as_of, cycle.items[0]["question"], cycle.items[0]["counts"]) == (date(2012, 12, 31), "cooperation", True)
    assert cycle_of(people).pk == cycle.pk
    counted = queries.cycles(ONLY_BOR).get()
    assert (counted.review_count, counted.open_count) == (1, 1)


def test_what_cannot_be_reviewed_says_why(people):
    def opened(**given):
        return lambda: actions.open_cycle(**{"framework": "quality", "period": "2012-Q4", "acting_user": people.anna} | given)

    assert codes(opened(today=date(2012, 12, 30))) == ["period-not-over"]
    assert codes(opened(due_on=date(2001, 1, 1))) == ["due-before-open"]
    apply(
        text=FRAMEWORK.replace("quality", "people")
        .replace("subject: partner", "subject: representative")
        .replace('applies_to: type in ["distributor", "dealer"]\n', ""),
        acting_user=people.anna,
    )
    assert codes(opened(framework="people")) == ["not-of-partners"]


def test_the_calendar_opens_each_period_once(people):
    actions.set_rule(framework="quality", days_after_end=5, since=date(2012, 7, 1), acting_user=people.anna)

    def due(*day):
        return [cycle.period for cycle in actions.open_due_cycles(acting_user=system_user(), today=date(*day))]

    assert due(2012, 10, 5) == ["2012-Q2"]  # it ended on the day from which the rule counts
    assert due(2012, 10, 6) == ["2012-Q3"]
    assert due(2012, 10, 6) == []
    assert due(2013, 1, 6) == ["2012-Q4"]
    work_off()
    assert queries.cycles(EVERYTHING).count() == 3


def test_a_rule_that_makes_no_sense_is_refused_whole(people):
    assert (
        codes(lambda: actions.set_rule(framework="quality", days_after_end=-1, days_to_review=0, acting_user=people.anna))
        == ["bad-rule"] * 2
    )


def test_a_cycle_closes_when_nothing_in_it_is_undecided(people):
    cycle = cycle_of(people)
    number = queries.reviews(EVERYTHING)[0].pk
    actions.submit(review=number, ratings={"cooperation": 3}, comment="Fine.", version=1, acting_user=people.carla, scope=EVERYTHING)
    assert codes(lambda: actions.close_cycle(cycle=cycle.pk, acting_user=people.anna)) == ["reviews-undecided"]
    actions.hand_back(review=number, reason="Later.", acting_user=people.ben, scope=EVERYTHING)
    assert actions.close_cycle(cycle=cycle.pk, acting_user=people.anna).state == "closed"
    last = queries.review(number, EVERYTHING)
    again = {"ratings": {"cooperation": 3}, "comment": "Fine.", "version": last.version}
    assert codes(lambda: actions.submit(review=number, acting_user=people.carla, scope=EVERYTHING, **again)) == ["cycle-closed"]
