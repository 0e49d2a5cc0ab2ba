"""One commit for facts and masters: one number, one transaction, one link in the chain."""

from __future__ import annotations

import polars as pl
import pytest

from steelyard.ledger import actions, queries
from steelyard.ledger.verify import verify
from steelyard.partners import actions as partners
from steelyard.partners.queries import history_of, known

from .conftest import orders

pytestmark = pytest.mark.django_db


def test_facts_and_histories_of_a_block_share_one_number(cast):
    before = queries.head()
    lines = orders(("A", "1", "p", "2012-01-01", "x", "100", "EUR"))
    prepared = actions.prepare("orders", lines, source="erp", batch=1)
    with actions.committing(acting_user="anna", batch=1, note="together") as commit:
        prepared.into(commit)
        partners.add("partners", code="p", name="Partner", acting_user=cast.anna)
        with actions.committing(acting_user="anna") as inner:
            assert inner is commit
    assert queries.head() == before + 1
    facts = queries.facts("orders", cut=before + 1, scope=queries.EVERYTHING, columns=["document", "commit_seq"]).collect()
    assert facts.rows() == [("A", before + 1)]
    history = history_of("partners", "p")
    assert history.select("code", "name", "valid_from", "commit_seq").rows() == [("p", "Partner", None, before + 1)]
    assert history.schema["valid_from"] == pl.Date
    assert known("partners", before).filter(pl.col("code") == "p").height == 0
    assert verify().ok
