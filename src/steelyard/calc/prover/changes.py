"""A framework changed in one number by its last digit, or in one end from open to closed: what vectors ought to notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ..formula.nodes import DATE, PERCENT, TEXT, YES_NO, Binary, Call, Formula, In, Literal, Unary
from ..formula.nodes import Node as Tree
from ..framework.model import Framework, Gate, Level, Node, Place, PointsRule
from ..framework.numbers import spoken
from ..units import Exact
from .inputs import exact

FLIPPED = {">=": ">", ">": ">=", "<=": "<", "<": "<="}


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``of``: the definition it is in; ``said``: what becomes of what; ``touching``: KPI and values that would show it."""

    of: str
    place: Place
    said: str
    framework: Framework
    touching: tuple[str, tuple[Exact, ...]] | None = None


def changes_of(framework: Framework) -> Iterator[Change]:
    """Every change, in the order of the file."""
    yield from _of_settings(framework)
    yield from _of_tables(framework)
    yield from _of_kpis(framework)
    if framework.scorecard is not None:
        yield from _of_nodes(framework, framework.scorecard)
    yield from _of_levels(framework)


def digit(value: Exact, percent: bool = False) -> Fraction:
    """The last digit of a number as people write it: 1 of 93, 0.1 of 2.5, 1 % of 60 %."""
    number, step = Fraction(value) * (100 if percent else 1), Fraction(1)
    while (number / step).denominator != 1 and step > Fraction(1, 10**9):
        step /= 10
    return step / (100 if percent else 1)


def _of_settings(framework: Framework) -> Iterator[Change]:
    for name, value in framework.settings.items():
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            for other in (exact(value + digit(value)), exact(value - digit(value))):
                changed = replace(framework, settings={**framework.settings, name: other})
                yield Change(f"setting {name}", Place(f"settings.{name}"), f"{spoken(value)} → {spoken(other)}", changed)


def _of_tables(framework: Framework) -> Iterator[Change]:
    for name, table in framework.tables.items():
        unit = "percent" if table.type == PERCENT else "number"
        for place, row in enumerate(table.rows):
            if not isinstance(row.value, int | Fraction) or isinstance(row.value, bool):
                continue
            other = exact(row.value + digit(row.value, unit == "percent"))
            rows = (*table.rows[:place], replace(row, value=other), *table.rows[place + 1 :])
            changed = replace(framework, tables={**framework.tables, name: replace(table, rows=rows)})
            said = f"({', '.join(row.keys)}) {spoken(row.value, unit)} → {spoken(other, unit)}"
            yield Change(f"table {name}", Place(f"tables.{name}.rows.{place + 1}"), said, changed)


def _of_kpis(framework: Framework) -> Iterator[Change]:
    for name, kpi in framework.kpis.items():
        for said, formula in _formulas(kpi.formula):
            changed = replace(framework, kpis={**framework.kpis, name: replace(kpi, formula=formula)})
            yield Change(f"KPI {name}", kpi.place, said, changed)
        if kpi.no_data.policy == "points":
            more = replace(kpi.no_data, amount=exact(Fraction(kpi.no_data.amount) + 1))
            changed = replace(framework, kpis={**framework.kpis, name: replace(kpi, no_data=more)})
            yield Change(f"KPI {name}", kpi.place, f"no data earns {spoken(kpi.no_data.amount)} → {spoken(more.amount)}", changed)


def _of_nodes(framework: Framework, node: Node) -> Iterator[Change]:
    def built(**changed: Any) -> Framework:
        root = framework.scorecard
        return framework if root is None else replace(framework, scorecard=_with(root, node.name, lambda one: replace(one, **changed)))

    for key in ("cap", "floor", "scale_to"):
        value = {"cap": node.cap, "floor": node.floor, "scale_to": node.scale_to}[key]
        if value is not None:
            for other in (exact(value + digit(value)), exact(value - digit(value))):
                yield Change(node.name, node.place, f"{key} {spoken(value)} → {spoken(other)}", built(**{key: other}))
    if node.weight is not None:
        for said, formula in _formulas(node.weight):
            yield Change(node.name, node.place, f"weight {said}", built(weight=formula))
    for place, gate in enumerate(node.require):
        for said, other_gate in _of_gate(gate):
            gates = (*node.require[:place], other_gate, *node.require[place + 1 :])
            yield Change(node.name, gate.place, said, built(require=gates))
    if node.points is not None and node.kpi is not None:
        unit = framework.kpis[node.kpi].unit
        for said, rule, values in _of_rule(node.points, unit):
            touching = (node.kpi, values) if values else None
            yield Change(node.name, node.place, said, built(points=rule), touching)
    for item in node.items:
        yield from _of_nodes(framework, item)


def _with(node: Node, name: str, change: Callable[[Node], Node]) -> Node:
    if node.name == name:
        return change(node)
    return replace(node, items=tuple(_with(item, name, change) for item in node.items)) if node.items else node


def _of_gate(gate: Gate) -> Iterator[tuple[str, Gate]]:
    for said, formula in _formulas(gate.rule, flip=True):
        yield said, replace(gate, rule=formula)
    if gate.otherwise == "cap":
        other = exact(gate.cap + digit(gate.cap))
        yield f"cap {spoken(gate.cap)} → {spoken(other)}", replace(gate, cap=other)


