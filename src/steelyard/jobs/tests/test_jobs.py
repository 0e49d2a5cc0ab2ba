"""Jobs: queued with the transaction, done once, tried again, cancelled, taken over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus

from steelyard.calc.errors import Conflict, Missing
from steelyard.jobs import actions, leases, queries, work
from steelyard.jobs.models import Job, State, Worker

from . import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seen():
    tasks.SEEN.clear()
    return tasks.SEEN


def later(job: Job, **values) -> None:
    Job.objects.filter(pk=job.pk).update(**values)


def test_a_job_is_done_once_and_keeps_its_result(seen):
    result = tasks.note.enqueue("this", acting_user="anna")
    assert seen == [] and result.status == TaskResultStatus.READY
    assert actions.work_off() == 1
    assert actions.work_off() == 0
    result.refresh()
    assert (seen, result.return_value, queries.job(int(result.id)).actor) == (["this"], {"noted": "this"}, "anna")


def test_a_transaction_that_is_rolled_back_queues_nothing():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tasks.note.enqueue("never")
        raise ZeroDivisionError
    assert not queries.jobs().exists()


def test_the_same_key_is_the_same_job():
    first = actions.enqueue(tasks.note, {"what": 1}, key="upload:1")
    assert actions.enqueue(tasks.note, {"what": 2}, key="upload:1") == first
    assert actions.work_off() == 1 and tasks.SEEN == [1]


def test_what_came_to_nothing_can_be_wanted_again_under_its_key(seen):
    job = actions.enqueue(tasks.refuse, key="publish:1")
    actions.work_off()
    assert actions.enqueue(tasks.note, {"what": "second", "acting_user": "ben"}, key="publish:1").pk == job.pk
    actions.work_off()
    assert (seen, queries.job(job.pk).state, queries.job(job.pk).actor) == (["second"], State.DONE, "ben")


def test_the_urgent_comes_first_and_the_future_waits(seen):
    tasks.note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("tomorrow")
    tasks.note.enqueue("now")
    tasks.urgent.enqueue()
    assert actions.work_off() == 2
    assert seen == ["urgent", "now"]


def test_what_fails_is_tried_again_after_a_pause(seen):
    job = actions.enqueue(tasks.stumble, {"times": 2})
    assert actions.work_off() == 1
    waits = queries.job(job.pk)
    assert waits.state == State.WAITING and timedelta() < waits.run_after - timezone.now() <= timedelta(seconds=2)
    assert actions.work_off() == 0
    actions.work_off(pauses=True)
    ended = queries.job(job.pk)
    assert (ended.state, ended.attempts, ended.error, seen) == (State.DONE, 3, "", ["arrived"])
    assert [one["message"] for one in ended.errors] == ["stumbled at attempt 1", "stumbled at attempt 2"]


def test_the_poisoned_fails_for_good_with_its_reason_and_the_queue_moves(seen):
    poison = actions.enqueue(tasks.stumble, {"times": 99})
    tasks.note.enqueue("next")
    actions.work_off(pauses=True)
    failed = queries.job(poison.pk)
    assert (failed.state, failed.attempts, failed.error) == (State.FAILED, 5, "stumbled at attempt 5")
    assert len(failed.errors) == 5 and seen == ["next"]


def test_pauses_grow_and_differ():
    pauses = [[leases.pause(attempt) for _ in range(20)] for attempt in range(1, 6)]
    assert all(len(set(row)) > 10 for row in pauses)
    assert all(max(row) <= 2 * 4**n for n, row in enumerate(pauses)) and min(pauses[4]) > max(pauses[2])


def test_what_is_refused_is_not_tried_again():
    job = actions.enqueue(tasks.refuse)
    actions.work_off(pauses=True)
    failed = queries.job(job.pk)
    assert (failed.state, failed.attempts) == (State.FAILED, 1)
    assert "no spreadsheet" in failed.error and "send a spreadsheet" in failed.error


def test_a_task_that_the_program_no_longer_has_says_so():
    job = actions.enqueue(tasks.note, {"what": 1})
    later(job, task="steelyard.jobs.tests.tasks.gone")
    actions.work_off(pauses=True)
    assert "gone" in queries.job(job.pk).error and queries.job(job.pk).state == State.FAILED


def test_a_failed_job_can_be_tried_again_and_a_done_one_cannot(seen):
    job = actions.enqueue(tasks.refuse)
    actions.work_off()
    later(job, task=tasks.note.module_path, kwargs={"what": "again"})
    actions.retry(job=job.pk)
    actions.work_off()
    assert seen == ["again"] and queries.job(job.pk).state == State.DONE
    with pytest.raises(Conflict):
        actions.retry(job=job.pk)
    with pytest.raises(Missing):
        actions.retry(job=0)


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_at_its_next_step(seen):
    waits = actions.enqueue(tasks.note, {"what": 1})
    assert actions.cancel(job=waits.pk).state == State.CANCELLED
    runs = actions.enqueue(tasks.count_to, {"most": 9})
    actions.work_off()
    ended = queries.job(runs.pk)
    assert seen == [1, 2, 3]
    assert (ended.state, ended.done, ended.total, queries.percent(ended)) == (State.CANCELLED, 3, 9, 33)
    with pytest.raises(Conflict):
        actions.cancel(job=runs.pk)


def test_a_lease_that_ran_out_is_taken_over_and_one_that_holds_is_not(seen):
    job = actions.enqueue(tasks.note, {"what": "mine now"})
    assert leases.claim("killed").pk == job.pk
    assert leases.claim("second") is None
    later(job, lease_until=timezone.now() - timedelta(seconds=1))
    taken = leases.claim("second")
    assert (taken.pk, taken.worker, taken.attempts) == (job.pk, "second", 2)
    assert [one["worker"] for one in taken.errors] == ["killed"]
    assert work.attempt(taken, "second") == State.DONE and seen == ["mine now"]


def test_a_worker_that_slept_through_its_lease_changes_nothing(seen):
    job = actions.enqueue(tasks.note, {"what": 1})
    slept = leases.claim("slept")
    later(job, lease_until=timezone.now() - timedelta(seconds=1))
    leases.claim("second")
    assert work.attempt(slept, "slept") == State.RUNNING
    assert (queries.job(job.pk).worker, queries.job(job.pk).result) == ("second", None)


def test_a_task_that_lost_its_job_cannot_commit(seen):
    actions.enqueue(tasks.lose_it)
    actions.work_off(1)
    assert seen == ["worked in vain"]


def test_a_job_that_kills_its_workers_fails_in_the_end():
    job = actions.enqueue(tasks.note, {"what": 1})
    for number in range(5):
        assert leases.claim(f"victim {number}").pk == job.pk
        later(job, lease_until=timezone.now() - timedelta(seconds=1))
    assert leases.claim("survivor") is None
    failed = queries.job(job.pk)
    assert failed.state == State.FAILED and "died 5 times" in failed.error and "victim 4" in failed.error


def test_a_worker_that_leaves_gives_back_what_it_held():
    job = actions.enqueue(tasks.note, {"what": 1})
    leases.beat("first", timezone.now())
    leases.claim("first")
    leases.leave("first")
    assert queries.workers() == [] and queries.heard_of() is None
    assert leases.claim("second").pk == job.pk


def test_old_jobs_are_forgotten_and_failed_ones_stay():
    for task in (tasks.note, tasks.refuse):
        actions.enqueue(task, {"what": 1} if task is tasks.note else None)
    actions.work_off()
    Job.objects.update(finished_at=timezone.now() - timedelta(days=31))
    Worker.objects.create(name="killed", started_at=timezone.now(), beat_at=timezone.now() - timedelta(days=2))
    assert actions.forget() == 1
    assert [job.state for job in queries.jobs()] == [State.FAILED] and queries.workers() == []


def test_the_queue_says_how_it_stands():
    tasks.note.enqueue(1)
    job = actions.enqueue(tasks.note, {"what": 2})
    later(job, run_after=timezone.now() - timedelta(minutes=5))
    found = queries.waiting()
    assert found.by_state["waiting"] == 2 and 300 <= found.oldest_seconds < 310
