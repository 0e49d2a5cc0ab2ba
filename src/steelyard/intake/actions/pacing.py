"""How far an import is, for the job that does it; and where it may be stopped: before anything is written, never after."""

from __future__ import annotations

from steelyard.calc.errors import Problem, Refused
from steelyard.jobs import actions as jobs

STEPS = 3  # every row is read and checked, prepared, written


class Stopped(Refused):
    """Somebody cancelled the job between two steps."""

    def __init__(self) -> None:
        super().__init__(Problem("cancelled", "the import was cancelled; nothing was written", hint="bring the file in again"))


def step(number: int, rows: int) -> None:
    """So many steps are done for all rows; stops here if the job is cancelled. Outside a job this does nothing."""
    jobs.report(number * rows, STEPS * rows)
    if number < STEPS and jobs.cancelled():
        raise Stopped
