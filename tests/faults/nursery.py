"""A process that has imported everything and forks one child per scenario: a trial costs a tenth of a second, not several.

It forks before Polars starts its threads or Django opens a connection, so a child is as good as a fresh process. Reads one
JSON list per line from stdin, of scenarios that run at the same time; answers with the children's numbers, then with how they ended.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import django
from django.urls import get_resolver

LATE = ("cleanco", "django.core.serializers.json")  # what is imported where it is first used


def main() -> None:
    """Serve until stdin ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")
    django.setup()
    scenarios = {**importlib.import_module("tests.faults.scenarios").EVERY, **importlib.import_module("tests.faults.job_scenarios").JOBS}
    scenarios |= importlib.import_module("tests.faults.upload_scenarios").UPLOADS
    list(get_resolver().url_patterns)  # every page and operation is loaded once, not in each child
    for late in LATE:
        importlib.import_module(late)
    importlib.import_module("steelyard.intake.checking.codes").currency_codes()
    gc.collect()
    gc.freeze()  # a child that looked for garbage in all of this would copy it
    for line in sys.stdin:
        children = []
        for wanted in json.loads(line):
            child = os.fork()
            if child == 0:
                os._exit(_live(wanted, scenarios[wanted["scenario"]]))
            children.append(child)
            _answer(child)
        for child in children:
            _answer(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _live(wanted: dict, scenario: Callable[..., None]) -> int:
    """Be a fresh process with this home, database, failpoint; stop first if a tracer is to attach."""
    from django.conf import settings
    from django.db import connections

    from steelyard.ledger import failpoints

    settings.STEELYARD_HOME = Path(wanted["home"])
    connections["default"].settings_dict["NAME"] = wanted["database"]
    failpoints._WANTED = wanted["failpoint"]
    with Path(wanted["output"]).open("w") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
        sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
        if wanted["stop"]:
            os.kill(os.getpid(), signal.SIGSTOP)
        try:
            scenario(*wanted["arguments"])
        except BaseException:  # noqa: BLE001  a child reports everything and ends
            traceback.print_exc()
            return 1
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
    return 0


if __name__ == "__main__":
    main()
