"""Rules between columns of one row: currencies beside amounts, returns, periods, days to come."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Keyed
from datetime import date

import polars as pl

from steelyard.calc.errors import Problem
from steelyard.calc.facts import Kind

from ..mappings import Mapping
from . import arithmetic
from .codes import SHARED_SIGNS, currency_code
from .findings import Finding, Read
from .texts import merge_symbols

_RETURNS = ("return", "credit")
PERIODS = (("date", "until"), ("date", "valid_to"), ("valid_from", "valid_to"), ("received_on", "closed_on"))  # first and last day


def _kinds(kind: Kind) -> tuple[str, ...]:
    """What a row of this kind may say that it is."""
    return kind.by_name["kind"].choices if "kind" in kind.by_name else ()


def between_columns(kind: Kind, reads: Keyed[str, Read], mapping: Mapping, latest: date) -> Iterator[tuple[str, Finding]]:
    """Problems that need more than one column, each with the column where it is shown."""
    yield from _currencies(kind, reads)
    if mapping.negatives == "refused" and "return" in _kinds(kind):
        yield from _returns(reads)
    if (finding := arithmetic.refused(kind, reads, mapping)) is not None:
        yield "amount", finding
    yield from _periods(kind, reads)
    if kind.flow and kind.date is not None and kind.date in reads and latest != date.max:
        late = (reads[kind.date].values > latest).fill_null(False)
        if late.any():
            yield kind.date, Finding(late, "date_in_future", "the day lies in the future", f"days up to {latest} are accepted")


def _currencies(kind: Kind, reads: Keyed[str, Read]) -> Iterator[tuple[str, Finding]]:
    money = [name for name, read in reads.items() if kind.by_name[name].currency]
    for currency in sorted({kind.by_name[name].currency or "" for name in money}):
        if currency not in reads:
            continue
        amounts = [name for name in money if kind.by_name[name].currency == currency]
        codes = reads[currency].values
        if codes.null_count():
            present = pl.select(pl.any_horizontal([reads[name].values.is_not_null() for name in amounts])).to_series()
            missing = codes.is_null() & present
            if missing.any() and not kind.by_name[currency].required:
                yield (
                    currency,
                    Finding(
                        missing, "currency_missing", "an amount without a currency", "write `currency: EUR` (or another) into the mapping"
                    ),
                )
        signs = merge_symbols(reads[name].symbols for name in amounts)
        if signs is not None and signs.null_count() < signs.len():
            yield amounts[0], _sign_conflicts(signs, codes)


def _sign_conflicts(signs: pl.Series, codes: pl.Series) -> Finding:
    """A sign beside an amount that names another currency than the row, or none at all."""
    pairs = pl.DataFrame({"sign": signs, "code": codes})
    allowed = []
    for sign, code in pairs.drop_nulls("sign").unique().iter_rows():
        meant = {currency_code(sign)} if currency_code(sign) else SHARED_SIGNS.get(sign.upper(), set())
        if code in meant:
            allowed.append({"sign": sign, "code": code, "fine": True})
    known = pl.DataFrame(allowed, schema={"sign": pl.String, "code": pl.String, "fine": pl.Boolean})
    fine = pairs.join(known, on=["sign", "code"], how="left", maintain_order="left")["fine"].fill_null(False)
    return Finding(
        ~fine & signs.is_not_null(), "currency_conflict", "the sign beside the amount is not the row's currency", "correct one of the two"
    )


def _returns(reads: Keyed[str, Read]) -> Iterator[tuple[str, Finding]]:
    known = reads["kind"].values.is_in(_RETURNS).fill_null(False) if "kind" in reads else None
    for name in ("amount", "quantity"):
        if name in reads:
            negative = reads[name].values < 0
            if not negative.any():
                continue
            if known is not None:
                negative = negative & ~known
            if negative.any():
                hint = "say return or credit in the column `kind`, or write `negatives: allowed`"
                yield name, Finding(negative.fill_null(False), "negative_without_return", "negative, but not a return or credit", hint)


def _periods(kind: Kind, reads: Keyed[str, Read]) -> Iterator[tuple[str, Finding]]:
    for first, last in PERIODS:
        if first in reads and last in reads and kind.by_name[first].type == kind.by_name[last].type == "date":
            turned = (reads[last].values < reads[first].values).fill_null(False)
            if turned.any():
                yield last, Finding(turned, "period", "the last day is before the first", "swap the days")


def remarks(kind: Kind, reads: Keyed[str, Read], mapping: Mapping, rows: pl.Series) -> list[Problem]:
    """What is accepted and still worth saying; ``rows``: as a spreadsheet numbers them."""
    return [*_negatives(kind, reads, mapping), *arithmetic.remark(kind, reads, mapping, rows)]


def _negatives(kind: Kind, reads: Keyed[str, Read], mapping: Mapping) -> list[Problem]:
    money = kind.money_column
    if money is None or mapping.negatives != "warn" or money not in reads or not kind.flow:
        return []
    negative = int((reads[money].values < 0).sum())
    if not negative:
        return []
    hint = "`negatives: allowed` silences this, `negatives: refused` quarantines those that are not returns"
    return [
        Problem(
            "negative_amounts",
            "rows with a negative amount were read as returns or credits",
            f"column `{money}`",
            f"{negative:,} rows",
            hint,
            "warning",
        )
    ]
