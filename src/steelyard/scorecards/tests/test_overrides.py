"""Overrides: by two people, with a reason and an end, beside a calculated score that never changes."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction

from steelyard.accounts.actions import add_user, deactivate_user
from steelyard.approvals.queries import steps
from steelyard.audit.queries import entries
from steelyard.calc.errors import Conflict, Missing, Refused
from steelyard.frameworks.actions import apply
from steelyard.ledger.scope import EVERYTHING, Scope
from steelyard.scorecards.models import Override, Result
from steelyard.scorecards.overrides import actions, queries
from tests.journeys.conftest import HEAD

PERIOD = "2012-Q2"
INSIDE, AFTER = date(2012, 6, 30), date(2012, 7, 1)
ONLY_BOR = Scope(everything=False, partners=frozenset({"BOR"}))


def add(asked, username, *roles, **grants):
    return add_user(username=username, name=username.title(), roles=roles, acting_user=asked.people.system, **grants)


@pytest.fixture
def asked(channel):
    """A scored period, and how somebody proposes an override of Alpine's level in it."""
    run = channel.score(period=PERIOD)

    def propose(**changed):
        wanted = {"framework": "partner", "subject": "ALP", "period": PERIOD, "reason": "the plant burnt down", "scope": EVERYTHING,
                  "acting_user": channel.people.anna, "level": "Gold"}  # fmt: skip
        return actions.propose(**{**wanted, **changed})

    return SimpleNamespace(run=run, propose=propose, people=channel.people)


def codes(call):
    with pytest.raises(Refused) as refused:
        call()
    return [problem.code for problem in refused.value.problems]


def approve(asked, made, by=None):
    return actions.approve(override=made.pk, acting_user=by or asked.people.ben, scope=EVERYTHING)


def test_it_counts_only_once_somebody_else_approved_it(asked):
    made = asked.propose()
    assert queries.overrides_in_force("partner", INSIDE) == {}
    assert codes(lambda: approve(asked, made, asked.people.anna)) == ["second-person"]
    approve(asked, made)
    assert list(queries.overrides_in_force("partner", INSIDE)) == ["ALP"]
    assert queries.of_run(asked.run, "ALP")["ALP"] == made
    assert queries.of_run(asked.run, "BOR") == {}
    assert queries.of_runs([asked.run], "ALP")[asked.run.pk] == made


def test_the_calculated_score_stays_what_it_was(asked):
    before = list(Result.objects.values_list("subject", "total", "level", "receipt"))
    approve(asked, asked.propose())
    assert list(Result.objects.values_list("subject", "total", "level", "receipt")) == before


def test_it_ends_with_its_last_day(asked):
    approve(asked, asked.propose())
    assert queries.overrides_in_force("partner", AFTER) == {}
    assert queries.overrides_in_force("partner", date(2012, 3, 31)) == {}
    longer = asked.propose(subject="BOR", expires=date(2012, 12, 31))
    approve(asked, longer)
    assert list(queries.overrides_in_force("partner", date(2012, 12, 31))) == ["BOR"]


def test_it_ends_when_it_is_withdrawn_with_a_reason(asked):
    made = approve(asked, asked.propose())
    assert codes(lambda: actions.withdraw(override=made.pk, reason=" ", acting_user=asked.people.anna, scope=EVERYTHING)) == ["no-reason"]
    actions.withdraw(override=made.pk, reason="the insurer paid", acting_user=asked.people.anna, scope=EVERYTHING)
    assert queries.overrides_in_force("partner", INSIDE) == {}
    assert [step.verb for step in steps(made.record)] == ["propose", "approve", "withdraw"]
    assert entries(action="override.withdraw").get().reason == "the insurer paid"


