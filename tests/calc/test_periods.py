"""Periods partition time, labels read back, windows hold the days they say."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.calc.errors import Refused
from steelyard.calc.framework.model import Window
from steelyard.calc.framework.windows import parse_window
from steelyard.calc.periods import READY_WINDOWS, FiscalCalendar, add_months, months_between

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
WINDOWS_2012 = (date(2012, 1, 1), date(2012, 4, 15), date(2012, 9, 28), date(2013, 1, 1))
YEARS_OF_WEEKS = st.builds(
    FiscalCalendar,
    start_month=st.integers(1, 12),
    pattern=st.sampled_from(["445", "454", "544"]),
    week_starts=st.integers(0, 6),
    year_ends=st.sampled_from(["last", "nearest"]),
)
CALENDARS = st.one_of(st.builds(FiscalCalendar, start_month=st.integers(1, 12)), YEARS_OF_WEEKS)
GRAINS = st.sampled_from(["week", "month", "quarter", "half", "year"])
RETAIL = FiscalCalendar(start_month=2, pattern="454", week_starts=6, year_ends="nearest")
BY_DATES = FiscalCalendar("atlas", pattern="dates", dates=WINDOWS_2012)


@given(CALENDARS, GRAINS, DAYS)
def test_every_day_lies_in_exactly_one_period(calendar, grain, day):
    period = calendar.containing(day, grain)
    assert day in period
    assert calendar.containing(period.start, grain) == period
    assert calendar.containing(period.as_of, grain) == period
    assert calendar.shift(period, 1).start == period.end
    assert calendar.shift(period, -1).end == period.start


@given(CALENDARS, GRAINS, DAYS)
def test_a_label_reads_back_to_its_period(calendar, grain, day):
    period = calendar.containing(day, grain)
    assert calendar.period(period.label) == period


@given(CALENDARS, DAYS, st.integers(0, 800))
def test_cells_cover_a_stretch_of_time_without_gap(calendar, first, length):
    last = first + timedelta(days=length)
    cells = calendar.cells(first, last)
    assert first in cells[0] and last in cells[-1]
    assert all(a.end == b.start and a.index + 1 == b.index for a, b in itertools.pairwise(cells))


@given(CALENDARS, DAYS)
def test_longer_periods_are_made_of_months(calendar, day):
    for grain, months in (("quarter", 3), ("half", 6), ("year", 12)):
        period = calendar.containing(day, grain)
        cells = calendar.cells(period.start, period.as_of)
        assert len(cells) == months
        assert (cells[0].start, cells[-1].end) == (period.start, period.end)


@given(CALENDARS, DAYS)
def test_a_week_of_eight_days_does_not_exist(calendar, day):
    """ERPNext's supplier scorecard had a "week" that ended on its eighth day."""
    week = calendar.containing(day, "week")
    assert (week.end - week.start).days == 7


@given(YEARS_OF_WEEKS.filter(lambda calendar: calendar.year_ends == "last"), DAYS)
def test_a_year_of_weeks_has_52_or_53_of_them_and_ends_in_the_month_before_its_start_month(calendar, day):
    year = calendar.containing(day, "year")
    assert (year.end - year.start).days in (364, 371)
    assert (year.as_of.month % 12) + 1 == calendar.start_month
    assert year.start.weekday() == calendar.week_starts
    assert int(year.label) == year.as_of.year


