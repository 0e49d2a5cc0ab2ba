"""The level that is held, from the levels earned: it rises and falls only when the framework's calendars say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ..framework.model import Framework, Standing
from ..periods import FiscalCalendar
from ..periods.days import days_in_month
from .turns import is_turn, stretch

_MOST_PERIODS = {"week": 530, "month": 120, "quarter": 40, "half": 20, "year": 10}


@dataclass(frozen=True, slots=True)
class Holding:
    """The level that is held. ``since``: the first day it counts; ``rose``: the first day of the last rise, for `hold`.

    A date of None is not known: it was so from the start. ``level`` None: no level at all.
    """

    level: str | None
    since: date | None = None
    rose: date | None = None

    def as_dict(self) -> dict[str, str | None]:
        """Plain values, for JSON."""
        since, rose = (None if day is None else day.isoformat() for day in (self.since, self.rose))
        return {"level": self.level, "since": since, "rose": rose}

    @classmethod
    def of(cls, told: Mapping[str, str | None]) -> Holding:
        """The standing that `as_dict` wrote."""
        since, rose = told.get("since"), told.get("rose")
        return cls(told.get("level"), date.fromisoformat(since) if since else None, date.fromisoformat(rose) if rose else None)


@dataclass(frozen=True, slots=True)
class Earned:
    """What an evaluation says: the level earned; ``decided`` no where there is no total to decide by."""

    level: str | None
    decided: bool = True


def follow(
    framework: Framework,
    before: Holding | None,
    earned: Earned,
    as_of: date,
    calendar: FiscalCalendar,
    cycles: Mapping[str, Sequence[date]],
) -> Holding:
    """The standing after one evaluation. ``before`` None: the first one, from the level that the framework starts with."""
    rules = framework.standing
    places = {level.name: place for place, level in enumerate(framework.levels)}
    if rules is None:
        since = before.since if before is not None and before.level == earned.level else as_of
        return Holding(earned.level, since)
    if before is None or (before.level is not None and before.level not in places):
        before = Holding(rules.start)
    days = stretch(framework, rules.evaluate, as_of, calendar)
    if not earned.decided or not is_turn(rules.evaluate, days, calendar, cycles):
        return before
    held, reached = places.get(before.level or "", -1), places.get(earned.level or "", -1)
    effect = _takes_effect(rules, as_of)
    if reached > held and is_turn(rules.promote, days, calendar, cycles):
        return Holding(earned.level, effect, effect)
    if reached < held and is_turn(rules.demote, days, calendar, cycles) and _hold_is_over(framework, rules, before, as_of, calendar):
        lowest = reached if rules.steps is None else max(reached, held - rules.steps)
        return replace(before, level=framework.levels[lowest].name if lowest >= 0 else None, since=effect)
    return before


def next_change(
    framework: Framework, holding: Holding, level: str | None, as_of: date, calendar: FiscalCalendar, cycles: Mapping[str, Sequence[date]]
) -> date | None:
    """The as-of date at which the standing first changes if the same level is earned until then; None: not within ten years."""
    if framework.standing is None or holding.level == level or (framework.grain == "window" and calendar.pattern != "dates"):
        return None
    period = calendar.containing(as_of, framework.grain)
    for _ in range(_MOST_PERIODS.get(framework.grain, 120)):
        if period.end == date.max or (framework.grain == "window" and period.index + 1 >= len(calendar.dates)):
            return None
        period = calendar.shift(period, 1)
        if period.end != date.max and follow(framework, holding, Earned(level), period.as_of, calendar, cycles).level != holding.level:
            return period.as_of
    return None


def _takes_effect(rules: Standing, as_of: date) -> date:
    if rules.takes_effect == "same day":
        return as_of
    return date(as_of.year, as_of.month, days_in_month(as_of.year, as_of.month)) + timedelta(days=1)


def _hold_is_over(framework: Framework, rules: Standing, before: Holding, as_of: date, calendar: FiscalCalendar) -> bool:
    """Whether the last rise is so long ago that the level may fall."""
    if rules.hold is None or before.rose is None:
        return True
    return calendar.earlier(as_of, rules.hold.count, rules.hold.unit, framework.grain) >= before.rose
