"""The company of the page tests is what it says."""

import pytest

from steelyard.accounts import actions
from steelyard.audit.queries import entries
from steelyard.scorecards import queries
from tests import company as told
from tests import company_records as records


def test_three_quarters_are_scored_and_two_published(company):
    published = [queries.published(told.FRAMEWORK, period) for period in told.PERIODS]
    assert [one is not None for one in published] == [True, True, False]
    assert len({run.cut for run in company.runs.values()}) == 1
    for run in company.runs.values():
        assert run.subjects == 11


@pytest.mark.parametrize("time", ["once", "again"])
def test_a_test_sees_nothing_of_another(company, time):
    assert not entries(action="user deactivated").exists()
    actions.deactivate_user(username="gus", acting_user=company.people.ada)


def test_what_belongs_to_partner_b_is_recognized():
    for text in ("Borealis Quarzwald", "7,351.77", "7.351,77 €", "7351.77", "73517700", "partner BOR", "7 352"):
        assert told.CANARY.search(text), text
    for text in ("Labor", "17351.77", "a7352ff", "Alpine Diagnostics", "neighbor"):
        assert not told.CANARY.search(text), text


def test_reviews_are_in_every_state(company):
    assert {partner: records.review_of(company, partner).state for partner in records.STATES} == records.STATES
    assert queries.published(told.FRAMEWORK, told.PERIODS[2]) is None  # two partners' cards are public, the period is not
