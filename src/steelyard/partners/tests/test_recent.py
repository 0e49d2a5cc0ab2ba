"""The latest orders from memory are those of the whole ledger: after corrections, undone batches, aliases and new segments."""

from datetime import date

import polars as pl
import pytest

from steelyard.ledger.actions.posting import post
from steelyard.ledger.actions.undoing import reverse_batch
from steelyard.masters.actions import Actions
from steelyard.partners import recent
from steelyard.partners.facts import visible_facts
from steelyard.partners.masters import EVERY
from steelyard.partners.scopes import scope_by

masters = Actions(EVERY)


@pytest.fixture(params=[0, 4, 1_000])
def kept(request, monkeypatch):
    """How many rows are kept: none but those of one day, some days, all."""
    monkeypatch.setattr(recent, "KEPT", request.param)
    monkeypatch.setattr(recent, "_kept", None)
    recent._latest.cache_clear()


def order(cast, batch, *lines):
    """Lines as (document, party, day of May, amount)."""
    frame = pl.DataFrame({
        "document": [line[0] for line in lines], "line": ["1" for _ in lines], "source_row": list(range(len(lines))),
        "party": [line[1] for line in lines], "date": [date(2012, 5, line[2]) for line in lines], "amount": [line[3] for line in lines],
    })  # fmt: skip
    post("orders", frame, source="erp", batch=batch, acting_user=cast.anna)


def in_full(partner, count):
    seen = visible_facts("orders", scope=scope_by([("partner", partner)], date.today())).collect()
    gone = seen.filter(pl.col("sign") < 0)["reverses_row_id"].to_list()
    live = seen.filter((pl.col("sign") > 0) & ~pl.col("row_id").is_in(gone)).sort("date", "row_id", descending=True)
    return [(row["document"], row["amount"]) for row in live.head(count).iter_rows(named=True)]


def agrees(count=3):
    for partner in ("ALP", "BOR", "CAS"):
        told = [(row["document"], row["amount"]) for row in recent.latest(partner, count=count)]
        assert told == in_full(partner, count), partner
    return [row["document"] for row in recent.latest("ALP", count=count)]


def test_whatever_happens_to_the_ledger(channel_cast, kept):
    assert recent.latest("ALP") == []
    order(channel_cast, 1, *((f"A{day}", "ALP", day, day) for day in range(1, 11)))
    assert agrees() == ["A10", "A9", "A8"]
    order(channel_cast, 2, ("B1", "BOR", 12, 5), ("A20", "ALP", 20, 5), ("A2", "ALP", 2, 77))  # one line is restated
    assert agrees() == ["A20", "A10", "A9"]
    assert ("A2", 77) in in_full("ALP", 20)
    reverse_batch(1, acting_user=channel_cast.anna)
    assert agrees() == ["A20", "A2"]
    aliases = pl.DataFrame([("erp", "ALP", "BOR")], schema=["source", "party", "partner"], orient="row")
    masters.load("aliases", aliases, acting_user=channel_cast.anna)
    assert agrees() == []


def test_a_key_that_changed_hands_means_each_on_its_own_days(channel_cast, kept):
    spans = [("", "K", "ALP", None, date(2012, 5, 5)), ("", "K", "BOR", date(2012, 5, 6), None)]
    aliases = pl.DataFrame(spans, schema=["source", "party", "partner", "valid_from", "valid_to"], orient="row")
    masters.load("aliases", aliases, acting_user=channel_cast.anna)
    order(channel_cast, 1, *((f"K{day}", "K", day, day) for day in range(1, 11)))
    assert agrees() == ["K5", "K4", "K3"]
