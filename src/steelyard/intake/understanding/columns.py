"""Which column of the file fills which of ours: by memory, by its heading, by its values; never two of ours from one by a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from steelyard.calc.facts import Column, Kind

from ..checking.columns import as_written
from ..mappings import Mapping
from .findings import Known, Sure
from .values import Profile, known_share
from .words import Vocabulary

FITS = 0.6  # so many of its cells must look right for a heading to be believed
_PRICED = 0.95  # share of rows in which quantity times price is the amount


@dataclass(frozen=True, slots=True)
class Match:
    """A header that fills one of our columns."""

    header: str
    sure: Sure
    why: str


def fits(column: Column, profile: Profile) -> bool:
    """Whether a column's cells may be what is expected; a column without cells contradicts nothing."""
    if column.choices and profile.texts.len():
        return profile.among(frozenset(choice.casefold() for choice in column.choices)) >= FITS
    if not profile.texts.len() or column.type in ("text", "yes/no"):
        return True
    return (profile.days if column.type == "date" else profile.numbers) >= FITS


def match(kind: Kind, found: Sequence[Profile], given: Mapping, known: Known, words: Vocabulary) -> dict[str, Match]:
    """For each of our columns that the mapping leaves open, the header that fills it."""
    taken = {as_written(header, tuple(one.header for one in found)) for rule in given.columns.values() for header in rule.headers}
    free = [one for one in found if one.header not in taken]
    # a mapping that names columns names all that are wanted: only what cannot be missing is looked for beside them
    lacking = [column for column in kind.columns if column.name not in given.columns and (column.required or not given.columns)]
    matches: dict[str, Match] = {}
    for step in (_by_heading, _by_nearly, _by_values):
        for name, one in step(kind, lacking, free, known, words).items():
            if name not in matches and one.header not in {other.header for other in matches.values()}:
                matches[name] = one
        free = [one for one in free if one.header not in {other.header for other in matches.values()}]
        lacking = [column for column in lacking if column.name not in matches]
    if "amount" in kind.by_name and kind.by_name["amount"] in lacking:
        matches |= _priced(kind, found, given, matches)
    return {column.name: matches[column.name] for column in kind.columns if column.name in matches}


def _by_heading(kind: Kind, lacking: Sequence[Column], free: Sequence[Profile], known: Known, words: Vocabulary) -> dict[str, Match]:
    matches: dict[str, Match] = {}
    wanted = {column.name for column in lacking}
    for profile in free:
        name = words.named(profile.header)
        if name in wanted and name not in matches and fits(kind.by_name[name], profile):
            matches[name] = Match(profile.header, "certain", f"its heading “{profile.header}” says so")
    return matches


def _by_nearly(kind: Kind, lacking: Sequence[Column], free: Sequence[Profile], known: Known, words: Vocabulary) -> dict[str, Match]:
    matches: dict[str, Match] = {}
    wanted = {column.name for column in lacking}
    for profile in free:
        name = words.nearly(profile.header)
        if name in wanted and name not in matches and fits(kind.by_name[name], profile):
            matches[name] = Match(profile.header, "likely", f"its heading “{profile.header}” is nearly a known one")
    return matches


def _by_values(kind: Kind, lacking: Sequence[Column], free: Sequence[Profile], known: Known, words: Vocabulary) -> dict[str, Match]:
    """A column of days, of currencies, of known products or partners: where exactly one column holds them."""
    matches: dict[str, Match] = {}
    for column in lacking:
        if column.refers_to in ("currency", "product", "party") and column.name in ("currency", "product", "party"):
            right = [one for one in free if one.texts.len() and known_share(one, known, column.refers_to) >= 0.8]
            why = {
                "currency": "every cell is a currency code",
                "product": "most cells are products you have",
                "party": "most cells are partners you have",
            }
            if len(right) == 1:
                matches[column.name] = Match(right[0].header, "likely", why[column.refers_to])
        elif column.type == "date" and column.name == kind.date:
            right = [one for one in free if one.days >= 0.9]
            if len(right) == 1:
                matches[column.name] = Match(right[0].header, "likely", "it is the one column of days")
    return matches


def _priced(kind: Kind, found: Sequence[Profile], given: Mapping, matches: dict[str, Match]) -> dict[str, Match]:
    """The amount as the column that is quantity times price in nearly every row."""
    headers = {name: matches[name].header if name in matches else (given.columns[name].header if name in given.columns else None)
               for name in ("quantity", "unit_price")}  # fmt: skip
    by_header = {one.header: one for one in found}
    used = {one.header for one in matches.values()}
    quantity, price = by_header.get(headers["quantity"] or ""), by_header.get(headers["unit_price"] or "")
    if quantity is None or price is None:
        return {}
    product = _numbers(quantity) * _numbers(price)
    for one in found:
        if one.header in used or one.numbers < FITS or one.texts.len() != product.len():
            continue
        near = ((_numbers(one) - product).abs() <= 0.01).fill_null(False)
        if product.len() and float(near.sum()) / product.len() >= _PRICED:
            return {"amount": Match(one.header, "likely", "it is quantity times price in nearly every row")}
    return {}


def _numbers(profile: Profile) -> pl.Series:
    """Rough numbers, to compare columns with each other; what is stored is read elsewhere, exactly."""
    return profile.texts.str.replace_all(r"[^\d.\-]", "").cast(pl.Float64, strict=False)
