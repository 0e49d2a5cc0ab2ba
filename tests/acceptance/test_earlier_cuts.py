"""What was scored stays: after each kind of change the earlier cut scores the same bytes, and the new cut what it should."""

from __future__ import annotations

import csv
import json
import shutil
from decimal import Decimal

import pytest

TERRITORIES = """
framework: by-territory
title: Net sales by credited territory
subject: territory
grain: quarter
currency: USD
measures: {sales: {fact: orders, sum: amount}}
kpis: {net_sales: {formula: sales, unit: money, better: higher, no_data: zero}}
scorecard: {combine: mean, of: {net_sales: {kpi: net_sales, points: {line: [[0, 0], [5000000, 100]]}}}}
levels: [{name: Any, require: []}]
"""

# what changes: master or fact, its columns and row; which framework and period shows it; which KPI of which subjects moves
CHANGES = {
    "a back-dated assignment": (
        "assignments",
        {"representative": "285", "territory": "9", "partner": "", "valid_from": "2012-03-01", "valid_to": "2012-03-31"},
        ("by-territory", "2012-Q1", "net_sales", {"5", "9"}),
    ),
    "an alias": (
        "aliases",
        {"source": "adventureworks", "party": "676", "partner": "1", "method": "person"},
        ("adventureworks-resellers", "2012-Q1", "net_sales", {"676", "1"}),
    ),
    "a product moved to another category": (
        "products",
        {"code": "PRODUCT", "name": "PRODUCT NAME", "category": "Helmets"},
        ("adventureworks-resellers", "2012-Q1", "bikes_share", None),
    ),
    "a category moved in the tree": (
        "categories",
        {"code": "Mountain Bikes", "name": "Mountain Bikes", "parent": "Accessories"},
        ("adventureworks-resellers", "2012-Q1", "bikes_share", None),
    ),
    "a reseller moved to another territory": (
        "partners",
        {"code": "PARTNER", "name": "NAME", "territory": "9"},
        ("by-territory", "2012-Q1", "net_sales", None),
    ),
    "a corrected rate": (
        "rates",
        {"source": "adventureworks", "base": "CAD", "quote": "USD", "date": "DATE", "rate": "0.9"},
        ("adventureworks-local-currency", "2012-Q1", "net_sales", None),
    ),
}


@pytest.fixture
def installation(copy, tmp_path):
    framework = tmp_path / "by-territory.yaml"
    framework.write_text(TERRITORIES, encoding="utf-8")
    copy.run("framework", "apply", str(framework))
    return copy


def values(cards, kpi) -> dict[str, str]:
    return {card["subject"]["code"]: item["value"] for card in cards for item in card["items"] if item["kpi"] == kpi}


@pytest.mark.parametrize("change", CHANGES)
def test_an_earlier_cut_scores_the_same_bytes(installation, tmp_path, compare, change):
    kind, row, (framework, period, kpi, movers) = CHANGES[change]
    row = filled_in(installation, row)
    score = ("score", framework, "--period", period, "--json")
    before = installation.run(*score)
    file = tmp_path / f"{kind}.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, row)
        writer.writeheader()
        writer.writerow(row)
    cut = installation.json("import", kind, str(file), "--source", "correction")["cut"] - 1
    compare(f"after {change}: the earlier cut, byte for byte", before, installation.run(*score, "--cut", str(cut)))
    old, new = values(json.loads(before), kpi), values(json.loads(installation.run(*score)), kpi)
    moved = {code for code in old if old[code] != new[code]}
    assert moved, f"{change} moved nothing"
    if movers is not None:
        compare(f"after {change}: who moved", sorted(movers), sorted(moved))
    if kpi == "net_sales" and framework != "adventureworks-local-currency":
        total = sum(Decimal(value) for value in old.values())
        compare(f"after {change}: the sum of all", total, sum(Decimal(value) for value in new.values()))


def filled_in(installation, row):
    """Names that depend on the data: a reseller served by a manager without a territory, a day with Canadian orders."""
    lines = [line for line in installation.csv("export", "orders") if "2012-01-01" <= line["date"] <= "2012-03-31"]
    partner = next(line["party"] for line in lines if line["representative"] == "272")
    name = next(row["name"] for row in installation.csv("export", "partners") if row["code"] == partner)
    bikes = {row["code"]: row["name"] for row in installation.csv("export", "products") if row["category"] == "Mountain Bikes"}
    product = next(line["product"] for line in lines if line["product"] in bikes)
    day = next(line["date"] for line in lines if line["document_currency"] == "CAD")
    texts = {"PARTNER": partner, "NAME": name, "DATE": day, "PRODUCT": product, "PRODUCT NAME": bikes[product]}
    return {column: texts.get(text, text) for column, text in row.items()}


def test_the_cache_and_the_files_may_change_but_no_score_does(installation, compare):
    score = ("score", "adventureworks-resellers", "--period", "2012-Q3", "--json")
    before = installation.run(*score)
    for folder in ("cache", "runs"):
        shutil.rmtree(installation.home / folder, ignore_errors=True)
    compare("score after the cache was deleted", before, installation.run(*score))
    installation.run("maintain", "--keep-days", "0")
    shutil.rmtree(installation.home / "runs", ignore_errors=True)
    compare("score after compaction", before, installation.run(*score))
    installation.run("verify")
