"""Texts -> texts, choices, yes/no, codes: what may stand in a text column, and what a spreadsheet has damaged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import polars as pl

from steelyard.calc.errors import did_you_mean
from steelyard.calc.facts import Column

from .. import limits
from ..reading.table import Cell, Traits
from .codes import country_code, currency_code, currency_codes
from .findings import Read, kept, merged
from .padded import find_lost_zeros

_YES = ("yes", "y", "true", "t", "1", "x", "ja", "j", "oui", "si", "sí", "sim", "tak")
_NO = ("no", "n", "false", "f", "0", "nein", "non", "não", "nie")
_SCIENTIFIC = r"^\d(?:[.,]\d+)?[eE]\+\d{2,}$"
_SPACES = r"[ \u00a0\u2007\u202f\u3000]{2,}|[\u00a0\u2007\u202f\u3000]"
_MONTHS = "jan|feb|mar|apr|may|mai|jun|jul|aug|sept?|oct|okt|nov|dec|dez"
_MONTH = rf"(?i)^(?:\d{{1,2}}-(?:{_MONTHS})|(?:{_MONTHS})-\d{{2}})$"


def read_texts(texts: pl.Series, column: Column, traits: Traits, types: pl.Series | None = None) -> Read:
    """A text column; codes are brought into their one form, unknown ones are named with what is near."""
    result = Read(_with_single_spaces(texts) if traits.spaces and _is_code(column) else texts)
    if column.refers_to == "product" or (_is_code(column) and not column.refers_to):
        hint = "format the column as text in the source, then export again"
        result.find(texts.str.contains(_MONTH), "id_damaged_by_spreadsheet", "a spreadsheet turned this code into a date", hint)
    if traits.exponents:
        damaged = texts.str.contains(_SCIENTIFIC)
        result.find(damaged, "id_damaged_by_spreadsheet", "a spreadsheet turned this code into a number and lost digits",
                    "format the column as text in the source, then export again")  # fmt: skip
    if types is not None and column.name not in ("end_customer", "label"):
        dated = types == int(Cell.DATE)
        result.find(
            dated, "id_damaged_by_spreadsheet", "a spreadsheet turned this code into a date", "format the column as text in the source"
        )
    find_lost_zeros(result, column)
    if column.choices:
        _choices(result, column.choices)
    elif column.refers_to == "currency":
        _codes(result, currency_code, "unknown_currency", "not a currency of ISO 4217", currency_codes(), "write its code, such as EUR")
    elif column.refers_to == "country":
        _codes(result, country_code, "unknown_country", "not a country of ISO 3166", (), "write its code, such as CH")
    return result


def _is_code(column: Column) -> bool:
    """Whether the texts of a column name something, so that spaces more or less say nothing."""
    return column.refers_to is not None or column.name in ("document", "line", "lot", "code")


def _with_single_spaces(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all(_SPACES, " ") if texts.str.contains(_SPACES).any() else texts


def read_yes_no(texts: pl.Series) -> Read:
    """yes and no in several languages."""
    lower = texts.str.strip_chars().str.to_lowercase()
    values = lower.replace_strict([*_YES, *_NO], [True] * len(_YES) + [False] * len(_NO), default=None, return_dtype=pl.Boolean)
    result = Read(values)
    result.find(values.is_null() & texts.is_not_null(), "not_yes_no", "this is neither yes nor no", "write yes or no")
    return result


def _choices(result: Read, choices: Collection[str]) -> None:
    known = {choice.casefold(): choice for choice in choices}
    _translate(result, lambda text: known.get(" ".join(text.replace("_", " ").casefold().split())), "not_a_choice",
               "not one of the choices", choices, f"one of {', '.join(choices)}")  # fmt: skip


def _codes(result: Read, meant: Callable[[str], str | None], code: str, message: str, known: Iterable[str], hint: str) -> None:
    _translate(result, meant, code, message, known, hint)


def _translate(result: Read, meant: Callable[[str], str | None], code: str, message: str, known: Iterable[str], hint: str) -> None:
    """Each different text is looked up once; texts that mean nothing are found."""
    given = result.values.drop_nulls().unique().to_list()
    table = {text: meant(text) for text in given}
    if all(text == value for text, value in table.items()):
        return
    values = result.values.replace_strict(list(table), list(table.values()), return_dtype=pl.String)
    unknown = values.is_null() & result.values.is_not_null()
    if unknown.any():
        strange = [text for text, value in table.items() if value is None][:200]
        hints = {text: did_you_mean(text.upper(), known) or hint for text in strange}
        result.find(unknown, code, message, hint, _hints(result.values, hints, unknown))
    result.values = values


def _hints(texts: pl.Series, hints: dict[str, str], mask: pl.Series) -> pl.Series:
    return kept(texts, mask).replace_strict(list(hints), list(hints.values()), default="", return_dtype=pl.String)


def find_unknown(texts: pl.Series, known: Collection[str], what: str) -> Read:
    """References to a master that lacks them, with the nearest candidates for each."""
    result = Read(texts)
    strange = [text for text in texts.drop_nulls().unique().to_list() if text not in known]
    if strange:
        unknown = texts.is_in(strange)
        hints = {text: nearest(text, known) or f"load the {what} first" for text in strange[:200]}
        result.find(
            unknown, f"unknown_{what}", f"there is no such {what}", f"load the {what} first", _hints(texts, hints, unknown.fill_null(False))
        )
    return result


def nearest(text: str, known: Collection[str]) -> str:
    """The few known codes most like a text."""
    import difflib

    near = difflib.get_close_matches(text, list(known), n=limits.NEAREST, cutoff=0.6)
    return f"nearest: {', '.join(near)}" if near else ""


def merge_symbols(symbols: Iterable[pl.Series | None]) -> pl.Series | None:
    """Signs written beside the amounts of a row, from the first amount that has one."""
    found: pl.Series | None = None
    for series in symbols:
        if series is not None:
            found = series if found is None else merged(found, series)
    return found
