"""KPIs: a formula over measures and other KPIs, its unit, and what happens without data (docs/reference/framework-language.md)."""

from __future__ import annotations

from dataclasses import replace

from ..formula.nodes import Name, names_in
from ..units import Exact
from .circles import report_circles
from .context import Context
from .document import Keyed, Scalar, Tree
from .formulas import divides, fits_unit, read_formula
from .model import Kpi, NoData, Place
from .scopes import kpi_scope
from .section import Section, number_in
from .tables import UNITS, check_holes

KEYS = ("formula", "unit", "better", "no_data", "target", "range", "small_below", "round")
POLICIES = ("skip", "zero", "full", "fail")


def read_kpis(context: Context, top: Section) -> None:
    """All KPIs of the framework, into the context. Units come first, because KPIs may name later ones."""
    sections: dict[str, tuple[Section, str, Place]] = {}
    for name, node, place in top.definitions("kpis", "KPIs"):
        if context.declare(name, "KPI", place):
            section = Section(node, place.path, context.log, "a KPI", KEYS)
            section.require("formula", "unit")
            unit = section.choice("unit", UNITS, "number")
            sections[name] = section, unit, place
            if not section.has("unit"):
                context.broken(name)
            else:
                context.types[name] = UNITS[unit]
    for name, (section, unit, place) in sections.items():
        kpi = _kpi(context, section, name, unit, place)
        if kpi is not None:
            context.kpis[name] = kpi
    needs = {name: reads_of(kpi) & context.kpis.keys() for name, kpi in context.kpis.items()}
    report_circles(context.log, needs, {name: kpi.place for name, kpi in context.kpis.items()})


def _kpi(context: Context, section: Section, name: str, unit: str, place: Place) -> Kpi | None:
    node = section.node("formula")
    scope = kpi_scope(context)
    formula = None if node is None else read_formula(context, node, section.at("formula").path, scope)
    if node is not None and formula is not None:
        at = Place(section.at("formula").path, node.line, node.column)
        check_holes(context, formula.tree, at)
        if not fits_unit(formula.type, unit):
            message = f"the formula gives {formula.type.kind}, the KPI says `unit: {unit}`"
            context.log.add("mixed-units", message, at, f"`{formula.text}`", "correct the unit, or check the formula")
    no_data = _no_data(context, section)
    if formula is not None and not section.written("no_data") and divides(formula.tree):
        message = f"KPI `{name}` divides and does not say what happens without data"
        context.log.add("no-data-missing", message, place, f"`{formula.text}`", "add `no_data:` skip, zero, full or fail")
    target = section.node("target")
    kpi_range = section.numbers("range", 2)
    if kpi_range is not None and kpi_range[0] >= kpi_range[1]:
        context.log.add("wrong-type", "the range ends before it begins", section.at("range"), hint="write [lowest, highest]")
    better, small_below, digits = _better(context, section), section.whole("small_below", 0, 10**9), section.whole("round", -6, 9)
    goal = None if target is None else read_formula(context, target, section.at("target").path, scope, "number")
    if goal is not None and isinstance(goal.tree, Name) and goal.tree.name in context.settings:
        context.beside.setdefault(goal.tree.name, set()).add(unit)
    if formula is None:
        return None
    return Kpi(
        name=name,
        formula=formula,
        unit=unit,
        better=better,
        no_data=no_data,
        target=goal,
        range=None if kpi_range is None else (kpi_range[0], kpi_range[1]),
        small_below=small_below,
        round=digits,
        title=section.text("title"),
        note=section.text("note"),
        owner=section.text("owner"),
        place=place,
    )


def _better(context: Context, section: Section) -> str | tuple[Exact, Exact]:
    node = section.node("better")
    if node is None or isinstance(node, Scalar):
        return section.choice("better", ("higher", "lower"), "higher")
    part = section.sub("better", "`better`", ("between",))
    ends = part.numbers("between", 2) if part else None
    if part and not part.broken and ends is None and not part.has("between"):
        context.log.add("wrong-type", "`better` says where it is best", section.at("better"), hint="higher, lower or {between: [30, 60]}")
    if ends is not None and ends[0] > ends[1]:
        context.log.add("wrong-type", "the range ends before it begins", section.at("better"), hint="write [lowest, highest]")
    return "higher" if ends is None else (ends[0], ends[1])


def _no_data(context: Context, section: Section) -> NoData:
    node = section.node("no_data")
    if node is None:
        return NoData()
    if isinstance(node, Keyed) and ("if" in node.entries or "then" in node.entries):
        part = Section(node, section.at("no_data").path, context.log, "`no_data`", ("if", "then", "reason"))
        part.require("if", "then")
        rule, then = part.node("if"), part.node("then")
        formula = None if rule is None else read_formula(context, rule, part.at("if").path, kpi_scope(context), "rule")
        policy = NoData() if then is None else _policy(context, then, part.at("then"))
        return replace(policy, rule=formula, reason=part.text("reason"))
    return _policy(context, node, section.at("no_data"))


def _policy(context: Context, node: Tree, place: Place) -> NoData:
    if isinstance(node, Keyed):
        part = Section(node, place.path, context.log, "`no_data`", ("carry",))
        periods = part.whole("carry", 1, 1000)
        part.require("carry")
        return NoData("carry", periods or 1)
    if isinstance(node, Scalar) and node.raw in POLICIES:
        return NoData(node.raw)  # type: ignore[arg-type]
    if isinstance(node, Scalar) and isinstance(node.value, str):
        hint = f"choose {', '.join(POLICIES)}, a number of points, or {{carry: 2}}"
        context.log.add("unknown-word", f"`{node.raw}` is not a way to treat missing data", place, f"`{node.raw}`", hint)
        return NoData()
    points = number_in(node, place, context.log)
    return NoData() if points is None else NoData("points", points)


def reads_of(kpi: Kpi) -> set[str]:
    """The names that a KPI's value depends on."""
    names = names_in(kpi.formula.tree)
    return names | (names_in(kpi.no_data.rule.tree) if kpi.no_data.rule else set())
