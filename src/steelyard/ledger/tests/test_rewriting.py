"""Mass changes retire whole segments; earlier cuts still read them."""

from datetime import date

import polars as pl
import pytest

from steelyard.calc.errors import Refused
from steelyard.ledger import actions, queries
from steelyard.ledger.verify import verify

from .test_posting import orders, post, standing
from .test_tail import receive

pytestmark = pytest.mark.django_db


def doubled(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.col("amount") * 2)


def filled():
    post(("A", "1", "p", 1, 100), ("A", "2", "q", 2, 200))
    post(("A", "1", "p", 1, 110), batch=2)
    receive("B", "1", 7)
    actions.settle(acting_user="worker")


def test_a_mass_change_is_one_commit_and_earlier_cuts_stay():
    filled()
    before = standing()
    assert actions.rewrite("orders", doubled, cause="schema", acting_user="anna") == 4
    assert standing() == [("A", "1", 220, 1), ("A", "2", 400, 1), ("B", "1", 14, 1)]
    assert standing(cut=3) == before
    assert (len(queries.parts("orders")), verify().problems) == (1, [])
    assert post(("A", "1", "p", 1, 220), ("A", "2", "q", 2, 1), batch=9).restated == 1
    actions.compact()
    assert standing(cut=3) == before and verify().ok


def test_a_posting_prepared_before_a_mass_change_is_classified_again():
    filled()
    prepared = actions.prepare("orders", orders(("A", "1", "p", 1, 110)), source="erp", batch=3)
    actions.rewrite("orders", doubled, cause="schema", acting_user="anna")
    with actions.committing(acting_user="anna", batch=3) as commit:
        assert prepared.into(commit).restated == 1
    assert ("A", "1", 110, 1) in standing()


def test_keys_cannot_be_rewritten_and_rewritten_batches_not_undone():
    filled()
    with pytest.raises(Refused, match="leave source and key"):
        actions.rewrite("orders", lambda rows: rows.with_columns(document=pl.lit("X")), cause="schema", acting_user="anna")
    actions.rewrite("orders", lambda rows: rows.filter(pl.col("date") > date(2026, 1, 1)), cause="erased", acting_user="anna")
    assert standing() == [("A", "2", 200, 1), ("B", "1", 7, 1)]
    with pytest.raises(Refused, match="rewritten as a whole"):
        actions.reverse_batch(1, acting_user="anna")