@pytest.mark.parametrize(
    ("calendar", "label", "start", "end"),
    [
        (FiscalCalendar(), "2012-Q4", date(2012, 10, 1), date(2013, 1, 1)),
        (FiscalCalendar(), "2012-11", date(2012, 11, 1), date(2012, 12, 1)),
        (FiscalCalendar(), "2012-H2", date(2012, 7, 1), date(2013, 1, 1)),
        (FiscalCalendar(), "2012", date(2012, 1, 1), date(2013, 1, 1)),
        (FiscalCalendar(), "2012-W05", date(2012, 1, 30), date(2012, 2, 6)),
        (FiscalCalendar(), "2020-W53", date(2020, 12, 28), date(2021, 1, 4)),
        (FiscalCalendar(start_month=7), "2012", date(2011, 7, 1), date(2012, 7, 1)),
        (FiscalCalendar(start_month=7), "2012-Q1", date(2011, 7, 1), date(2011, 10, 1)),
        (FiscalCalendar(start_month=7), "2012-11", date(2012, 11, 1), date(2012, 12, 1)),
        (FiscalCalendar(start_month=4), "2013-H2", date(2012, 10, 1), date(2013, 4, 1)),
        # the retail calendar of the United States: Saturday nearest 31 January, named there after the year it begins in
        (RETAIL, "2013", date(2012, 1, 29), date(2013, 2, 3)),
        (
            RETAIL,
            "2013-P12",
            date(2012, 12, 30),
            date(2013, 2, 3),
        ),
        (RETAIL, "2013-W53", date(2013, 1, 27), date(2013, 2, 3)),
        (BY_DATES, "2012-09-28", date(2012, 9, 28), date(2013, 1, 1)),
        (BY_DATES, "2013-01-01", date(2013, 1, 1), date.max),
        (BY_DATES, "2012-Q1", date(2012, 1, 1), date(2012, 4, 1)),
    ],
)
def test_labels_mean_these_days(calendar, label, start, end):
    period = calendar.period(label)
    assert (period.start, period.end, period.label) == (start, end, label)


@pytest.mark.parametrize(
    ("label", "hint"),
    [
        ("2012-Q5", "a quarter is Q1 to Q4: 2012-Q4"),
        ("2012-H0", "a half is H1 to H2: 2012-H2"),
        ("2012-13", "a month is 01 to 12: 2012-12"),
        ("2012-1", "write 2012-01"),
        ("2012-W53", "2012 has 52 weeks: 2012-W52"),
        ("found", "2012-Q4, 2012-11, 2012-H2, 2012 or 2012-W05"),
        ("", "2012-Q4"),
        ("0044-Q1", "years run from 1900 to 2200"),
        ("2012-P03", "2012-06"),
        ("2012-09-28", "2012-Q4"),
    ],
)
def test_a_bad_label_is_refused_with_a_good_one(label, hint):
    with pytest.raises(Refused) as refused:
        FiscalCalendar().period(label)
    (problem,) = refused.value.problems
    assert problem.code == "bad-period"
    assert hint in problem.hint


def test_a_window_is_named_by_its_first_day():
    with pytest.raises(Refused) as refused:
        BY_DATES.period("2012-09-30")
    assert "the nearest is 2012-09-28" in refused.value.problems[0].hint
    with pytest.raises(Refused):
        BY_DATES.containing(date(2011, 12, 31), "window")
    assert [cell.label for cell in BY_DATES.cells(date(2000, 1, 1), date(2012, 9, 27))] == ["2012-01-01", "2012-04-15"]


@pytest.mark.parametrize(
    "wrong",
    [{"start_month": 13}, {"pattern": "4-4-5"}, {"week_starts": 7}, {"year_ends": "first"}, {"pattern": "dates"},
     {"pattern": "dates", "dates": (date(2012, 1, 2), date(2012, 1, 1))}],
)  # fmt: skip
def test_a_calendar_that_cannot_be_is_refused(wrong):
    with pytest.raises(Refused):
        FiscalCalendar(**wrong)


