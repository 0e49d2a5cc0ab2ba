"""The tail: acknowledged durably, live when settled, sealed without a trace in any read."""

from datetime import date, timedelta

import pytest

from steelyard.calc.errors import Refused
from steelyard.ledger import actions, models, queries
from steelyard.ledger.scope import EVERYTHING

from .test_posting import post, standing

pytestmark = pytest.mark.django_db


def receive(document, line, amount, delivery="", **more):
    row = {"document": document, "line": line, "party": "p", "date": date(2026, 1, 5), "amount": amount, "currency": "EUR", **more}
    return actions.receive("orders", row, source="erp", acting_user="till", delivery=delivery)


def read(cut):
    return queries.facts("orders", cut=cut, scope=EVERYTHING).sort("row_id").collect()


def test_a_received_row_is_live_after_settling():
    receive("A", "1", 100)
    assert (queries.head(), standing()) == (0, [])
    settled = actions.settle(acting_user="worker")
    assert (settled.new, settled.commit_seq, standing()) == (1, 1, [("A", "1", 100, 1)])


def test_a_delivery_is_recognised_and_its_reuse_refused():
    first = receive("A", "1", 100, delivery="m1")
    again = receive("A", "1", 100, delivery="m1")
    assert (again.number, again.again) == (first.number, True)
    with pytest.raises(Refused, match="other content"):
        receive("A", "1", 101, delivery="m1")


def test_rows_are_statements_in_the_order_of_arrival():
    post(("A", "1", "p", 5, 100))
    for amount in (110, 120, 120):
        receive("A", "1", amount)
    settled = actions.settle(acting_user="worker")
    assert (settled.restated, settled.duplicates, queries.head()) == (2, 1, 3)
    assert [standing(cut) for cut in (1, 2, 3)] == [[("A", "1", amount, 1)] for amount in (100, 110, 120)]


def test_every_problem_of_a_row_is_named_at_once():
    with pytest.raises(Refused) as refused:
        actions.receive("orders", {"document": 7, "partey": "p", "amount": 2**70}, source="erp", acting_user="till")
    assert [(p.code, p.where) for p in refused.value.problems] == [
        ("wrong_type", "document"), ("unknown_column", "partey"), ("wrong_type", "amount"),
        ("required", "date"), ("required", "party"), ("required", "currency"),
    ]  # fmt: skip


def test_sealing_compacting_and_sweeping_change_no_read_at_any_cut(home):
    post(("A", "1", "p", 5, 100), ("A", "2", "q", 6, 100))
    receive("A", "1", 110)
    receive("B", "1", 7)
    actions.settle(acting_user="worker")
    post(("B", "1", "p", 5, 8), batch=2)
    before = [read(cut) for cut in range(queries.head() + 1)]
    assert actions.seal() == 3
    assert not models.TailRow.objects.filter(state="live").exists()
    assert all(read(cut).equals(frame) for cut, frame in enumerate(before))
    assert actions.compact() == 3
    assert [part.carries_seq for part in queries.parts("orders")] == [True]
    assert all(read(cut).equals(frame) for cut, frame in enumerate(before))
    files = set((home / "ledger" / "orders").iterdir())
    assert len(files) == 4
    actions.sweep()
    assert set((home / "ledger" / "orders").iterdir()) == files
    actions.sweep(keep_for=timedelta(0))
    assert len(list((home / "ledger" / "orders").iterdir())) == 1
    assert all(read(cut).equals(frame) for cut, frame in enumerate(before))


def test_what_was_sealed_leaves_the_tail_after_its_time_and_no_read_changes():
    receive("A", "1", 100)
    receive("A", "1", 100)
    actions.settle(acting_user="worker")
    assert actions.forget_sealed(keep_for=timedelta(0)) == 1  # the repetition; what is live stays
    actions.seal()
    before = read(queries.head())
    assert actions.forget_sealed() == 0
    assert actions.forget_sealed(keep_for=timedelta(0)) == 1
    assert not models.TailRow.objects.exists() and read(queries.head()).equals(before)


def test_corrections_find_rows_that_were_sealed_and_compacted():
    receive("A", "1", 100)
    actions.settle(acting_user="worker")
    actions.seal()
    post(("B", "1", "p", 5, 1))
    actions.compact()
    assert post(("A", "1", "p", 5, 100), ("B", "1", "p", 5, 2), batch=2).restated == 1
    assert standing() == [("A", "1", 100, 1), ("B", "1", 2, 1)]
