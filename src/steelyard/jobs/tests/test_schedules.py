"""What recurs is started once for each moment, whoever asks and whatever the clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from steelyard.jobs import actions, queries, schedules

from . import tasks

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 29, 0, 59, 50, tzinfo=UTC)  # ten seconds before a European clock jumps


@pytest.fixture
def at(settings, monkeypatch):
    settings.JOB_SCHEDULES = (("noting", 60, "steelyard.jobs.tests.tasks.urgent"),)
    tasks.SEEN.clear()

    def tick(seconds: float) -> int:
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + timedelta(seconds=seconds))
        started = actions.tick()
        actions.work_off()
        return started

    return tick


def test_each_moment_starts_one_job(at):
    assert [at(seconds) for seconds in (0, 1, 9, 10, 30, 69, 70, 71)] == [1, 0, 0, 1, 0, 0, 1, 0]
    assert tasks.SEEN == ["urgent"] * 3


def test_where_nothing_is_due_nobody_who_writes_has_to_wait(at, django_assert_num_queries):
    assert at(0) == 1
    with django_assert_num_queries(1):
        assert actions.tick() == 0


def test_several_workers_start_it_once(at):
    at(0)
    assert sum(at(10) for _ in range(5)) == 1


def test_a_clock_set_right_by_a_second_starts_nothing_twice(at):
    assert [at(seconds) for seconds in (0, 10, 9.5, 10.2)] == [1, 1, 0, 0]


def test_a_clock_that_jumps_an_hour_back_stops_nothing(at):
    assert [at(seconds) for seconds in (0, -3600, -3595, -3540)] == [1, 1, 0, 1]


def test_what_was_missed_is_started_once(at):
    assert [at(seconds) for seconds in (0, 7200, 7201)] == [1, 1, 0]


def test_what_still_waits_is_not_queued_again(at, monkeypatch):
    monkeypatch.setattr(actions, "work_off", lambda: 0)
    at(0), at(60), at(120)
    assert queries.jobs().count() == 1


def test_every_declared_schedule_names_a_task():
    assert [schedule.loaded().name for schedule in schedules.declared()]
