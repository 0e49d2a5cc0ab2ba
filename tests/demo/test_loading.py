"""The sample company goes through the ordinary intake, and what arrives is the truth."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal

import polars as pl
import pytest

from steelyard.accounts.actions import set_up
from steelyard.demo.generate import write
from steelyard.demo.load import load
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import Scope

pytestmark = pytest.mark.django_db


def test_all_files_load_and_every_row_has_the_fate_that_the_truth_says(tmp_path):
    truth = write(tmp_path / "sample", scale=Decimal("0.02"))
    user, seen = set_up(), []
    loaded = load(tmp_path / "sample", acting_user=user, progress=lambda path, done, files: seen.append((done, files)))
    assert seen[-1] == (len(truth.files), len(truth.files))
    for path, told in truth.files.items():
        found = loaded.outcomes[path]
        assert {name: getattr(found, name) for name in asdict(told)} == asdict(told), path
    _assert_amounts(truth)
    head = ledger.head()
    again = load(tmp_path / "sample", acting_user=user)
    assert again.total("accepted") == 0
    assert ledger.head() == head


def _assert_amounts(truth):
    for kind in ("orders", "sell_through", "targets"):
        facts = ledger.facts(kind, cut=ledger.head(), scope=Scope(everything=True))
        sums = facts.group_by("currency").agg((pl.col("amount") * pl.col("sign")).sum(), pl.col("sign").cast(pl.Int64).sum()).collect()
        told = truth.amounts[kind]
        assert {currency: Decimal(amount) / 10_000 for currency, amount, _ in sums.iter_rows()} == {
            currency: Decimal(text) for currency, text in told.total.items()
        }, kind
        assert sums["sign"].sum() == told.lines
