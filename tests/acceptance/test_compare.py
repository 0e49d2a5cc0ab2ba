"""A region's workbook against the product: without errors it is equal; with ten errors these ten are named and nothing else."""

from __future__ import annotations

import ast
import csv
import json
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.acceptance import region_workbook as region

HERE = Path(__file__).parent
PERIOD = ("--framework", "adventureworks-region", "--period", "2012-Q4")
ORDERS = """kind: orders
source: adventureworks
columns: {document: document, line: line, date: date, party: party, representative: representative, amount: amount,
  currency: {constant: USD}, document_currency: currency, reported_territory: territory, kind: kind}
date_order: YMD
decimal: "."
"""
TARGETS = """kind: targets
source: adventureworks
columns: {date: date, metric: {constant: sell in}, party: party, amount: amount, currency: {constant: USD}}
date_order: YMD
decimal: "."
"""


def test_the_workbook_is_made_without_the_product():
    module = ast.parse((HERE / "region_workbook.py").read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(module) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(module) if isinstance(node, ast.ImportFrom)}
    assert not any("steelyard" in (name or "") for name in names), names


@pytest.fixture
def prepared(copy, adventureworks, tmp_path):
    """The company with targets of resellers, one order credited in the United States and one return; and the faithful workbook."""
    whole = region.faithful(adventureworks)
    resellers = list(whole.targets)
    abroad_lines = [line for line in region.lines_of(adventureworks) if line.territory == "4" and region.FIRST <= line.day <= region.LAST]
    seller = {row["SalesOrderNumber"]: row["EmployeeKey"] for row in region.rows(adventureworks, "FactResellerSales_to_2012.csv")}
    abroad = region.Line("SO-ABROAD", "1", date(2012, 11, 20), resellers[-1], "6", "USD", Decimal("1234.5"), Decimal(1))
    planted = region.with_errors(whole, adventureworks, abroad)
    give = planted.touched["return"]
    orders = [
        ("document", "line", "date", "party", "representative", "amount", "currency", "territory", "kind"),
        ("SO-ABROAD", "1", "2012-11-20", abroad.reseller, seller[abroad_lines[0].document], "1234.50", "USD", "4", "sale"),
        ("SO-RETURN", "1", "2012-12-10", give, "", "-310.75", "USD", "6", "return"),
    ]
    load(copy, tmp_path, "orders", ORDERS, orders)
    load(
        copy,
        tmp_path,
        "targets",
        TARGETS,
        [("date", "party", "amount"), *(("2012-10-01", one, str(sum_)) for one, sum_ in whole.targets.items())],
    )
    copy.run("framework", "apply", str(HERE / "adventureworks-region.yaml"))
    returned = region.Line("SO-RETURN", "1", date(2012, 12, 10), give, "6", "USD", Decimal("-310.75"), Decimal(1))
    faithful = region.Region([*whole.lines, returned], whole.targets)
    names = {row["ResellerKey"]: row["ResellerName"] for row in region.rows(adventureworks, "DimReseller.csv")}
    doubled = {name for name, count in Counter(names.values()).items() if count > 1}
    mapping = tmp_path / "region.yaml"
    mapping.write_text(region.MAPPING, encoding="utf-8")
    return copy, faithful, planted, {key: key if name in doubled else name for key, name in names.items()}, mapping


def load(installation, folder, kind, mapping, rows) -> None:
    file, how = folder / f"{kind}.csv", folder / f"{kind}.yaml"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    how.write_text(mapping, encoding="utf-8")
    installation.load(kind, file, how)


def compared(installation, made, names, mapping, path, code):
    region.write(made, names, path)
    text = installation.run(
        "compare", str(path), "--mapping", str(mapping), *PERIOD, "--json", "--out", str(path.with_suffix(".out.xlsx")), codes=(code,)
    )
    return json.loads(text)


def test_ten_planted_errors_are_named_and_nothing_else(prepared, tmp_path, compare):
    installation, faithful, planted, names, mapping = prepared
    same = compared(installation, faithful, names, mapping, tmp_path / "faithful.xlsx", 0)
    compare(
        "a workbook without errors: partners, equal",
        (len(faithful.targets), len(faithful.targets)),
        (same["subjects"], same["equal_subjects"]),
    )
    compare("its differences", [], same["reasons"])

    told = compared(installation, planted, names, mapping, tmp_path / "planted.xlsx", 1)
    compare(
        "ten errors, by cause",
        dict.fromkeys(sorted(region.ERRORS), 1),
        dict(sorted(Counter(one["cause"] for one in told["reasons"]).items())),
    )
    compare("all of them certain", {"certain"}, {one["sure"] for one in told["reasons"]})
    touched = {error: reseller for error, reseller in planted.touched.items() if "," not in error}
    by_cause = {one["cause"]: one["subjects"] for one in told["reasons"]}
    wanted = {error: {reseller} for error, reseller in touched.items()} | {
        "partner": {touched["partner"], planted.touched["partner, taker"]}
    }
    compare("each at its reseller", wanted, {cause: set(subjects) for cause, subjects in by_cause.items()})
    compare(
        "other partners are equal",
        set(planted.targets) - set(planted.touched.values()),
        {one["subject"] for one in told["parts"] if one["equal"]},
    )
    compare("not explained", "0.00", told["not_explained"])

    figures = [figure for part in told["parts"] for figure in part["figures"]]
    compare("figures whose steps do not add up", [], [one for one in figures if sum_of(one["steps"]) != Decimal(one["difference"])])
    compare("steps that are not certain", [], [step for one in figures for step in one["steps"] if step["sure"] != "certain"])
    ours = {key: one[0] for key, one in region.figures(faithful).items()}
    theirs = {key: one[0] for key, one in region.figures(planted).items()}
    gaps = defaultdict(Decimal)
    for part in told["parts"]:
        for reason in part["reasons"]:
            if reason["cause"] != "target":
                gaps[part["subject"]] += sum(Decimal(line["amount"]) for line in reason["lines_listed"])
    compare(
        "money of the lines, by reseller",
        {key: ours[key] - theirs[key] for key in ours if ours[key] != theirs[key]},
        {key: gap for key, gap in gaps.items() if gap},
    )
    hidden = next(one for one in told["reasons"] if one["cause"] == "hidden")
    compare("the hidden row", "SO-PROFORMA", hidden["key"])


def sum_of(steps) -> Decimal:
    return sum((Decimal(step["amount"]) for step in steps), Decimal(0))
