"""Rows as a whole: blank ones, those the mapping leaves out on purpose, totals; wide tables made long."""

from __future__ import annotations

from collections.abc import Mapping as Keyed
from dataclasses import replace

import polars as pl

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.facts import Kind

from ..mappings import Filter, Mapping
from ..reading import RawTable
from ..reading.table import column_names

_TOTAL = (
    r"(?i)^(?:(?:grand|sub|overall|report)?[\s-]*totals?\b|(?:gesamt|zwischen)?-?summe|gesamt\b|somme\b|suma\b|totaal|totale\b"
    r"|合计|总计)"
)


def blank_rows(table: RawTable, blank_words: tuple[str, ...] = ()) -> pl.Series:
    """Rows in which nothing stands; a quick look at the first column spares most tables the rest."""
    frame = table.frame
    if not frame.width:
        return pl.repeat(True, frame.height, dtype=pl.Boolean, eager=True)
    candidates = frame.get_column("c0").str.strip_chars() == ""
    if not candidates.any():
        return candidates
    return frame.select(pl.all_horizontal(pl.all().str.strip_chars() == "")).to_series()


def ended(table: RawTable) -> tuple[RawTable, pl.Series]:
    """The table with nothing in the rows below its first blank row, and which these are; notes and sources stand there."""
    blank = blank_rows(table)
    first = (~blank).arg_max()
    ends = blank.slice(first or 0).arg_max() if not blank.all() else None
    end = (first or 0) + ends if ends and blank[(first or 0) + ends] else table.frame.height
    limit = table.source_rows[end] if end < table.frame.height else None
    if limit is None:
        return table, pl.repeat(False, table.frame.height, dtype=pl.Boolean, eager=True)
    lost = [one for one in table.unreadable if one.source_row > limit]
    emptied = table.frame.with_row_index("at").with_columns(pl.when(pl.col("at") < end).then(pl.all().exclude("at")).otherwise(pl.lit("")))
    frame = emptied.drop("at").vstack(pl.DataFrame({name: [""] * len(lost) for name in table.frame.columns}, schema=table.frame.schema))
    rows = pl.concat([table.source_rows, pl.Series("source_row", [one.source_row for one in lost], dtype=table.source_rows.dtype)])
    cut = replace(
        table, frame=frame, source_rows=rows, unreadable=tuple(one for one in table.unreadable if one.source_row < limit),
        types={name: codes.scatter(list(range(end, codes.len())), 0) for name, codes in table.types.items()},
    )  # fmt: skip
    return cut, pl.int_range(frame.height, eager=True) >= end


def filtered_rows(clean: Keyed[str, pl.Series], filters: tuple[Filter, ...], headers: Keyed[str, str]) -> list[tuple[str, pl.Series]]:
    """For each filter its reason and the rows it leaves out."""
    left_out = []
    for one in filters:
        texts = clean[headers[one.column]].fill_null("")
        inside = texts.is_in(list(one.texts))
        mask = ~inside if one.test in ("is", "in") else inside
        reason = one.reason or f"{one.column} {one.test.replace('_', ' ')} {', '.join(one.texts)}"
        left_out.append((reason, mask))
    return left_out


def total_rows(table: RawTable, keys: list[pl.Series]) -> pl.Series:
    """Rows that look like totals: they begin with such a word, and a column of the key is blank."""
    none = pl.repeat(False, table.frame.height, dtype=pl.Boolean, eager=True)
    blank = none
    for series in keys:
        if series.null_count():
            blank = blank | series.is_null()
    if not blank.any():
        return none
    candidates = table.frame.filter(blank)
    word = candidates.select(pl.any_horizontal(pl.all().str.strip_chars().str.contains(_TOTAL))).to_series()
    return none.scatter(blank.arg_true().filter(word), True)


def unpivoted(table: RawTable, mapping: Mapping, kind: Kind) -> RawTable:
    """A wide table as a long one: one row for each of the columns that hold values, in the order of the file."""
    wide = mapping.unpivot
    if wide is None:
        return table
    named = {header for rule in mapping.columns.values() for header in rule.headers} | {one.column for one in mapping.where}
    named -= {wide.name, wide.value}
    unknown = [header for header in (*wide.columns, *named) if header not in table.headers]
    if unknown:
        raise Refused([
            Problem("no_such_column", "the mapping names a column that the file does not have", "unpivot", f"`{header}`",
                    did_you_mean(header, table.headers)) for header in unknown
        ])  # fmt: skip
    rest = [header for header in table.headers if header not in named and not header.startswith("(column ")]
    values = list(wide.columns) or [header for header in rest if mapping.columns or header not in kind.by_name]
    kept = [header for header in table.headers if header not in values and not header.startswith("(column ")]
    place = {header: f"c{index}" for index, header in enumerate(table.headers)}
    names = column_names(len(kept) + 2)
    frame = table.frame.with_columns(table.source_rows.alias("row"))
    pieces = [
        frame.select(
            "row", *(pl.col(place[header]).alias(name) for header, name in zip(kept, names, strict=False)),
            pl.lit(header).alias(names[-2]), pl.col(place[header]).alias(names[-1]),
        )
        for header in values
    ]  # fmt: skip
    order = pl.int_range(frame.height, eager=True)
    long = pl.concat([piece.with_columns(order.alias("order")) for piece in pieces]).sort("order", maintain_order=True)
    types = {name: table.types[place[header]] for header, name in zip(kept, names, strict=False) if place[header] in table.types}
    repeated = {name: _repeat(series, len(values)) for name, series in types.items()}
    if any(place[header] in table.types for header in values):
        codes = [table.types.get(place[header], pl.repeat(0, frame.height, dtype=pl.UInt8, eager=True)) for header in values]
        both = pl.concat([pl.DataFrame({"order": order, "code": code}) for code in codes]).sort("order", maintain_order=True)
        repeated[names[-1]] = both["code"]
    return replace(
        table, headers=(*kept, wide.name, wide.value), frame=long.select(names), source_rows=long["row"].alias("source_row"), types=repeated
    )


def _repeat(series: pl.Series, times: int) -> pl.Series:
    return pl.DataFrame({"code": series}).select(pl.col("code").repeat_by(times).explode()).to_series()
