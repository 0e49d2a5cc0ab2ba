"""The sample company goes through the ordinary intake, and what arrives is the truth."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from importlib.resources import files

import polars as pl
import pytest

from steelyard.accounts.actions import set_up
from steelyard.demo.generate import write
from steelyard.demo.load import load
from steelyard.frameworks.actions import apply
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import Scope
from steelyard.scorecards.actions import run

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
    _assert_stories_in_the_grades(user)


def _assert_amounts(truth):
    for kind in ("orders", "sell_through", "targets"):
        facts = ledger.facts(kind, cut=ledger.head(), scope=Scope(everything=True))
        sums = facts.group_by("currency").agg((pl.col("amount") * pl.col("sign")).sum(), pl.col("sign").cast(pl.Int64).sum()).collect()
        told = truth.amounts[kind]
        assert {currency: Decimal(amount) / 10_000 for currency, amount, _ in sums.iter_rows()} == {
            currency: Decimal(text) for currency, text in told.total.items()
        }, kind
        assert sums["sign"].sum() == told.lines


def _assert_stories_in_the_grades(user):
    """What the hand-written partners earn: the gate holds one, too little data leaves another without a grade."""
    text = (files("steelyard.frameworks") / "examples" / "life-science.yaml").read_text(encoding="utf-8")
    apply(text=text, acting_user=user)
    scored = run(framework="life-science", period="2025-Q4", acting_user=user)
    results = {result.subject: result for result in scored.results.all()}
    expired, new, late, rising = (results[code] for code in ("DE-0001", "CZ-0001", "SE-0001", "PL-0001"))
    assert expired.total > 70_000_000
    assert expired.level == "C"
    assert new.total is None
    assert not new.level
    assert late.level == "D"
    assert rising.level == "A"
