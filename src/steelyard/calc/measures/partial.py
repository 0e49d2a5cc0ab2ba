"""Signed sums at a grain: one part of the facts, resolved and grouped.

A partial result merges with others by addition, so segments may be added up in any order, kept in a cache, and redone
alone. Reversals cancel because both halves fall into the same cell with opposite signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import narwhals as nw
import polars as pl

from ..errors import Problem, Refused
from ..framework.model import Measure
from ..resolve import Resolver
from ..units import INT64_MAX
from .pipeline import MeasureColumns, look, measure_columns, resolved
from .plan import Plan, Scan, is_pick, is_plain, key_columns
from .row_values import too_large

CHUNK = 1_000_000  # rows resolved at a time: bounds memory, changes no figure
CELL_BITS = 23  # half of them hold every day until the year 9999
SAMPLE = 50_000
FLAG = nw.Int8()  # signs and flags: engines add 8-bit numbers up in 64 bits


@dataclass
class Partial:
    """Grouped tables of one scan. ``sums``: per subject and cell (or validity); ``keyed``: the same with each key set's columns.

    Columns: ``n:`` rows, ``n:M`` rows that count for measure M, ``x:M:R`` rows excluded for reason R, ``+M`` values.
    ``#group`` packs subject and cell into one whole number (`SUBJECT`, `CELL`). A keyed table may hold a
    cell's key more than once: whoever reads it adds up. ``bound`` is at least the sum of all absolute values of any one
    column, so that no sum inside can have wrapped.
    """

    sums: pl.DataFrame
    keyed: dict[str, pl.DataFrame] = field(default_factory=dict)
    bound: int = 0


def key_name(measure: Measure) -> str:
    """Names the keyed table of a measure; measures that count the same keys share one."""
    value = _value_column(measure) if "#value" in key_columns(measure) else ""
    return "|".join((*key_columns(measure), "rows" if is_pick(measure) else value))


def reduce(plan: Plan, scan: Scan, resolver: Resolver, frame: pl.LazyFrame, rows: int) -> Partial | None:
    """The partial result of one part of the facts, or None if it has no rows."""
    parts = []
    for start in range(0, max(rows, 1), CHUNK):
        try:
            part = _reduce_chunk(plan, scan, resolver, frame.slice(start, CHUNK) if rows > CHUNK else frame)
        except nw.exceptions.InvalidOperationError as error:
            raise too_large(error) from error
        if part is not None:
            parts.append(part)
    return merge(parts) if parts else None


def merge(parts: Sequence[Partial]) -> Partial:
    """Partial results added up; keyed tables are laid end to end, because nearly every key occurs in one part only."""
    if len(parts) == 1:
        return parts[0]
    bound = sum(part.bound for part in parts)
    check_headroom(bound)
    names = sorted({name for part in parts for name in part.keyed})
    keyed = {
        name: pl.concat([part.keyed[name] for part in parts if name in part.keyed], how="diagonal_relaxed") for name in names
    }  # counts not yet grouped are 8 bits wide
    return Partial(_add([part.sums for part in parts]), keyed, bound)


def _add(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Tables with equal keys added up. A part in which every row counts for a measure has no ``n:M``: it is its ``n:``."""
    counted = {name for frame in frames for name in frame.columns if name.startswith("n:")}
    complete = [frame.with_columns(pl.col("n:").alias(name) for name in sorted(counted - set(frame.columns))) for frame in frames]
    together = pl.concat(complete, how="diagonal")
    key = [name for name in together.columns if name.startswith("#")]
    return together.group_by(key).agg(pl.exclude(key).sum())


def check_headroom(bound: int) -> None:
    """Refuse sums that an int64 cannot hold."""
    if bound > INT64_MAX:
        raise Refused(
            Problem(
                "too-large",
                "the amounts of one measure add up to more than can be held",
                found=str(bound),
                hint="look for lines with impossible amounts",
            )
        )