def test_a_decision_is_taken_once(asked):
    made = approve(asked, asked.propose())
    assert approve(asked, made) == made  # a second click of the same person
    with pytest.raises(Conflict) as late:
        approve(asked, made, add(asked, "bea", "operator"))
    assert "Ben Baumann: approve" in str(late.value)
    assert [step.verb for step in steps(made.record)] == ["propose", "approve"]
    refused = asked.propose(subject="BOR")
    actions.refuse(override=refused.pk, reason="no", acting_user=asked.people.ben, scope=EVERYTHING)
    with pytest.raises(Conflict):
        approve(asked, refused)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"reason": "  "}, "no-reason"),
        ({"level": "", "points": None}, "override-what"),
        ({"points": 1_000_000}, "override-what"),
        ({"level": "", "points": 101_000_000}, "out-of-limits"),
        ({"level": "", "points": -1}, "out-of-limits"),
        ({"level": "Paltinum", "points": None}, "unknown-level"),
        ({"subject": "ALPINE"}, "unknown-subject"),
        ({"expires": date(2012, 3, 31)}, "override-expiry"),
        ({"period": "2012"}, "wrong-grain"),
        ({"expires": date(2013, 6, 30)}, "override-expiry"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(asked, changed, code):
    assert code in codes(lambda: asked.propose(**changed))
    assert not Override.objects.exists()


def test_there_is_one_at_a_time(asked):
    made = asked.propose()
    assert asked.propose() == made  # a second click of the same person
    assert codes(lambda: asked.propose(acting_user=asked.people.ben)) == ["override-twice"]
    assert codes(lambda: asked.propose(level="Bronze")) == ["override-twice"]
    actions.withdraw(override=Override.objects.get().pk, reason="anew", acting_user=asked.people.anna, scope=EVERYTHING)
    asked.propose()


def test_days_of_two_overrides_never_overlap(asked):
    approve(asked, asked.propose(expires=AFTER))
    assert codes(lambda: asked.propose(period="2012-Q3")) == ["override-twice"]
    approve(asked, asked.propose(subject="BOR"))
    assert asked.propose(subject="BOR", period="2012-Q3").starts == AFTER  # the day after the last one


def test_a_level_is_one_of_the_version_that_scored_the_period(asked):
    renamed = HEAD.format(subject="partner").replace("Gold", "Platinum").replace("grain:", "effective: 2012-07-01\ngrain:")
    apply(text=renamed, acting_user=asked.people.carla)
    assert codes(lambda: asked.propose(level="Platinum")) == ["unknown-level"]
    assert asked.propose(level="Gold").level == "Gold"


def test_a_score_that_is_calculated_anew_keeps_its_override(asked, channel):
    made = asked.propose()
    (before,) = queries.with_calculated([made])
    channel.sell(("LATE", "1", "ALP", "2012-05-02", "REA-1", "9000", "EUR"))
    anew = channel.score(period=PERIOD)
    (after,) = queries.with_calculated([made])
    assert anew.run_id != asked.run.run_id and after.total > before.total
    decided = {"override": made.pk, "acting_user": asked.people.ben, "scope": EVERYTHING}
    with pytest.raises(Conflict) as moved:  # whoever looked at the former score is told first
        actions.approve(**decided, seen=before.seen)
    assert "calculated anew" in str(moved.value)
    actions.approve(**decided, seen=after.seen)
    assert queries.of_run(anew, "ALP")["ALP"] == made


def test_who_was_deactivated_proposes_nothing_and_what_they_proposed_can_be_decided(asked):
    made, carla = asked.propose(acting_user=asked.people.carla), asked.people.carla
    deactivate_user(username="carla", acting_user=asked.people.system)
    assert codes(lambda: asked.propose(subject="BOR", acting_user=carla)) == ["inactive-user"]
    assert codes(lambda: actions.withdraw(override=made.pk, reason="x", acting_user=carla, scope=EVERYTHING)) == ["inactive-user"]
    assert approve(asked, made).state == "approved"


def test_hints_name_nobody_outside_the_scope(asked):
    with pytest.raises(Refused) as refused:
        asked.propose(subject="BORR", scope=Scope(everything=False, partners=frozenset({"BORR"})))
    assert "BOR`" not in str(refused.value) and "ALP" not in str(refused.value)


def test_outside_the_scope_there_is_nothing(asked):
    with pytest.raises(Missing):
        asked.propose(scope=ONLY_BOR)
    made = asked.propose()
    for verb in (actions.approve, actions.refuse, actions.withdraw):
        extra = {} if verb is actions.approve else {"reason": "x"}
        with pytest.raises(Missing):
            verb(override=made.pk, acting_user=asked.people.ben, scope=ONLY_BOR, **extra)
    assert queries.listed(scope=ONLY_BOR) == []


def test_partners_own_people_decide_nothing(asked):
    own = add(asked, "olga", "partner_administrator", grants=[("partner", "ALP")])
    made = asked.propose()
    assert codes(lambda: approve(asked, made, own)) == ["own-partner"]


def test_what_an_override_says_cannot_be_changed_in_the_database(asked):
    made = asked.propose()
    with pytest.raises(DatabaseError), transaction.atomic():
        Override.objects.filter(pk=made.pk).update(points=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Override.objects.filter(pk=made.pk).delete()


def test_a_card_shows_both_what_was_calculated_and_what_overrides_it(asked):
    from steelyard.scorecards.cards import of_run

    before = of_run(asked.run, "ALP")
    assert before.override is None
    approve(asked, asked.propose())
    card = of_run(asked.run, "ALP")
    assert (card.level, card.total) == (before.level, before.total)
    assert (card.override.level, card.override.decided_by) == ("Gold", "ben")


def test_in_an_open_window_it_ends_with_the_last_day_that_the_data_knew_whatever_the_clock_says(asked):
    approve(asked, asked.propose(expires=date(2012, 6, 15)))

    def beside(known):
        run = SimpleNamespace(
            pk=1, framework=asked.run.framework, period_start=date(2012, 4, 1), period_end=date.max, known_through=known
        )  # fmt: skip
        return queries.of_runs([run], "ALP")

    assert beside(date(2012, 6, 15)) and not beside(date(2012, 6, 16))
