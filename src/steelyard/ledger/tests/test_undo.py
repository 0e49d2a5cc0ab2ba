"""Undoing a batch: as if it had never come, except that earlier cuts still see it."""

import pytest

from steelyard.calc.errors import Refused
from steelyard.ledger import actions

from .test_posting import date, post, standing

pytestmark = pytest.mark.django_db


def undo(batch):
    return actions.reverse_batch(batch, acting_user="anna")


def test_an_undone_batch_counts_nowhere_and_its_bytes_may_come_again():
    post(("A", "1", "p", 1, 100), ("B", None, "p", 1, 7), ("B", None, "p", 1, 7))
    assert undo(1).reversed == 3
    assert (standing(), len(standing(cut=1))) == ([], 2)
    assert post(("A", "1", "p", 1, 100), ("B", None, "p", 1, 7), ("B", None, "p", 1, 7), batch=2).new == 3


def test_what_the_batch_restated_and_took_out_is_restored():
    post(("A", "1", "p", 1, 100), ("A", "2", "p", 1, 200), ("A", "3", "p", 1, 300))
    before = standing()
    post(("A", "1", "p", 1, 100), ("A", "2", "p", 1, 250), batch=2, replaces=actions.Replaces(date(2026, 1, 1), date(2026, 1, 31)))
    undone = undo(2)
    assert (undone.reversed, undone.restored) == (1, 2)
    assert standing() == before
    assert post(("A", "2", "p", 1, 200), batch=3).duplicates == 1


def test_a_later_correction_stands_when_the_earlier_batch_is_undone():
    post(("A", "1", "p", 1, 100), batch=1)
    post(("A", "1", "p", 1, 110), batch=2)
    post(("A", "1", "p", 1, 120), batch=3)
    undone = undo(2)
    assert (undone.reversed, undone.restored, undone.superseded) == (0, 0, 1)
    assert standing() == [("A", "1", 120, 1)]
    undo(3)
    assert standing() == [("A", "1", 100, 1)]


@pytest.mark.parametrize("order", [(3, 2), (2, 3)])
def test_undoing_two_batches_in_either_order_gives_the_first_state(order):
    post(("A", "1", "p", 1, 100), ("B", "1", "p", 1, 1), batch=1)
    post(("A", "1", "p", 1, 110), ("B", "1", "p", 1, 2), batch=2)
    post(("A", "1", "p", 1, 120), ("C", "1", "p", 1, 3), batch=3)
    for batch in order:
        undo(batch)
    assert standing() == [("A", "1", 100, 1), ("B", "1", 1, 1)]


def test_an_unknown_batch_and_a_second_undo_are_refused():
    post(("A", "1", "p", 1, 100))
    undo(1)
    with pytest.raises(Refused, match="already undone"):
        undo(1)
    with pytest.raises(Refused, match="no commit"):
        undo(9)


def test_a_line_that_a_later_file_took_out_stays_out_when_an_earlier_correction_is_undone():
    post(("A", "1", "p", 1, 1), ("B", "1", "p", 1, 3), batch=1)
    post(("B", "1", "p", 1, 2), batch=2)
    post(("A", "1", "p", 1, 1), batch=3, replaces=actions.Replaces(date(2026, 1, 1), date(2026, 1, 31)))
    assert undo(2).superseded == 1
    assert standing() == [("A", "1", 1, 1)]
    undo(3)
    assert standing() == [("A", "1", 1, 1), ("B", "1", 3, 1)]
