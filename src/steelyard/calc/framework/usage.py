"""Warnings: what is defined and never read, and what is scored twice from one measure."""

from __future__ import annotations

from ..formula.nodes import Binary, Formula, Literal, names_in
from ..formula.nodes import Node as Part
from ..units import Blank
from .context import Context
from .formulas import walk
from .model import Level, Node, Place


def check_usage(context: Context, card: Node | None, levels: tuple[Level, ...]) -> None:
    """Warn about unused definitions and about two KPIs of the card that rest on the same one measure."""
    scored = card is not None or bool(levels)
    for name, place in context.declared.items():
        kind = context.kinds[name]
        if name not in context.used and (kind != "KPI" or scored):
            hint = "remove it, or read it somewhere"
            if kind == "KPI":
                hint = "it is shown but changes no score; use it in the scorecard or a level, or leave it as information"
            context.log.add("unused", f"{kind} `{name}` is never read", place, hint=hint, warning=True)
    for place, formula in _requirements(card, levels):
        if any(_always_blank(part) for part in walk(formula.tree)):
            message = "what is compared with `blank` is always blank, so it never holds"
            hint = "write is_blank(x) to ask whether there is data"
            context.log.add("blank-requirement", message, place, f"`{formula.text}`", hint, warning=True)
    if card is not None:
        _one_measure_twice(context, card)


def _requirements(card: Node | None, levels: tuple[Level, ...]) -> list[tuple[Place, Formula]]:
    """Every rule of gates and levels."""
    found: list[tuple[Place, Formula]] = []
    waiting = [card] if card is not None else []
    while waiting:
        node = waiting.pop()
        found += [(gate.place, gate.rule) for gate in node.require]
        waiting += node.items
    for level in levels:
        ways = [one for group in level.any for way in group for one in way]
        found += [(level.place, one) for one in (*level.require, *ways)]
    return found


def _always_blank(part: Part) -> bool:
    """A comparison or a sum with a blank written down."""
    sides = (part.left, part.right) if isinstance(part, Binary) and part.operator not in ("and", "or") else ()
    return any(isinstance(side, Literal) and isinstance(side.value, Blank) for side in sides)


def _one_measure_twice(context: Context, card: Node) -> None:
    seen: dict[str, str] = {}
    for leaf in card.leaves():
        kpi = context.kpis.get(leaf.kpi or "")
        if kpi is None:
            continue
        measures = names_in(kpi.formula.tree) & context.measures.keys()
        for measure in sorted(measures) if len(measures) == 1 else ():
            first = seen.setdefault(measure, kpi.name)
            if first != kpi.name:
                message = f"`{first}` and `{kpi.name}` both rest on the measure `{measure}` alone"
                hint = "what happens to it counts twice; check that this is meant"
                context.log.add("same-measure", message, leaf.place, hint=hint, warning=True)
