"""A timeline says for every day what the last word about that day was."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.timelines import timeline

START = date(2026, 1, 1)
DAYS = 12
SCHEMA = {
    "code": pl.String, "value": pl.Int64, "valid_from": pl.Date, "valid_to": pl.Date, "commit_seq": pl.Int64, "retracted": pl.Boolean,
}  # fmt: skip


def day(number: int | None) -> date | None:
    return None if number is None else START + timedelta(days=number)


bounds = st.one_of(st.none(), st.integers(0, DAYS))
rows = st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 3), bounds, bounds, st.integers(1, 4), st.booleans()), max_size=12)


def naive(history: list[tuple], code: str, on: date) -> int | None:
    """The value on one day, by asking every row in the order it became known."""
    found = None
    for row_code, value, valid_from, valid_to, _, retracted in sorted(history, key=lambda row: row[4]):
        if row_code == code and (valid_from or date.min) <= on < (valid_to or date.max):
            found = None if retracted else value
    return found


@settings(deadline=None)
@given(rows)
def test_every_day_says_what_was_said_last(made):
    history = [(code, value, day(start), day(end), seq, gone) for code, value, start, end, seq, gone in made]
    found = timeline(pl.DataFrame(history, schema=SCHEMA, orient="row"), ["code"]).rows(named=True)
    for code in "ab":
        for number in range(-2, DAYS + 3):
            on = START + timedelta(days=number)
            holding = [
                row["value"]
                for row in found
                if row["code"] == code and (row["valid_from"] or date.min) <= on < (row["valid_to"] or date.max)
            ]
            expected = naive(history, code, on)
            assert holding == ([] if expected is None else [expected])


@settings(deadline=None)
@given(rows)
def test_intervals_are_sorted_and_no_longer_than_needed(made):
    history = [(code, value, day(start), day(end), seq, gone) for code, value, start, end, seq, gone in made]
    found = timeline(pl.DataFrame(history, schema=SCHEMA, orient="row"), ["code"])
    assert found.columns == ["code", "value", "valid_from", "valid_to"]
    for before, after in zip(found.rows(), found.rows()[1:], strict=False):
        if before[0] == after[0]:
            assert before[3] is not None and before[3] <= after[2]
            assert before[3] < after[2] or before[1] != after[1]
