"""Texts -> exact numbers: int64 in the unit's grain, whole columns at a time; never a float, never rounded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from steelyard.calc.units import DECIMALS

from ..reading.table import Cell
from .decimals import decide
from .findings import Read, kept, merged, scattered

LIMITS = {"count": 15, "days": 11, "money": 11, "number": 11, "percent": 8, "points": 11, "price": 10}  # powers of ten
_WIDE = pl.Decimal(38, 0)
_GROUPS = (",", ".", "'", "\u2019", " ", "\u00a0", "\u202f", "\u2009")
_PARTS = (
    r"^(?P<before>[^\d.,'()\u2212+\-]*)"
    r"(?P<number>[(\u2212+\-]?\s*[\d.,][\d.,'\u2019 \u00a0\u202f\u2009]*[)\u2212\-]?)"
    r"(?P<after>[^\d.,'()\u2212+\-]*)$"
)

_LETTER_FOR_DIGIT = r"^[OoIlSZB][\d.,]|[\d.,][OoIlSZB]$"  # `1O`: nobody can tell a unit from a slip

_NOT_FINITE = r"^[+-]?(?:s?nan|inf(?:inity)?)$"
_HUGE = r"^[+-]?[0-9.,]+e[+-]?[0-9]{2,}$"
_SCIENTIFIC = r"^[+-]?[0-9.,]+e[+-]?[0-9]+$"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How numbers of one column are written. ``decimal`` None: decide; ``thousands`` None: any usual mark."""

    decimal: str | None = None
    thousands: str | None = None
    times: Fraction | None = None


def read_numbers(texts: pl.Series, unit: str, form: NumberFormat, header: str, types: pl.Series | None = None) -> Read:
    """Texts (null is blank) of one column as stored numbers of a unit, with every row that is none.

    ``types``: how a spreadsheet typed the cells; its numbers are read as they are, whatever the locale.
    """
    scale = DECIMALS[unit]
    typed = (types == int(Cell.NUMBER)).fill_null(False) if types is not None else None
    simple = texts.str.contains(_simple(scale, LIMITS[unit])) if form.decimal != "," else None
    mark, refusal = form.decimal or ".", None
    if form.decimal is None:
        asked = texts if typed is None else texts.filter(~typed)
        mark, refusal = decide(asked, header, no_commas=typed is None and simple is not None and bool(simple.all()))
    if refusal:
        return Read(pl.repeat(None, texts.len(), dtype=pl.Int64, eager=True), refusals=[refusal])
    plain = texts if mark == "." else _with_points(texts, mark, typed)
    if simple is None or mark == ",":
        simple = plain.str.contains(_simple(scale, LIMITS[unit]))
    good = plain if simple.all() else kept(plain, simple)
    values = good.cast(pl.Decimal(38, scale)).to_physical().cast(pl.Int64)
    result = Read(values)
    odd = ~simple
    if odd.any():
        _read_odd(result, texts, odd.fill_null(False), typed, unit, mark, form)
    if unit in ("count", "money", "number", "price", "percent", "days"):
        largest = 10 ** (LIMITS[unit] + scale)
        result.find(
            (result.values > largest) | (result.values < -largest),
            "out_of_range",
            f"the amount is above 10^{LIMITS[unit]}",
            "check for a missing decimal mark",
        )
    if form.times is not None and form.times != 1:
        _multiply(result, form.times, unit)
    return result


def _simple(scale: int, whole: int) -> str:
    decimals = rf"(?:\.[0-9]{{0,{scale}}}0*)?" if scale else r"(?:\.0*)?"
    return rf"^-?[0-9]{{1,{whole + 1}}}{decimals}$"


def _with_points(texts: pl.Series, mark: str, typed: pl.Series | None) -> pl.Series:
    """Decimal commas as points; texts that hold a point themselves are left for the slow way."""
    changed = kept(texts, ~texts.str.contains(".", literal=True), "?").str.replace(mark, ".", literal=True)
    return changed if typed is None else pl.select(pl.when(typed).then(texts).otherwise(changed)).to_series()


