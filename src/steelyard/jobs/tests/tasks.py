"""Tasks that behave as tests need them to."""

from __future__ import annotations

from django_tasks import task

from steelyard.calc.errors import Problem, Refused
from steelyard.jobs import actions
from steelyard.jobs.running import current

SEEN: list[object] = []  # what the tasks did, in order


@task()
def note(what, acting_user="system"):
    """Do something that can be counted."""
    SEEN.append(what)
    return {"noted": what}


@task(priority=10)
def urgent():
    """Comes first."""
    SEEN.append("urgent")


@task()
def stumble(times):
    """Fail so many times, then succeed."""
    if current.get().attempt <= times:
        raise ValueError(f"stumbled at attempt {current.get().attempt}")
    SEEN.append("arrived")


@task()
def refuse():
    """What no repetition makes better."""
    raise Refused(Problem("bad-file", "this is no spreadsheet", "file", "x.pdf", "send a spreadsheet"))


@task()
def count_to(most):
    """Report progress and stop when asked to."""
    for number in range(1, most + 1):
        actions.report(number, most)
        SEEN.append(number)
        if number == 3:
            actions.cancel(job=current.get().job)
        if actions.cancelled():
            return


@task()
def lose_it():
    """Another worker takes the job over while this one works."""
    running = current.get()
    from steelyard.jobs.models import Job

    Job.objects.filter(pk=running.job).update(worker="another", attempts=running.attempt + 1)
    SEEN.append("worked in vain")
    actions.report(1)
    SEEN.append("never")
