"""The stored columns of a kind of fact: its own, and those the ledger adds to every fact."""

from __future__ import annotations

from typing import Any

import polars as pl

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.facts import FACTS, SYSTEM_COLUMNS, Kind

SCHEMA_VERSION = 1  # columns are only ever added; a segment says which version wrote it

LEDGER_COLUMNS: dict[str, pl.DataType] = {**SYSTEM_COLUMNS, "source_version": pl.Int64()}
COMMIT_SEQ = "commit_seq"


def kind_named(name: str) -> Kind:
    """The kind of that name, or a refusal with the nearest one."""
    kind = FACTS.get(name)
    if kind is None:
        raise Refused(Problem("unknown_kind", "no such kind of fact", found=name, hint=did_you_mean(name, FACTS)))
    return kind


def stored(kind: Kind) -> dict[str, pl.DataType]:
    """Every column of a segment of this kind, in stored order, without ``commit_seq``."""
    return {**kind.schema, **LEDGER_COLUMNS}


def readable(kind: Kind) -> dict[str, pl.DataType]:
    """Every column a reader may ask for."""
    return {**stored(kind), COMMIT_SEQ: pl.Int64()}


def party_column(kind: Kind) -> str:
    """The column that says whom a fact is about, and by which segments are sorted first."""
    for name in ("party", "representative"):
        if name in kind.by_name:
            return name
    return kind.key[0]


def counts_lines(kind: Kind) -> bool:
    """Whether rows of this kind are lines of a document, so that a missing line number means an ordinal."""
    return kind.key[-1] == "line"


def conformed(kind: Kind, lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with exactly the kind's columns (absent ones null), ``source_row`` and ``source_version``.

    A column that the kind does not have, or a value of another type, is a programming error and refused as a whole.
    """
    extra = set(lines.columns) - set(kind.schema) - {"source_row", "source_version"}
    if extra:
        raise Refused(Problem("unknown_column", f"{kind.name} has no such column", found=", ".join(sorted(extra))))
    wanted: dict[str, pl.DataType] = {**kind.schema, "source_row": pl.Int64(), "source_version": pl.Int64()}
    expressions = []
    for name, dtype in wanted.items():
        if name not in lines.columns:
            expressions.append(pl.lit(None, dtype=dtype).alias(name))
        elif lines.schema[name] == dtype:
            expressions.append(pl.col(name))
        elif lines.schema[name] == pl.Null() or (lines.schema[name].is_integer() and dtype == pl.Int64()):
            expressions.append(pl.col(name).cast(dtype))
        else:
            found = f"{name} as {lines.schema[name]}"
            raise Refused(Problem("wrong_type", f"{kind.name}.{name} is stored as {dtype}", found=found))
    return lines.select(expressions)


def from_json(records: list[dict[str, Any]], wanted: dict[str, pl.DataType]) -> pl.DataFrame:
    """Rows as JSON keeps them (dates as ISO text) as a typed frame; absent values are null."""
    if not records:
        return pl.DataFrame(schema=wanted)
    dates = [name for name, dtype in wanted.items() if dtype == pl.Date()]
    plain = {name: pl.String() if name in dates else dtype for name, dtype in wanted.items()}
    return pl.DataFrame(records, schema=plain).with_columns(pl.col(name).str.to_date("%Y-%m-%d") for name in dates)
