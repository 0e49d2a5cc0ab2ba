"""When an answer is due, in working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from steelyard.calc.errors import Problem, Refused


@dataclass(frozen=True, slots=True)
class Terms:
    """How many working days an answer may take, and which days are none (0 is Monday)."""

    working_days: int = 5
    weekend: tuple[int, ...] = (5, 6)
    holidays: tuple[date, ...] = ()

    def due(self, asked: date) -> date:
        """The last of so many working days after the day of the question."""
        day, left = asked, self.working_days
        while left:
            day += timedelta(days=1)
            if day.weekday() not in self.weekend and day not in self.holidays:
                left -= 1
        return day


DEFAULT = Terms()


def read(working_days: int, weekend: str, holidays: str) -> Terms:
    """Terms from texts as people write them; refused with every problem."""
    problems: list[Problem] = []
    off: list[int] = []
    days: list[date] = []
    if not 1 <= working_days <= 90:
        problems.append(Problem("bad-terms", "an answer takes 1 to 90 working days", "working_days", str(working_days)))
    for text in _listed(weekend):
        if text in {"0", "1", "2", "3", "4", "5", "6"}:
            off.append(int(text))
        else:
            problems.append(Problem("bad-terms", "a day of the week is 0 (Monday) to 6 (Sunday)", "weekend", text, "write 5,6"))
    for text in _listed(holidays):
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            problems.append(Problem("bad-terms", "this is not a day", "holidays", text, "write 2026-12-25, 2026-12-26"))
    if len(set(off)) == 7:
        problems.append(Problem("bad-terms", "at least one day of the week has to be a working day", "weekend", weekend))
    if problems:
        raise Refused(problems)
    return Terms(working_days, tuple(sorted(set(off))), tuple(sorted(set(days))))


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
