"""The fiscal calendar: which periods there are, which holds a day, which days a window holds.

Every grain has one numbering (`Period.index`) and two functions between numbers and days; everything else follows from
them. Fiscal years are named after the calendar year in which they end.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from ..errors import Problem, Refused
from ..framework.model import Window
from .days import ONE_DAY, add_months
from .labels import bad_label, label, read_label
from .period import GRAINS, Period
from .weeks import PATTERNS, WEEK, first_weeks, month_of_week, year_start

_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_OPEN_END = date.max


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """How a company cuts time.

    ``pattern`` months: calendar months, the year beginning with ``start_month``. 445, 454, 544: years of whole weeks
    that begin on ``week_starts`` (0 is Monday); ``year_ends`` last or nearest says on which such day (`weeks`).
    dates: windows that begin on the given ``dates``, the last one open; months and years as under `months`.
    """

    code: str = "default"
    start_month: int = 1
    pattern: str = "months"
    week_starts: int = 0
    year_ends: str = "last"
    dates: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip(self.dates, self.dates[1:], strict=False))
        checks = (
            (1 <= self.start_month <= 12, "the start month is not a month", self.start_month, "write 1 to 12"),
            (
                self.pattern in {"months", "dates", *PATTERNS},
                "the pattern is not known",
                self.pattern,
                "write months, 445, 454, 544 or dates",
            ),
            (0 <= self.week_starts < WEEK, "the first day of the week is not a weekday", self.week_starts, "write 0 (Monday) to 6"),
            (self.year_ends in ("last", "nearest"), "the end of the year is not known", self.year_ends, "write last or nearest"),
            (self.dates or self.pattern != "dates", "a calendar of dates has no dates", "", "give the first day of each window"),
            (rising, "the dates do not rise", ", ".join(map(str, self.dates)), "sort them, each day once"),
        )
        place = f"calendar `{self.code}`"
        problems = [Problem("bad-calendar", message, place, str(found), hint) for good, message, found, hint in checks if not good]
        if problems:
            raise Refused(problems)

    # periods ----------------------------------------------------------------------------------------------------

    def period(self, text: str) -> Period:
        """The period of a label. Raises Refused with an example of a good one."""
        if self.pattern == "dates" and text.strip().count("-") == 2:
            return self._window_of(text.strip())
        kind, year, number = read_label(text, self._examples())
        grain = "month" if kind == "fiscal month" else kind
        if (kind == "fiscal month") != (self._in_weeks and grain == "month"):
            raise bad_label(
                text, f"months of calendar `{self.code}` are written {self.at('month', self.index(date(year, 6, 15), 'month')).label}"
            )
        if grain == "week":
            return self._week(text, year, number)
        if grain == "month" and not self._in_weeks:
            return self.containing(date(year, number, 1), "month")
        return self.at(grain, year * (12 // _MONTHS[grain]) + max(number - 1, 0))

    def at(self, grain: str, index: int) -> Period:
        """The period with this number."""
        return Period(self._start(grain, index), self._start(grain, index + 1), self._label(grain, index), grain, index)

    def containing(self, day: date, grain: str) -> Period:
        """The period that holds a day. Raises Refused where no window has begun yet."""
        return self.at(grain, self.index(day, grain))

    def shift(self, period: Period, count: int) -> Period:
        """The period so many later (earlier, if negative)."""
        index = period.index + count
        if period.grain == "window" and not 0 <= index < len(self.dates):
            raise Refused(
                Problem(
                    "no-window", f"calendar `{self.code}` has no window {abs(count)} {'later' if count > 0 else 'earlier'} than {period}"
                )
            )
        return self.at(period.grain, index)

    def periods(self, grain: str, first_day: date, last_day: date) -> list[Period]:
        """Every period with a day from the first to the last, both included."""
        if grain == "window" and self.dates:
            first_day = max(first_day, self.dates[0])
        if first_day > last_day:
            return []
        first = self.containing(first_day, grain)
        return [self.at(grain, index) for index in range(first.index, self.index(last_day, grain) + 1)]

    def cells(self, first_day: date, last_day: date) -> list[Period]:
        """The finest fiscal units, of which every longer period is made: months, or the windows of a calendar of dates."""
        return self.periods("window" if self.pattern == "dates" else "month", first_day, last_day)

    def index(self, day: date, grain: str) -> int:
        """The number of the period that holds a day."""
        if grain not in GRAINS:
            raise Refused(Problem("bad-grain", f"`{grain}` is not a grain", "", "", f"write {', '.join(GRAINS)}"))
        if grain == "week":
            return (day.toordinal() - 1 - self._first_weekday) // WEEK
        if grain == "window":
            return self._window_index(day)
        return self._fiscal_month(day) // _MONTHS[grain]

    # windows ----------------------------------------------------------------------------------------------------

    def window(self, window: Window, as_of: date, grain: str, own: Window | None = None) -> tuple[date, date]:
        """First day of a window and the day after its last, at an as-of date, for a framework of this grain.

        A window without a length is the measure's ``own``, seen from as far back as the window says.
        """
        seen_from = self.earlier(as_of, window.shift, window.shift_unit, grain)
        if window.unit is None:
            return self.window(own or Window("period"), seen_from, grain)
        after = seen_from + ONE_DAY
        if window.unit == "all time":
            return date.min, after
        if window.unit == "days":
            return after - timedelta(days=window.count), after
        unit = {"period": grain, "year to date": "year"}.get(window.unit, window.unit)
        if unit == "window" and self.dates and seen_from < self.dates[0]:
            return after, after  # before the first window there is nothing, not even a window
        index = self.index(seen_from, unit) - window.count + 1
        if unit == "window":
            index = max(index, 0)
        return self._start(unit, index), after

    def earlier(self, day: date, count: int, unit: str, grain: str) -> date:
        """The day so many days, months, quarters, years or periods earlier; the last day of a month or window stays a last day."""
        if count == 0:
            return day
        unit = grain if unit == "periods" else unit.removesuffix("s")
        if unit in ("day", "week"):
            return day - timedelta(days=count * (WEEK if unit == "week" else 1))
        if unit != "window" and not self._in_weeks:
            return add_months(day, -count * _MONTHS[unit])
        here = self.containing(day, "window" if unit == "window" else "month")
        if unit == "window" and count > here.index:
            return self.dates[0] - ONE_DAY  # before the first window: nothing is known there
        there = self.shift(here, -count * _MONTHS.get(unit, 1))
        return there.as_of if day == here.as_of else min(there.start + (day - here.start), there.as_of)

    # numbers <-> days -------------------------------------------------------------------------------------------

    @property
    def _in_weeks(self) -> bool:
        return self.pattern in PATTERNS

    @property
    def _first_weekday(self) -> int:
        return self.week_starts if self._in_weeks else 0

    def _year_start(self, year: int) -> date:
        return year_start(year, self.start_month, self.week_starts, self.year_ends)

    def _fiscal_month(self, day: date) -> int:
        """Months since fiscal year 0."""
        if not self._in_weeks:
            return day.year * 12 + day.month - 1 + (13 - self.start_month) % 12
        year = day.year + 1
        while self._year_start(year) > day:
            year -= 1
        return year * 12 + month_of_week((day - self._year_start(year)).days // WEEK, self.pattern)

    def _start(self, grain: str, index: int) -> date:
        if grain == "week":
            return date.fromordinal(index * WEEK + 1 + self._first_weekday)
        if grain == "window":
            return self.dates[index] if index < len(self.dates) else _OPEN_END
        month = index * _MONTHS[grain]
        if not self._in_weeks:
            year, rest = divmod(month - (13 - self.start_month) % 12, 12)
            return date(year, rest + 1, 1)
        year, rest = divmod(month, 12)
        return self._year_start(year) + timedelta(weeks=first_weeks(self.pattern)[rest])

    def _label(self, grain: str, index: int) -> str:
        start = self._start(grain, index)
        if grain == "window":
            return start.isoformat()
        if grain == "month" and not self._in_weeks:
            return label("month", start.year, start.month)
        if grain == "week" and not self._in_weeks:
            year, week, _ = start.isocalendar()
            return label("week", year, week)
        if grain == "week":
            year = self._fiscal_month(start) // 12
            return label("week", year, (start - self._year_start(year)).days // WEEK + 1)
        year, number = divmod(index, 12 // _MONTHS[grain])
        return label("fiscal month" if grain == "month" else grain, year, number + 1)

    # labels -----------------------------------------------------------------------------------------------------

    def _week(self, text: str, year: int, number: int) -> Period:
        first = self._year_start(year) if self._in_weeks else date.fromisocalendar(year, 1, 1)
        week = self.containing(first + timedelta(weeks=number - 1), "week")
        if week.label != label("week", year, number):
            raise bad_label(text, f"{year} has 52 weeks: {label('week', year, 52)}")
        return week

    def _window_of(self, text: str) -> Period:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise bad_label(text, f"write for example {self._examples()}") from None
        if day not in self.dates:
            near = min(self.dates, key=lambda start: abs((start - day).days))
            raise bad_label(text, f"windows of calendar `{self.code}` are named by their first day; the nearest is {near}")
        return self.at("window", self.dates.index(day))

    def _window_index(self, day: date) -> int:
        if self.pattern != "dates":
            hint = "use week, month, quarter, half or year, or a calendar of dates"
            raise Refused(Problem("no-window", f"calendar `{self.code}` has no windows", "", f"pattern {self.pattern}", hint))
        index = bisect_right(self.dates, day) - 1
        if index < 0:
            raise Refused(
                Problem("no-window", f"no window of calendar `{self.code}` holds {day}", "", "", f"the first begins on {self.dates[0]}")
            )
        return index

    def _examples(self) -> str:
        month = "2012-P11" if self._in_weeks else "2012-11"
        window = f"{self.dates[0]}, " if self.pattern == "dates" else ""
        return f"{window}2012-Q4, {month}, 2012-H2, 2012 or 2012-W05"
