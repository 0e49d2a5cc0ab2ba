"""Adventure Works: what the product says equals the published truth and an independent calculation, to the last digit."""

from __future__ import annotations

import ast
import csv
import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.acceptance import adventureworks_independent as independent

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "adventureworks"
LINES = "FactResellerSales_to_2012.csv"


@pytest.fixture(scope="module")
def truth(adventureworks):
    return json.loads((adventureworks / "truth_to_2012.json").read_text())


@pytest.fixture(scope="module")
def exported(loaded):
    """Every order line as the ledger holds it."""
    return loaded.csv("export", "orders")


@pytest.fixture(scope="module")
def cards(loaded):
    return {card["subject"]["code"]: card for card in loaded.json("score", "adventureworks-resellers", "--period", "2012-Q4")}


def totals(rows, key) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[key(row)] += Decimal(row["amount"])
    return dict(sums)


def decimals(texts) -> dict[str, Decimal]:
    return {name: Decimal(text) for name, text in texts.items()}


def item(card, kpi):
    return next(item for item in card["items"] if item["kpi"] == kpi)


def exact(text) -> Fraction | None:
    return None if text is None else Fraction(text)


# -- the lines


def test_the_independent_calculation_knows_nothing_of_the_product():
    module = ast.parse(Path(independent.__file__).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(module) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(module) if isinstance(node, ast.ImportFrom)}
    allowed = {"__future__", "csv", "bisect", "collections", "dataclasses", "datetime", "decimal", "fractions", "pathlib"}
    assert names <= allowed, names - allowed


def test_every_line_is_accepted_once(exported, truth, compare):
    compare("order lines", truth["lines"], len(exported))
    compare("net sales in all", Decimal(truth["amount"]), sum(Decimal(row["amount"]) for row in exported))
    compare("orders", truth["orders"], len({row["document"] for row in exported}))
    compare("resellers who ordered", truth["resellers"], len({row["party"] for row in exported}))
    compare("units", truth["quantity"], sum(Decimal(row["quantity"]) for row in exported))


def test_totals_by_year_and_quarter(exported, truth, compare):
    compare("net sales by year", decimals(truth["by_year"]), totals(exported, lambda row: row["date"][:4]))
    quarter = lambda row: f"{row['date'][:4]}-Q{(int(row['date'][5:7]) + 2) // 3}"  # noqa: E731 (shorter than a function here)
    compare("net sales by quarter", decimals(truth["by_quarter"]), totals(exported, quarter))


def test_totals_by_reported_territory(exported, truth, adventureworks, compare):
    names = {row["SalesTerritoryKey"]: row["SalesTerritoryRegion"] for row in independent.rows(adventureworks, "DimSalesTerritory.csv")}
    compare("net sales by territory", decimals(truth["by_territory"]), totals(exported, lambda row: names[row["reported_territory"]]))


def test_totals_by_currency(exported, truth, compare):
    wanted = {code: Decimal(row["amount"]) for code, row in truth["by_currency"].items()}
    compare("net sales by currency", wanted, totals(exported, lambda row: row["document_currency"]))


def test_totals_by_category(loaded, exported, truth, compare):
    """The ledger's lines with the categories that the product itself exports: product -> category -> its parent."""
    products = {row["code"]: row["category"] for row in loaded.csv("export", "products")}
    parents = {row["code"]: row["parent"] for row in loaded.csv("export", "categories")}

    def top(row) -> str:
        code = products[row["product"]]
        while parents[code]:
            code = parents[code]
        return code

    compare("net sales by category", decimals(truth["by_category"]), totals(exported, top))


# -- loading again, and one correction


def test_loading_again_adds_nothing(copy, adventureworks, truth, compare):
    again = copy.load("orders", adventureworks / LINES, EXAMPLE / "mappings" / "orders.yaml")
    compare("lines new when loaded again", (0, truth["lines"]), (again["accepted"], again["duplicates"]))
    assert len(copy.csv("export", "orders")) == truth["lines"]


def test_one_changed_amount_is_one_restatement(copy, adventureworks, tmp_path, truth, compare):
    before = copy.run("score", "adventureworks-resellers", "--period", "2010-Q4", "--json")
    rows = independent.rows(adventureworks, LINES)
    rows[0]["SalesAmount"] = str(Decimal(rows[0]["SalesAmount"]) + 1)
    for beside in adventureworks.glob("Dim*.csv"):  # look-ups lie beside the data file
        (tmp_path / beside.name).write_bytes(beside.read_bytes())
    with (tmp_path / LINES).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    answer = copy.load("orders", tmp_path / LINES, EXAMPLE / "mappings" / "orders.yaml")
    counts = (answer["accepted"], answer["restated"], answer["duplicates"])  # a restatement is accepted too
    compare("accepted, restated, duplicates of one changed amount", (1, 1, truth["lines"] - 1), counts)
    after = sum(Decimal(row["amount"]) for row in copy.csv("export", "orders"))
    compare("net sales after it", Decimal(truth["amount"]) + 1, after)
    same_cut = copy.run("score", "adventureworks-resellers", "--period", "2010-Q4", "--cut", str(answer["cut"] - 1), "--json")
    compare("score at the earlier cut, byte for byte", before, same_cut)
    assert copy.run("score", "adventureworks-resellers", "--period", "2010-Q4", "--json") != before


# -- scores


