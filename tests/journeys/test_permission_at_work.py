"""A job looks again whether its person may: what somebody asked for and may no longer do when its turn comes does not happen."""

from __future__ import annotations

import inspect
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps
from django_tasks.base import Task

from steelyard.calc.errors import Refused

pytestmark = pytest.mark.django_db

PERIOD = "2012-Q4"
FILE = {"sha256": "0" * 64, "name": "orders.csv", "kind": "orders", "source": "erp", "mapping": "", "lookups": {}}
IN_SOMEBODYS_NAME = {  # task: what it is called with beside the person
    "steelyard.intake.tasks.check_file": {"file": FILE},
    "steelyard.intake.tasks.bring_in": {"file": FILE},
    "steelyard.intake.tasks.read_again": {"batch": 1},
    "steelyard.scorecards.tasks.score_period": {"framework": "partner", "period": PERIOD},
    "steelyard.scorecards.tasks.publish_run": {"framework": "partner", "period": PERIOD, "cut": 1, "version": 1, "reason": ""},
    "steelyard.reviews.tasks.publish": {"review": 1},
    "steelyard.attribution.tasks.learn_from_decisions": {},
    "steelyard.comparisons.tasks.compare_workbook": {"sha256": "0" * 64, "name": "west.xlsx", "mapping": "", "run": "none"},
}
PERSON = ("acting_user", "by")


def tasks() -> dict[str, Task]:
    """Every task of every room, by its name."""
    rooms = [config.name for config in apps.get_app_configs() if config.name.startswith("steelyard.") and find_spec(f"{config.name}.tasks")]
    found = [one for room in rooms for one in vars(import_module(f"{room}.tasks")).values() if isinstance(one, Task)]
    return {f"{one.func.__module__}.{one.func.__qualname__}": one for one in found}


def test_every_task_in_somebodys_name_is_in_the_table():
    named = {name for name, one in tasks().items() if not set(PERSON).isdisjoint(inspect.signature(one.func).parameters)}
    assert named == set(IN_SOMEBODYS_NAME)


@pytest.mark.parametrize("name", IN_SOMEBODYS_NAME)
def test_who_may_no_longer_is_refused_when_the_job_runs(name, cast):
    job = tasks()[name].func
    person = next(one for one in PERSON if one in inspect.signature(job).parameters)
    with pytest.raises(Refused) as refused:
        job(**IN_SOMEBODYS_NAME[name], **{person: cast.dora.username})  # an auditor by now
    assert [problem.code for problem in refused.value.problems] == ["not-allowed"]