def _read_odd(result: Read, texts: pl.Series, odd: pl.Series, typed: pl.Series | None, unit: str, mark: str, form: NumberFormat) -> None:
    """The rows that are not plain digits: signs, groups of thousands, units, percent; else their problem."""
    rest = texts.filter(odd)
    own = typed.filter(odd) if typed is not None else pl.repeat(False, rest.len(), eager=True)
    parts = rest.str.strip_chars().str.extract_groups(_PARTS).struct.unnest()
    number = parts["number"].str.strip_chars()
    bracketed = number.str.contains(r"^\(.*\)$")
    minus = number.str.contains(r"^[\u2212-]") ^ number.str.contains(r"[\u2212-]$") | bracketed
    both = number.str.contains(r"^[\u2212-].*[\u2212-]$") | (number.str.contains(r"[()]") & ~bracketed)
    digits = number.str.strip_chars("()+-\u2212 ")
    whole = pl.select(pl.when(own).then(_ungrouped(digits, ".", "")).otherwise(_ungrouped(digits, mark, form.thousands))).to_series()
    affix = pl.select(pl.concat_str(parts["before"], parts["after"]).str.strip_chars()).to_series()
    percent = (affix == "%").fill_null(False)
    scale = DECIMALS[unit]
    letter = rest.str.strip_chars().str.contains(_LETTER_FOR_DIGIT)
    if int(letter.sum()) * 2 >= texts.len() - texts.null_count():  # then it is the unit of the column
        letter = letter & False
    readable = whole.is_not_null() & ~both & ~letter & (~percent | (unit == "percent"))
    short = whole.str.contains(rf"^[0-9]+(?:\.[0-9]{{0,{scale}}}0*)?$") & (
        ~percent | whole.str.contains(rf"^[0-9]+(?:\.[0-9]{{0,{max(scale - 2, 0)}}}0*)?$")
    )
    small = whole.str.strip_chars_start("0").str.contains(rf"^[0-9]{{0,{LIMITS[unit] + 1}}}(?:\.|$)")
    usable = (readable & short & small).fill_null(False)
    grains = kept(whole, usable).cast(pl.Decimal(38, scale)).to_physical().cast(pl.Int64)
    signed = pl.select(pl.when(minus).then(-grains).otherwise(grains)).to_series()
    signed = pl.select(pl.when(percent).then(signed // 100).otherwise(signed)).to_series()
    affix = kept(affix, ~percent & (affix != ""))
    if unit in ("money", "price"):
        result.symbols = scattered(kept(affix, usable), odd)
    elif affix.drop_nulls().n_unique() > 1 or (affix.drop_nulls().len() and unit not in ("number", "count", "days")):
        usable = usable & affix.is_null()
    result.values = merged(result.values, scattered(kept(signed, usable), odd))
    _explain(result, rest, odd, usable, readable.fill_null(False), scale)


def _ungrouped(digits: pl.Series, mark: str, thousands: str | None) -> pl.Series:
    """Digits with a point for the decimals and no groups; null where the groups are not well formed."""
    other = [group for group in _GROUPS if group != mark] if thousands is None else [thousands] if thousands else []
    point = "\\" + mark
    plain = digits.str.contains(rf"^(?:[0-9]+(?:{point}[0-9]*)?|{point}[0-9]+)$")
    result = kept(digits, plain)
    for group in other:
        literal = "\\" + group if group in ".'" else group
        formed = digits.str.contains(rf"^[0-9]{{1,3}}(?:{literal}[0-9]{{3}})+(?:{point}[0-9]*)?$").fill_null(False)
        if formed.any():
            result = merged(result, kept(digits, formed).str.replace_all(group, "", literal=True))
    return result.str.replace(mark, ".", literal=True).str.replace(r"^\.", "0.")


def _explain(result: Read, rest: pl.Series, odd: pl.Series, usable: pl.Series, readable: pl.Series, scale: int) -> None:
    """Why the rows that are still unread are unread: the most telling reason for each."""
    lower = rest.str.to_lowercase().str.strip_chars()
    left = ~usable
    digits = "write it out in digits"
    reasons = [
        (lower.str.contains(_NOT_FINITE), "not_finite", "the value is not a finite number", "leave it blank if it is not known"),
        (lower.str.contains(_HUGE), "out_of_range", "the number is too large, too small or damaged", digits),
        (lower.str.contains(_SCIENTIFIC), "not_a_number", "a number in scientific notation", digits),
        (rest.str.strip_chars().str.contains(_LETTER_FOR_DIGIT), "not_a_number", "a letter stands where a digit may be meant", digits),
        (_foreign_digits(lower), "digits_not_ascii", "the digits are not 0 to 9", "write them as 0 to 9"),
        (readable, "out_of_range", f"more than {scale} decimals, or too large", "it is never rounded: send it with fewer decimals"),
        (~readable, "not_a_number", "this is not a number", "write digits with one decimal mark, or list it under `blank_words`"),
    ]
    for mask, code, message, hint in reasons:
        mine = (left & mask.fill_null(False)).fill_null(False)
        left = left & ~mine
        result.find(scattered(mine, odd), code, message, hint)


def _foreign_digits(lower: pl.Series) -> pl.Series:
    return lower.str.contains(r"[^\x00-\x7f]") & lower.str.contains(r"\d") & ~lower.str.contains(r"[0-9]")


def _multiply(result: Read, times: Fraction, unit: str) -> None:
    """A factor from the mapping, exact; what would need rounding is out of range."""
    wide = pl.DataFrame({"value": result.values.cast(pl.Int128)})
    product = pl.col("value") * pl.lit(times.numerator, dtype=pl.Int128)
    even = product % pl.lit(times.denominator, dtype=pl.Int128) == 0
    scaled = product // pl.lit(times.denominator, dtype=pl.Int128)
    fits = even & (scaled.abs() <= pl.lit(10 ** (LIMITS[unit] + DECIMALS[unit]), dtype=pl.Int128))
    parts = wide.select(fits.alias("fits"), scaled.alias("scaled"))
    result.find(~parts["fits"], "out_of_range", f"multiplied by {times} the number has too many digits", "correct `times:`")
    result.values = kept(parts["scaled"], parts["fits"]).cast(pl.Int64)
