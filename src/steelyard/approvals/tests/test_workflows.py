"""Workflows are rows: a company's own take the place of the shipped ones, if they make sense."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from steelyard.accounts import actions as accounts
from steelyard.approvals import actions, queries
from steelyard.approvals.models import Signature, Step
from steelyard.approvals.workflows import Rule, declare
from steelyard.calc.errors import Conflict, Refused
from steelyard.ledger import guards

PASSWORD = "weigh-what-counts"
SHIPPED = (
    Rule("draft", "propose", "proposed", "reviews.rate"),
    Rule("proposed", "accept", "accepted", "reviews.approve", second_person=True, signed=True, meaning="I accept this."),
)


@pytest.fixture
def people(cast):
    """The cast, with passwords, and a small workflow."""
    declare("paper", first="draft", makes="propose", rules=SHIPPED)
    for name in ("anna", "ben"):
        setattr(cast, name, accounts.change_user(username=name, password=PASSWORD, acting_user=cast.system))
    return cast


def take(person, verb, state, **given):
    return actions.take(workflow="paper", record="paper:1", state=state, verb=verb, content={"text": "a"}, acting_user=person, **given)


def accepted(people):
    take(people.anna, "propose", "draft")
    return take(people.ben, "accept", "proposed", confirmed=actions.confirm_password(acting_user=people.ben, password=PASSWORD))


def codes(call) -> list[str]:
    with pytest.raises(Refused) as refused:
        call()
    return [problem.code for problem in refused.value.problems]


def test_a_signature_says_who_when_what_it_means_and_seals_the_version(people):
    step = accepted(people)
    (told,) = (one for one in queries.steps("paper:1") if one.seal)
    assert (told.name, told.meaning, told.version_hash) == ("Ben Baumann", "I accept this.", step.version_hash)
    assert queries.check_signatures() == ([], 1)


def test_a_signed_step_needs_the_own_password_entered_just_now(people):
    take(people.anna, "propose", "draft")
    assert codes(lambda: take(people.ben, "accept", "proposed")) == ["not-signed"]
    of_somebody_else = actions.confirm_password(acting_user=people.anna, password=PASSWORD)
    assert codes(lambda: take(people.ben, "accept", "proposed", confirmed=of_somebody_else)) == ["not-signed"]


def test_roles_and_second_persons_are_told_together(people):
    take(people.carla, "propose", "draft")
    assert codes(lambda: take(people.dora, "accept", "proposed")) == ["not-allowed", "not-signed"]
    assert codes(lambda: take(people.carla, "accept", "proposed")) == ["second-person", "not-signed"]
    assert [rule.verb for rule in queries.open_to("paper", "paper:1", "proposed", people.carla)] == []


def test_a_step_that_the_table_does_not_have_is_a_conflict(people):
    with pytest.raises(Conflict):
        take(people.anna, "accept", "draft")


def test_own_rows_take_the_place_of_the_shipped_ones_and_go_again(people):
    own = [Rule("draft", "propose", "accepted", "reviews.rate", signed=True, meaning="Mine.")]
    actions.set_workflow(workflow="paper", rules=own, acting_user=people.anna)
    assert queries.workflow("paper").rules == tuple(own)
    assert codes(lambda: take(people.anna, "propose", "draft")) == ["not-signed"]
    actions.set_workflow(workflow="paper", rules=[], acting_user=people.anna)
    assert queries.workflow("paper").rules == SHIPPED


def test_rows_that_lead_nowhere_are_refused_all_at_once(people):
    wrong = [Rule("limbo", "accept", "accepted", "reviews.aprove")]
    assert codes(lambda: actions.set_workflow(workflow="paper", rules=wrong, acting_user=people.anna)) == [
        "unknown-permission", "unreachable-state", "nothing-submitted",
    ]  # fmt: skip


def test_the_database_knows_the_rules_too(people):
    accepted(people)
    again = {"record": "paper:1", "workflow": "paper", "verb": "accept", "state": "proposed", "to": "accepted", "made_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():  # a number is taken once
        Step.objects.create(number=2, made_by="carla", **again)
    with pytest.raises(IntegrityError), transaction.atomic():  # nobody is their own second person
        Step.objects.create(number=3, made_by="anna", maker="anna", **again)
    for change in (
        lambda: Step.objects.update(made_by="dora"),
        lambda: Signature.objects.update(meaning="No."),
        Signature.objects.all().delete,
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_a_signature_copied_to_another_record_does_not_verify(people):
    accepted(people)
    connection.check_constraints()  # PostgreSQL changes no table that has checks still to be made
    with guards.lifted(connection):
        Signature.objects.update(record="paper:999")
        connection.check_constraints()
    problems, _ = queries.check_signatures()
    assert [problem.code for problem in problems] == ["signature-altered"]
