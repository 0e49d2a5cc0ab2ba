"""The scorecards as frames: what is stored, listed and explained. Same inputs, same bytes, in any order of subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Any

import numpy as np
import polars as pl

from ..formula.nodes import Value
from ..framework.model import Framework
from ..kpis import KpiColumn
from ..points import Points
from ..rules import Ratio
from ..units import DECIMALS, Blank, to_grain
from .columns import NodeColumn
from .levels import LevelColumn
from .notes import as_json, notes_of, notes_of_levels
from .shares import exact_text

SCHEMA: dict[str, pl.DataType] = {
    "kind": pl.String(),  # total | section | item | kpi (a KPI outside the card)
    "node": pl.String(),  # path below the root, joined by /
    "parent": pl.String(),
    "title": pl.String(),
    "kpi": pl.String(),
    "unit": pl.String(),
    "value": pl.Int64(),  # in the grain of the unit
    "value_text": pl.String(),
    "numerator": pl.String(),  # exact
    "denominator": pl.String(),
    "target": pl.Int64(),  # in the grain of the unit
    "points": pl.Int64(),
    "out_of": pl.Int64(),
    "set_weight": pl.String(),  # as written
    "weight": pl.String(),  # share in the parent after weight without data has moved; exact
    "total_weight": pl.String(),  # share in the total; exact
    "contribution": pl.Int64(),  # to the parent's points
    "total_contribution": pl.Int64(),  # to the total
    "passes": pl.Boolean(),
    "counted": pl.Int64(),
    "excluded": pl.String(),  # JSON: reason -> rows
    "no_data": pl.String(),  # policy that took effect
    "no_data_reason": pl.String(),
    "notes": pl.String(),  # JSON: gates, lines, moved weight, few observations, chosen item, next level
}

Column = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Same:
    """A column that has one value at every point."""

    value: Any


Block = Column | Same


def items_frame(
    framework: Framework,
    points: Points,
    kpis: Mapping[str, KpiColumn],
    root: NodeColumn | None,
    levels: LevelColumn,
    beyond: Sequence[Mapping[str, object]] = (),
) -> pl.DataFrame:
    """One row per subject and node, subjects in order, nodes as written; KPIs outside the card come last.

    ``beyond``: what the notes of the total say besides about each point. Where levels read KPIs and there is no card, a row
    without points says the level.
    """
    count = len(points)
    blocks: list[dict[str, Block]] = []
    if root is not None:
        parents = {item.path: column.path for column in root.walk() for item in column.items}
        for column in root.walk():
            blocks.append(_node_block(column, parents.get(column.path), column is root, levels, count, beyond))
    elif framework.levels:
        blocks.append(_without_card(levels, count, beyond))
    on_card = {column.node.kpi for column in root.walk()} if root is not None else set()
    for name, kpi in kpis.items():
        if name not in on_card:
            blocks.append(_kpi_block(name, kpi, count))
    order = _order(points)
    turns = pl.Series(np.arange(count * len(blocks), dtype=np.uint32).reshape(len(blocks), count).T.ravel())
    places = pl.Series(np.tile(np.arange(len(blocks), dtype=np.uint32), count))
    subjects = pl.Series(np.repeat(np.arange(count, dtype=np.uint32), len(blocks)))
    series = [column.gather(subjects) for column in _subject_series(framework, points, order)]
    for name, dtype in SCHEMA.items():
        columns = [block.get(name, Same(None)) for block in blocks]
        constants = [column.value for column in columns if isinstance(column, Same)]
        if len(constants) == len(columns):  # the same for everybody, block by block
            series.append(pl.Series(name, constants, dtype=dtype).gather(places))
        else:
            series.append(pl.concat([_series(column, order, dtype, count) for column in columns]).gather(turns).alias(name))
    frame = pl.DataFrame(series)
    return frame.with_columns(value_text=_number_texts(frame["unit"].unique().sort().to_list()))


def _series(values: Block, order: list[int] | None, dtype: pl.DataType, count: int) -> pl.Series:
    if isinstance(values, Same):
        return pl.Series([values.value], dtype=dtype).new_from_index(0, count)
    return pl.Series(_in_order(values, order), dtype=dtype)


def _number_texts(units: Sequence[str | None]) -> pl.Expr:
    """Stored numbers as plain decimal text, as `units.to_text` writes it; the answers of text KPIs stand there already."""
    text = pl.col("value_text")
    for unit in units:
        if unit not in DECIMALS:
            continue
        places, least = DECIMALS[unit], 2 if unit in ("money", "price") else 0
        digits = pl.col("value").abs().cast(pl.String).str.zfill(places + 1)
        sign = pl.when(pl.col("value") < 0).then(pl.lit("-")).otherwise(pl.lit(""))
        number = sign + digits
        if places:
            decimals = digits.str.tail(places)
            kept = decimals.str.head(least) + decimals.str.slice(least).str.strip_chars_end("0")
            point = pl.when(kept == "").then(pl.lit("")).otherwise(pl.lit("."))
            number = sign + digits.str.head(-places) + point + kept
        text = pl.when(pl.col("unit") == unit).then(number).otherwise(text)
    return text


def results_frame(
    framework: Framework,
    points: Points,
    root: NodeColumn | None,
    levels: LevelColumn,
    more: Mapping[str, tuple[Column, pl.DataType]],
) -> pl.DataFrame:
    """One row per subject, in order: total, level, passes; reasons where there is no total or a gate limits the level; then ``more``."""
    count = len(points)
    reasons = {} if root is None else root.reasons
    totals: list[int | None] = [None] * count if root is None else root.points
    order = _order(points)
    columns: dict[str, tuple[Column, pl.DataType]] = {
        "total": (totals, pl.Int64()),
        "level": (levels.levels, pl.String()),
        "passes": ([None] * count if root is None else root.passes, pl.Boolean()),
        "no_total_reason": ([reasons.get(position) for position in range(count)], pl.String()),
        "level_limited_by": ([levels.limits.get(position) for position in range(count)], pl.String()),
        **more,
    }
    series = [pl.Series(name, _in_order(values, order), dtype=dtype) for name, (values, dtype) in columns.items()]
    return pl.DataFrame([*_subject_series(framework, points, order), *series])


def _order(points: Points) -> list[int] | None:
    """Positions in the order of date and subject, whatever order they came in; None if they are so already."""
    order = sorted(range(len(points)), key=lambda position: (points.as_of[position], points.subjects[position]))
    return None if order == list(range(len(points))) else order


def _in_order(values: Column, order: list[int] | None) -> Column:
    return values if order is None else [values[position] for position in order]


def _subject_series(framework: Framework, points: Points, order: list[int] | None) -> list[pl.Series]:
    keys = [
        pl.Series(name, _in_order([subject[place] for subject in points.subjects], order), dtype=pl.String)
        for place, name in enumerate(framework.subject)
    ]
    return [*keys, pl.Series("as_of", _in_order(points.as_of, order), dtype=pl.Date)]


def _node_block(
    column: NodeColumn,
    parent: str | None,
    is_root: bool,
    levels: LevelColumn,
    count: int,
    beyond: Sequence[Mapping[str, object]],
) -> dict[str, Block]:
    node = column.node
    out_of = None if node.out_of is None else to_grain(node.out_of, "points")
    kind = "total" if is_root else ("item" if node.kpi else "section")
    block: dict[str, Block] = _kpi_columns(column.kpi, count)
    if column.kpi is None:
        reasons = [column.reasons.get(position) for position in range(count)]
        block |= {
            "no_data": [None if reason is None else "skip" for reason in reasons],
            "no_data_reason": reasons,
        }
    elif column.reasons:
        block |= _without_points(column, block)
    return block | {
        "kind": Same(kind),
        "node": Same(column.path),
        "parent": Same(parent),
        "title": Same(node.title or _spoken(node.name, column.kpi)),
        "kpi": Same(node.kpi),
        "points": column.points,
        "out_of": Same(out_of),
        "set_weight": _ratio_texts(column.set_weights),
        "weight": _ratio_texts(column.weights),
        "total_weight": _ratio_texts(column.total_weights),
        "contribution": column.contributions,
        "total_contribution": column.totals,
        "passes": column.passes,
        "notes": notes_of(column, levels if is_root else None, count, beyond if is_root else ()),
    }


def _without_card(levels: LevelColumn, count: int, beyond: Sequence[Mapping[str, object]]) -> dict[str, Block]:
    """The row that stands for the whole of a framework without a scorecard: it has a level and no points."""
    return {
        "kind": Same("total"),
        "node": Same("total"),
        "title": Same("Total"),
        "no_data": Same("skip"),
        "no_data_reason": Same("there is no scorecard"),
        "notes": notes_of_levels(levels, count, beyond),
    }


def _spoken(name: str, kpi: KpiColumn | None) -> str:
    return (kpi.kpi.title if kpi is not None else "") or name.replace("_", " ").capitalize()


def _without_points(column: NodeColumn, block: Mapping[str, Block]) -> dict[str, Block]:
    """A leaf may have no points though its KPI has a value: a gate skipped it, or no band holds the value."""
    policies: list[str | None] = [None] * len(column.points)
    reasons: list[str | None] = [None] * len(column.points)
    for name, values in (("no_data", policies), ("no_data_reason", reasons)):
        known = block[name]
        if isinstance(known, list):
            values[:] = known
    for position, reason in column.reasons.items():
        policies[position], reasons[position] = "skip", reason
    return {"no_data": policies, "no_data_reason": reasons}


def _kpi_block(name: str, kpi: KpiColumn, count: int) -> dict[str, Block]:
    """A KPI outside the card, as levels read it."""
    notes = ['{"few":true}' if few else None for few in kpi.few]
    return _kpi_columns(kpi, count) | {
        "kind": Same("kpi"),
        "node": Same(f"kpis/{name}"),
        "title": Same(_spoken(name, kpi)),
        "kpi": Same(name),
        "notes": notes,
    }  # fmt: skip


def _kpi_columns(kpi: KpiColumn | None, count: int) -> dict[str, Block]:
    if kpi is None:
        return {}
    numbers = [value if isinstance(value, int) else None for value in kpi.values]
    answers = [value if isinstance(value, str) else None for value in kpi.values] if kpi.unit == "text" else None
    return {
        "unit": Same(kpi.unit),
        "value": numbers,
        "value_text": Same(None) if answers is None else answers,
        "numerator": _value_texts(kpi.numerators, count),
        "denominator": _value_texts(kpi.denominators, count),
        "target": [target if isinstance(target, int) else None for target in kpi.targets or repeat(None, count)],
        "counted": kpi.counted,
        "excluded": _excluded(kpi.excluded, count),
        "no_data": [None if applied is None else applied.policy for applied in kpi.no_data],
        "no_data_reason": [None if applied is None else applied.reason for applied in kpi.no_data],
    }


def _value_texts(values: Iterable[Value] | None, count: int) -> Column:
    if values is None:
        return [None] * count
    return [None if isinstance(value, Blank) else _exact(value) for value in values]


def _exact(value: Value) -> str:
    if value.__class__ is int:
        return str(value)
    numerator: Callable[[], tuple[int, int]] | None = getattr(value, "as_integer_ratio", None)
    return exact_text(*numerator()) if numerator is not None else str(value)


def _ratio_texts(ratios: Sequence[Ratio]) -> Column:
    return [_ratio_text(ratio) for ratio in ratios]


@lru_cache(maxsize=65_536)
def _ratio_text(ratio: Ratio) -> str:
    return exact_text(*ratio)


def _excluded(excluded: Mapping[str, Sequence[int]], count: int) -> Column:
    """Reasons with the rows they excluded, as JSON; nothing where nothing was excluded."""
    if not excluded:
        return [None] * count
    names = sorted(excluded)
    known: dict[tuple[int, ...], str | None] = {}
    texts: list[str | None] = []
    for row in zip(*(excluded[name] for name in names), strict=True):
        if row not in known:
            known[row] = as_json({name: rows for name, rows in zip(names, row, strict=True) if rows}) if any(row) else None
        texts.append(known[row])
    return texts