def _reduce_chunk(plan: Plan, scan: Scan, resolver: Resolver, frame: pl.LazyFrame) -> Partial | None:
    info = look(frame, scan, plan.framework)
    if info is None:
        return None
    rows = resolved(plan, scan, resolver, nw.from_native(frame), info)
    found = {measure.name: measure_columns(plan, scan, resolver, measure, info) for measure in scan.measures}
    # a value that several measures share is computed once
    values = {_value_column(measure): value for measure in scan.measures if (value := found[measure.name].value) is not None}
    columns: dict[str, nw.Expr] = {"#group": _packed(scan, resolver), "n:": nw.col("sign").cast(FLAG)}
    if "#currency" in rows.collect_schema().names():
        columns["#currency"] = nw.col("#currency")
    sums: list[str] = ["n:"]
    groups: dict[str, list[Measure]] = {}
    for measure in scan.measures:
        sums += _measure_columns(scan, measure, found[measure.name], columns, groups)
    rows = rows.with_columns(**values) if values else rows
    table = rows.select(*(expression.alias(name) for name, expression in columns.items())).collect().to_native()
    if table["#group"].is_sorted():  # segments are: groups are then slices
        table = table.with_columns(pl.col("#group").set_sorted())
    bound = _bound(table)
    key = ["#group"] + (["#currency"] if "#currency" in columns else [])
    validity = {f"#key {name}": name for name in ("#valid_from", "#valid_to")} if scan.date is None else {}
    grouped = table.group_by([*key, *validity]).agg(pl.col(sums).sum()).rename(validity)
    return Partial(grouped, {name: _keyed(table, key, measures) for name, measures in groups.items()}, bound)


def _value_column(measure: Measure) -> str:
    """Names the row value that a measure adds up, counts or compares; measures that store the same formula alike share it.

    A median of counts is a number and distinct amounts are not converted, so the formula alone does not say what is stored.
    """
    return f"#value {measure.type.kind} {measure.value.text}" if measure.value is not None else ""


def _measure_columns(
    scan: Scan, measure: Measure, found: MeasureColumns, columns: dict[str, nw.Expr], groups: dict[str, list[Measure]]
) -> list[str]:
    """Add the measure's row columns; return the names of those that the sums table adds up.

    Rows excluded by the last rule of the measure itself need no column: they are what is left of all rows.
    """
    sign, nothing = nw.col("sign").cast(FLAG), nw.lit(0, FLAG)
    names: list[str] = []
    for number, reason in enumerate(found.reasons, start=1):
        if number == len(measure.where):
            continue
        assert found.fail is not None
        name = f"x:{measure.name}:{reason}"
        failed = nw.when(found.fail == number).then(sign).otherwise(nothing)
        columns[name] = columns[name] + failed if name in names else failed
        names += [] if name in names else [name]
    if found.fail is not None:
        names.append(f"n:{measure.name}")
        columns[names[-1]] = nw.when(found.fail == 0).then(sign).otherwise(nothing)
    if found.value is not None and (is_plain(measure) or ("#value" not in key_columns(measure))):
        signed = nw.col(_value_column(measure)) * nw.col("sign").cast(nw.Int64())
        column = f"+{measure.name}" if is_plain(measure) else f"k+:{measure.name}"
        columns[column] = signed if found.fail is None else nw.when(found.fail == 0).then(signed).otherwise(nw.lit(0, nw.Int64()))
        names += [column] if is_plain(measure) else []
    if not is_plain(measure):
        groups.setdefault(key_name(measure), []).append(measure)
        for key in key_columns(measure):
            columns.setdefault(_key_column(measure, key), found.kept[key] if key in found.kept else _key_expression(scan, measure, key))
    return names


def _key_column(measure: Measure, column: str) -> str:
    if is_pick(measure):
        return f"#kept {column}"
    return _value_column(measure) if column == "#value" else f"#key {column}"


