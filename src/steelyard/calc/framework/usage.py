"""Warnings: what is defined and never read, and what is scored twice from one measure."""

from __future__ import annotations

from ..formula.nodes import names_in
from .context import Context
from .model import Level, Node


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
    if card is not None:
        _one_measure_twice(context, card)


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
