"""Appending to a history and bringing the current projection along, inside an open commit."""

from __future__ import annotations

import polars as pl

from steelyard.ledger import bulk
from steelyard.ledger.actions import Committing

from . import reading
from .master import Master


def write(master: Master, changes: pl.DataFrame, ended: pl.DataFrame, *, commit: Committing) -> None:
    """Append ``changes`` (complete statements) and ``ended`` (spans in which a key is nothing) to the history."""
    said = changes.select(list(master.schema)).with_columns(retracted=pl.lit(False))
    over = ended.select(*master.key, "valid_from", "valid_to").with_columns(retracted=pl.lit(True))
    rows = pl.concat([said, over], how="diagonal").with_columns(pl.col(pl.String).fill_null(""))
    commit.add_history_rows(master.history, rows.columns, _plain(rows).iter_rows())
    _project(master, rows.select(master.key).unique(maintain_order=True))


def _project(master: Master, keys: pl.DataFrame) -> None:
    """Make the current projection of these keys what the history now says: the values of their last interval."""
    only = {name: keys[name][0] for name in master.key} if keys.height == 1 else {}
    after = reading.known(master, **only).join(keys, on=master.key, how="semi")
    last = after.sort("valid_from", nulls_last=False, maintain_order=True).unique(master.key, keep="last", maintain_order=True)
    there = reading.current(master, **only).select(master.key)
    others = [*master.values, "valid_from", "valid_to"]
    fresh, kept = last.join(there, on=master.key, how="anti"), last.join(there, on=master.key, how="semi")
    gone = keys.join(last, on=master.key, how="anti")
    bulk.insert(master.current, last.columns, _plain(fresh).iter_rows())
    bulk.update(master.current, others, master.key, _plain(kept).select(*others, *master.key).iter_rows())
    bulk.delete(master.current, master.key, _plain(gone).iter_rows())


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Days as ISO text, which is how rows travel to the database."""
    return frame.with_columns(pl.col(pl.Date).cast(pl.String))
