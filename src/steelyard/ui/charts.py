"""Charts as Vega-Lite specifications without colours: styles are named, the browser's theme and the PDF's fill them in.

Every builder answers ``{"wide": …, "narrow": …, "table": …}``: two drawings, for a desk and for a phone, and the same numbers in words.
Values arrive as whole numbers in the grain of their unit. They are divided here for drawing only; nobody calculates with them after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from steelyard.calc.units import DECIMALS, divide

from .formats import MINUS, amount, exact

Spec = dict[str, Any]
Named = tuple[str, int]
FORMATS = {"points": ".4~r", "percent": ".0%", "days": ".4~r"}  # of the axis; everything else in thousands and millions
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def waterfall(start: Named, steps: Sequence[Named], end: Named, *, unit: str = "points", heading: str = "") -> Spec:
    """How one value became another: lies on its side, full names left, changes right. ``axis_from`` says where the axis begins."""
    rows, reached = [], start[1]
    for name, change in steps:
        rows.append((name, reached, reached + change, change))
        reached += change
    ends = [start[1], end[1], *(value for row in rows for value in row[1:3])]
    least = _floor(ends, unit)
    names = [start[0], *(row[0] for row in rows), end[0]]
    values = [_step(0, start[0], least, start[1], unit, "total", amount(start[1], unit))]
    for place, (name, before, after, change) in enumerate(rows, 1):
        values.append(_step(place, name, before, after, unit, "gain" if change >= 0 else "loss", signed(change, unit)))
    values.append(_step(len(names) - 1, end[0], least, end[1], unit, "total", amount(end[1], unit)))
    tooltip = [
        {"field": "name", "title": heading or _("Change")},
        {"field": "label", "title": _("Points") if unit == "points" else _("Value")},
    ]

    def layers(room: int) -> list[Spec]:
        """Bars and their values; ``room``: percent of the axis that is left free for the last value."""
        most = _natural(max(ends) + divide((max(ends) - least) * room, 100), unit)
        scale = {"domain": [_natural(least, unit), most], "nice": False, "zero": False}
        along = {"type": "quantitative", "title": None, "scale": scale, "axis": {"tickCount": 4, "format": FORMATS.get(unit, "~s")}}
        bars = [
            {"transform": [{"filter": f"datum.kind == '{kind}'"}], "mark": {"type": "bar", "style": kind},
             "encoding": {"x": {"field": "from", **along}, "x2": {"field": "to"}, "tooltip": tooltip}}
            for kind in ("total", "gain", "loss")
        ]  # fmt: skip
        said = {"x": {"field": "right", **along}, "text": {"field": "label"}}
        return [*bars, {"mark": {"type": "text", "style": "value", "align": "left", "dx": 6}, "encoding": said}]

    def drawn(row: int, limit: int, room: int) -> Spec:
        axis = {"labelLimit": limit}
        y = {"field": "place", "type": "ordinal", "sort": list(range(len(names))), "title": None, "scale": {"paddingInner": 0.34}}
        shown = {**axis, "labelExpr": _named(names)}
        return {**_frame(values, row * len(names) + 24), "encoding": {"y": {**y, "axis": shown}}, "layer": layers(room)}

    return {
        "wide": drawn(26, 190, 12), "narrow": drawn(24, 124, 30), "axis_from": least,
        "table": {"titles": [heading or _("Change"), _("Points") if unit == "points" else _("Value")],
                  "rows": [[row["name"], row["label"]] for row in values]},
    }  # fmt: skip


def lines(
    series: Sequence[tuple[str, int | None]],
    *,
    band: Sequence[tuple[int, int] | None] = (),
    peers: Sequence[int | None] = (),
    limits: Sequence[int] = (),
    name: str = "",
    peers_name: str = "",
    unit: str = "points",
    currency: str = "",
) -> Spec:
    """One value over time, with the middle half of others as a band and their median dashed; the grid lies at the limits of the levels."""
    if sum(value is not None for value in peers) < 2:  # of one point there is no line, and its name would float
        peers, band = (), ()
    values = []
    for place, (label, value) in enumerate(series):
        row: dict[str, Any] = {"place": place, "label": label}
        if value is not None:
            row |= {"value": _natural(value, unit), "said": amount(value, unit, currency=currency)}
        if place < len(peers) and (middle := peers[place]) is not None:
            row |= {"peers": _natural(middle, unit), "peers_said": amount(middle, unit, currency=currency)}
        if place < len(band) and (half := band[place]) is not None:
            row |= {"low": _natural(half[0], unit), "high": _natural(half[1], unit)}
        values.append(row)
    seen = [value for _label, value in series if value is not None] + [value for value in peers if value is not None]
    seen += [value for pair in band if pair for value in pair]
    least, most = _floor([*seen], unit), max(seen, default=10 ** DECIMALS[unit])
    inside = [limit for limit in limits if least < limit <= most + (most - least) // 5]
    most = max([most + (most - least) // 12, *inside])
    scale = {"domain": [_natural(least, unit), _natural(most, unit)], "nice": False, "zero": False}
    axis: Spec = (
        {"values": [_natural(value, unit) for value in inside], "grid": True} if len(inside) > 1 else {"tickCount": 4, "grid": True}
    )
    axis["format"] = FORMATS.get(unit, "~s")
    up = {"type": "quantitative", "title": None, "scale": scale, "axis": axis}
    tooltip = [{"field": "label", "title": _("Period")}, {"field": "said", "title": name or _("Value")}]
    layers: list[Spec] = []
    if band:
        layers.append({"transform": [{"filter": "isValid(datum.low)"}], "mark": {"type": "area", "style": "band"},
                       "encoding": {"y": {"field": "low", **up}, "y2": {"field": "high"}}})  # fmt: skip
    if peers:
        tooltip.append({"field": "peers_said", "title": peers_name or _("Peer median")})
        layers.append({"transform": [{"filter": "isValid(datum.peers)"}], "mark": {"type": "line", "style": "peer"},
                       "encoding": {"y": {"field": "peers", **up}}})  # fmt: skip
    known = [{"filter": "isValid(datum.value)"}]
    layers.append({"transform": known, "mark": {"type": "line"}, "encoding": {"y": {"field": "value", **up}}})
    layers.append({"transform": known, "mark": {"type": "point", "style": "halo", "size": 70},
                   "encoding": {"y": {"field": "value", **up}, "tooltip": tooltip}})  # fmt: skip
    layers += _ends(values, up, name, peers_name)

    def drawn(height: int, right: int, labels: int) -> Spec:
        every = max(1, -(-len(series) // labels))
        shown = [place for place in range(len(series)) if (len(series) - 1 - place) % every == 0]
        x = {"field": "place", "type": "ordinal", "sort": None, "title": None, "scale": {"type": "point", "padding": 0.3},
             "axis": {"labelAngle": 0, "values": shown, "labelExpr": _named([label for label, _value in series])}}  # fmt: skip
        padding = {"right": right, "left": 2, "top": 6, "bottom": 2}
        fit = {"type": "fit-x", "contains": "padding"}
        return {**_frame(values, height), "padding": padding, "autosize": fit, "encoding": {"x": x}, "layer": layers}

    titles = [_("Period"), name or _("Value"), *([peers_name or _("Peer median")] if peers else [])]
    rows = [[row["label"], row.get("said", "–"), *([row.get("peers_said", "–")] if peers else [])] for row in values]
    return {"wide": drawn(262, 96, 8), "narrow": drawn(190, 76, 4), "table": {"titles": titles, "rows": rows}, "axis_from": least}


def stacked(rows: Sequence[tuple[str, Mapping[str, int]]], levels: Sequence[str], *, heading: str = "", counted: str = "") -> Spec:
    """How many have which level, a bar a row; levels run from the best down and have the colours of the grades."""
    values = [
        {"row": place, "label": label, "level": level, "number": counts.get(level, 0), "order": order}
        for place, (label, counts) in enumerate(rows)
        for order, level in enumerate(levels)
    ]
    tooltip = [{"field": "level", "title": _("Level")}, {"field": "number", "title": counted or _("Number")}]
    bar = {"mark": {"type": "bar"}, "encoding": {
        "color": {"field": "level", "type": "ordinal", "legend": None, "scale": {"domain": list(levels), "range": "ordinal"}},
        "tooltip": tooltip,
    }}  # fmt: skip
    y = {"field": "row", "type": "ordinal", "sort": None, "title": None, "scale": {"paddingInner": 0.22, "paddingOuter": 0.05},
         "axis": {"labelExpr": _named([label for label, _counts in rows])}}  # fmt: skip
    x = {"field": "number", "type": "quantitative", "stack": "zero", "axis": None}
    spec = {
        **_frame(values, 32 * max(len(rows), 1)), "usermeta": {"levels": len(levels)},
        "encoding": {"y": y, "x": x, "order": {"field": "order"}}, "layer": [bar],
    }  # fmt: skip
    table = [[label, *(str(counts.get(level, 0)) for level in levels)] for label, counts in rows]
    return {"wide": spec, "narrow": spec, "table": {"titles": [heading or _("Period"), *levels], "rows": table}}


def columns(
    labels: Sequence[str], groups: Sequence[tuple[str, Sequence[int | None]]], *, unit: str = "money", currency: str = "", heading: str = ""
) -> Spec:
    """Columns over time, stacked by group; the first group lies at the bottom. Six groups have colours: sum the rest up as others."""
    values = [
        {"place": place, "label": labels[place], "group": group, "order": order, "value": _natural(value, unit),
         "said": amount(value, unit, currency=currency)}
        for order, (group, series) in enumerate(groups)
        for place, value in enumerate(series)
        if value is not None
    ]  # fmt: skip
    names = [group for group, _series in groups]
    legend = None if len(groups) < 2 else {"title": None}
    tooltip = [
        {"field": "group", "title": _("Group")},
        {"field": "label", "title": _("Period")},
        {"field": "said", "title": heading or _("Value")},
    ]

    def drawn(height: int, shown_labels: int) -> Spec:
        every = max(1, -(-len(labels) // shown_labels))
        axis = {
            "labelAngle": 0,
            "labelExpr": _named(labels),
            "values": [p for p in range(len(labels)) if (len(labels) - 1 - p) % every == 0],
        }
        x = {
            "field": "place",
            "type": "ordinal",
            "sort": None,
            "title": None,
            "axis": axis,
            "scale": {"paddingInner": 0.32, "domain": list(range(len(labels)))},
        }
        y = {"field": "value", "type": "quantitative", "title": None, "axis": {"tickCount": 4, "format": "~s"}}
        colour = {"field": "group", "type": "nominal", "sort": names, "title": None, "legend": legend, "scale": {"domain": names}}
        return {
            **_frame(values, height),
            "mark": {"type": "bar"},
            "encoding": {"x": x, "y": y, "color": colour, "order": {"field": "order"}, "tooltip": tooltip},
        }

    table = [
        [label, *("–" if series[place] is None else amount(series[place] or 0, unit, currency=currency) for _name, series in groups)]
        for place, label in enumerate(labels)
    ]
    return {"wide": drawn(200, 12), "narrow": drawn(180, 6), "table": {"titles": [_("Period"), *names], "rows": table}}


def signed(stored: int, unit: str, **how: Any) -> str:
    """A change with its sign: +2.4, −0.8."""
    said = amount(abs(stored), unit, **how)
    sign = "" if not any(figure in "123456789" for figure in said) else "+" if stored > 0 else MINUS
    return f"{sign}{said}"


def _frame(values: list[dict[str, Any]], height: int) -> Spec:
    return {"$schema": SCHEMA, "data": {"values": values}, "width": "container", "height": height}


def _step(place: int, name: str, before: int, after: int, unit: str, kind: str, label: str) -> dict[str, Any]:
    low, high = _natural(before, unit), _natural(after, unit)
    return {"place": place, "name": name, "from": low, "to": high, "right": max(low, high), "kind": kind, "label": label}


def _ends(values: list[dict[str, Any]], up: Spec, name: str, peers_name: str) -> list[Spec]:
    """The last values written beside their lines."""
    found = []
    for field, said, style, named in (("value", "said", "value", name), ("peers", "peers_said", "note", peers_name or _("peers"))):
        last = next((row for row in reversed(values) if field in row), None)
        if last is not None:
            found.append({
                "transform": [{"filter": f"datum.place == {last['place']} && isValid(datum.{field})"}],
                "mark": {"type": "text", "style": style, "align": "left", "dx": 12, **({"fontWeight": 600} if field == "value" else {})},
                "encoding": {"y": {"field": field, **up}, "text": {"value": f"{last[said]} {named}".strip()}},
            })  # fmt: skip
    return found


def _named(names: Sequence[str]) -> str:
    """An expression of Vega that writes the name of a place on an axis; names need not be unique."""
    quoted = ", ".join("'" + " ".join(str(name).split()).replace("\\", "\\\\").replace("'", "\\'") + "'" for name in names)
    return f"[{quoted}][datum.value]"


def _floor(values: Sequence[int], unit: str) -> int:
    """Where an axis begins: at nought, unless everything happens far above it."""
    least, most = min(values, default=0), max(values, default=0)
    step = 5 * 10 ** DECIMALS[unit] if unit == "points" else max(1, (most - least) // 4)
    if least <= 0 or (most - least) * 2 > most:
        return min(least, 0)
    return max(0, (least - (most - least) // 4) // step * step)


def _natural(stored: int, unit: str) -> float:
    """For drawing: the value in natural units, rounded to what the eye can tell."""
    return float(exact(stored, unit, min(3, DECIMALS[unit])))