def _key_expression(scan: Scan, measure: Measure, column: str) -> nw.Expr:
    if column == "#value":
        return nw.col(_value_column(measure))
    if column == "#valid_from":
        return nw.col(scan.kind.valid_from or "date")
    if column == "#valid_to":
        return nw.col(scan.kind.valid_to or "valid_to")
    return nw.col(column)


def _keyed(table: pl.DataFrame, key: list[str], measures: list[Measure]) -> pl.DataFrame:
    names = [_key_column(measures[0], column) for column in key_columns(measures[0])]
    added = []
    for measure in measures:
        counts = f"n:{measure.name}"
        added.append(pl.col(counts if counts in table.columns else "n:").alias(counts))
        if f"k+:{measure.name}" in table.columns:
            added.append(pl.col(f"k+:{measure.name}").alias(f"+{measure.name}"))
    chosen = table.select(*key, *names, *added)
    if not _mostly_unique(table, [*key, *names]):
        chosen = chosen.group_by([*key, *names]).agg(pl.exclude(*key, *names).sum())
    return chosen.rename(dict(zip(names, key_columns(measures[0]), strict=True)))


def _mostly_unique(table: pl.DataFrame, key: list[str]) -> bool:
    """Whether grouping would keep more than half of the rows, so that it saves nothing (rows lie sorted by subject)."""
    sample = table.slice(0, SAMPLE).select(key)
    return sample.n_unique() * 2 > sample.height


def subject_sizes(scan: Scan, resolver: Resolver) -> list[int]:
    """How many numbers each subject column may have; the last of each stands for "nobody"."""
    return [len(resolver.codes[subject]) + 1 for subject in scan.subjects]


def _packed(scan: Scan, resolver: Resolver) -> nw.Expr:
    """Subjects and cell in one whole number, which groups faster than several columns."""
    packed = None
    for subject, size in zip(scan.subjects, subject_sizes(scan, resolver), strict=True):
        number = nw.col(f"{subject}#").cast(nw.Int64()).fill_null(size - 1)
        packed = number if packed is None else packed * size + number
    assert packed is not None
    return packed * (1 << CELL_BITS) + nw.col("#cell") + (1 << (CELL_BITS - 1))


# the two halves of ``#group``
SUBJECT = pl.col("#group") // (1 << CELL_BITS)
CELL = (pl.col("#group") % (1 << CELL_BITS) - (1 << (CELL_BITS - 1))).cast(pl.Int32)


def of_subjects(partial: Partial, subjects: pl.Series) -> Partial:
    """The part of a partial result that concerns some packed subjects; of tables sorted by ``#group`` slices, nothing is copied."""
    low = subjects.sort() * (1 << CELL_BITS)

    def cut(table: pl.DataFrame) -> pl.DataFrame:
        group = table["#group"]
        if not group.is_sorted():  # of the tail, which is not kept
            return table.filter(SUBJECT.is_in(subjects.implode()))
        starts, ends = group.search_sorted(low, side="left"), group.search_sorted(low + (1 << CELL_BITS), side="left")
        slices = [table.slice(start, end - start) for start, end in zip(starts, ends, strict=True) if end > start]
        return pl.concat(slices) if slices else table.clear()

    return Partial(cut(partial.sums), {name: cut(table) for name, table in partial.keyed.items()}, partial.bound)


def _bound(table: pl.DataFrame) -> int:
    """The largest sum of absolute values of a column that is added up; refuses what an int64 cannot hold."""
    added = [name for name in table.columns if name.startswith(("+", "k+:")) and table.schema[name] == pl.Int64]
    if not added or table.is_empty():
        return 0
    bound = max(table.select(pl.col(name).cast(pl.Int128).abs().sum() for name in added).row(0))
    check_headroom(bound)
    return bound


__all__ = ["CELL", "SUBJECT", "Partial", "key_name", "merge", "of_subjects", "reduce", "subject_sizes"]
