"""Nobody makes public what they rated, by whatever way; and nobody questions a row that means somebody else."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from steelyard.calc.errors import Missing
from steelyard.jobs.actions import work_off
from steelyard.ledger.actions import receive, settle
from steelyard.ledger.actions.posting import post
from steelyard.ledger.queries import facts
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners.scopes import scope_by
from steelyard.reviews import actions, queries
from steelyard.scorecards import actions as scorecards
from steelyard.scorecards.queries import published, runs

from .conftest import operator
from .test_reviewing import approve, codes, submit, told

PERIOD = {"framework": "quality", "period": "2012-Q4"}


@pytest.mark.parametrize("subject", ["", "ALP"])
def test_who_rated_does_not_publish_around_the_review_what_the_installation_scored(reviewed, subject):
    submit(reviewed, by="anna", rating=5)
    newest = max(runs("quality"), key=lambda run: run.cut)
    assert newest.created_by == "system"  # nobody in person: so the person behind the new score is who rated
    assert codes(lambda: scorecards.publish(**PERIOD, subject=subject, acting_user=reviewed.anna)) == [
        "second-person",
        "ratings-not-approved",
    ]
    assert published("quality", "2012-Q4", subject or None) is None
    assert codes(lambda: scorecards.publish(**PERIOD, subject=subject, acting_user=reviewed.ben)) == ["ratings-not-approved"]
    approve(reviewed, by="ben")
    work_off()
    assert published("quality", "2012-Q4", "ALP") is not None


def test_an_older_run_never_takes_the_place_of_a_newer_one(reviewed):
    first = min(runs("quality"), key=lambda run: run.cut)
    submit(reviewed, by="carla", rating=5)
    approve(reviewed, by="ben")
    work_off()
    newest = max(runs("quality"), key=lambda run: run.cut)
    assert scorecards.publish(**PERIOD, cut=newest.cut, acting_user=reviewed.ben).run == newest
    assert first.cut < newest.cut
    assert "older-run" in codes(lambda: scorecards.publish(**PERIOD, cut=first.cut, acting_user=reviewed.ben))


def test_a_file_of_ratings_in_another_name_is_the_work_of_who_brought_it_in(reviewed):
    row = {"question": ["cooperation"], "date": [date(2012, 12, 1)], "party": ["BOR"], "value": [5_000_000], "rated_by": ["carla"]}
    post("ratings", pl.DataFrame(row | {"source_row": [2]}), source="sheet", batch=9, acting_user=reviewed.anna)
    scorecards.run(**PERIOD, acting_user=reviewed.system)
    assert codes(lambda: scorecards.publish(**PERIOD, acting_user=reviewed.anna)) == ["second-person"]
    assert codes(lambda: scorecards.publish(**PERIOD, acting_user=reviewed.carla)) == ["second-person"]
    olga = operator(reviewed)
    assert scorecards.publish(**PERIOD, subject="ALP", acting_user=olga).subject == "ALP"


def test_what_a_second_person_made_public_counts_no_more_against_who_rated(reviewed):
    olga = reviewed.olga = operator(reviewed)  # who brought nothing in but her ratings
    submit(reviewed, by="olga", rating=5)
    approve(reviewed, by="ben")
    assert scorecards.publish(**PERIOD, acting_user=olga).published_by == "olga"


def test_who_brought_the_data_in_does_not_publish_what_the_installation_scored(reviewed):
    refusal = told(lambda: scorecards.publish(**PERIOD, acting_user=reviewed.anna))
    assert [(problem.code, problem.found) for problem in refusal] == [("second-person", "anna brought in master data, orders")]
    assert codes(lambda: scorecards.publish(**PERIOD, subject="ALP", acting_user=reviewed.anna)) == ["second-person"]
    assert scorecards.publish(**PERIOD, acting_user=reviewed.ben).published_by == "ben"


def test_after_a_publication_only_what_is_new_counts(reviewed):
    from steelyard.masters.actions import Actions
    from steelyard.partners.masters import EVERY

    olga = operator(reviewed)
    scorecards.publish(**PERIOD, acting_user=reviewed.ben)
    Actions(EVERY).add("aliases", source="pos", party="ALP-2", partner="ALP", acting_user=olga)
    scorecards.run(**PERIOD, acting_user=reviewed.system)
    assert [problem.found for problem in told(lambda: scorecards.publish(**PERIOD, acting_user=olga))] == ["olga brought in master data"]
    assert scorecards.publish(**PERIOD, acting_user=reviewed.anna).published_by == "anna"


def test_what_was_sent_one_by_one_is_the_work_of_who_sent_it(reviewed):
    olga = operator(reviewed)
    order = {"document": "T1", "line": "1", "party": "ALP", "date": date(2012, 11, 9), "amount": 1_000_000, "currency": "EUR"}
    receive("orders", order, source="shop", acting_user=olga)
    settle(acting_user=reviewed.system)
    scorecards.run(**PERIOD, acting_user=reviewed.system)
    assert [problem.found for problem in told(lambda: scorecards.publish(**PERIOD, acting_user=olga))] == ["olga brought in orders"]


def test_who_brought_the_orders_in_may_approve_what_somebody_else_rated_on_them(reviewed):
    submit(reviewed, by="carla", rating=5)
    approve(reviewed, by="anna")
    assert published("quality", "2012-Q4", "ALP").published_by == "anna"


def test_what_would_stop_the_publication_is_said_before_somebody_signs(reviewed):
    submit(reviewed, by="carla", rating=5)
    newest = max(runs("quality"), key=lambda run: run.cut)
    row = {"question": ["cooperation"], "date": [date(2012, 12, 1)], "party": ["ALP"], "value": [4_000_000], "rated_by": ["ben"]}
    post("ratings", pl.DataFrame(row | {"source_row": [2]}), source="sheet", batch=9, acting_user=reviewed.system)
    scorecards.run(**PERIOD, acting_user=reviewed.system)
    assert max(runs("quality"), key=lambda run: run.cut).cut > newest.cut
    assert codes(lambda: approve(reviewed, by="ben")) == ["second-person"]  # an answer in his own name is in this score
    assert queries.review(reviewed.review, EVERYTHING).state == "submitted"


def test_a_row_whose_key_meant_somebody_else_at_its_source_cannot_be_questioned(reviewed):
    _alias(reviewed.anna)
    order = {"document": ["P1"], "line": ["1"], "party": ["ALP"], "date": [date(2012, 10, 9)], "source_row": [2]}
    post("orders", pl.DataFrame(order), source="pos", batch=8, acting_user=reviewed.anna)
    scorecards.run(**PERIOD, acting_user=reviewed.system)
    work_off()
    row = facts("orders", scope=EVERYTHING).filter(pl.col("document") == "P1").collect()["row_id"][0]
    asked = {**PERIOD, "subject": "ALP", "text": "Mine?", "kind": "orders", "row": row}
    with pytest.raises(Missing):
        actions.ask(**asked, acting_user=reviewed.carla, scope=scope_by([("partner", "ALP")], date(2026, 1, 1)))


def _alias(anna) -> None:
    from steelyard.masters.actions import Actions
    from steelyard.partners.masters import EVERY

    columns = ["source", "party", "partner"]
    Actions(EVERY).load("aliases", pl.DataFrame([("pos", "ALP", "BOR")], schema=columns, orient="row"), acting_user=anna)
