"""Everybody starts at what waits for them."""

from __future__ import annotations

import pytest

from steelyard.ledger.scope import EVERYTHING
from steelyard.scorecards.choosing import unpublished
from tests import company as told

from .test_overview import ALPS, text_of


@pytest.mark.parametrize("username", ["ada", "anna", "ben", "carla", "dora", "nora"])
def test_staff_have_a_home(as_, username):
    assert as_(username).get("/").status_code == 200


def test_a_partners_people_are_sent_to_the_portal(as_):
    answer = as_("alma").get("/")
    assert (answer.status_code, answer["Location"].rstrip("/")) == (302, "/portal")


def test_strangers_are_sent_to_the_way_in(client):
    assert client.get("/")["Location"].startswith("/sign-in")


def test_operations_see_refused_rows_and_names_that_wait(as_, company):
    page = text_of(as_("anna").get("/"))
    assert "refused rows wait to be put right" in page
    assert "name means no partner yet" in page or "names mean no partner yet" in page


@pytest.mark.parametrize("username", ["anna", "ben"])
def test_who_scored_a_period_is_not_asked_to_publish_it(as_, username):
    scored = [run.created_by for run in unpublished(scope=EVERYTHING)]
    asked = [one.count for one in as_(username).get("/").context["due"] if one.icon == "scale"]
    assert scored and sum(asked) == sum(by != username for by in scored)


def test_a_manager_starts_with_their_partners(as_):
    answer = as_("carla").get("/")
    assert {row["subject"] for row in answer.context["rows"]} <= ALPS
    assert answer.context["told"].partners <= len(ALPS)
    assert told.CANARY.search(answer.content.decode()) is None


def test_an_auditor_sees_the_trail(as_):
    answer = as_("dora").get("/")
    assert answer.context["entries"][0].action in text_of(answer)
    assert str(answer.context["tip"][0]) in text_of(answer)


def test_the_way_around_holds_what_the_role_may_open(as_):
    def pages(username):
        return {item.url for group in as_(username).get("/").context["navigation"] for item in group.items}

    assert {"/", "/overview", "/ranking", "/partners"} <= pages("carla")
    assert not any(url.startswith("/intake") for url in pages("carla"))
    assert pages("carla") <= pages("dora")
