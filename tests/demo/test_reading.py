"""Intake reads every generated file as its mapping says, and finds in it what the truth says is there."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

import polars as pl

from steelyard.demo.layouts import KINDS
from steelyard.intake.checking import References, check
from steelyard.intake.mappings.read import read_mapping
from steelyard.intake.reading import read

TODAY = date(2026, 6, 1)


def checked(folder, row, products):
    mapping, problems = read_mapping((folder / row["mapping"]).read_text(encoding="utf-8"))
    assert problems == []
    table = read((folder / row["path"]).read_bytes(), row["path"], mapping.dialect)
    known = References(products=products, units=frozenset({"each", "box"}), today=TODAY)
    return check(table, mapping, KINDS[row["kind"]], references=known)


def test_every_file_is_read_as_the_truth_says(sample):
    folder, truth = sample
    with (folder / "masters" / "products.csv").open(newline="") as file:
        products = frozenset(row["code"] for row in csv.DictReader(file))
    totals = {}
    with (folder / "manifest.csv").open(newline="") as file:
        manifest = list(csv.DictReader(file))
    for row in manifest:
        found, told = checked(folder, row, products), truth.files[row["path"]]
        counts = (found.rows_in, found.quarantined, sum(found.filtered.values()), len(found.lines))
        assert counts == (told.rows_in, told.quarantined, told.filtered, told.accepted + told.duplicates), row["path"]
        assert found.notes == (), row["path"]
        if row["kind"] == "sell_through":
            for currency, amount in found.lines.group_by("currency").agg(pl.col("amount").sum()).iter_rows():
                totals[currency] = totals.get(currency, Decimal(0)) + Decimal(amount) / 10_000
    assert totals == {currency: Decimal(text) for currency, text in truth.amounts["sell_through"].total.items()}
