"""Verification finds every alteration, wherever it is made."""

from datetime import date

import polars as pl
import pytest
from django.db import connection

from steelyard.ledger import actions, guards, models
from steelyard.ledger.histories import history_models, value_fields
from steelyard.ledger.segments import file_digest
from steelyard.ledger.verify import verify

from .test_posting import post
from .test_tail import receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(home):
    """A ledger with every kind of content: fresh, reversed, sealed, compacted, live in the tail, undone."""
    post(("A", "1", "p", 1, 100), ("A", "2", "q", 2, 200), ("B", None, "p", 3, 5))
    post(("A", "1", "p", 1, 110), batch=2)
    actions.compact()
    receive("C", "1", 7)
    actions.settle(acting_user="worker")
    actions.seal()
    post(("D", "1", "p", 1, 9), batch=3)
    actions.reverse_batch(3, acting_user="anna")
    receive("A", "2", 250)
    actions.settle(acting_user="worker")
    return home


@pytest.fixture
def unguarded(db):
    """What an intruder with the database's keys would do first."""
    for table in ("ledger_commit", "ledger_segment"):
        guards.release(connection, table)


SAMPLE = {"DateField": date(2026, 1, 1), "BooleanField": False, "BigIntegerField": 1, "IntegerField": 1, "JSONField": []}


def codes() -> set[str]:
    return {problem.code for problem in verify().problems}


def sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_an_untouched_ledger_has_no_problems(filled):
    report = verify()
    assert report.problems == []
    assert report.figures["commits"] == 6
    assert verify(checkpoint=f"{report.seq}:{report.hash}").ok


def test_a_flipped_byte_anywhere_in_any_segment_is_found(filled):
    for path in sorted((filled / "ledger").glob("*/*.parquet")):
        original = path.read_bytes()
        for at in range(0, len(original), max(len(original) // 6, 1)):
            path.write_bytes(original[:at] + bytes([original[at] ^ 1]) + original[at + 1 :])
            assert codes() >= {"file_altered"}, (path, at)
        path.write_bytes(original)
    assert verify().ok


@pytest.mark.parametrize("column, value", [("amount", 1), ("party", "x"), ("sign", -1), ("batch", 5), ("source_row", 77)])
def test_a_rewritten_file_is_found_even_if_its_sha256_is_rewritten_too(filled, unguarded, column, value):
    segment = models.Segment.objects.filter(replaced_at__isnull=True).earliest("number")
    path = filled / segment.path
    frame = pl.read_parquet(path)
    frame.with_columns(pl.lit(value, dtype=frame.schema[column]).alias(column)).write_parquet(path)
    sql("UPDATE ledger_segment SET sha256 = %s, size = %s WHERE number = %s", file_digest(path), path.stat().st_size, segment.number)
    assert "digest_differs" in codes()


def test_a_missing_file_is_found(filled):
    next((filled / "ledger").glob("*/*.parquet")).unlink()
    assert "file_missing" in codes()


@pytest.mark.parametrize("seq", [1, 3, 6])
def test_a_dropped_commit_is_found(filled, unguarded, seq):
    sql("DELETE FROM ledger_commit WHERE seq = %s", seq)
    assert codes() & {"chain_gap", "head_differs"}


def test_swapped_commits_are_found(filled, unguarded):
    sql("UPDATE ledger_commit SET seq = 99 WHERE seq = 2")
    sql("UPDATE ledger_commit SET seq = 2 WHERE seq = 3")
    sql("UPDATE ledger_commit SET seq = 3 WHERE seq = 99")
    assert {"commit_altered", "chain_broken"} <= codes()


def test_commits_cut_off_the_end_are_found_with_a_checkpoint_kept_elsewhere(filled, unguarded):
    report = verify()
    sql("DELETE FROM ledger_commit WHERE seq = %s", report.seq)
    last = models.Commit.objects.latest("seq")
    models.Head.objects.update(seq=last.seq, hash=last.hash)
    models.TailRow.objects.filter(commit_seq=report.seq).delete()
    assert verify().ok
    assert [problem.code for problem in verify(checkpoint=f"{report.seq}:{report.hash}").problems] == ["checkpoint_differs"]


@pytest.mark.parametrize("column, value", [("actor", "x"), ("note", "x"), ("cause", "x"), ("batch", 77), ("hash", "0" * 64)])
def test_an_altered_commit_is_found(filled, unguarded, column, value):
    sql(f"UPDATE ledger_commit SET {column} = %s WHERE seq = 2", value)
    assert codes()


def test_an_altered_tail_row_is_found(filled):
    row = models.TailRow.objects.filter(state="live").latest("id")
    row.payload = {**row.payload, "amount": 1}
    row.save()
    assert codes() == {"content_altered", "digest_differs"}


def test_an_unlisted_or_doubly_listed_segment_is_found(filled, unguarded):
    sql("DELETE FROM ledger_segment WHERE number = (SELECT max(number) FROM ledger_segment)")
    assert "row_count" in codes()


def test_a_false_retirement_is_found(filled):
    models.Segment.objects.filter(replaced_at__isnull=True).update(retired_seq=2)
    assert "retirement_differs" in codes()


def test_altered_added_and_removed_history_rows_are_found():
    models_with_history = history_models()
    assert models_with_history
    for model in models_with_history:
        row = model(**{field.attname: SAMPLE.get(field.get_internal_type(), "x") for field in value_fields(model)})
        with actions.committing(acting_user="anna") as commit:
            commit.add_history([row])
    assert verify().ok
    table = models_with_history[0]._meta.db_table
    guards.release(connection, table)
    sql(f"UPDATE {table} SET valid_from = '2025-01-01'")
    assert codes() == {"history_altered"}
    sql(f"DELETE FROM {table}")
    assert codes() == {"history_count"}
