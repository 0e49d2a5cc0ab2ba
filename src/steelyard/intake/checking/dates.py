"""Texts -> days: listed forms only, the order of day and month decided once for a column, nothing ever rolled over."""

from __future__ import annotations

from datetime import date

import polars as pl

from steelyard.calc.errors import Problem

from ..reading.table import Cell
from .findings import Read, kept, merged, scattered

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
_TIME = r"[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?"
_ISO = rf"^(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?:{_TIME})?$"
_NUMERIC = rf"^(?P<first>\d{{1,2}})[-/. ](?P<second>\d{{1,2}})[-/. ](?P<y>\d{{4}})(?:{_TIME})?$"
_NAMED = r"^(?P<d>\d{1,2})[-. ]+(?P<m>[A-Za-z]{3,9})[-., ]+(?P<y>\d{4})$"
_NAMED_FIRST = r"^(?P<m>[A-Za-z]{3,9})[-. ]+(?P<d>\d{1,2})[-., ]+(?P<y>\d{4})$"
_MONTHS = {
    name: f"{number:02d}"
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sep sept",
         "october oct", "november nov", "december dec"), start=1)
    for name in names.split()
}  # fmt: skip


def read_dates(texts: pl.Series, order: str | None, form: str | None, header: str, types: pl.Series | None = None, later: int = 0) -> Read:
    """Texts (null is blank) of one column as days, with every row that is none.

    YYYY-MM-DD is read whatever ``order`` says. ``form``: strftime's words, read before anything else. ``later``: days added to each.
    """
    values = _iso(texts) if form is None else _by_form(texts, form)
    result = Read(values)
    if values.null_count() > texts.null_count():
        odd = (values.is_null() & texts.is_not_null()).fill_null(False)
        _read_odd(result, texts, odd, order, header, types)
    if types is not None:
        serial = (types == int(Cell.DATE)) & (result.values < date(1900, 3, 1))
        result.find(serial, "bad_date", "Excel's calendar is wrong before 1 March 1900", "write the day as text: YYYY-MM-DD")
    if later:
        result.values = result.values.dt.offset_by(f"{later}d")
    outside = (result.values < FIRST_DAY) | (result.values > LAST_DAY)
    result.find(outside, "date_out_of_bounds", "the day lies outside 1900 to 2200", "check the year")
    return result


def _iso(texts: pl.Series) -> pl.Series:
    """Days written YYYY-MM-DD; null for everything else."""
    exact = texts.str.len_bytes() == 10
    return (texts if exact.all() else kept(texts, exact)).str.to_date("%Y-%m-%d", strict=False)


def _by_form(texts: pl.Series, form: str) -> pl.Series:
    shown = texts.str.to_date(form, strict=False)
    return kept(shown, shown.dt.strftime(form) == texts)  # nothing left over, nothing rolled over


def _read_odd(result: Read, texts: pl.Series, odd: pl.Series, order: str | None, header: str, types: pl.Series | None) -> None:
    rest = texts.filter(odd).str.strip_chars()
    found = _from_parts(rest, _ISO, "y", "m", "d")
    numeric = rest.str.extract_groups(_NUMERIC).struct.unnest()
    if numeric["y"].is_not_null().any():
        order, refusal = (order, None) if order in ("DMY", "MDY") else _decide(rest, numeric, header, order)
        if refusal:
            result.refusals.append(refusal)
        else:
            first, second = ("d", "m") if order == "DMY" else ("m", "d")
            found = merged(found, _days(numeric.rename({"first": first, "second": second})))
    for pattern in (_NAMED, _NAMED_FIRST):
        parts = rest.str.extract_groups(pattern).struct.unnest()
        if parts["y"].is_not_null().any():
            months = parts["m"].str.to_lowercase().replace_strict(_MONTHS, default=None, return_dtype=pl.String)
            found = merged(found, _days(parts.with_columns(months.alias("m"))))
    result.values = merged(result.values, scattered(found, odd))
    _explain(result, rest, odd, found.is_null(), order, types)


def _from_parts(rest: pl.Series, pattern: str, *names: str) -> pl.Series:
    parts = rest.str.extract_groups(pattern).struct.unnest()
    return _days(parts.select(names))


def _days(parts: pl.DataFrame) -> pl.Series:
    """Year, month and day as texts -> days; null for days that are not in the calendar."""
    iso = pl.concat_str(pl.col("y"), pl.col("m").str.zfill(2), pl.col("d").str.zfill(2), separator="-")
    return parts.select(iso.str.to_date("%Y-%m-%d", strict=False)).to_series()


def _decide(rest: pl.Series, numeric: pl.DataFrame, header: str, order: str | None) -> tuple[str | None, Problem | None]:
    """Day or month first, from the whole column; nothing if the mapping says that the year comes first."""
    if order == "YMD":
        return "YMD", None
    day_first = bool((numeric["first"].cast(pl.Int32) > 12).any())
    month_first = bool((numeric["second"].cast(pl.Int32) > 12).any())
    if day_first != month_first:
        return ("DMY" if day_first else "MDY"), None
    examples = ", ".join(f"`{text}`" for text in rest.filter(numeric["y"].is_not_null()).head(3))
    said = "speaks for both orders" if day_first else "does not tell which comes first"
    hint = "write `date_order: DMY` (day first) or `date_order: MDY` (month first) into the mapping"
    return None, Problem("ambiguous_date_order", f"day or month first: the column {said}", f"column `{header}`", examples, hint)


def _explain(result: Read, rest: pl.Series, odd: pl.Series, left: pl.Series, order: str | None, types: pl.Series | None) -> None:
    expected = {"DMY": "DD/MM/YYYY", "MDY": "MM/DD/YYYY"}.get(order or "", "YYYY-MM-DD")
    serial = rest.str.contains(r"^\d{1,5}(?:\.\d+)?$")
    if types is not None:
        serial = serial | (types.filter(odd) == int(Cell.NUMBER))
    reasons = [
        (rest.str.contains(r"(?:Z|[+-]\d{2}:?\d{2})$") & rest.str.contains(r"\d[T ]\d"), "timestamp_with_zone",
         "a time with a zone: the day depends on where", "send the business day as YYYY-MM-DD"),
        (rest.str.contains(r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}$"), "two_digit_year", "the year has two digits", "write four digits"),
        (serial, "not_a_date", "a number where a day is expected", "format the cells as dates"),
        (rest.str.contains(r"^\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}"), "bad_date", "there is no such day", f"expected {expected}"),
        (pl.repeat(True, rest.len(), eager=True), "not_a_date", "this is not a date", f"expected {expected}"),
    ]  # fmt: skip
    for mask, code, message, hint in reasons:
        mine = (left & mask.fill_null(False)).fill_null(False)
        left = left & ~mine
        result.find(scattered(mine, odd), code, message, hint)