JUNE_END = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("text", "as_of", "grain", "start", "end"),
    [
        ("period", JUNE_END, "quarter", date(2026, 4, 1), date(2026, 7, 1)),
        ("period", date(2026, 5, 20), "quarter", date(2026, 4, 1), date(2026, 5, 21)),
        ("month", JUNE_END, "quarter", date(2026, 6, 1), date(2026, 7, 1)),
        ("ttm", JUNE_END, "quarter", date(2025, 7, 1), date(2026, 7, 1)),
        ("prior_ttm", JUNE_END, "quarter", date(2024, 7, 1), date(2025, 7, 1)),
        ("ytd", JUNE_END, "quarter", date(2026, 1, 1), date(2026, 7, 1)),
        ("ever", JUNE_END, "quarter", date.min, date(2026, 7, 1)),
        ("previous", JUNE_END, "quarter", date(2026, 1, 1), date(2026, 4, 1)),
        ("last_year", JUNE_END, "quarter", date(2025, 4, 1), date(2025, 7, 1)),
        ("last 90 days", JUNE_END, "month", date(2026, 4, 2), date(2026, 7, 1)),
        ("last 2 quarters", JUNE_END, "month", date(2026, 1, 1), date(2026, 7, 1)),
        ("last 3 periods", JUNE_END, "half", date(2025, 1, 1), date(2026, 7, 1)),
        ("last 12 months, 6 months earlier", JUNE_END, "quarter", date(2025, 1, 1), date(2026, 1, 1)),
        ("all time, 30 days earlier", JUNE_END, "quarter", date.min, date(2026, 6, 1)),
        ("month, 1 year earlier", date(2024, 2, 29), "month", date(2023, 2, 1), date(2023, 3, 1)),
        ("month, 1 year earlier", date(2025, 2, 28), "month", date(2024, 2, 1), date(2024, 3, 1)),
        ("period, 2 periods earlier", date(2026, 6, 28), "week", date(2026, 6, 8), date(2026, 6, 15)),
    ],
)
def test_windows_hold_these_days(text, as_of, grain, start, end):
    assert FiscalCalendar().window(parse_window(text), as_of, grain) == (start, end)


def test_a_window_without_a_length_keeps_the_measures_own():
    calendar = FiscalCalendar()
    three_months = Window("month", 3)
    assert calendar.window(READY_WINDOWS["last_year"], JUNE_END, "quarter", three_months) == (date(2025, 4, 1), date(2025, 7, 1))
    earlier = Window("month", 3, 6, "months")
    assert calendar.window(READY_WINDOWS["last_year"], JUNE_END, "quarter", earlier) == (date(2024, 10, 1), date(2025, 1, 1))


def test_windows_of_a_calendar_of_dates():
    assert BY_DATES.window(Window("period"), date(2012, 12, 31), "window") == (date(2012, 9, 28), date(2013, 1, 1))
    assert BY_DATES.window(READY_WINDOWS["previous"], date(2012, 12, 31), "window") == (date(2012, 4, 15), date(2012, 9, 28))
    assert BY_DATES.window(Window("period", 9), date(2012, 12, 31), "window") == (date(2012, 1, 1), date(2013, 1, 1))
    assert BY_DATES.window(Window("month", 12), date(2012, 12, 31), "window") == (date(2012, 1, 1), date(2013, 1, 1))


@given(CALENDARS, GRAINS, DAYS, st.integers(1, 8))
def test_the_previous_period_of_a_period_end_is_a_whole_period(calendar, grain, day, count):
    period = calendar.containing(day, grain)
    before = calendar.shift(period, -count)
    assert calendar.window(Window("period", 1, count, "periods"), period.as_of, grain) == (before.start, before.end)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2024, 2, 29), -12, date(2023, 2, 28)),
        (date(2023, 2, 28), 12, date(2024, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 2, 28), 1, date(2026, 3, 31)),
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2026, 3, 15), -3, date(2025, 12, 15)),
    ],
)
def test_months_later(day, months, then):
    assert add_months(day, months) == then


@given(DAYS, st.integers(-200, 200))
def test_months_there_and_between(day, months):
    assert months_between(day, add_months(day, months)) == months


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 1, 15), date(2026, 2, 14), 0),
        (date(2026, 1, 15), date(2026, 2, 15), 1),
        (date(2026, 2, 15), date(2026, 1, 15), -1),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
    ],
)
def test_full_months_between(earlier, later, months):
    assert months_between(earlier, later) == months
