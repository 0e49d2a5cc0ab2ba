"""The lines behind a figure: every line of one subject, whether it counts, and which rule dropped it.

A line is listed as a row of a kind of fact of its own would be, so that whatever shows rows shows lines too.
"""

from __future__ import annotations

import polars as pl

from ..facts import FACTS, Column, Kind
from ..facts.kind import ColumnType
from ..framework.model import FactList, Framework, Measure
from ..measures.listing import ORIGIN, listed_as, with_contribution
from ..measures.plan import window_of
from ..measures.spans import Cube
from ..points import Points, Reading
from .adding import dated_by, judged, reasons_of
from .building import Builder, preferred
from .formulas import Reading as Lined
from .lines import Places
from .planning import ORIGIN as WITH_ROW
from .planning import rows_measure

_TYPES: dict[str, ColumnType] = {
    "text": "text", "date": "date", "yes/no": "yes/no", "count": "count", "number": "number", "points": "number", "money": "money",
    "percent": "percent", "days": "days",
}  # fmt: skip
CURRENCY = "in_currency"  # the column that says in which currency the money of a line is: the framework's


def row_kind(framework: Framework, measure: Measure) -> Kind:
    """What the rows behind a measure are: a kind of fact, or the lines of its list told as one."""
    return kind_of_lines(framework, framework.lists[measure.list]) if measure.list else FACTS[measure.fact]


def kind_of_lines(framework: Framework, found: FactList) -> Kind:
    """The lines of a list as a kind: its key, then its columns."""
    columns = {name: _told(name, *_described(framework, found, name)) for name in _begun(framework, found)}
    for column in found.columns.values():
        columns[column.name] = _told(column.name, _TYPES.get(column.type.kind, "text"), column.title or column.name)
    date = (found.date or FACTS[found.fact].date) if found.fact else None
    title = found.title or found.name.replace("_", " ")
    return Kind(found.name, title, title, tuple(columns.values()), found.one_per, date=date if date in columns else None)


def _begun(framework: Framework, found: FactList) -> list[str]:
    """What a line has before its own columns."""
    if found.list:
        inner = framework.lists[found.list]
        return [*_begun(framework, inner), *inner.columns]
    if not found.fact:
        return list(found.one_per)
    kind = FACTS[found.fact]
    hidden = {column.currency for column in kind.columns if column.currency}
    return [name for name in rows_measure(framework, found).per if name not in WITH_ROW and name not in hidden]


def _described(framework: Framework, found: FactList, name: str) -> tuple[ColumnType, str]:
    if found.list:
        inner = framework.lists[found.list]
        if name in inner.columns:
            return _TYPES.get(inner.columns[name].type.kind, "text"), inner.columns[name].title or name
        return _described(framework, inner, name)
    kinds = [FACTS[found.fact]] if found.fact else []
    called = name
    for column in found.columns.values() if not found.fact else ():
        if column.measure is not None and name in column.match:
            called = column.theirs[column.match.index(name)]
            if column.measure.list:
                return _described(framework, framework.lists[column.measure.list], called)
            kinds = [FACTS[column.measure.fact]]
            break
    declared = kinds[0].by_name.get(called) if kinds else None
    if declared is not None:
        return declared.type, declared.meaning
    return ("date" if called == "month" else "text"), name


def _told(name: str, type_: ColumnType, meaning: str) -> Column:
    return Column(name, type_, meaning, currency=CURRENCY if type_ in ("money", "price") else None)


def list_lines(cube: Cube, points: Points, reading: Reading, position: int) -> pl.DataFrame:
    """The lines of one point: origin (``row_id`` numbers them in the order of their key), the list's columns, ``value`` (stored),
    ``counted``, ``reason``, ``contribution``."""
    framework = cube.plan.framework
    measure = framework.measures[reading.measure]
    places = Places(cube, points)
    builder = Builder(places)
    spans = places.spans(window_of(framework, measure, reading.window))
    lines = builder.lines(measure.list, spans)
    at = pl.col("#at") == places.at[position]
    lined = Lined(places, spans, lines.found, lines.kept, dict(lines.values))
    frame = judged(lined, measure).filter(at)
    parts = [_reasoned(frame, "#left", reasons_of(measure))]
    dropped = lines.frame.filter(at & (pl.col("#fail") > 0))
    parts.append(_reasoned(dropped, "#fail", [rule.reason for rule in lines.found.keep]))
    if lines.others is not None:
        others = lines.others.filter(at)
        parts.append(others.with_columns(reason=pl.lit(preferred(lines.found)), counted=pl.lit(False)))
    kind = kind_of_lines(framework, lines.found)
    table = pl.concat(parts, how="diagonal_relaxed")
    dated = dated_by(lined, measure) or "date"
    order = [name for name in kind.key if name in table.columns]
    table = table.sort(["counted", *order], descending=[True] + [False] * len(order), nulls_last=False, maintain_order=True)
    table = with_contribution(table.rename({"#value": "value"}) if "value" not in table.columns else _apart(table, kind), measure, dated)
    return _shaped(table, kind)


def _apart(table: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """A list may have a column called `value` itself."""
    return table.rename({"value": listed_as(kind, "value")}).rename({"#value": "value"})


def _reasoned(frame: pl.DataFrame, fail: str, reasons: list[str]) -> pl.DataFrame:
    told = {0: None} | dict(enumerate(reasons, start=1))
    reason = pl.col(fail).replace_strict(list(told), list(told.values()), return_dtype=pl.String)
    return frame.with_columns(reason=reason, counted=pl.col(fail) == 0)


def _shaped(table: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    origin = {"source": pl.String(), "batch": pl.Int64(), "source_row": pl.Int64()}
    numbered = table.with_row_index("row_id", offset=1).with_columns(
        pl.col("row_id").cast(pl.Int64), *(pl.lit(None, dtype=dtype).alias(name) for name, dtype in origin.items())
    )
    named = [pl.col(name if name not in ("value",) else listed_as(kind, name)).alias(listed_as(kind, name)) for name in kind.by_name]
    return numbered.select(*ORIGIN, *named, "value", "counted", "reason", "contribution")
