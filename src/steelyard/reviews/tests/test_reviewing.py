"""A review from rating to acknowledgement: four eyes, one effect, and nobody decides on less than they saw."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from django.db import IntegrityError, transaction

from steelyard.accounts import actions as accounts
from steelyard.approvals import queries as approvals
from steelyard.audit.queries import entries
from steelyard.calc.errors import Conflict, Missing, Refused
from steelyard.intake import actions as intake
from steelyard.intake import mappings
from steelyard.jobs.actions import work_off
from steelyard.ledger.queries import facts
from steelyard.ledger.scope import EVERYTHING, NOTHING
from steelyard.reviews import actions, queries
from steelyard.reviews.models import Cycle, Review
from steelyard.reviews.rating import Item
from steelyard.scorecards.queries import published

from .conftest import ONLY_BOR, PASSWORD, number_of


def submit(people, *, by="carla", rating=4, comment="Well planned.", version=1):
    person = getattr(people, by)
    done = actions.submit(
        review=people.review, ratings={"cooperation": rating}, comment=comment, version=version, acting_user=person, scope=EVERYTHING
    )
    work_off()
    return done


def shown(people, by="ben"):
    return queries.open_review(people.review, EVERYTHING, getattr(people, by)).shown


def approve(people, *, by="ben", password=PASSWORD, seen=None):
    seen = seen or shown(people, by)
    done = actions.approve(review=people.review, shown=seen, password=password, acting_user=getattr(people, by), scope=EVERYTHING)
    work_off()
    return done


def told(call):
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.problems


def codes(call) -> list[str]:
    return [problem.code for problem in told(call)]


def ratings():
    rows = facts("ratings", scope=EVERYTHING).group_by("question", "party", "rated_by", "value").agg(pl.col("sign").cast(pl.Int64).sum())
    return {row[:4] for row in rows.collect().rows() if row[4]}


def test_the_whole_story(reviewed):
    before = queries.open_review(reviewed.review, EVERYTHING, reviewed.carla)
    assert (before.review.state, before.evidence.total, before.items[0].title) == ("open", 60_000_000, "Cooperation")
    submit(reviewed)
    assert ratings() == {("cooperation", "ALP", "carla", 4_000_000)}
    seen = queries.open_review(reviewed.review, EVERYTHING, reviewed.ben)
    assert (seen.review.state, seen.evidence.total, seen.pending) == ("submitted", 67_500_000, False)  # (75 + 60) / 2
    approve(reviewed)
    done = queries.open_review(reviewed.review, EVERYTHING, reviewed.alma)
    assert done.review.state == "published"
    assert published("quality", "2012-Q4", "ALP").subject == "ALP" and published("quality", "2012-Q4") is None
    actions.acknowledge(review=reviewed.review, acting_user=reviewed.alma, scope=EVERYTHING)
    steps = approvals.steps(f"review:{reviewed.review}")
    assert [step.verb for step in steps] == ["submit", "approve", "publish", "acknowledge"]
    assert steps[1].name == "Ben Baumann" and "approve" in steps[1].meaning and len(steps[1].seal) == 64
    trail = [entry.action for entry in entries(subject=f"review:{reviewed.review}")]
    assert trail == ["review.submit", "review.approve", "review.publish", "review.acknowledge"]


def test_who_submitted_does_not_approve(reviewed):
    submit(reviewed, by="anna")
    assert codes(lambda: approve(reviewed, by="anna")) == ["second-person"]
    assert Review.objects.get(pk=reviewed.review).state == "submitted"


def test_who_ever_submitted_it_does_not_approve_what_somebody_else_submits_again(reviewed):
    submit(reviewed, by="anna")
    actions.hand_back(review=reviewed.review, reason="Say more.", acting_user=reviewed.ben, scope=EVERYTHING)
    submit(reviewed, by="carla", comment="More.", version=4)
    assert codes(lambda: approve(reviewed, by="anna")) == ["second-person"]
    assert approve(reviewed, by="ben").approved_by == "ben"


def test_who_only_kept_ratings_does_not_approve_what_somebody_else_submitted(reviewed):
    kept = {"review": reviewed.review, "ratings": {"cooperation": 5}, "comment": "Mine.", "version": 1, "scope": EVERYTHING}
    actions.save(**kept, acting_user=reviewed.ben)
    submit(reviewed, by="carla", rating=5, comment="Mine.", version=2)
    assert queries.next_for(EVERYTHING, reviewed.ben) is None
    assert {"approve", "return"}.isdisjoint(queries.open_review(reviewed.review, EVERYTHING, reviewed.ben).verbs)
    (refused,) = told(lambda: approve(reviewed, by="ben"))
    assert (refused.code, refused.found) == ("second-person", "ben worked on this")
    assert approve(reviewed, by="anna").approved_by == "anna"


def test_the_database_refuses_a_maker_as_checker(reviewed):
    submit(reviewed)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=reviewed.review).update(approved_by="carla")


def test_a_wrong_password_signs_nothing_and_is_counted(reviewed):
    submit(reviewed)
    for _ in range(10):
        assert codes(lambda: approve(reviewed, password="guessed")) == ["wrong-password"]
    assert codes(lambda: approve(reviewed)) == ["too-many-passwords"]
    assert Review.objects.get(pk=reviewed.review).state == "submitted"
    assert entries(action="signature refused").count() == 10


def test_a_score_that_changed_since_it_was_shown_is_not_approved(reviewed):
    submit(reviewed)
    seen = shown(reviewed)
    mapping, _ = mappings.read_mapping("kind: orders\nsource: erp\n")
    line = "document,line,date,party,product,quantity,unit price,amount,currency,kind,end customer\n"
    line += "A2,1,2012-11-05,ALP,REA-1,1,10,10,EUR,sale,\n"
    intake.commit(line.encode(), name="late.csv", kind="orders", source="erp", mapping=mapping, acting_user=reviewed.anna)
    actions.prepare_cycle(cycle=Review.objects.get(pk=reviewed.review).cycle_id, acting_user=reviewed.anna)
    with pytest.raises(Conflict) as conflict:
        approve(reviewed, seen=seen)
    (problem,) = conflict.value.problems
    assert "72.5" in problem.found and "Steelyard itself" in problem.found
    assert approve(reviewed).state == "approved"


def test_a_score_made_again_without_a_change_may_be_approved(reviewed):
    submit(reviewed)
    seen = shown(reviewed)
    reviewed.review, kept = number_of("BOR"), reviewed.review
    submit(reviewed)  # another commit, another run, the same score of Alpine
    reviewed.review = kept
    assert approve(reviewed, seen=seen).state == "approved"


def test_pressed_twice_is_one_effect(reviewed):
    assert submit(reviewed).version == submit(reviewed).version
    seen = shown(reviewed)
    approve(reviewed, seen=seen)
    approve(reviewed, seen=seen)
    assert [step.verb for step in approvals.steps(f"review:{reviewed.review}")] == ["submit", "approve", "publish"]


def test_a_form_of_an_older_version_is_told_who_was_quicker(reviewed):
    actions.save(review=reviewed.review, ratings={"cooperation": 2}, comment="", version=1, acting_user=reviewed.anna, scope=EVERYTHING)
    with pytest.raises(Conflict) as conflict:
        submit(reviewed)
    assert "Anna Amstutz" in conflict.value.problems[0].found and "cooperation 2" in conflict.value.problems[0].found
    assert ratings() == set()


def test_returned_and_rated_by_somebody_else_only_the_new_answer_counts(reviewed):
    submit(reviewed)
    assert codes(lambda: actions.hand_back(review=reviewed.review, reason=" ", acting_user=reviewed.ben, scope=EVERYTHING)) == ["no-reason"]
    actions.hand_back(review=reviewed.review, reason="Too kind.", acting_user=reviewed.ben, scope=EVERYTHING)
    submit(reviewed, by="anna", rating=2, version=4)
    assert ratings() == {("cooperation", "ALP", "anna", 2_000_000)}


def test_every_problem_of_a_form_is_told_at_once(reviewed):
    def wrong(**given):
        values = {"ratings": {"cooperation": 9, "charm": 1}, "comment": "", "version": 1} | given
        return lambda: actions.submit(review=reviewed.review, acting_user=reviewed.carla, scope=EVERYTHING, **values)

    assert codes(wrong()) == ["unknown-question", "off-the-scale", "no-comment"]
    assert codes(wrong(ratings={}, comment="x" * 2001)) == ["no-rating", "too-long"]


def test_who_was_deactivated_meanwhile_decides_nothing(reviewed):
    submit(reviewed)
    seen = shown(reviewed)
    accounts.deactivate_user(username="ben", acting_user=reviewed.system)
    assert codes(lambda: approve(reviewed, seen=seen)) == ["inactive-user"]


def test_the_review_of_somebody_elses_partner_is_not_there(reviewed):
    for scope in (ONLY_BOR, NOTHING):
        with pytest.raises(Missing):
            queries.open_review(reviewed.review, scope, reviewed.carla)
        with pytest.raises(Missing):
            actions.acknowledge(review=reviewed.review, acting_user=reviewed.alma, scope=scope)
    assert [review.partner for review in queries.reviews(ONLY_BOR)] == ["BOR"]
    assert queries.reviews(NOTHING).count() == 0


def test_a_published_review_can_be_corrected_with_a_reason(reviewed):
    submit(reviewed)
    approve(reviewed)
    actions.hand_back(review=reviewed.review, reason="A row was wrong.", acting_user=reviewed.anna, scope=EVERYTHING)
    found = Review.objects.get(pk=reviewed.review)
    assert (found.state, found.approved_by, found.published_at) == ("open", "", None)
    submit(reviewed, rating=5, version=found.version)
    approve(reviewed, by="anna")
    assert published("quality", "2012-Q4", "ALP").published_by == "anna"


def test_the_turn_is_told_by_role(reviewed):
    assert queries.waiting(EVERYTHING, reviewed.carla) == 2
    submit(reviewed)
    assert [queries.waiting(EVERYTHING, who) for who in (reviewed.carla, reviewed.ben, reviewed.dora)] == [1, 1, 0]
    assert queries.overdue(EVERYTHING, reviewed.ben, today=date(2031, 1, 1)) == 1


@pytest.fixture
def halves(reviewed):
    """The cycle asks in half steps, with evidence."""
    item = Item("cooperation", "Cooperation", step=Fraction(1, 2), evidence=True, counts=True)
    Cycle.objects.update(items=[item.as_dict()])
    return reviewed


def test_a_half_step_with_its_evidence_becomes_a_fact_and_counts(halves):
    given = {"review": halves.review, "comment": "As agreed.", "version": 1, "acting_user": halves.carla, "scope": EVERYTHING}
    assert codes(lambda: actions.submit(**given, ratings={"cooperation": "3.25"})) == ["off-the-scale", "no-evidence"]
    assert codes(lambda: actions.submit(**given, ratings={"cooperation": "3.5"})) == ["no-evidence"]
    refused = told(lambda: actions.submit(**given, ratings={"cooperation": "3.5"}, references={"cooperation": "document 1"}))
    assert [(problem.code, problem.where, problem.found) for problem in refused] == [("unknown-document", "cooperation", "document 1")]
    actions.submit(**given, ratings={"cooperation": "3.5"}, references={"cooperation": " audit 2012-7 "})
    work_off()
    [row] = facts("ratings", scope=EVERYTHING).select("value", "evidence").collect().rows()
    assert row == (3_500_000, "audit 2012-7")
    seen = queries.open_review(halves.review, EVERYTHING, halves.ben)
    assert (seen.review.ratings, seen.evidence.total) == ({"cooperation": "3.5"}, 61_250_000)  # (62.5 + 60) / 2
    assert queries.content(seen.review, seen.evidence)["references"] == {"cooperation": "audit 2012-7"}  # it is signed with the rest


def test_a_question_left_out_with_a_reason_is_no_fact_and_its_kpi_has_no_data(halves):
    given = {"review": halves.review, "ratings": {}, "comment": "New.", "acting_user": halves.carla, "scope": EVERYTHING}
    assert codes(lambda: actions.submit(**given, version=1)) == ["no-rating"]
    actions.submit(**given, version=1, unanswered={"cooperation": "signed in December"})
    work_off()
    assert ratings() == set()
    seen = queries.open_review(halves.review, EVERYTHING, halves.ben)
    assert (seen.pending, seen.evidence.total) == (False, 60_000_000)  # the other item alone
    assert queries.content(seen.review, seen.evidence)["unanswered"] == {"cooperation": "signed in December"}


def test_leaving_out_what_was_rated_takes_the_fact_back(halves):
    given = {"review": halves.review, "comment": "New.", "acting_user": halves.carla, "scope": EVERYTHING}
    actions.submit(**given, version=1, ratings={"cooperation": 4}, references={"cooperation": "audit 7"})
    actions.hand_back(review=halves.review, reason="Not met.", acting_user=halves.ben, scope=EVERYTHING)
    actions.submit(**given, version=Review.objects.get(pk=halves.review).version, ratings={}, unanswered={"cooperation": "not met"})
    assert ratings() == set()
