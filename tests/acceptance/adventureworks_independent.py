"""AdventureWorks scored a second time, from the files alone: csv, decimal and fractions, nothing of the product.

It follows the text of examples/adventureworks/*.yaml as a person with a calculator would. `test_adventureworks.py` compares
the product's answers with it, exactly; another test there forbids this file to import the product.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from pathlib import Path

WEIGHTS = {"net_sales": 40, "orders": 15, "growth": 25, "bikes_share": 20}
GROWTH_BANDS = [(Fraction(-1, 2), 25), (Fraction(0), 50), (Fraction(1, 4), 75), (Fraction(1), 100)]
LEAST_BASE = 1000


def rows(data: Path, name: str) -> list[dict[str, str]]:
    """A file's rows by header."""
    with (data / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@dataclass(frozen=True)
class Line:
    """What the calculation needs of one order line."""

    order: str
    reseller: str
    employee: str
    day: date
    amount: Fraction
    bike: bool
    currency: str


def order_lines(data: Path) -> list[Line]:
    """Every line of the sales file, with its product's top category and its invoice's currency."""
    bikes = {row["ProductCategoryKey"] for row in rows(data, "DimProductCategory.csv") if row["EnglishProductCategoryName"] == "Bikes"}
    kinds = {row["ProductSubcategoryKey"] for row in rows(data, "DimProductSubcategory.csv") if row["ProductCategoryKey"] in bikes}
    bike_products = {row["ProductKey"] for row in rows(data, "DimProduct.csv") if row["ProductSubcategoryKey"] in kinds}
    currencies = {row["CurrencyKey"]: row["CurrencyAlternateKey"] for row in rows(data, "DimCurrency.csv")}
    return [
        Line(
            order=row["SalesOrderNumber"],
            reseller=row["ResellerKey"],
            employee=row["EmployeeKey"],
            day=date.fromisoformat(row["OrderDate"]),
            amount=Fraction(row["SalesAmount"]),
            bike=row["ProductKey"] in bike_products,
            currency=currencies[row["CurrencyKey"]],
        )
        for row in rows(data, "FactResellerSales_to_2012.csv")
    ]


def to_places(value: Fraction, places: int) -> Fraction:
    """Rounded half to even, as Python rounds fractions."""
    return Fraction(round(value * 10**places), 10**places)


# -- resellers


@dataclass
class Card:
    """One reseller's quarter. None is no data."""

    kpis: dict[str, Fraction | None]
    points: dict[str, Fraction | None] = field(default_factory=dict)
    contributions: dict[str, Fraction] = field(default_factory=dict)
    total: Fraction = Fraction(0)
    grade: str = "Bronze"


def resellers(data: Path, last_day: date) -> dict[str, Card]:
    """Every reseller's card for the quarter that ends on this day."""
    quarter = date(last_day.year, last_day.month - 2, 1)
    year_ago, two_years_ago = last_day.replace(year=last_day.year - 1), last_day.replace(year=last_day.year - 2)
    by_reseller = defaultdict(list)
    for line in order_lines(data):
        by_reseller[line.reseller].append(line)
    cards = {}
    for row in rows(data, "DimReseller.csv"):
        lines = by_reseller[row["ResellerKey"]]
        now = [line for line in lines if quarter <= line.day <= last_day]
        sales = sum((line.amount for line in now), Fraction(0))
        twelve = sum((line.amount for line in lines if year_ago < line.day <= last_day), Fraction(0))
        before = sum((line.amount for line in lines if two_years_ago < line.day <= year_ago), Fraction(0))
        bikes = sum((line.amount for line in now if line.bike), Fraction(0))
        card = Card(
            {
                "net_sales": sales,
                "orders": Fraction(len({line.order for line in now})),
                "growth": to_places(twelve / before - 1, 9) if before >= LEAST_BASE else None,
                "bikes_share": to_places(bikes / sales, 9) if sales else None,
            }
        )
        weigh(card)
        cards[row["ResellerKey"]] = card
    return cards


def weigh(card: Card) -> None:
    """Points, contributions, total and grade from the four values."""
    card.points = {name: None if value is None else to_places(points_for(name, value), 6) for name, value in card.kpis.items()}
    scored = {name: points for name, points in card.points.items() if points is not None}
    weight = sum(WEIGHTS[name] for name in scored)
    exact = {name: WEIGHTS[name] * points / weight for name, points in scored.items()}
    card.total = to_places(sum(exact.values(), Fraction(0)), 6)
    card.contributions = share_out(exact, card.total)
    if card.total >= 80 and (card.kpis["net_sales"] or 0) >= 40000:
        card.grade = "Platinum"
    elif card.total >= 60:
        card.grade = "Gold"
    elif card.total >= 40:
        card.grade = "Silver"


def points_for(name: str, value: Fraction) -> Fraction:
    """The four points rules."""
    if name == "net_sales":
        return 100 * min(max(value / 50000, Fraction(0)), Fraction(1))
    if name == "orders":
        return min(50 * value, Fraction(100))
    if name == "bikes_share":
        return 100 * min(max(value / Fraction(8, 10), Fraction(0)), Fraction(1))
    return max((Fraction(points) for start, points in GROWTH_BANDS if value >= start), default=Fraction(0))


def share_out(exact: dict[str, Fraction], total: Fraction) -> dict[str, Fraction]:
    """Contributions in millionths of a point that add up to the total: the largest remainders get what is missing."""
    units = {name: value * 10**6 for name, value in exact.items()}
    parts = {name: value.numerator // value.denominator for name, value in units.items()}
    missing = int(total * 10**6) - sum(parts.values())
    for name in sorted(units, key=lambda name: parts[name] - units[name])[:missing]:
        parts[name] += 1
    return {name: Fraction(part, 10**6) for name, part in parts.items()}


# -- representatives


@dataclass(frozen=True)
class Attainment:
    """One representative in one quota window; no quota is no attainment."""

    sales: Fraction
    quota: Fraction | None

    @property
    def value(self) -> Fraction | None:
        return to_places(self.sales / self.quota, 9) if self.quota else None


def quota_dates(data: Path) -> list[date]:
    """The days on which windows begin."""
    return sorted({date.fromisoformat(row["Date"]) for row in rows(data, "FactSalesQuota.csv")})


def attainments(data: Path) -> dict[tuple[str, date], Attainment]:
    """(employee, first day of the window): from a quota's date until the representative's next one."""
    quotas: dict[str, dict[date, Fraction]] = defaultdict(dict)
    for row in rows(data, "FactSalesQuota.csv"):
        quotas[row["EmployeeKey"]][date.fromisoformat(row["Date"])] = Fraction(row["SalesAmountQuota"])
    windows = quota_dates(data)
    sales: dict[tuple[str, date], Fraction] = defaultdict(Fraction)
    for line in order_lines(data):
        own = sorted(quotas[line.employee])
        position = bisect_right(own, line.day)
        start = own[position - 1] if position else windows[bisect_right(windows, line.day) - 1]
        sales[line.employee, start] += line.amount
    starts = set(sales) | {(employee, start) for employee, dates in quotas.items() for start in dates}
    return {key: Attainment(sales.get(key, Fraction(0)), quotas[key[0]].get(key[1])) for key in starts}


# -- the other reading of the amounts


def total_in_invoice_currency(data: Path) -> Decimal:
    """Every amount read in the currency of its invoice, times that day's average rate, rounded per line to ten-thousandths."""
    currencies = {row["CurrencyKey"]: row["CurrencyAlternateKey"] for row in rows(data, "DimCurrency.csv")}
    rates = {(currencies[row["CurrencyKey"]], row["Date"]): Decimal(row["AverageRate"]) for row in rows(data, "FactCurrencyRate.csv")}
    with localcontext() as context:
        context.prec = 50
        amounts = (
            Decimal(line.amount.numerator) / line.amount.denominator * rates[line.currency, str(line.day)] for line in order_lines(data)
        )
        return sum((amount.quantize(Decimal("0.0001"), ROUND_HALF_EVEN) for amount in amounts), Decimal(0))
