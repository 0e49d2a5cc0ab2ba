"""A company of any size for measuring: masters through the ordinary actions, order lines drawn from a seed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from steelyard.accounts.actions import set_up
from steelyard.accounts.models import User
from steelyard.company import actions as company
from steelyard.partners import actions as partners
from steelyard.products import actions as products

FIRST, DAYS = date(2021, 1, 1), 1095
CURRENCIES = {"EUR": None, "USD": "1.1234", "GBP": "0.8612", "CHF": "0.9711", "PLN": "4.3312"}
PRODUCTS, CUSTOMERS_EACH = 2000, 40


def codes(letter: str, count: int) -> list[str]:
    """P00000, P00001, ..."""
    return [f"{letter}{number:05d}" for number in range(count)]


def masters(partner_count: int) -> User:
    """Partners, products in a tree of categories, territories, representatives, daily rates."""
    user = set_up()
    company.set_up(acting_user=user, name="Benchmark", reporting_currency="EUR")

    def load(actions: object, name: str, columns: dict[str, list[object]]) -> None:
        actions.load(name, pl.DataFrame(columns), acting_user=user)  # type: ignore[attr-defined]

    load(
        products,
        "categories",
        {"code": ["instruments", "readers", "parts"], "name": ["Instruments", "Readers", "Parts"], "parent": [None, "instruments", None]},
    )
    numbers = range(PRODUCTS)
    load(
        products,
        "products",
        {
            "code": codes("SKU", PRODUCTS),
            "name": codes("Product ", PRODUCTS),
            "category": [("readers", "parts")[n % 2] for n in numbers],
            "strategic": [n % 5 == 0 for n in numbers],
            "must_stock": [n % 7 == 0 for n in numbers],
        },
    )
    load(partners, "territories", {"code": codes("T", 40), "name": codes("Territory ", 40)})
    load(partners, "representatives", {"code": codes("R", 40), "name": codes("Representative ", 40)})
    load(partners, "assignments", {"representative": codes("R", 40), "territory": codes("T", 40)})
    load(
        partners,
        "partners",
        {
            "code": codes("P", partner_count),
            "name": codes("Partner ", partner_count),
            "type": ["distributor"] * partner_count,
            "country": ["DE"] * partner_count,
            "territory": [f"T{n % 40:05d}" for n in range(partner_count)],
            "status": ["active"] * partner_count,
        },
    )
    days = pl.date_range(FIRST, date.fromordinal(FIRST.toordinal() + DAYS - 1), eager=True)
    rates = [
        pl.DataFrame({"source": "bank", "base": "EUR", "quote": quote, "date": days, "rate": rate})
        for quote, rate in CURRENCIES.items()
        if rate
    ]
    company.load("rates", pl.concat(rates), acting_user=user)
    return user


def order_lines(count: int, partner_count: int, seed: int) -> pl.DataFrame:
    """Order lines in the catalogue's columns and stored types; three lines a document, one line in fourteen a return."""
    draw = np.random.default_rng(seed)

    def pick(names: list[str], places: np.ndarray) -> pl.Series:
        return pl.Series(names).gather(pl.Series(places))

    partner = draw.integers(0, partner_count, count)
    day = draw.integers(0, DAYS, count) + (FIRST - date(1970, 1, 1)).days
    amount = draw.integers(10_000, 50_000_000, count)
    line = np.arange(count)
    return pl.DataFrame(
        {
            "document": pl.Series(line // 3 + seed * 100_000_000).cast(pl.String),
            "line": pl.Series(line % 3 + 1).cast(pl.String),
            "date": pl.Series(day.astype(np.int32)).cast(pl.Date),
            "party": pick(codes("P", partner_count), partner),
            "product": pick(codes("SKU", PRODUCTS), draw.integers(0, PRODUCTS, count)),
            "end_customer": "C" + pl.Series(partner * CUSTOMERS_EACH + draw.integers(0, CUSTOMERS_EACH, count)).cast(pl.String),
            "quantity": draw.integers(1, 50, count) * 1_000_000,
            "amount": amount,
            "cost": amount * 6 // 10,
            "currency": pick(list(CURRENCIES), partner % len(CURRENCIES)),
            "kind": pick(["sale", "return", "free goods"], draw.choice(3, count, p=[0.90, 0.07, 0.03])),
            "promised_on": pl.Series((day + 7).astype(np.int32)).cast(pl.Date),
            "shipped_on": pl.Series((day + draw.integers(1, 12, count)).astype(np.int32)).cast(pl.Date),
            "source_row": line + 2,
        }
    )


def write_csv(lines: pl.DataFrame, path: Path) -> None:
    """The lines as a legacy system would export them: plain text, amounts with four decimals."""
    money = (
        (pl.col(name) // 10_000).cast(pl.String) + "." + (pl.col(name) % 10_000).cast(pl.String).str.zfill(4) for name in ("amount", "cost")
    )
    names = ("amount", "cost")
    quantity = (pl.col("quantity") // 1_000_000).alias("quantity")
    lines.drop("source_row").with_columns(quantity, *(text.alias(name) for name, text in zip(names, money, strict=True))).write_csv(path)
