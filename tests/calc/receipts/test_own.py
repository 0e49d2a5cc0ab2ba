"""One subject's rows and the masters they need give the same readings as everybody's rows and all masters."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from steelyard.calc.measures.evaluate import Cube, evaluate
from steelyard.calc.measures.known import read_coverage
from steelyard.calc.measures.partial import reduce
from steelyard.calc.receipts import own_histories, own_rows, tables
from steelyard.calc.resolve import Resolver
from tests.calc.measures import world
from tests.calc.measures.generated import CALENDARS, LINES, POLICIES, SEEDS, SUBJECTS, Case
from tests.thoroughness import examples


def alone(case, codes, day):
    """The rows and histories of one subject, as a bundle holds them."""
    plan, resolver = case.cube.plan, Resolver(world.histories())
    rows = {}
    for kind in plan.facts:
        facts = case.facts[kind].frame().lazy()
        scans = [scan for scan in plan.scans if scan.fact == kind]
        partner = dict(zip(case.framework.subject, codes, strict=True)).get("partner", "")
        rows[kind] = (
            own_rows.coverage_of(resolver, facts, partner) if kind == "coverage" else own_rows.rows_of(plan, scans, resolver, facts, codes)
        )
    rows = {kind: tables.from_text(tables.to_text(frame), kind) for kind, frame in rows.items()}
    return rows, own_histories.of_rows(world.histories(), case.framework, codes, rows, day)


def cube_of(case, rows, histories):
    plan, resolver = case.cube.plan, Resolver(histories)
    found = {scan.name: reduce(plan, scan, resolver, own_rows.as_facts(scan.fact, rows[scan.fact]), 10**6) for scan in plan.scans}
    coverage = read_coverage(own_rows.as_facts("coverage", rows["coverage"]), resolver) if "coverage" in rows else None
    return Cube(plan, resolver, {name: partial for name, partial in found.items() if partial is not None}, coverage)


def told(column, place):
    return column.values[place], column.counted[place], {reason: rows[place] for reason, rows in column.excluded.items() if rows[place]}


@pytest.mark.parametrize("convert", POLICIES)
@settings(max_examples=examples(2), deadline=None, phases=[Phase.explicit, Phase.generate])  # a case is told by its seed
@given(seed=SEEDS, lines=LINES, subject=st.sampled_from(sorted(SUBJECTS)), calendar=st.sampled_from(sorted(CALENDARS)))
def test_a_subjects_own_rows_and_masters_give_the_same_readings(convert, seed, lines, subject, calendar):
    case = Case(seed, lines, subject, calendar, convert)
    whole = evaluate(case.cube, case.points, case.readings)
    for codes in case.random.sample(sorted(set(case.points.subjects)), 2):
        places = [place for place, other in enumerate(case.points.subjects) if other == codes]
        points = case.points.take(places)
        rows, histories = alone(case, codes, max(points.as_of))
        found = evaluate(cube_of(case, rows, histories), points, case.readings)
        for reading, column in found.items():
            for place, everywhere in enumerate(places):
                assert told(column, place) == told(whole[reading], everywhere), f"{reading} of {codes}"
        if subject == "partner":
            others = {code for code, *_ in world.PARTNERS} - set(codes)
            assert not others & {*histories.partners["code"], *histories.aliases["partner"], *histories.authorities["partner"].drop_nulls()}


def test_rows_come_in_an_order_that_depends_on_nothing_but_the_rows():
    frame = pl.DataFrame(
        {"b": ["x", None, "", 'a "quoted"\u2028line\nend'], "a": [2, None, -1, 2**62], "day": [None, None, None, None]}
    ).cast({"day": pl.Date})
    text = tables.to_text(frame)
    assert text == tables.to_text(frame.reverse())
    assert tables.from_text(text, "rows").equals(frame.sort("b", "a", "day", nulls_last=True))
    assert tables.from_text(tables.to_text(frame.clear()), "rows").schema == frame.schema
