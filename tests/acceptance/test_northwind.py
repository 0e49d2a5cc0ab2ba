"""Northwind: loaded by mapping files alone, its net value calculated from price, quantity and discount as the published truth says."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from tests.acceptance.command_line import Installation, run_script

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "northwind"


@pytest.fixture(scope="module")
def northwind(data) -> Path:
    folder = data / "northwind"
    assert folder.is_dir(), f"no folder northwind in {data}"
    return folder


@pytest.fixture(scope="module")
def truth(northwind):
    return json.loads((northwind / "truth.json").read_text())


@pytest.fixture(scope="module")
def installation(northwind, tmp_path_factory) -> Installation:
    installation = Installation(tmp_path_factory.mktemp("northwind") / "home")
    run_script(installation, EXAMPLE / "load.sh", str(northwind))
    return installation


@pytest.fixture(scope="module")
def lines(installation):
    return installation.csv("export", "orders")


def rows(folder, name):
    with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def totals(lines, key) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[key(line)] += Decimal(line["amount"])
    return dict(sums)


def test_lines_orders_and_net_value_are_as_published(lines, truth, compare):
    compare("Northwind: order lines", truth["lines"], len(lines))
    compare("Northwind: orders", truth["orders"], len({line["document"] for line in lines}))
    compare("Northwind: net value", Decimal(truth["net"]), sum(Decimal(line["amount"]) for line in lines))
    compare("Northwind: customers who ordered", truth["customers"], len({line["party"] for line in lines}))
    by_employee = {key: Decimal(text) for key, text in truth["net_by_employee"].items()}
    compare("Northwind: net value by employee", by_employee, totals(lines, lambda line: line["representative"]))
    by_year = {key: Decimal(text) for key, text in truth["net_by_year"].items()}
    compare("Northwind: net value by year", by_year, totals(lines, lambda line: line["date"][:4]))


def test_every_line_is_what_a_calculator_says(lines, northwind, compare):
    wanted = {
        (row["OrderID"], row["ProductID"]): Decimal(row["UnitPrice"]) * int(row["Quantity"]) * (1 - Decimal(row["Discount"]))
        for row in rows(northwind, "OrderDetails.csv")
    }
    compare("Northwind: every line", wanted, {(line["document"], line["line"]): Decimal(line["amount"]) for line in lines})


def test_what_the_orders_file_says_is_on_every_line(lines, northwind, compare):
    orders = {row["OrderID"]: row for row in rows(northwind, "Orders.csv")}

    def day(text):
        month, number, year = text.split("/") if text else ("", "", "")
        return f"{year}-{int(month):02d}-{int(number):02d}" if text else ""

    names = ("CustomerID", "EmployeeID", "OrderDate", "RequiredDate", "ShippedDate")
    wanted = {number: (*(row[name] for name in names[:2]), *(day(row[name]) for name in names[2:])) for number, row in orders.items()}
    ours = ("party", "representative", "date", "promised_on", "shipped_on")
    compare("Northwind: what an order says", wanted, {line["document"]: tuple(line[name] for name in ours) for line in lines})


def test_representatives_are_scored_by_year(installation, truth, compare):
    for year, net in truth["net_by_year"].items():
        cards = installation.json("score", "northwind-representatives", "--period", year)
        values = [item["value"] for card in cards for item in card["items"] if item["kpi"] == "net_sales"]
        compare(f"Northwind: scores of {year} add up", Decimal(net), sum(map(Decimal, values)))
    installation.run("framework", "test", str(EXAMPLE / "northwind-representatives.yaml"))


def test_a_second_time_adds_nothing_and_the_ledger_verifies(installation, northwind, compare):
    mapping = EXAMPLE / "mappings" / "orders.yaml"
    again = installation.json("import", "orders", str(northwind / "OrderDetails.csv"), "--source", "northwind", "--mapping", str(mapping))
    compare("Northwind: lines added by a second time", (0, again["rows_in"]), (again["accepted"], again["duplicates"]))
    installation.run("verify")
