"""Export facts at a cut, or a master, as CSV, XLSX or Parquet; importing the export gives equal data.

Numbers are written by type. A text that a spreadsheet would run as a formula gets an apostrophe in CSV, and is a text cell
in XLSX.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import polars as pl
import xlsxwriter

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.facts import Kind
from steelyard.calc.units import DECIMALS
from steelyard.company import queries as company
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING, Scope
from steelyard.partners import queries as partners
from steelyard.products import queries as products

from .escaping import protect
from .mappings import kind_named

_EXCEL_ROWS = 1_048_576
_EXCEL_DIGITS = 15  # more than a spreadsheet's numbers keep: written as text
_OWNERS = {
    **dict.fromkeys(("partners", "affiliations", "aliases", "territories", "representatives", "assignments"), partners),
    **dict.fromkeys(("products", "categories", "units"), products), "rates": company,
}  # fmt: skip


def export(kind_name: str, *, form: str = "csv", cut: int | None = None, source: str | None = None, scope: Scope = EVERYTHING) -> bytes:
    """The file's bytes. Facts carry the column ``source`` besides their own."""
    writers: dict[str, Callable[[Kind, pl.DataFrame], bytes]] = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}
    if form not in writers:
        raise Refused(Problem("unknown_format", "no such format", "format", f"`{form}`", did_you_mean(form, writers)))
    kind = kind_named(kind_name)
    return writers[form](kind, rows(kind, cut=cut, source=source, scope=scope))


def rows(kind: Kind, *, cut: int | None = None, source: str | None = None, scope: Scope = EVERYTHING) -> pl.DataFrame:
    """Live facts (or the master) as stored, in the order of their key."""
    if kind.family == "master":
        frame: pl.DataFrame = _OWNERS[kind.name].export(kind.name, cut)
        return frame.filter(pl.col("source") == source) if source and kind.name == "rates" else frame
    columns = ["source", *kind.schema]
    facts = ledger.facts(kind.name, cut=cut, scope=scope, columns=[*columns, "ordinal", "sign"])
    if source:
        facts = facts.filter(pl.col("source") == source)
    net = facts.group_by([*columns, "ordinal"]).agg(pl.col("sign").cast(pl.Int64).sum()).filter(pl.col("sign") > 0)
    return net.sort(["source", *kind.key, "ordinal"], nulls_last=False).select(columns).collect()


def _csv(kind: Kind, frame: pl.DataFrame) -> bytes:
    texts = {
        name: _decimal_text(pl.col(name), _places(kind, name)) if _places(kind, name) is not None
        else protect(pl.col(name)) if dtype == pl.String
        else _yes_no(pl.col(name)) if dtype == pl.Boolean
        else pl.col(name)
        for name, dtype in frame.schema.items()
    }  # fmt: skip
    return frame.select(**texts).write_csv(line_terminator="\r\n").encode()


def _places(kind: Kind, name: str) -> int | None:
    column = kind.by_name.get(name)
    return None if column is None else DECIMALS.get(column.type)


def _yes_no(column: pl.Expr) -> pl.Expr:
    return pl.when(column).then(pl.lit("yes")).when(~column).then(pl.lit("no"))


def _decimal_text(column: pl.Expr, places: int | None) -> pl.Expr:
    """Whole grains as decimal text without needless zeros."""
    if not places:
        return column.cast(pl.String)
    size = column.abs()
    decimals = (size % 10**places).cast(pl.String).str.zfill(places).str.strip_chars_end("0")
    text = (size // 10**places).cast(pl.String) + pl.when(decimals == "").then(pl.lit("")).otherwise(pl.lit(".") + decimals)
    return pl.when(column < 0).then(pl.lit("-") + text).otherwise(text)


def _parquet(kind: Kind, frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    natural = frame.with_columns(
        _decimal_text(pl.col(name), places).cast(pl.Decimal(38, places)).alias(name)
        for name in frame.columns
        if (places := _places(kind, name))
    )
    natural.write_parquet(stream)
    return stream.getvalue()


def _xlsx(kind: Kind, frame: pl.DataFrame) -> bytes:
    if frame.height >= _EXCEL_ROWS:
        found = f"{frame.height:,} rows"
        raise Refused(Problem("too_many_rows", f"a sheet holds {_EXCEL_ROWS - 1:,} rows", "format", found, "export CSV or Parquet"))
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(kind.title[:31])
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, name, book.add_format({"bold": True}) if not column else None)
    shown = frame.with_columns(
        *(_decimal_text(pl.col(name), _places(kind, name)).alias(name) for name in frame.columns if _places(kind, name) is not None),
        *(_yes_no(pl.col(name)).alias(name) for name, dtype in frame.schema.items() if dtype == pl.Boolean),
    )
    numeric = {name for name in frame.columns if _places(kind, name) is not None}
    for row, cells in enumerate(shown.iter_rows(), start=1):
        for column, (name, cell) in enumerate(zip(frame.columns, cells, strict=True)):
            if cell is None:
                continue
            if name in numeric and len(cell.lstrip("-").replace(".", "").lstrip("0")) <= _EXCEL_DIGITS:
                sheet.write_number(row, column, float(cell))  # at most 15 digits: the cell shows exactly these
            elif frame.schema[name] == pl.Date:
                sheet.write_datetime(row, column, cell, day)
            else:
                sheet.write_string(row, column, cell)
    book.close()
    return stream.getvalue()
