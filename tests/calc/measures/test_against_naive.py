"""Phase 1 against a naive model: values, counted rows and excluded rows, on generated ledgers."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steelyard.calc.measures import partial
from steelyard.calc.measures.evaluate import evaluate
from steelyard.calc.measures.listing import list_rows
from steelyard.calc.measures.plan import window_of
from steelyard.calc.units import DECIMALS, Blank
from steelyard.scorecards.cache import Cache

from . import naive
from .generated import CALENDARS, EXAMPLES, LINES, POLICIES, SEEDS, SUBJECTS, Case, by_day_measures

drawn = given(seed=SEEDS, lines=LINES, subject=st.sampled_from(sorted(SUBJECTS)), calendar=st.sampled_from(sorted(CALENDARS)))


def often(share):
    """So many of the usual number of examples; the fixture `home` may be shared, because files are named by the case."""
    return settings(max_examples=max(1, int(EXAMPLES * share)), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("convert", POLICIES)
@often(0.2)
@drawn
def test_every_reading_is_what_plain_loops_over_standing_rows_give(home, convert, seed, lines, subject, calendar):
    case = Case(seed, lines, subject, calendar, convert, Cache(str(seed), f"{lines}{subject}{calendar}"))
    live = {kind: ledger.live for kind, ledger in case.facts.items()}
    model = naive.Naive(case.framework, case.calendar, live, by_day_measures(case.cube.plan))
    for reading, column in evaluate(case.cube, case.points, case.readings).items():
        window = window_of(case.framework, case.framework.measures[reading.measure], reading.window)
        for place, (who, as_of) in enumerate(zip(case.points.subjects, case.points.as_of, strict=True)):
            start, end = case.calendar.window(window, as_of, case.grain)
            excluded = {reason: rows[place] for reason, rows in column.excluded.items() if rows[place]}
            reached = (column.values[place], column.counted[place], excluded)
            assert reached == model.read(reading.measure, who, start, end), f"'{reading}' of {who} from {start} to {end}"


@often(0.2)
@drawn
def test_the_rows_listed_behind_a_figure_add_up_to_it_and_name_the_rule_that_excluded_them(seed, lines, subject, calendar):
    case = Case(seed, lines, subject, calendar, "line date")
    column_of = evaluate(case.cube, case.points, case.readings)
    for reading in case.random.sample(sorted(case.readings, key=str), 4):
        place = case.random.randrange(len(case.points))
        measure = case.framework.measures[reading.measure]
        span = case.calendar.window(window_of(case.framework, measure, reading.window), case.points.as_of[place], case.grain)
        table = list_rows(
            case.cube.plan, case.cube.resolver, case.facts[measure.fact].frame().lazy(), measure, case.points.subjects[place], *span
        )
        column = column_of[reading]
        assert_adds_up(table, measure, column.values[place])
        ruled_out = {reason: rows[place] for reason, rows in column.excluded.items() if rows[place]}
        listed = dict(table.filter(~table["counted"])["reason"].value_counts().iter_rows())
        assert ruled_out.items() <= listed.items()
        if not measure.once_per:
            assert table["counted"].sum() == column.counted[place]


def assert_adds_up(table, measure, value):
    """The contributions of the listed rows make the value, to the last digit."""
    counted = table.filter("counted")
    if isinstance(value, Blank):
        assert counted.is_empty() or value.reason.startswith("report_missing")
        return
    unit = naive.MEASURES[measure.name].unit
    unit = "number" if measure.aggregate in ("mean", "median") and unit == "count" else unit
    if measure.aggregate in ("sum", "count", "count_distinct", "first", "last") and unit in DECIMALS:
        assert table["contribution"].sum() == value * 10 ** DECIMALS[unit]
    elif measure.aggregate == "mean":
        assert table["contribution"].sum() == value * counted.height * 10 ** DECIMALS[unit]
    elif measure.aggregate in ("min", "max") and unit in DECIMALS:
        assert {"min": min, "max": max}[measure.aggregate](counted["contribution"]) == value * 10 ** DECIMALS[unit]
    elif measure.aggregate == "median":
        assert counted["contribution"].sort().median() == float(value * 10 ** DECIMALS[unit])
    else:
        assert value in counted["value"].to_list()


@often(0.1)
@drawn
def test_the_part_of_some_subjects_is_all_of_theirs_and_nothing_else(seed, lines, subject, calendar):
    case = Case(seed, lines, subject, calendar, "line date")
    for whole in case.cube.partials.values():
        for tables in (
            whole,
            partial.Partial(whole.sums.sort("#group"), {name: table.sort("#group") for name, table in whole.keyed.items()}),
        ):
            known = tables.sums.select(partial.SUBJECT).to_series().unique().sort()
            some = known.sample(fraction=case.random.random(), seed=seed)
            part = partial.of_subjects(tables, some)
            for name, table in {"": tables.sums, **tables.keyed}.items():
                found = part.keyed[name] if name in part.keyed and table is not tables.sums else part.sums
                assert sorted(found.rows(), key=repr) == sorted(table.filter(partial.SUBJECT.is_in(some.implode())).rows(), key=repr)


@often(0.1)
@drawn
def test_how_many_rows_are_resolved_at_a_time_changes_nothing(seed, lines, subject, calendar):
    case = Case(seed, lines, subject, calendar, "line date")
    whole = evaluate(case.cube, case.points, case.readings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partial, "CHUNK", 5 + seed % 20)
        patch.setattr(partial, "SAMPLE", 1 + seed % 3)
        assert evaluate(case.cube_again(Random(seed + 1)), case.points, case.readings) == whole
