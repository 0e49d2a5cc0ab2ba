"""Points rules: how a value becomes points (docs/reference/framework-language.md), and the most they can give."""

from __future__ import annotations

from fractions import Fraction

from ..errors import did_you_mean
from ..units import Exact
from .bands import Scale, check_bands, read_bands
from .context import Context
from .document import Keyed, Listed, Scalar, Tree
from .formulas import constant_of, read_formula
from .model import Place, PointsRule
from .scopes import attribute_scope
from .section import Section, exact, number_in, shown

KINDS = ("line", "bands", "per", "choice")


def read_curves(context: Context, top: Section) -> None:
    """The named points rules, into the context."""
    for name, node, place in top.definitions("curves", "points rules"):
        if not context.declare(name, "curve", place):
            continue
        rule = read_rule(context, node, place, Scale())
        if rule is not None and rule.points is not None and constant_of(context, rule.points.tree) is None:
            hint = "write a number, or a calculation with numbers and settings"
            context.log.add("wrong-type", "the points of a curve are a number", place, f"`{rule.points.text}`", hint)
        if rule is not None and rule.kind in ("choice", "value"):
            context.log.add("wrong-type", "a curve turns numbers into points", place, rule.kind, "write `line`, `bands` or `per`")
        context.curves[name] = rule or PointsRule("value")


def read_rule(context: Context, node: Tree, place: Place, scale: Scale, more: tuple[str, ...] = ()) -> PointsRule | None:
    """One of the five rules, or a curve by its name; None with problems. ``more``: keys that others read."""
    if node.broken:
        return None
    if isinstance(node, Scalar):
        return _named(context, node, place)
    section = Section(node, place.path, context.log, "a points rule", (*KINDS, *more))
    if section.broken:
        return None
    kinds = [kind for kind in KINDS if section.has(kind)]
    if len(kinds) != 1:
        hint = "write one of line, bands, per, choice; or `points: value`; or the name of a curve"
        context.log.add("points-rule", "a points rule says exactly one thing", place, ", ".join(kinds) or "nothing", hint)
        return None
    section.require(*kinds)
    if kinds == ["line"]:
        return _line(context, section)
    if kinds == ["bands"]:
        before = len(context.log.problems)
        bands = read_bands(context, section)
        if len(context.log.problems) == before:  # a broken band would look like a gap
            check_bands(context, section, bands, scale)
        return PointsRule("bands", bands=bands) if bands else None
    return _per(context, section) if kinds == ["per"] else _choice(context, section)


def _named(context: Context, node: Scalar, place: Place) -> PointsRule | None:
    if node.raw == "value":
        return PointsRule("value")
    if node.raw in context.curves:
        context.used.add(node.raw)
        return context.curves[node.raw]
    hint = did_you_mean(node.raw, {"value", *context.curves}) or "write `value`, a rule, or the name of a curve"
    context.log.add("unknown-name", f"`{node.raw}` is not a points rule or a curve", place, f"`{node.raw}`", hint)
    return None


def _line(context: Context, section: Section) -> PointsRule | None:
    corners: list[tuple[Exact, Exact]] = []
    for item, place in section.items("line"):
        if not isinstance(item, Listed) or len(item.items) != 2:
            context.log.add("wrong-type", "a corner of a line is [value, points]", place, shown(item), "write [60%, 0]")
            continue
        value, points = (number_in(part, place, context.log) for part in item.items)
        if value is not None and points is not None:
            if corners and value <= corners[-1][0]:
                hint = "write the corners from the lowest value up; a jump needs `bands`"
                context.log.add("line-order", "the corners of a line must rise", place, str(value), hint)
            corners.append((value, points))
    if len(corners) < 2:
        hint = "write [[60%, 0], [100%, 100]]"
        context.log.add("points-rule", "a line has at least two corners", section.at("line"), f"{len(corners)}", hint)
        return None
    return PointsRule("line", corners=tuple(corners))


def _per(context: Context, section: Section) -> PointsRule | None:
    part = section.sub("per", "`per`", ("points", "each", "whole"))
    if part is None:
        return None
    part.require("points")
    node = part.node("points")
    if part.broken or node is None:
        return None
    points = read_formula(context, node, part.at("points").path, attribute_scope(context), "number")
    each = part.number("each")
    if each is not None and each <= 0:
        context.log.add("wrong-type", "`each` is above 0", part.at("each"), f"{each}", "points are given for each so many units")
        return None
    whole = part.yes_no("whole", False)
    return None if points is None else PointsRule("per", points=points, each=1 if each is None else each, whole=whole)


def _choice(context: Context, section: Section) -> PointsRule | None:
    node = section.node("choice")
    if not isinstance(node, Keyed):
        context.log.add("wrong-type", "`choice` is a mapping of answers to points", section.at("choice"), hint='write {"yes": 10, "no": 0}')
        return None
    choices: list[tuple[str, Exact]] = []
    for answer, entry in node.entries.items():
        points = number_in(entry.node, Place(f"{section.path}.choice.{answer}", entry.line, entry.column), context.log)
        if points is not None:
            choices.append((answer, points))
    return PointsRule("choice", choices=tuple(choices)) if choices else None


def most_points(context: Context, rule: PointsRule, scale: Scale) -> Exact | None:
    """The highest points a rule can give; None where that is unknown."""
    if rule.kind == "line":
        return max(points for _, points in rule.corners)
    if rule.kind == "bands":
        return max(band.points for band in rule.bands)
    if rule.kind == "choice":
        return max(points for _, points in rule.choices)
    if rule.kind == "value":
        return scale.high
    points_each = None if rule.points is None else constant_of(context, rule.points.tree)
    if points_each is None:
        return None
    if points_each == 0:
        return 0
    end = scale.high if points_each > 0 else scale.low
    if end is None:
        return None
    units = Fraction(end) / rule.each
    return exact(points_each * (units.__floor__() if rule.whole else units))
