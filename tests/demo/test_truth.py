"""The truth beside a second reading of the files with csv and Decimal only."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import asdict
from decimal import Decimal

import pytest

from steelyard.demo import calendar, systems
from steelyard.demo.faults import BAD_ROWS
from steelyard.intake.mappings import read as mappings

ENCODINGS = {"erp-de": "cp1252", "erp-west": "utf-8-sig"}


def rows_of(folder, path, layout):
    with (folder / path).open(encoding=layout.encoding, newline="") as file:
        yield from csv.DictReader(file, delimiter=layout.separator)


def amount_of(text, layout):
    return Decimal(
        text.replace(layout.thousands, "").replace(layout.decimal, ".") if layout.thousands else text.replace(layout.decimal, ".")
    )


def iso(text, layout):
    parts = text.replace("/", "-").replace(".", "-").split("-")
    year, month, day = {"YMD": parts, "DMY": parts[::-1], "MDY": [parts[2], *parts[:2]]}[layout.date_order] if len(parts) == 3 else parts
    return f"{year}-{month}-{day}"


def files(folder, kind):
    with (folder / "manifest.csv").open(newline="") as file:
        return [row["path"] for row in csv.DictReader(file) if row["kind"] == kind]


def live_orders(folder):
    """Every order line by its key, the last file winning: what a ledger must hold in the end."""
    live = {}
    for path in files(folder, "orders"):
        layout = systems.ORDERS[path.split("orders_")[1].split("_")[0]]
        named = layout.columns
        for row in rows_of(folder, path, layout):
            if row[named["document"]].startswith(("BAD-", "Summe")) or any(row[named[bad.column]] == bad.written for bad in BAD_ROWS):
                continue
            live[layout.source, row[named["document"]], row[named["line"]]] = (
                row[named["currency"]], amount_of(row[named["amount"]], layout), iso(row[named["date"]], layout), row[named["party"]],
            )  # fmt: skip
    return live


def test_order_amounts_by_currency_source_and_quarter(sample):
    folder, truth = sample
    total, by_source, by_quarter = (defaultdict(Decimal) for _ in range(3))
    live = live_orders(folder)
    for (source, _, _), (currency, amount, day, _) in live.items():
        quarter = f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"
        total[currency] += amount
        by_source[source, currency] += amount
        by_quarter[quarter, currency] += amount
    known = truth.amounts["orders"]
    assert len(live) == known.lines
    assert {currency: Decimal(amount) for currency, amount in known.total.items()} == dict(total)
    flat = {(source, currency): Decimal(text) for source, sums in known.by["source"].items() for currency, text in sums.items()}
    assert flat == dict(by_source)
    flat = {(quarter, currency): Decimal(text) for quarter, sums in known.by["quarter"].items() for currency, text in sums.items()}
    assert flat == dict(by_quarter)


def test_headings_of_the_truth_add_up_to_its_total(sample):
    _, truth = sample
    for amounts in truth.amounts.values():
        for heading in amounts.by.values():
            sums = defaultdict(Decimal)
            for by_currency in heading.values():
                for currency, text in by_currency.items():
                    sums[currency] += Decimal(text)
            assert dict(sums) == {currency: Decimal(text) for currency, text in amounts.total.items()}


def test_every_row_of_every_file_has_one_fate(sample):
    folder, truth = sample
    for path, counts in truth.files.items():
        assert counts.rows_in == counts.accepted + counts.duplicates + counts.quarantined + counts.filtered, path
        text = (folder / path).read_bytes()
        assert text.count(b"\n") - 1 == counts.rows_in, path


def test_the_manifest_lists_masters_before_facts_and_every_file_once(sample):
    folder, truth = sample
    with (folder / "manifest.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == list(truth.files)
    assert {str(path.relative_to(folder)) for path in folder.rglob("*.csv")} - {"manifest.csv"} == set(truth.files)
    kinds = [row["kind"] for row in rows]
    assert kinds[:12] == list(systems.MASTERS)
    assert not set(kinds[12:]) & set(systems.MASTERS)
    assert all((folder / row["mapping"]).is_file() for row in rows)


def test_unmatched_lines_are_a_name_of_two_partners_and_a_buyer_in_no_list(sample):
    folder, truth = sample
    strange = [party for _, _, _, party in live_orders(folder).values() if party in ("C99901", "PACIFIC DIAGNOSTICS PTY LTD")]
    assert set(strange) == {"C99901", "PACIFIC DIAGNOSTICS PTY LTD"}
    assert len(strange) == truth.kinds["orders"].unmatched == truth.amounts["orders"].lines_by["partner"]["unmatched"]


def test_saved_truth_is_the_truth(sample):
    folder, truth = sample
    assert json.loads((folder / "truth.json").read_text(encoding="utf-8")) == asdict(truth)


def test_every_mapping_is_read_without_a_problem(sample):
    folder, _ = sample
    texts = sorted((folder / "mappings").glob("*.yaml"))
    assert len(texts) == 26
    for path in texts:
        mapping, problems = mappings.read_mapping(path.read_text(encoding="utf-8"))
        assert mapping is not None, path
        assert problems == [], path


@pytest.mark.parametrize("bad", BAD_ROWS, ids=lambda bad: f"{bad.source} {bad.what} {bad.column}")
def test_bad_rows_stand_in_their_file(sample, bad):
    folder, truth = sample
    label = calendar.span_label(bad.quarter, systems.QUARTERS_PER_FILE[bad.source])
    path = f"facts/orders/orders_{bad.source}_{label}.csv"
    layout = systems.ORDERS[bad.source]
    assert bad.written in [row[layout.columns[bad.column]] for row in rows_of(folder, path, layout)]
    assert truth.files[path].quarantined >= 1
