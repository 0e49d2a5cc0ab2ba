"""The heat map as a file: a row for each territory, a column for each KPI, as shown."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from steelyard.scorecards.choosing import Chosen
from steelyard.scorecards.heat import Heat
from steelyard.ui.listing import Column
from steelyard.ui.listing.exports import answer, table_of


def heat_file(heat: Heat, chosen: Chosen, form: str) -> HttpResponse:
    """Every territory of the map; `Refused` if there is no such form. Shares are percent of the points."""
    by_territory = heat.by == "territory"
    columns = [
        Column("code", _("Territory") if by_territory else _("Area")),
        Column("name", _("Name")),
        Column("area", _("Area")),
        Column("partners", _("Partners"), "count"),
        Column("score", _("Score"), "points"),
        Column("level", _("Grade")),
        Column("change", _("Change"), "delta"),
        *(Column(f"share.{column.name}", column.title, "percent") for column in heat.columns),
    ]
    rows = [
        {
            "code": row.code, "name": row.name, "area": group.name or group.code, "partners": row.partners, "score": row.total,
            "level": row.level, "change": row.change, **{f"share.{cell.column.name}": cell.share for cell in row.cells},
        }
        for group in heat.groups for row in group.rows
    ]  # fmt: skip
    name = f"heat-map-{chosen.framework}-{chosen.period}"
    shown = [column for column in columns if by_territory or column.name != "area"]
    return answer(name, table_of(_("Territory by KPI"), shown, rows), form)
