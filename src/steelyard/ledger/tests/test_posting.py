"""Posting: what is new, repeated, corrected or contradictory, and what stands at each cut."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from steelyard.ledger import actions, queries
from steelyard.ledger.actions import Replaces
from steelyard.ledger.scope import EVERYTHING, NOTHING, Scope

pytestmark = pytest.mark.django_db


def orders(*rows: tuple) -> pl.DataFrame:
    """Order lines from (document, line, party, day of January 2026, amount)."""
    return pl.DataFrame(
        [
            {"document": d, "line": n, "party": p, "date": date(2026, 1, day), "amount": amount, "currency": "EUR", "source_row": row}
            for row, (d, n, p, day, amount) in enumerate(rows, start=2)
        ],
        schema={
            "document": pl.String, "line": pl.String, "party": pl.String, "date": pl.Date, "amount": pl.Int64,
            "currency": pl.String, "source_row": pl.Int64,
        },
    )  # fmt: skip


def post(*rows, batch=1, source="erp", **more):
    return actions.post("orders", orders(*rows), source=source, batch=batch, acting_user="anna", **more)


def standing(cut=None, scope=EVERYTHING) -> list[tuple]:
    """Net rows: (document, line, amount) -> how often."""
    frame = queries.facts("orders", cut=cut, scope=scope, columns=["document", "line", "amount", "sign"]).collect()
    net = frame.group_by("document", "line", "amount").agg(pl.col("sign").cast(pl.Int64).sum()).filter(pl.col("sign") != 0)
    return sorted(net.rows(), key=str)


def test_new_lines_are_one_commit():
    posted = post(("A", "1", "p", 1, 100), ("A", "2", "p", 1, 200))
    assert (posted.commit_seq, posted.new, posted.duplicates) == (1, 2, 0)
    assert standing() == [("A", "1", 100, 1), ("A", "2", 200, 1)]


def test_the_same_lines_again_use_no_number():
    post(("A", "1", "p", 1, 100))
    again = post(("A", "1", "p", 1, 100), batch=2)
    assert (again.commit_seq, again.duplicates, queries.head()) == (None, 1, 1)


def test_a_changed_amount_is_a_reversal_and_a_new_row():
    post(("A", "1", "p", 1, 100), ("A", "2", "p", 1, 200))
    posted = post(("A", "1", "p", 1, 150), batch=2)
    assert (posted.restated, posted.new) == (1, 0)
    rows = queries.facts("orders", scope=EVERYTHING).sort("row_id").collect()
    reversal = rows.filter(pl.col("sign") == -1).to_dicts()[0]
    original = rows.filter(pl.col("row_id") == reversal["reverses_row_id"]).to_dicts()[0]
    differing = {name for name in original if original[name] != reversal[name]}
    assert differing == {"sign", "row_id", "reverses_row_id", "commit_seq"}
    assert standing() == [("A", "1", 150, 1), ("A", "2", 200, 1)]
    assert standing(cut=1) == [("A", "1", 100, 1), ("A", "2", 200, 1)]


def test_back_to_the_first_amount_is_another_restatement():
    for batch, amount in enumerate((100, 150, 100), start=1):
        post(("A", "1", "p", 1, amount), batch=batch)
    assert queries.head() == 3
    assert [standing(cut) for cut in (1, 2, 3)] == [[("A", "1", 100, 1)], [("A", "1", 150, 1)], [("A", "1", 100, 1)]]


def test_two_contents_for_one_key_in_one_posting_are_both_returned():
    posted = post(("A", "1", "p", 1, 100), ("A", "1", "p", 1, 101), ("B", "1", "p", 1, 5))
    assert (posted.conflicts, posted.new) == (2, 1)
    assert posted.classified.of("conflict")["source_row"].to_list() == [2, 3]


def test_a_numbered_line_twice_counts_once_and_an_unnumbered_line_twice_counts_twice():
    posted = post(("A", "1", "p", 1, 100), ("A", "1", "p", 1, 100), ("B", None, "p", 1, 7), ("B", None, "p", 1, 7))
    assert (posted.new, posted.duplicates) == (3, 1)
    assert standing() == [("A", "1", 100, 1), ("B", None, 7, 2)]
    again = post(("B", None, "p", 1, 7), ("B", None, "p", 1, 7), batch=2)
    assert (again.new, again.duplicates) == (0, 2)


def test_unnumbered_lines_match_by_content_before_order():
    post(("B", None, "p", 1, 7), ("B", None, "p", 1, 8), ("B", None, "p", 1, 9))
    posted = post(("B", None, "p", 1, 9), ("B", None, "p", 1, 70), ("B", None, "p", 1, 8), ("B", None, "p", 1, 10), batch=2)
    assert (posted.duplicates, posted.restated, posted.new) == (2, 1, 1)
    assert sorted(amount for _, _, amount, _ in standing()) == [8, 9, 10, 70]


def test_another_source_is_another_key():
    post(("A", "1", "p", 1, 100))
    assert post(("A", "1", "p", 1, 100), source="pos").new == 1


def test_an_older_version_never_replaces_a_newer_one():
    def versioned(amount, version):
        return orders(("A", "1", "p", 1, amount)).with_columns(pl.lit(version, dtype=pl.Int64).alias("source_version"))

    actions.post("orders", versioned(100, 5), source="erp", batch=1, acting_user="anna")
    late = actions.post("orders", versioned(90, 4), source="erp", batch=2, acting_user="anna")
    assert (late.outdated, late.restated) == (1, 0)
    assert actions.post("orders", versioned(110, 6), source="erp", batch=3, acting_user="anna").restated == 1


def test_a_file_that_replaces_its_scope_takes_out_what_it_no_longer_holds():
    post(("A", "1", "p", 1, 1), ("A", "2", "p", 2, 2), ("B", "1", "q", 2, 3), ("C", "1", "p", 20, 4))
    scope = Replaces(date(2026, 1, 1), date(2026, 1, 10), frozenset({"p"}))
    posted = post(("A", "1", "p", 1, 1), ("A", "3", "p", 3, 5), batch=2, replaces=scope)
    assert (posted.new, posted.duplicates, posted.reversed) == (1, 1, 1)
    assert standing() == [("A", "1", 1, 1), ("A", "3", 5, 1), ("B", "1", 3, 1), ("C", "1", 4, 1)]


def test_a_scope_sees_its_parties_and_an_empty_scope_sees_nothing():
    post(("A", "1", "p", 1, 1), ("B", "1", "q", 1, 2))
    assert standing(scope=NOTHING) == []
    assert standing(scope=Scope(parties=frozenset({("erp", "q")}))) == [("B", "1", 2, 1)]
    assert standing(scope=Scope(parties=frozenset({("pos", "q")}))) == []


def test_known_through_is_the_latest_standing_day():
    assert queries.known_through() is None
    post(("A", "1", "p", 9, 1), ("A", "2", "p", 30, 1))
    actions.post("orders", orders(("A", "2", "p", 10, 1)), source="erp", batch=2, acting_user="anna")
    assert [queries.known_through(cut) for cut in (1, 2)] == [date(2026, 1, 30), date(2026, 1, 10)]
