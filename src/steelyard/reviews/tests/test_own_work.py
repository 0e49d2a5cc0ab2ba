"""Nobody makes public what they rated, by whatever way; and nobody questions a row that means somebody else."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from steelyard.calc.errors import Missing
from steelyard.jobs.actions import work_off
from steelyard.ledger.actions.posting import post
from steelyard.ledger.queries import facts
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners.scopes import scope_by
from steelyard.reviews import actions
from steelyard.scorecards import actions as scorecards
from steelyard.scorecards.queries import published, runs

from .test_reviewing import approve, codes, submit

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
    assert scorecards.publish(**PERIOD, subject="ALP", acting_user=reviewed.anna).subject == "ALP"  # nothing of hers is in that one


def test_what_a_second_person_made_public_counts_no_more_against_who_rated(reviewed):
    submit(reviewed, by="anna", rating=5)
    approve(reviewed, by="ben")
    assert scorecards.publish(**PERIOD, acting_user=reviewed.anna).published_by == "anna"


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
