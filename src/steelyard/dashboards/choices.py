"""The values that filters offer: those that rows have, in the order of their names."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext as _

NOWHERE = "none"  # of a filter: the rows without one


def choices(frame: pl.DataFrame, column: str, named: str | None = None) -> list[tuple[str, str]]:
    """The values of a column, with the names of another."""
    pairs = frame.select(column, name=named or column).drop_nulls(column).unique()
    return sorted(((value, name or value) for value, name in pairs.iter_rows()), key=lambda pair: str(pair[1]).casefold())


def territories(frame: pl.DataFrame) -> list[tuple[str, str]]:
    """The areas that hold rows, each with its territories below it; last what lies nowhere."""
    found: dict[str, str] = {}
    for area, name, below in areas(frame):
        if area:
            found.setdefault(area, _("All of %(area)s") % {"area": name})
        for code, title in below:
            found.setdefault(code, title)
    if frame["territory"].null_count():
        found[NOWHERE] = _("No territory")
    return list(found.items())


def areas(frame: pl.DataFrame) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Code and name of each area that holds rows (blank: of none), and of the territories in it that do."""
    pairs = frame.select("area", "area_name", "territory", "territory_name").unique().drop_nulls("territory")
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for area, area_name, code, name in pairs.iter_rows():
        found.setdefault((area or "", area_name or area or ""), []).append((code, name or code))
    ordered = sorted(found.items(), key=lambda item: item[0][1].casefold())
    return [(area, name, sorted(below, key=lambda pair: pair[1].casefold())) for (area, name), below in ordered]