def test_all_resellers_score_as_calculated_independently(cards, adventureworks, compare):
    wanted = independent.resellers(adventureworks, date(2012, 12, 31))
    compare("resellers scored", sorted(wanted), sorted(cards))
    for kpi in independent.WEIGHTS:
        compare(
            f"{kpi} of each",
            {code: card.kpis[kpi] for code, card in wanted.items()},
            {code: exact(item(card, kpi)["value"]) for code, card in cards.items()},
        )
        compare(
            f"points for {kpi}",
            {code: card.points[kpi] for code, card in wanted.items()},
            {code: exact(item(card, kpi)["points"]) for code, card in cards.items()},
        )
    contributions = {
        code: {name: exact(item(card, name)["contribution"]) for name in wanted[code].contributions} for code, card in cards.items()
    }
    compare("contributions", {code: card.contributions for code, card in wanted.items()}, contributions)
    compare("totals", {code: card.total for code, card in wanted.items()}, {code: exact(card["total"]) for code, card in cards.items()})
    compare("grades", {code: card.grade for code, card in wanted.items()}, {code: card["grade"] for code, card in cards.items()})


def test_no_data_carries_its_reason(cards):
    growths = [item(card, "growth") for card in cards.values()]
    assert {growth["no_data"]["reason"] for growth in growths if growth["value"] is None} == {"base too small"}


def test_every_quota_window_is_attained_as_calculated_independently(loaded, adventureworks, truth, compare):
    wanted = independent.attainments(adventureworks)
    sales, attained = {}, {}
    for start in independent.quota_dates(adventureworks):
        for card in loaded.json("score", "adventureworks-representatives", "--period", str(start)):
            key = card["subject"]["code"], start
            sales[key] = exact(item(card, "net_sales")["value"])
            attained[key] = exact(item(card, "attainment")["value"])
    quiet = [key for key in sales if key not in wanted]
    assert all(sales[key] == 0 and attained[key] is None for key in quiet)
    compare("sales per quota window", {key: row.sales for key, row in wanted.items()}, {key: sales[key] for key in wanted})
    compare("attainment per quota window", {key: row.value for key, row in wanted.items()}, {key: attained[key] for key in wanted})
    compare("all windows together", Fraction(truth["amount"]), sum(sales.values()))


def test_the_other_reading_of_the_amounts(loaded, adventureworks, truth, compare, within):
    cards = loaded.json("score", "adventureworks-local-currency", "--period", "2012-Q4")
    total = sum(Decimal(item(card, "net_sales_ever")["value"]) for card in cards)
    within("read in the invoice's currency", Decimal("44360480.99"), total, Decimal("0.05"))
    compare("the same, line by line", independent.total_in_invoice_currency(adventureworks), total)


# -- down to the rows


@pytest.fixture(scope="module")
def samples(cards):
    """Four resellers of each grade, so that every kind of card is opened."""
    by_grade = defaultdict(list)
    for code, card in sorted(cards.items()):
        by_grade[card["grade"]].append(code)
    return [code for codes in by_grade.values() for code in codes[:4]]


@pytest.mark.parametrize("kpi", independent.WEIGHTS)
def test_a_figure_opens_down_to_the_rows_it_adds_up_from(loaded, samples, cards, adventureworks, compare, kpi):
    amounts = {
        (row["SalesOrderNumber"], row["SalesOrderLineNumber"]): row["SalesAmount"] for row in independent.rows(adventureworks, LINES)
    }
    added, values, seen = [], [], set()
    for code in samples[::2]:
        explained = loaded.json("explain", "adventureworks-resellers", "--period", "2012-Q4", "--subject", code, "--kpi", kpi, "--rows")
        assert explained["value"] == item(cards[code], kpi)["value"]
        for measure in explained["measures"]:
            added.append(sum(Fraction(row["contribution"]) for row in measure["rows"] if row["counted"]))
            values.append(Fraction(measure["value"]))
            assert sum(row["counted"] for row in measure["rows"]) == measure["counted"]
            left_out = [row["reason"] for row in measure["rows"] if not row["counted"]]
            assert {reason: left_out.count(reason) for reason in left_out} == measure["excluded"]
            assert all(row["party"] == code for row in measure["rows"])
            assert all(Fraction(row["amount"]) == Fraction(amounts[row["document"], row["line"]]) for row in measure["rows"])
            seen |= {(row["document"], row["line"]) for row in measure["rows"]}
    assert seen
    compare(f"rows behind {kpi} add up", values, added)


def test_a_change_of_the_total_adds_up_from_its_steps(loaded, samples, compare):
    required, reached = [], []
    for code in samples[::3]:
        change = loaded.json("why", "adventureworks-resellers", "--subject", code, "--from", "2012-Q3", "--to", "2012-Q4")
        required.append(Fraction(change["end"]))
        reached.append(Fraction(change["start"]) + sum(Fraction(step["amount"]) for step in change["steps"]))
    compare("steps of a change add up", required, reached)


def test_a_window_still_running_is_shown_as_running(loaded, adventureworks, compare):
    starts = [str(start) for start in independent.quota_dates(adventureworks) if start <= date(2012, 12, 31)]
    running = [
        start for start in starts if loaded.json("score", "adventureworks-representatives", "--period", start)[0]["period"]["running"]
    ]
    compare("quota windows still running", ["2012-12-28"], running)


def test_the_vectors_beside_the_frameworks_pass(loaded):
    for framework in sorted(EXAMPLE.glob("adventureworks-*.vectors.yaml")):
        loaded.run("framework", "test", str(framework).replace(".vectors", ""))


def test_the_ledger_verifies(loaded):
    loaded.run("verify")
