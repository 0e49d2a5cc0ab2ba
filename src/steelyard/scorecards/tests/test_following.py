"""Open periods follow the data; a run is proved once; a publication may be of one subject."""

from __future__ import annotations

import pytest

from steelyard.accounts.actions import change_user
from steelyard.audit.queries import entries
from steelyard.calc.errors import Refused
from steelyard.frameworks.actions import apply
from steelyard.jobs.actions import work_off
from steelyard.ledger.queries import head
from steelyard.scorecards import actions, queries
from steelyard.scorecards.models import Publication, Run
from tests.journeys.conftest import HEAD


def test_open_periods_are_scored_again_when_the_data_moved_on(channel):
    first = channel.score()
    assert actions.follow(acting_user=channel.people.anna) == []
    channel.sell(("Z9", "1", "ALP", "2012-10-06", "REA-1", "1", "EUR"))
    (again,) = actions.follow(acting_user=channel.people.anna)
    assert (again.period, again.framework_id) == (first.period, first.framework_id)
    assert again.cut > first.cut


def test_a_period_that_can_no_longer_be_scored_stops_no_other(channel):
    for framework in ("partner", "representative", "territory"):
        channel.score(framework)
    text = HEAD.format(subject="partner").replace("grain: quarter", "grain: month")
    apply(text=text, acting_user=channel.people.carla)
    channel.sell(("Z9", "1", "ALP", "2012-10-06", "REA-1", "1", "EUR"))
    with pytest.raises(Refused) as refused:
        actions.follow(acting_user=channel.people.anna)
    assert [(problem.code, problem.where) for problem in refused.value.problems] == [("wrong-grain", "partner 2012-Q4")]
    assert [code for code, _ in queries.open_periods(head())] == ["partner"]  # the others follow the data


def test_a_version_to_come_with_another_grain_leaves_periods_before_it_to_the_one_in_force(channel):
    first = channel.score()
    text = HEAD.format(subject="partner").replace("grain: quarter", "grain: month\neffective: 2013-01-31")
    apply(text=text, acting_user=channel.people.carla)
    channel.sell(("Z9", "1", "ALP", "2012-10-06", "REA-1", "1", "EUR"))
    assert channel.score().framework_id == first.framework_id
    assert actions.order_score(framework="partner", period="2012-Q4", acting_user=channel.people.anna)
    with pytest.raises(Refused, match="scores by month"):
        channel.score(period="2013-Q1")


def test_what_is_public_stays_as_it_is(channel):
    channel.score()
    channel.publish("ben")
    channel.sell(("Z9", "1", "ALP", "2012-10-06", "REA-1", "1", "EUR"))
    assert actions.follow(acting_user=channel.people.anna) == []


def test_a_run_is_computed_again_once_and_then_proved(channel, monkeypatch):
    run = channel.score()
    actions.publish(framework="partner", period=run.period, subject="ALP", acting_user=channel.people.ben)
    assert Run.objects.get(pk=run.pk).proved_at is not None
    monkeypatch.setattr(actions, "score", None)  # computing again would fail
    actions.publish(framework="partner", period=run.period, subject="BOR", acting_user=channel.people.ben)
    assert queries.published("partner", run.period) is None
    assert queries.published("partner", run.period, "ALP").subject == "ALP"
    assert queries.published("partner", run.period, "CAS") is None


def test_a_proved_run_whose_file_was_touched_is_refused(channel, settings):
    run = channel.score()
    actions.publish(framework="partner", period=run.period, subject="ALP", acting_user=channel.people.ben)
    from steelyard.scorecards import files

    path = files.home() / run.items_path
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(Refused, match="not what was written"):
        actions.publish(framework="partner", period=run.period, subject="BOR", acting_user=channel.people.ben)


def test_the_newest_publication_is_in_force_be_it_of_all_or_of_one(channel):
    run = channel.score()
    actions.publish(framework="partner", period=run.period, subject="ALP", acting_user=channel.people.ben)
    whole = channel.publish("ben")
    assert queries.published("partner", run.period, "ALP").pk in (whole.pk, whole.pk - 1)
    assert queries.published("partner", run.period, "BOR").pk == whole.pk


def test_an_unknown_subject_is_not_published(channel):
    run = channel.score()
    with pytest.raises(Refused, match="did not score this"):
        actions.publish(framework="partner", period=run.period, subject="NOBODY", acting_user=channel.people.ben)


def test_ordered_scoring_and_publishing_happen_in_the_worker(channel):
    actions.order_score(framework="partner", period="2012-Q4", acting_user=channel.people.anna)
    work_off()
    run = queries.run_to_publish("partner", "2012-Q4")
    with pytest.raises(Refused, match="second person"):
        actions.order_publication(run=run, reason="mine", acting_user=channel.people.anna)
    for _ in range(2):  # pressed twice
        actions.order_publication(run=run, reason="seen", acting_user=channel.people.ben)
    work_off()
    assert [entry.reason for entry in Publication.objects.all()] == ["seen"]


def test_an_ordered_publication_says_which_job_did_it(channel):
    run = channel.score()
    job = actions.order_publication(run=run, reason="agreed", acting_user=channel.people.ben)
    work_off()
    assert queries.published("partner", run.period).published_by == "ben"
    assert entries(action="scorecards.publish").get().origin == f"job {job.pk}"


def test_who_lost_the_permission_meanwhile_publishes_no_more(channel):
    run = channel.score()
    actions.order_publication(run=run, reason="agreed", acting_user=channel.people.ben)
    change_user(username="ben", roles=["auditor"], acting_user=channel.people.system)
    work_off()
    assert queries.published("partner", run.period) is None
