"""The same warehouse as its databases dumped it, and the two territories of an order line: reported, and credited on its date."""

from __future__ import annotations

import codecs
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.acceptance import adventureworks_independent as independent
from tests.acceptance.command_line import Installation, run_script

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "adventureworks"

TERRITORIES = """
framework: by-territory
title: Net sales by credited territory
subject: territory
grain: quarter
currency: USD
measures: {sales: {fact: orders, sum: amount}}
kpis: {net_sales: {formula: 'sales[ever]', unit: money, better: higher, no_data: zero}}
scorecard: {combine: mean, of: {net_sales: {kpi: net_sales, points: {line: [[0, 0], [5000000, 100]]}}}}
levels: [{name: Any, require: []}]
"""


@pytest.fixture(scope="module")
def raw(adventureworks, tmp_path_factory) -> Installation:
    installation = Installation(tmp_path_factory.mktemp("raw") / "home")
    run_script(installation, EXAMPLE / "load-raw.sh", str(adventureworks))
    return installation


@pytest.mark.parametrize("kind", ["partners", "assignments", "targets", "territories"])
def test_the_raw_dialect_says_what_the_warehouse_says(raw, loaded, compare, kind):
    compare(f"raw dialect: {kind}", loaded.csv("export", kind), raw.csv("export", kind))


def test_sales_people_and_numbers_of_the_store_system(raw, loaded, compare):
    names = {row["code"]: row["name"] for row in loaded.csv("export", "representatives") if row["code"] != "277"}
    compare("raw dialect: sales people", names, {row["code"]: row["name"] for row in raw.csv("export", "representatives")})
    aliases = [row for row in raw.csv("export", "aliases") if row["source"] == "stores"]
    compare("raw dialect: numbers of the store system", loaded.csv("export", "aliases"), aliases)


def test_stores_find_their_reseller_by_name_unless_two_share_it(raw, adventureworks, compare):
    """Rows that end with &| and hold XML, told apart by csv of the cleaned copy."""
    names = Counter(row["ResellerName"].strip() for row in independent.rows(adventureworks, "DimReseller.csv"))
    keys = {row["ResellerName"].strip(): row["ResellerKey"] for row in independent.rows(adventureworks, "DimReseller.csv")}
    stores = {row["BusinessEntityID"]: row["Name"].strip() for row in independent.rows(adventureworks, "Store.csv")}
    wanted = {number: keys[name] for number, name in stores.items() if names[name] == 1}
    found = {row["party"]: row["partner"] for row in raw.csv("export", "aliases") if row["source"] == "stores by number"}
    compare("raw dialect: stores", wanted, found)
    waiting = raw.json("quarantine", "list")
    compare(
        "raw dialect: stores whose name two resellers share",
        sorted(name for name in stores.values() if names[name] > 1),
        sorted(one["found"] for row in waiting for one in row["problems"] if one["code"] == "ambiguous_lookup"),
    )


@pytest.mark.parametrize(("mark", "encoding"), [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")])
def test_the_original_encoding_reads_the_same(raw, adventureworks, tmp_path, compare, mark, encoding):
    for name in ("DimGeography.csv", "DimReseller.csv"):
        (tmp_path / name).write_bytes(mark + (adventureworks / "raw" / name).read_text(encoding="utf-8").encode(encoding))
    (tmp_path / "DimSalesTerritory.csv").write_bytes((adventureworks / "DimSalesTerritory.csv").read_bytes())
    again = raw.load("partners", tmp_path / "DimReseller.csv", EXAMPLE / "raw-mappings" / "partners.yaml")
    compare(f"raw dialect in {encoding}: new, known", (0, 701), (again["accepted"], again["duplicates"]))


def credited(adventureworks) -> dict[tuple[str, str], str]:
    """Line -> the territory of its representative on its date, else its reseller's; from the files alone."""
    keys = {row["BusinessEntityID"]: row["EmployeeKey"] for row in independent.rows(adventureworks, "employee_key_map.csv")}
    earlier = timedelta(days=4170)

    def day(text: str, otherwise: date) -> date:
        return date.fromisoformat(text[:10]) - earlier if text else otherwise

    history = [
        (keys[row["BusinessEntityID"]], day(row["StartDate"], date.min), day(row["EndDate"], date.max), row["TerritoryID"])
        for row in independent.rows(adventureworks, "SalesTerritoryHistory.csv")
    ]
    geography = {row["GeographyKey"]: row["SalesTerritoryKey"] for row in independent.rows(adventureworks, "DimGeography.csv")}
    own = {row["ResellerKey"]: geography[row["GeographyKey"]] for row in independent.rows(adventureworks, "DimReseller.csv")}
    found = {}
    for row in independent.rows(adventureworks, "FactResellerSales_to_2012.csv"):
        on = date.fromisoformat(row["OrderDate"])
        theirs = [territory for person, first, last, territory in history if person == row["EmployeeKey"] and first <= on <= last]
        found[row["SalesOrderNumber"], row["SalesOrderLineNumber"]] = theirs[0] if theirs else own[row["ResellerKey"]]
    return found


def test_an_order_line_has_the_territory_it_reports_and_the_one_of_its_representative_on_its_date(copy, adventureworks, tmp_path, compare):
    framework = tmp_path / "by-territory.yaml"
    framework.write_text(TERRITORIES, encoding="utf-8")
    copy.run("framework", "apply", str(framework))
    ours, reported = {}, {}
    for territory in (row["SalesTerritoryKey"] for row in independent.rows(adventureworks, "DimSalesTerritory.csv")[:10]):
        told = copy.json("explain", "by-territory", "--period", "2012-Q4", "--subject", territory, "--kpi", "net_sales", "--rows")
        for row in told["measures"][0]["rows"]:
            ours[row["document"], row["line"]] = territory
            reported[row["document"], row["line"]] = row["reported_territory"]
    lines = independent.rows(adventureworks, "FactResellerSales_to_2012.csv")
    wanted = credited(adventureworks)
    says = {(row["SalesOrderNumber"], row["SalesOrderLineNumber"]): row["SalesTerritoryKey"] for row in lines}
    compare("reported territory of every line", says, reported)
    compare("credited territory of every line", wanted, ours)
    agree = sum(wanted[key] == says[key] for key in says)
    compare("lines whose two territories agree", agree, sum(ours[key] == reported[key] for key in ours))
    compare("SO43670 line 1: reported, credited", ("3", "2"), (reported["SO43670", "1"], ours["SO43670", "1"]))
