"""Appending to a history and bringing the current projection along, inside an open commit."""

from __future__ import annotations

from itertools import islice

import polars as pl

from steelyard.ledger.actions import Committing

from . import reading
from .master import Master


def write(master: Master, changes: pl.DataFrame, ended: pl.DataFrame, *, commit: Committing) -> None:
    """Append ``changes`` (complete statements) and ``ended`` (spans in which a key is nothing) to the history."""
    history = [
        *(master.history(**row) for row in changes.select(list(master.schema)).iter_rows(named=True)),
        *(master.history(**row, retracted=True) for row in ended.iter_rows(named=True)),
    ]
    commit.add_history(history)
    _project(master, pl.concat([changes.select(master.key), ended.select(master.key)]).unique(maintain_order=True))


def _project(master: Master, keys: pl.DataFrame) -> None:
    """Make the current projection of these keys what the history now says: the values of their last interval."""
    only = {name: keys[name][0] for name in master.key} if keys.height == 1 else {}
    after = reading.known(master, **only).join(keys, on=master.key, how="semi")
    last = after.sort("valid_from", nulls_last=False).unique(subset=master.key, keep="last", maintain_order=True)
    rows = (master.current(**row) for row in last.iter_rows(named=True))
    others = [*master.values, "valid_from", "valid_to"]
    while batch := list(islice(rows, 2000)):
        master.current._default_manager.bulk_create(batch, update_conflicts=True, unique_fields=master.key, update_fields=others)
    gone = keys.join(last, on=master.key, how="anti")
    for row in gone.iter_rows(named=True):
        master.current._default_manager.filter(**row).delete()
