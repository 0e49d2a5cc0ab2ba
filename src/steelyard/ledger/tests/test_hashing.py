"""Hashes are ours and stable: the numbers here were written down once and must never change."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.ledger import hashing
from steelyard.ledger.ordering import ordered
from steelyard.ledger.schema import kind_named

FRAME = pl.DataFrame(
    {
        "text": ["a", "", None, "Zürich", "x" * 33],
        "number": [0, -1, 2**63 - 1, None, 5],
        "day": [date(2026, 1, 1), None, date(1970, 1, 1), date(1900, 2, 28), date(9999, 12, 31)],
        "flag": [True, False, None, True, False],
    },
    schema={"text": pl.String, "number": pl.Int64, "day": pl.Date, "flag": pl.Boolean},
)
GOLDEN = [
    2177597106018962779,
    17997719580872709590,
    3352660374232137313,
    208091226744917640,
    8800758294880462906,
]
texts = st.lists(st.one_of(st.none(), st.text(max_size=40)), min_size=1, max_size=60)


def test_the_hashes_of_these_values_never_change():
    assert hashing.row_hashes(FRAME, FRAME.columns, start="orders").tolist() == GOLDEN


def test_a_column_added_later_and_the_order_of_columns_change_nothing():
    before = hashing.row_hashes(FRAME, FRAME.columns)
    later = FRAME.with_columns(pl.lit(None, dtype=pl.String).alias("later"))
    assert (hashing.row_hashes(later, reversed(later.columns)) == before).all()


@settings(deadline=None)
@given(texts)
def test_many_equal_values_hash_as_one_does(values):
    column = pl.Series("text", values, dtype=pl.String)
    single = [hashing.row_hashes(column[at : at + 1].to_frame(), ["text"])[0] for at in range(len(values))]
    repeated = pl.concat([column] * 50)
    assert hashing.row_hashes(column.to_frame(), ["text"]).tolist() == single
    assert hashing.row_hashes(repeated.to_frame(), ["text"]).tolist() == single * 50


def test_blank_text_zero_no_and_null_differ():
    frame = pl.DataFrame({"text": ["", None], "number": [0, None], "flag": [False, None]})
    for name in frame.columns:
        first, second = hashing.row_hashes(frame, [name])
        assert first != second


def test_values_in_another_column_hash_differently():
    frame = pl.DataFrame({"a": ["x", None], "b": [None, "x"]})
    first, second = hashing.row_hashes(frame, ["a", "b"])
    assert first != second


def test_a_million_distinct_texts_do_not_collide():
    column = pl.Series("text", [f"SO{number}" for number in range(1_000_000)])
    assert not hashing.has_repeats(hashing.row_hashes(column.to_frame(), ["text"]))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "é", None]), st.one_of(st.none(), st.dates())), max_size=30))
def test_segment_order_is_party_then_date_then_as_given(rows):
    kind = kind_named("orders")
    frame = pl.DataFrame(
        [{"party": party, "date": day, "source_row": at} for at, (party, day) in enumerate(rows)],
        schema={"party": pl.String, "date": pl.Date, "source_row": pl.Int64},
    )
    assert ordered(kind, frame).equals(frame.sort("party", "date", maintain_order=True))
