"""Who performs where: the median share of the maximum points by territory and KPI."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from . import limits
from .standings import Column, Standings

MOST_COLUMNS = 20
MOST_ROWS = 40  # more territories than this are shown by the area above them
STEPS = (35, 50, 62, 72, 82, 91)  # percent of the points at which the next of seven shades begins


@dataclass(frozen=True, slots=True)
class Cell:
    """The median of one territory in one column (a percentage in its grain); None where nobody was scored."""

    column: Column
    share: int | None
    scored: int
    shade: int  # 1 to 7; 0 where nobody was scored


@dataclass(frozen=True, slots=True)
class Row:
    """A territory (or an area) with the median score of its partners, its change, and a cell per column."""

    code: str | None
    name: str | None
    partners: int
    total: int | None
    level: str | None
    change: int | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The territories of one area."""

    code: str | None
    name: str | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """``by`` is territory or area: what a row is."""

    by: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]

    @property
    def rows(self) -> list[Row]:
        """All rows of all groups."""
        return [row for group in self.groups for row in group.rows]


def median(name: str) -> pl.Expr:
    """The median of whole numbers as a whole number: of two in the middle their mean, half a grain dropped."""
    known = pl.col(name).drop_nulls().sort()
    return (known.get((known.len() - 1) // 2, null_on_oob=True) + known.get(known.len() // 2, null_on_oob=True)) // 2


def columns_of(standings: Standings, wanted: str = "") -> tuple[Column, ...]:
    """Which columns to show: every KPI ("all"), the parts of the total ("parts") or of one part (its name).

    Anything else is every KPI, unless there are more than fit a page; then the parts of the total.
    """
    scored = [column for column in standings.columns if column.out_of]
    kpis = tuple(column for column in scored if column.kpi)
    parent = standings.column(wanted)
    below = tuple(column for column in scored if parent is not None and column.parent == parent.path)
    if below:
        return below
    by_parts = wanted == "parts" or (wanted != "all" and len(kpis) > MOST_COLUMNS)
    return tuple(column for column in scored if column.top) if by_parts else kpis


def heat(standings: Standings, columns: Sequence[Column], *, area: str | None = None) -> Heat:
    """The map of what the standings hold; ``area`` keeps one area. Territories are grouped by the area above them."""
    frame = standings.frame if area is None else standings.frame.filter(pl.col("area") == area)
    by = "territory" if frame["territory"].n_unique() <= MOST_ROWS or area is not None else "area"
    names = {"territory": ("territory", "territory_name", "area", "area_name"), "area": ("area", "area_name")}[by]
    found = frame.group_by(names).agg(
        pl.len().alias("partners"),
        median("total").alias("total"),
        *(median(f"share|{column.path}").alias(column.path) for column in columns),
        *(pl.col(f"share|{column.path}").count().alias(f"scored|{column.path}") for column in columns),
    )
    former = _former(standings, by)
    ordered = found.sort([name for name in ("area_name", "territory_name", "territory") if name in names], nulls_last=True)
    groups: dict[tuple[str | None, str | None], list[Row]] = {}
    for row in ordered.iter_rows(named=True):
        before, now = former.get(row[by]), row["total"]
        cells = tuple(_cell(column, row) for column in columns)
        level = None if now is None else limits.level_at(standings.framework, now)
        change = None if before is None or now is None else now - before
        above = (row["area"], row["area_name"]) if by == "territory" else (None, None)
        groups.setdefault(above, []).append(Row(row[by], row[f"{by}_name"], row["partners"], now, level, change, cells))
    return Heat(by, tuple(columns), tuple(Group(code, name, tuple(rows)) for (code, name), rows in groups.items()))


def _former(standings: Standings, by: str) -> dict[str | None, int | None]:
    if standings.before is None:
        return {}
    medians = standings.before.frame.group_by(by).agg(median("total").alias("total"))
    return dict(medians.select(by, "total").iter_rows())


def _cell(column: Column, row: dict[str, object]) -> Cell:
    share, scored = row[column.path], row[f"scored|{column.path}"]
    assert isinstance(scored, int) and (share is None or isinstance(share, int))
    return Cell(column, share, scored, 0 if share is None else shade(share))


def shade(share: int) -> int:
    """Which of the seven shades a percentage (in its grain) has: the number that is shown decides, rounded half up."""
    shown = (share + 5_000_000) // 10_000_000
    return 1 + sum(shown >= step for step in STEPS)
