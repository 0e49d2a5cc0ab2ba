"""The scorecard: one tree of nodes, each a leaf or a combination of others (docs/reference/framework-language.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, cast

from ..errors import did_you_mean
from ..formula.nodes import NODE_FUNCTIONS, Call, Formula, Name
from ..units import Exact
from .bands import Scale, scale_of
from .circles import report_circles
from .context import Context
from .document import Keyed, Scalar, Tree
from .formulas import read_formula, walk
from .model import Gate, Kpi, Node, Place, PointsRule
from .reach import Reach, out_of
from .rules import read_rule
from .scopes import attribute_scope, tree_scope
from .section import Section, check_name, number_in
from .tables import check_holes

Combine = Literal["mean", "sum", "best", "worst"]
Missing = Literal["share", "zero"]
COMBINE: tuple[Combine, ...] = ("mean", "sum", "best", "worst")
KEYS = (
    "kpi", "points", "combine", "of", "weight", "cap", "floor", "scale_to", "round", "require", "missing", "needs_data",
)  # fmt: skip
GATE_KEYS = ("rule", "else", "reason", "blank")
FAILURES = ("fail", "zero", "skip")


@dataclass
class Names:
    """The names of the nodes met so far; each is used once in the whole card, so that messages can name it."""

    all: frozenset[str]  # also of the nodes still to come
    places: dict[str, Place] = field(default_factory=dict)

    def add(self, context: Context, name: str, place: Place) -> bool:
        """Note a node's name; a problem if it is taken."""
        if not check_name(name, place, context.log):
            return False
        if name in self.places or name == "total":
            found = f"first at {self.places[name]}" if name in self.places else "the name of the whole card"
            context.log.add("duplicate-name", f"`{name}` already names a part of the scorecard", place, found, "choose another name")
            return False
        self.places[name] = place
        return True


def read_scorecard(context: Context, top: Section) -> tuple[Node | None, frozenset[str]]:
    """The tree under `scorecard` and the names of all its nodes."""
    node = top.node("scorecard")
    if node is None:
        return None, frozenset()
    names = Names(frozenset(_names(node)))
    card = _node(context, node, Place("scorecard", node.line, node.column), "total", names, None)
    needs: dict[str, set[str]] = {}
    _needs(card, needs)
    report_circles(context.log, needs, {"total": card.place, **names.places})
    return card, frozenset(names.places)


def _names(node: Tree) -> Iterator[str]:
    """The names of all nodes below, as written."""
    of = node.entries.get("of") if isinstance(node, Keyed) else None
    if of is not None and isinstance(of.node, Keyed):
        for name, entry in of.node.entries.items():
            yield name
            yield from _names(entry.node)


def _needs(node: Node, needs: dict[str, set[str]]) -> None:
    """What each node is computed from: its items, and the nodes that its gates name."""
    named = {
        argument.name
        for gate in node.require
        for part in walk(gate.rule.tree)
        if isinstance(part, Call) and part.function in NODE_FUNCTIONS
        for argument in part.arguments
        if isinstance(argument, Name)
    }
    needs[node.name] = named | {item.name for item in node.items}
    for item in node.items:
        _needs(item, needs)


def _node(context: Context, node: Tree, place: Place, name: str, names: Names, above: str | None) -> Node:
    what = "the scorecard" if above is None else "a part of the scorecard"
    section = Section(node, place.path, context.log, what, KEYS)
    items = _items(context, section, names)
    kpi, rule = _leaf(context, section)
    combine = _combine(context, section, leaf=section.has("kpi") or section.has("points"))
    read = Node(
        name=name,
        title=section.text("title"),
        note=section.text("note"),
        kpi=kpi.name if kpi else None,
        points=rule,
        combine=combine,
        items=items,
        weight=_weight(context, section, above),
        cap=_cap(section),
        floor=section.number("floor"),
        scale_to=section.number("scale_to"),
        round=section.whole("round", -6, 6),
        require=tuple(_gates(context, section, names.all, items=bool(items))),
        missing=cast(Missing, section.choice("missing", ("share", "zero"), "share")),
        needs_data=_share(context, section),
        place=place,
    )
    return out_of(context, read, Reach(section, kpi, scale_of(kpi)))


def _items(context: Context, section: Section, names: Names) -> tuple[Node, ...]:
    node = section.node("of")
    if node is None:
        return ()
    if not isinstance(node, Keyed):
        hint = "write each part as `name: {kpi: …, points: …}`"
        context.log.add("wrong-type", "`of` is a mapping of names to parts", section.at("of"), hint=hint)
        return ()
    combine = section.text("combine")
    found = []
    for name, entry in node.entries.items():
        place = Place(f"{section.path}.of.{name}", entry.line, entry.column)
        if names.add(context, name, place):
            found.append(_node(context, entry.node, place, name, names, combine))
    if not found and not node.entries:
        context.log.add("missing-key", "`of` names no parts", section.at("of"), hint="write each part as `name: {…}`")
    return tuple(found)


