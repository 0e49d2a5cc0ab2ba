"""The values that filters offer: those that rows have, in the order of their names."""

from __future__ import annotations

import polars as pl

NOWHERE = "none"  # of a filter: the rows without one


def choices(frame: pl.DataFrame, column: str, named: str | None = None) -> list[tuple[str, str]]:
    """The values of a column, with the names of another."""
    pairs = frame.select(column, name=named or column).drop_nulls(column).unique()
    return sorted(((value, name or value) for value, name in pairs.iter_rows()), key=lambda pair: str(pair[1]).casefold())


def territories(frame: pl.DataFrame) -> list[tuple[str, str]]:
    """The areas that hold rows, each with its territories below it; last, without a name, what lies nowhere."""
    pairs = frame.select("area", "area_name", "territory", "territory_name").unique().drop_nulls("territory")
    areas: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for area, area_name, code, name in pairs.iter_rows():
        areas.setdefault((area or "", area_name or area or ""), []).append((code, name or code))
    found: dict[str, str] = {}
    for (area, area_name), below in sorted(areas.items(), key=lambda item: item[0][1].casefold()):
        if area:
            found.setdefault(area, area_name)
        for code, name in sorted(below, key=lambda pair: pair[1].casefold()):
            found.setdefault(code, f"– {name}" if area else name)
    if frame["territory"].null_count():
        found[NOWHERE] = ""
    return list(found.items())
