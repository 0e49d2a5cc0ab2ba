"""The overview: who performs where."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.intake.arrivals import feeds
from steelyard.scorecards import limits
from steelyard.scorecards.choosing import Chosen, choose
from steelyard.scorecards.heat import Heat
from steelyard.scorecards.placing import as_of
from steelyard.scorecards.reasons import in_words
from steelyard.ui import spreadsheets
from steelyard.ui.escaping import escaped
from steelyard.ui.grades import shade
from steelyard.ui.unchanged import unchanged

from .. import links
from ..heat_file import heat_file
from ..overview import SHOWN, Overview
from ..overview import overview as read

FEEDS = 5  # shown before "all"


@needs("scores.read")
def overview(request: Asked) -> HttpResponse:
    """Territory by KPI, the spread of grades, movers, partners at risk and without data, freshness of the data."""
    chosen = choose(request.GET.get("framework"), request.GET.get("period"), scope=request.scope)
    if chosen is None:
        return render(request, "dashboards/overview_empty.html")
    area = request.GET.get("area") or None
    told = read(chosen, scope=request.scope, part=request.GET.get("part", ""), area=area)
    if form := request.GET.get("format"):
        return heat_file(told.heat, chosen, form)
    framework = told.standings.framework
    names, titles = limits.names(framework), limits.titles(framework)
    arrived = unchanged("feeds", feeds) if may(request.user, "intake.read") else []
    return render(
        request,
        "dashboards/overview.html",
        {
            "chosen": chosen,
            "told": told,
            "area": area,
            "columns": _heads(told),
            "groups": _groups(told.heat, chosen),
            "levels": names,
            "good_title": titles.get(told.good_from or "", ""),
            "best_title": titles.get(names[0], "") if names else "",
            "lowest": titles.get(names[-1], "") if len(names) > 1 else "",
            "last_day": as_of(chosen.run),
            "median_change": None if None in (told.median, told.median_before) else told.median - told.median_before,  # type: ignore[operator]
            "risk_change": None if told.at_risk_before is None else told.at_risk - told.at_risk_before,
            "up": _moved(told.movers.up, told, chosen),
            "down": _moved(told.movers.down, told, chosen),
            "risk": _moved(told.risk, told, chosen),
            "without": [row | {"no_data": in_words(row["no_data"] or "")} for row in _linked(told.without, chosen)],
            "spreads": _bars(told),
            "spread": _counts(told, chosen),
            "feeds": sorted(arrived, key=lambda feed: (feed.state != "late", -feed.last.timestamp()))[:FEEDS],
            "all_feeds": len(arrived),
            "links": _links(chosen),
            "shown": SHOWN,
            "forms": spreadsheets.FORMS,
        },
    )


def _links(chosen: Chosen) -> dict[str, str | None]:
    asked = {"framework": chosen.framework, "period": chosen.period}
    return {
        "ranking": links.ranking(**asked),
        "unranked": links.ranking(**asked, ranked="no"),
        "up": links.ranking(**asked, movement="up", sort="-change"),
        "down": links.ranking(**asked, movement="down", sort="change"),
        "risk": links.ranking(**asked, risk="yes"),
        "feeds": links.page("intake:batches"),
        "framework": links.page("frameworks:version", framework=chosen.framework, version=chosen.version.version),
    }


def _heads(told: Overview) -> list[dict[str, Any]]:
    """The heads of the columns: one with parts opens into them."""
    parts = {column.name for column in told.parts}
    return [{"column": column, "opens": column.name in parts} for column in told.heat.columns]


def _groups(heat: Heat, chosen: Chosen) -> list[dict[str, Any]]:
    """The rows of the map, each cell with the address of its partners sorted by its KPI, and with what it says in words.

    There are hundreds of cells: what is the same for a row or a column is made once, and no template is asked.
    """
    nothing = format_html("<span>{}</span>", _("n/s"))
    scored, unscored = _("%(where)s, %(kpi)s: %(percent)s percent of the points"), _("%(where)s, %(kpi)s: not scored")
    kpis = [urlencode({"kpi": column.name}) for column in heat.columns]
    groups = []
    for group in heat.groups:
        rows = []
        for row in group.rows:
            url = links.ranking(framework=chosen.framework, period=chosen.period, territory=row.code or "none")
            where = row.name or row.code or _("No territory")
            cells = []
            for cell, kpi in zip(row.cells, kpis, strict=True):
                percent = None if cell.share is None else (cell.share + 5_000_000) // 10_000_000
                words = (unscored if percent is None else scored) % {"where": where, "kpi": cell.column.title, "percent": percent}
                shown = nothing if percent is None else percent
                address = escaped(f"{url}&{kpi}")
                cells.append(f'<td class="q{cell.shade or "n"}"><a href="{address}" aria-label="{escaped(words)}">{shown}</a></td>')
            rows.append({"row": row, "where": where, "cells": SafeString("".join(cells)), "url": url})
        groups.append({"group": group, "rows": rows})
    return groups


def _linked(rows: list[dict[str, Any]], chosen: Chosen) -> list[dict[str, Any]]:
    return [row | {"url": links.scorecard(chosen.framework, chosen.period, row["subject"])} for row in rows]


def _moved(rows: list[dict[str, Any]], told: Overview, chosen: Chosen) -> list[dict[str, Any]]:
    return [row | {"because": told.reasons.get(row["subject"])} for row in _linked(rows, chosen)]


def _bars(told: Overview) -> list[dict[str, Any]]:
    """One bar per period: for each level where it begins and how wide it is, in thousandths of the widest bar."""
    widest = max((spread.partners for spread in told.spreads), default=0) or 1
    bars = []
    for spread in told.spreads:
        names, start, parts = list(spread.counts), 0, []
        for level, count in spread.counts.items():
            width = count * 1000 // widest
            parts.append({"level": level, "count": count, "x": start, "width": max(width - 2, 0), "class": f"seg-{shade(level, names)}"})
            start += width
        bars.append({"spread": spread, "parts": parts})
    return bars


def _counts(told: Overview, chosen: Chosen) -> list[dict[str, Any]]:
    """The levels with how many partners have them now, and how many more than in the period before; and who holds one."""
    now, before = told.spreads[-1], told.spreads[-2] if len(told.spreads) > 1 else None
    framework, frame = told.standings.framework, told.standings.frame
    titles = limits.titles(framework)
    held = dict(frame["standing"].drop_nulls().value_counts().iter_rows()) if framework.standing is not None else None
    lines = []
    for place, (level, count) in enumerate(now.counts.items()):
        lines.append(
            {
                "level": level,
                "title": "" if titles[level] == level else titles[level],
                "count": count,
                "more": None if before is None else count - before.counts.get(level, 0),
                "held": None if held is None else held.get(level, 0),
                "good": "up" if 2 * place < len(now.counts) else "down",
                "url": links.ranking(framework=chosen.framework, period=chosen.period, level=level),
            }
        )
    return lines
