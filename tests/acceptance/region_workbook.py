"""A region's workbook of the fourth quarter of 2012, as somebody there would have made it, with ten errors in it.

Made of the warehouse's files alone: csv and decimal, nothing of the product. The region takes the lines of its five
territories, turns each into US dollars at the day's average rate, and divides the sum by the target.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from pathlib import Path

import xlsxwriter

TERRITORIES = {"6", "7", "8", "9", "10"}
FIRST, LAST = date(2012, 10, 1), date(2012, 12, 31)
ERRORS = ("twice", "period", "return", "rate", "territory", "hidden", "amount", "missing", "partner", "target")
CENT, GRAIN = Decimal("0.01"), Decimal("0.0001")


@dataclass(frozen=True)
class Line:
    """One line as the region has it."""

    document: str
    position: str
    day: date
    reseller: str
    territory: str
    currency: str
    amount: Decimal
    rate: Decimal
    hidden: bool = False

    @property
    def value(self) -> Decimal:
        """US dollars, rounded per line."""
        return (self.amount * self.rate).quantize(GRAIN, ROUND_HALF_EVEN)


@dataclass
class Region:
    """What the workbook says, and what was done to it."""

    lines: list[Line]
    targets: dict[str, Decimal]
    touched: dict[str, str] = field(default_factory=dict)  # error -> reseller


def rows(data: Path, name: str) -> list[dict[str, str]]:
    """A file's rows by header."""
    with (data / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def lines_of(data: Path) -> list[Line]:
    """Every line of the warehouse in its own currency."""
    currencies = {row["CurrencyKey"]: row["CurrencyAlternateKey"] for row in rows(data, "DimCurrency.csv")}
    rates = {(row["CurrencyKey"], row["Date"]): Decimal(row["AverageRate"]) for row in rows(data, "FactCurrencyRate.csv")}
    return [
        Line(
            row["SalesOrderNumber"], row["SalesOrderLineNumber"], date.fromisoformat(row["OrderDate"]), row["ResellerKey"],
            row["SalesTerritoryKey"], currencies[row["CurrencyKey"]], Decimal(row["SalesAmount"]),
            rates.get((row["CurrencyKey"], row["OrderDate"]), Decimal(1)),
        )
        for row in rows(data, "FactResellerSales_to_2012.csv")
    ]  # fmt: skip


def faithful(data: Path) -> Region:
    """The workbook without errors: the region's lines of the quarter, and a target for whoever bought."""
    own = {row["ResellerKey"] for row in rows(data, "DimReseller.csv") if territory_of(data, row) in TERRITORIES}
    lines = [line for line in lines_of(data) if line.reseller in own and line.territory in TERRITORIES and FIRST <= line.day <= LAST]
    bought = sorted({line.reseller for line in lines}, key=int)
    return Region(lines, {reseller: Decimal(20000 + 500 * place) for place, reseller in enumerate(bought)})


def territory_of(data: Path, reseller: dict[str, str]) -> str:
    """Where a reseller lies."""
    if not hasattr(territory_of, "known"):
        territory_of.known = {row["GeographyKey"]: row["SalesTerritoryKey"] for row in rows(data, "DimGeography.csv")}  # type: ignore[attr-defined]
    return territory_of.known[reseller["GeographyKey"]]  # type: ignore[attr-defined]


def with_errors(region: Region, data: Path, abroad: Line) -> Region:
    """Ten errors, each at a reseller of its own. ``abroad``: an order of one of them that is credited in the United States."""
    orders: dict[str, list[str]] = defaultdict(list)
    for line in region.lines:
        if line.document not in orders[line.reseller]:
            orders[line.reseller].append(line.document)
    free = iter(reseller for reseller in sorted(orders, key=int) if reseller != abroad.reseller)
    made = Region(list(region.lines), dict(region.targets))

    def lines_in(document: str) -> list[Line]:
        return [line for line in made.lines if line.document == document]

    def touch(error: str, wanted=lambda reseller: True) -> str:
        reseller = next(one for one in free if wanted(one))
        made.touched[error] = reseller
        return reseller

    # 1 the last order, pasted once more at the end
    made.lines += lines_in(orders[touch("twice")][-1])
    # 2 an order of the quarter before
    earlier = [line for line in lines_of(data) if line.day < FIRST and line.territory in TERRITORIES]
    before = touch("period", lambda reseller: any(line.reseller == reseller for line in earlier))
    last = [line.document for line in earlier if line.reseller == before][-1]
    made.lines += [line for line in earlier if line.document == last]
    # 3 the return that the ledger has (`returned`) is left out
    touch("return")
    # 4 one order at the rate of the year before
    rated = touch("rate", lambda reseller: lines_in(orders[reseller][0])[0].currency == "CAD")
    made.lines = [replace(line, rate=Decimal("0.9512")) if line.document == orders[rated][0] else line for line in made.lines]
    # 5 an order that is credited in the United States
    made.lines.append(abroad)
    made.touched["territory"] = abroad.reseller
    # 6 a hidden row that the sum takes along
    ghost = touch("hidden")
    made.lines.append(replace(lines_in(orders[ghost][0])[0], document="SO-PROFORMA", position="1", hidden=True))
    # 7 a typing error: the first digit of an amount
    typed = touch("amount")
    wrong = lines_in(orders[typed][0])[0]
    made.lines = [replace(line, amount=line.amount + 1000) if line is wrong else line for line in made.lines]
    # 8 a line that got lost
    gone = lines_in(orders[touch("missing", lambda reseller: len(lines_in(orders[reseller][0])) > 2)][0])[1]
    made.lines.remove(gone)
    # 9 an order booked under the neighbour
    giver = touch("partner")
    taker = next(free)
    made.lines = [replace(line, reseller=taker) if line.document == orders[giver][0] else line for line in made.lines]
    made.touched["partner, taker"] = taker
    # 10 the target before it was raised
    old = touch("target")
    made.targets[old] -= 5000
    return made


def figures(region: Region) -> dict[str, tuple[Decimal, int, Fraction | None, Fraction]]:
    """Reseller -> net sales, orders, attainment, total; hidden rows are in the sums, as a spreadsheet adds up."""
    found = {}
    for reseller, target in region.targets.items():
        own = [line for line in region.lines if line.reseller == reseller]
        sales = sum((line.value for line in own), Decimal(0))
        attainment = Fraction(round(Fraction(sales) / Fraction(target) * 10**9), 10**9)
        points = (100 * clamp(Fraction(sales) / 50000) + 100 * clamp(attainment)) / 2
        found[reseller] = (sales, len({line.document for line in own}), attainment, Fraction(round(points * 10**6), 10**6))
    return found


def clamp(share: Fraction) -> Fraction:
    """Between nothing and all."""
    return min(max(share, Fraction(0)), Fraction(1))


def write(region: Region, names: dict[str, str], path: Path) -> None:
    """The workbook: a summary below two rows of titles, the lines, the targets."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    summary, lines, targets = (book.add_worksheet(name) for name in ("Summary", "Lines", "Targets"))
    summary.write(0, 0, "Reseller scorecards, Q4 2012")
    summary.write(1, 0, "Region outside the United States")
    summary.write_row(3, 0, ["Reseller", "Net sales USD", "Orders", "Attainment", "Score"])
    place = 4
    for reseller, (sales, orders, attainment, total) in figures(region).items():
        assert attainment is not None
        summary.write_row(place, 0, [names[reseller], float(sales), orders, float(attainment), float(total)])
        place += 1
    summary.write_row(place, 0, ["Total", float(sum((one[0] for one in figures(region).values()), Decimal(0)))])
    lines.write_row(0, 0, ["Order", "Pos", "Order date", "Reseller", "Territory", "Curr", "Amount", "Rate", "USD"])
    for place, line in enumerate(region.lines, start=1):
        said = [line.document, int(line.position), line.day, line.reseller, line.territory, line.currency]
        for column, cell in enumerate([*said, float(line.amount), float(line.rate), float(line.value)]):
            lines.write(place, column, cell)
        if line.hidden:
            lines.set_row(place, None, None, {"hidden": True})
    targets.write_row(0, 0, ["Reseller", "Target USD"])
    for place, (reseller, target) in enumerate(region.targets.items(), start=1):
        targets.write_row(place, 0, [reseller, float(target)])
    book.close()


MAPPING = """
source: adventureworks
totals:
  sheet: Summary
  header: 4
  columns: {subject: Reseller, net_sales: Net sales USD, orders: Orders, attainment: Attainment, total: Score}
lines:
  sheet: Lines
  measure: sales
  columns:
    {document: Order, line: Pos, date: Order date, subject: Reseller, territory: Territory, currency: Curr,
     amount: Amount, rate: Rate, value: USD}
targets:
  sheet: Targets
  measure: goal
  columns: {subject: Reseller, amount: Target USD}
"""
