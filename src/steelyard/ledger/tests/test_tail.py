"""The tail: acknowledged durably, live when settled, sealed without a trace in any read."""

from datetime import date, timedelta

import pytest

from steelyard.calc.errors import Refused
from steelyard.ledger import actions, live_tail, models, queries
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


def cancel(document, line=None, source="erp"):
    key = {"document": document, **({"line": line} if line else {})}
    return actions.receive_all("orders", [actions.Said(key, cancels=True)], source=source, acting_user="till")


def outcomes():
    return list(models.TailRow.objects.exclude(outcome="reversal").order_by("id").values_list("outcome", flat=True))


def test_a_line_or_a_whole_document_is_cancelled_wherever_it_lies():
    post(("A", "1", "p", 5, 100), ("A", "2", "p", 5, 50), ("B", "1", "p", 5, 7))
    receive("A", "3", 30)
    actions.settle(acting_user="worker")
    cancel("A", "2")
    cancel("A", "2")
    settled = actions.settle(acting_user="worker")
    assert (settled.cancelled, standing()) == (1, [("A", "1", 100, 1), ("A", "3", 30, 1), ("B", "1", 7, 1)])
    cancel("A")
    cancel("B", source="another")
    actions.settle(acting_user="worker")
    assert standing() == [("B", "1", 7, 1)]
    assert outcomes() == ["new", "cancelled", "nothing to cancel", "cancelled", "nothing to cancel"]


def test_what_was_cancelled_may_be_said_again_and_order_of_arrival_decides():
    receive("A", "1", 100)
    cancel("A")
    receive("A", "1", 110)
    actions.settle(acting_user="worker")
    assert standing() == [("A", "1", 110, 1)] and outcomes() == ["new", "cancelled", "new"]


def test_a_delivery_of_many_rows_is_taken_whole_or_not_and_known_place_by_place():
    def deliver(*amounts, source="erp"):
        row = {"document": "A", "party": "p", "date": date(2026, 1, 5), "currency": "EUR"}
        said = [actions.Said({**row, "line": str(n), "amount": amount}, place=n) for n, amount in enumerate(amounts) if amount]
        return actions.receive_all("orders", said, source=source, acting_user="till", delivery="m1")

    first = deliver(10, 0, 30)
    again = deliver(10, 20, 30)  # the second row was refused before, and is right now
    assert [one.again for one in first] == [False, False] and [one.again for one in again] == [True, False, True]
    assert [again[0].number, again[2].number] == [one.number for one in first]
    with pytest.raises(Refused, match="other content"):
        deliver(10, 20, 31)
    with pytest.raises(Refused, match="required"):
        actions.receive_all("orders", [actions.Said({"line": "9"}, place=3)], source="erp", acting_user="till", delivery="m1")
    assert not any(one.again for one in deliver(1, source="another"))  # another source's messages are its own
    assert models.TailRow.objects.count() == 4


def test_what_goes_beside_a_turn_is_in_its_commit():
    receive("A", "1", 100)
    seen = []

    def beside(kind, source, added):
        seen.append((kind, source, added["party"].to_list(), queries.head()))
        return lambda: seen.append(models.TailRow.objects.get().state)

    actions.settle(acting_user="worker", beside=beside)
    actions.settle(acting_user="worker", beside=beside)
    assert seen == [("orders", "erp", ["p"], 0), "live"]


def test_a_source_whose_rows_cannot_be_settled_holds_up_no_other():
    damaged = receive("A", "1", 100)
    models.TailRow.objects.filter(pk=damaged.number).update(payload={"document": "A", "date": "no day"})
    row = {"document": "B", "line": "1", "party": "p", "date": date(2026, 1, 5), "amount": 7, "currency": "EUR"}
    actions.receive("orders", row, source="shop", acting_user="till")
    with pytest.raises(Exception, match=r"no day|date") as failed:
        actions.settle(acting_user="worker")
    assert failed.value.__notes__ == [f"while rows of orders from erp were settled, beginning with number {damaged.number}"]
    assert standing() == [("B", "1", 7, 1)]
    actions.receive("orders", {**row, "document": "C"}, source="shop", acting_user="till")
    with pytest.raises(Exception, match=r"no day|date"):
        actions.settle(acting_user="worker", limit=1)  # rows that wait for ever leave the others their places
    assert len(standing()) == 2 and queries.anything_received()


def test_the_tail_that_is_kept_follows_commits_seals_and_other_ledgers(monkeypatch):
    monkeypatch.setattr(live_tail, "may_be_undone", lambda: False)  # each test is one transaction

    def rows(cut=None):
        return [part.rows for part in queries.parts("orders", cut) if part.number == 0]

    for number in range(3):
        receive("A", str(number), 100)
        actions.settle(acting_user="worker")
        assert rows() == [number + 1] and rows(1) == [1]
    assert rows(2) == [2] and queries.head() == 3
    receive("A", "0", 90)
    actions.settle(acting_user="worker")
    assert rows() == [5] and len(standing()) == 3  # the row, its reversal, and what it says now
    actions.seal()
    assert rows() == [] and rows(2) == [] and len(standing()) == 3
    receive("B", "1", 1)
    actions.settle(acting_user="worker")
    assert rows() == [1]
    models.TailRow.objects.all().delete()
    models.Head.objects.update(hash="another ledger")
    assert rows() == [1]  # known by its commit, which stands
    models.Head.objects.update(seq=4, hash="another ledger", layout=5)
    assert rows() == []