def _leaf(context: Context, section: Section) -> tuple[Kpi | None, PointsRule | None]:
    """The KPI and the points rule of a leaf."""
    name = section.text("kpi")
    kpi = context.kpis.get(name)
    if section.has("kpi") and kpi is None and name not in context.types:
        hint = did_you_mean(name, context.kpis)
        context.log.add("unknown-name", f"`{name}` is not a KPI", section.at("kpi"), f"`{name}`", hint)
    elif name and context.kinds.get(name) != "KPI":
        kind = context.kinds.get(name, "")
        context.log.add("unknown-name", f"`{name}` is a {kind}, not a KPI", section.at("kpi"), f"`{name}`", "define a KPI for it")
    context.used.add(name)
    node = section.node("points")
    if kpi is not None and isinstance(node, Scalar) and node.raw in context.curves:
        context.beside.setdefault(node.raw, set()).add(kpi.unit)
    if section.has("kpi"):
        section.require("points")
    rule = None if node is None else read_rule(context, node, section.at("points"), scale_of(kpi) if kpi else Scale(), ("cap",))
    if kpi and rule and (rule.kind == "choice") != (kpi.unit == "text"):
        hint = "text answers take `choice`; numbers take line, bands, per or value"
        context.log.add("compare-kinds", f"`{rule.kind}` cannot read a KPI in {kpi.unit}", section.at("points"), f"`{kpi.name}`", hint)
    return kpi, rule


def _combine(context: Context, section: Section, *, leaf: bool) -> Combine | None:
    inner = section.has("combine") or section.has("of")
    if leaf and inner:
        hint = "a leaf has `kpi` and `points`; a combination has `combine` and `of`"
        context.log.add("node-kind", "a part is a leaf or a combination, not both", section.here, hint=hint)
        return None
    if leaf:
        section.require("kpi")
        return None
    if not section.broken and not inner:
        hint = "write `kpi` and `points`, or `combine` and `of`"
        context.log.add("node-kind", "this part gives no points", section.here, hint=hint)
        return None
    section.require("combine", "of")
    return cast(Combine, section.choice("combine", COMBINE, "mean"))


def _weight(context: Context, section: Section, above: str | None) -> Formula | None:
    node = section.node("weight")
    if node is None:
        return None
    if above != "mean":
        under = f"under `combine: {above}`" if above else "at the top of the scorecard"
        found = f"`weight: {node.raw}`" if isinstance(node, Scalar) else "`weight`"
        hint = "use `combine: mean`, or limit the item with `cap`"
        context.log.add("weight-ignored", f"a weight {under} does nothing", section.at("weight"), found, hint)
    path = section.at("weight").path
    formula = read_formula(context, node, path, attribute_scope(context), "number")
    if formula is not None:
        check_holes(context, formula.tree, Place(path, node.line, node.column))
    return formula


def _cap(section: Section) -> Exact | None:
    """The cap of a node; one written beside the points rule means the same."""
    node = section.node("points")
    inner = node.entries.get("cap") if isinstance(node, Keyed) else None
    caps = [section.number("cap")]
    if inner is not None:
        caps.append(number_in(inner.node, Place(f"{section.path}.points.cap", inner.line, inner.column), section.log))
    return min((cap for cap in caps if cap is not None), default=None)


def _share(context: Context, section: Section) -> Fraction | None:
    share = section.number("needs_data")
    if share is not None and not 0 <= share <= 1:
        context.log.add("wrong-type", "`needs_data` is a share", section.at("needs_data"), str(share), "write for example 60%")
        return None
    return None if share is None else Fraction(share)


def _gates(context: Context, section: Section, nodes: frozenset[str], *, items: bool) -> list[Gate]:
    scope = tree_scope(context, nodes, items=items)
    found = []
    for item, place in section.items("require"):
        keyed = isinstance(item, Keyed)
        part = Section(item, place.path, context.log, "a gate", GATE_KEYS) if keyed else None
        if part is not None:
            part.require("rule")
        node = part.node("rule") if part else item
        if node is None:
            continue
        path = part.at("rule").path if part else place.path
        rule = read_formula(context, node, path, scope, "rule")
        otherwise, cap, level = _otherwise(context, part)
        if rule is None:
            continue
        check_holes(context, rule.tree, Place(path, node.line, node.column))
        reason = part.text("reason") if part else ""
        blank_holds = part is not None and part.choice("blank", ("holds", "fails"), "fails") == "holds"
        found.append(Gate(rule, otherwise, cap, level, reason, blank_holds, place))  # type: ignore[arg-type]
    return found


def _otherwise(context: Context, part: Section | None) -> tuple[str, Exact, str]:
    """What happens when a gate does not hold: (kind, cap, level)."""
    node = part.node("else") if part else None
    if part is None or node is None:
        return "fail", 0, ""
    if not isinstance(node, Keyed):
        return part.choice("else", FAILURES, "fail"), 0, ""
    inner = Section(node, f"{part.path}.else", context.log, "`else`", ("cap", "at_most"))
    if inner.has("cap"):
        return "cap", inner.number("cap") or 0, ""
    level = inner.text("at_most")
    if level and level not in context.level_names:
        hint = did_you_mean(level, context.level_names)
        context.log.add("unknown-name", f"`{level}` is not a level", inner.at("at_most"), f"`{level}`", hint)
    if not level and not inner.broken:
        context.log.add("missing-key", "`else` says nothing", part.at("else"), hint="write fail, zero, skip, {cap: 60} or {at_most: C}")
    return "at_most", 0, level
