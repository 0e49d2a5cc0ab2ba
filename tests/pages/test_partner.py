"""One partner's page: what is known of it, and nothing of others."""

from __future__ import annotations

import pytest

from steelyard.partners import recent, relations
from steelyard.scorecards.queries import scores_of
from tests import company as told


def test_it_shows_scores_orders_and_who_looks_after_it(company, as_):
    page = as_("anna").get("/partners/ALP").content.decode()
    for score in scores_of("ALP"):
        assert f"/scorecards/{score.framework}/{score.period}/ALP" in page
    assert "Recent orders" in page
    assert recent.latest("ALP")[0]["document"] in page
    for span in relations.spans("ALP"):
        assert (span.representative_name or span.representative or "") in page


def test_scores_are_those_in_force_and_the_newest_of_what_is_not_public(company):
    scores = scores_of("CER")  # of Alpine the newest is public too: its review was approved
    assert [(score.period, score.public) for score in scores if score.framework == told.FRAMEWORK] == [
        (period, period != told.PERIODS[-1]) for period in told.PERIODS
    ]
    assert all(score.public for score in scores_of("CER", published_only=True))


def test_the_latest_orders_are_its_own_newest_first(company):
    rows = recent.latest("ALP", count=5)
    days = [row["date"] for row in rows]
    assert len(rows) == 5
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize("username", ["carla", "emil"])
def test_another_partner_is_not_there(company, as_, username):
    browser = as_(username)
    mine, foreign, nothing = (browser.get(f"/partners/{code}") for code in ("ALP", "BOR", "NOBODY"))
    assert mine.status_code == 200
    assert (foreign.status_code, nothing.status_code) == (404, 404)
    assert foreign.content == nothing.content
    assert not told.CANARY.search(mine.content.decode())


def test_partner_people_have_no_business_here(company, as_):
    assert as_("alma").get("/partners/ALP").status_code == 403


def test_a_partner_without_scores_or_orders_has_a_page(company, as_):
    page = as_("anna").get("/partners/CAS").content.decode()
    assert "has not been scored yet" in page
    assert relations.hierarchy("CAS") == (None, [])


def test_the_number_of_questions_to_the_database_does_not_grow(company, as_, django_assert_max_num_queries):
    anna = as_("anna")
    anna.get("/partners/CER")
    with django_assert_max_num_queries(40):
        anna.get("/partners/ALP")