def _of_levels(framework: Framework) -> Iterator[Change]:
    def built(place: int, level: Level) -> Framework:
        return replace(framework, levels=(*framework.levels[:place], level, *framework.levels[place + 1 :]))

    for place, level in enumerate(framework.levels):
        for number, formula in enumerate(level.require):
            for said, other in _formulas(formula, flip=True):
                require = (*level.require[:number], other, *level.require[number + 1 :])
                yield Change(f"level {level.name}", level.place, said, built(place, replace(level, require=require)))
        for group, ways in enumerate(level.any):
            for way, rules in enumerate(ways):
                for number, formula in enumerate(rules):
                    for said, other in _formulas(formula, flip=True):
                        changed = (*rules[:number], other, *rules[number + 1 :])
                        inner = (*ways[:way], changed, *ways[way + 1 :])
                        groups = (*level.any[:group], inner, *level.any[group + 1 :])
                        yield Change(f"level {level.name}", level.place, said, built(place, replace(level, any=groups)))


# points rules -------------------------------------------------------------------------------------------------------


def _of_rule(rule: PointsRule, unit: str) -> Iterator[tuple[str, PointsRule, tuple[Exact, ...]]]:
    """(what changes, the changed rule, the values that would show it)."""
    percent = unit == "percent"
    if rule.kind == "bands":
        yield from _of_bands(rule, unit)
    for place, (value, points) in enumerate(rule.corners):
        for other in ((exact(value + digit(value, percent)), points), (value, exact(points + digit(points)))):
            corners = (*rule.corners[:place], other, *rule.corners[place + 1 :])
            if all(one[0] < after[0] for one, after in pairwise(corners)):
                said = f"corner {spoken(value, unit)}: {spoken(points)} → {spoken(other[0], unit)}: {spoken(other[1])}"
                yield said, replace(rule, corners=corners), (value,)
    for place, (answer, points) in enumerate(rule.choices):
        other_points = exact(points + digit(points))
        choices = (*rule.choices[:place], (answer, other_points), *rule.choices[place + 1 :])
        yield f"“{answer}” {spoken(points)} → {spoken(other_points)} points", replace(rule, choices=choices), ()
    if rule.kind == "per" and rule.points is not None:
        for said, formula in _formulas(rule.points):
            yield f"points for each {said}", replace(rule, points=formula), (rule.each,)


def _of_bands(rule: PointsRule, unit: str) -> Iterator[tuple[str, PointsRule, tuple[Exact, ...]]]:
    bands, percent = rule.bands, unit == "percent"
    for place, band in enumerate(bands):
        points = exact(band.points + digit(band.points))
        changed = (*bands[:place], replace(band, points=points), *bands[place + 1 :])
        ends = ((band.low, band.low_closed), (band.high, band.high_closed))
        inside = next((end for end, closed in ends if end is not None and closed), None)
        said = f"a band's points {spoken(band.points)} → {spoken(points)}"
        yield said, replace(rule, bands=changed), () if inside is None else (inside,)
    for place, (band, after) in enumerate(pairwise(bands)):
        if band.high is None or after.low is None:
            continue
        step = digit(after.low, percent)
        sides = (exact(after.low - step), after.low) if after.low_closed else (after.low, exact(after.low + step))
        for shift in (step, -step):
            pair = replace(band, high=exact(band.high + shift)), replace(after, low=exact(after.low + shift))
            said = f"the edge {spoken(after.low, unit)} → {spoken(exact(after.low + shift), unit)}"
            yield said, replace(rule, bands=(*bands[:place], *pair, *bands[place + 2 :])), sides
        if band.high == after.low:
            pair = replace(band, high_closed=not band.high_closed), replace(after, low_closed=not after.low_closed)
            said = f"{spoken(after.low, unit)} itself in the band {'below' if after.low_closed else 'above'}"
            yield said, replace(rule, bands=(*bands[:place], *pair, *bands[place + 2 :])), (after.low,)


# formulas -----------------------------------------------------------------------------------------------------------


def _formulas(formula: Formula, flip: bool = False) -> Iterator[tuple[str, Formula]]:
    """The formula with one number changed by its last digit, up or down; with ``flip`` also each open end closed and back."""
    for said, tree in _trees(formula.tree, flip):
        yield f"`{formula.text}`: {said}", replace(formula, tree=tree)


def _trees(tree: Tree, flip: bool) -> Iterator[tuple[str, Tree]]:
    if isinstance(tree, Literal):
        yield from _literals(tree)
    elif isinstance(tree, Unary):
        yield from ((said, replace(tree, operand=inner)) for said, inner in _trees(tree.operand, flip))
    elif isinstance(tree, Binary):
        if flip and tree.operator in FLIPPED:
            other = FLIPPED[tree.operator]
            yield f"{tree.operator} → {other}", replace(tree, operator=other)
        yield from ((said, replace(tree, left=inner)) for said, inner in _trees(tree.left, flip))
        yield from ((said, replace(tree, right=inner)) for said, inner in _trees(tree.right, flip))
    elif isinstance(tree, In):
        yield from ((said, replace(tree, operand=inner)) for said, inner in _trees(tree.operand, flip))
    elif isinstance(tree, Call):
        for place, argument in enumerate(tree.arguments):
            if tree.function in ("round", "power") and place == 1:
                continue
            for said, inner in _trees(argument, flip):
                yield said, replace(tree, arguments=(*tree.arguments[:place], inner, *tree.arguments[place + 1 :]))


def _literals(literal: Literal) -> Iterator[tuple[str, Tree]]:
    value = literal.value
    if literal.type in (YES_NO, TEXT, DATE) or isinstance(value, bool) or not isinstance(value, int | Fraction):
        return
    unit = "percent" if literal.type == PERCENT else "number"
    step = digit(value, literal.type == PERCENT)
    for other in (exact(value + step), exact(value - step)):
        yield f"{spoken(value, unit)} → {spoken(other, unit)}", replace(literal, value=other)
