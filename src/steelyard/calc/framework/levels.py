"""Levels: lowest first, the highest whose requirements all hold is earned (docs/reference/framework-language.md)."""

from __future__ import annotations

from ..formula.nodes import Formula, names_in
from ..formula.scope import NameScope
from .context import Context
from .document import Keyed, Listed, Scalar, Tree
from .formulas import read_formula
from .model import Held, Level, Node, Place
from .order import check_order
from .scopes import tree_scope
from .section import Section, shown
from .spans import read_span
from .tables import check_holes
from .windows import GRAMMAR, parse_window

KEYS = ("name", "require", "actions", "held")


def level_names(top: Section) -> tuple[str, ...]:
    """The names of all levels, lowest first; read before anything that may name one."""
    names = []
    for item, _ in top.items("levels"):
        entry = item.entries.get("name") if isinstance(item, Keyed) else None
        if entry is not None and hasattr(entry.node, "raw"):
            names.append(entry.node.raw)
    return tuple(names)


def read_levels(context: Context, top: Section, nodes: frozenset[str], card: Node | None) -> tuple[Level, ...]:
    """All levels, lowest first."""
    levels: dict[str, Level] = {}
    sections: dict[str, Section] = {}
    before = len(context.log.problems)
    node = top.node("levels")
    if node is not None and not isinstance(node, Listed):
        hint = "write `- {name: Silver, require: [points >= 50]}`"
        context.log.add("wrong-type", "`levels` is a list, lowest first", top.at("levels"), shown(node), hint)
        return ()
    for item, place in top.items("levels"):
        section = Section(item, place.path, context.log, "a level", KEYS)
        section.require("name")
        name = section.text("name")
        if not name:
            continue
        if name in levels:
            message = f"level `{name}` stands twice"
            context.log.add("duplicate-name", message, section.at("name"), f"first at {levels[name].place}", "give each level a name")
            continue
        held = _held(context, section)
        days = held is None or held.once_in is None  # on single days nothing earlier is known
        require, ways = requirements(context, section, tree_scope(context, nodes, items=True, days=days, earlier=days))
        place = Place(f"levels.{name}", place.line, place.column)
        sections[name] = section
        levels[name] = Level(name, tuple(require), tuple(ways), section.texts("actions"), held, section.text("title"), place)
    found = tuple(levels.values())
    if card is None:
        _need_card(context, found)
    if len(context.log.problems) == before:  # a broken requirement would look like none
        check_order(context, found, card, {name: _places(section) for name, section in sections.items()})
    return found


def _places(section: Section) -> dict[str, Place]:
    """Where each rule of a level is written, by its text."""
    return {" ".join(item.raw.split("\n")): place for item, place in section.items("require") if isinstance(item, Scalar)}


def _held(context: Context, section: Section) -> Held | None:
    """How long the requirements must hold."""
    part = section.sub("held", "`held`", ("for", "once_in"))
    if part is None or part.broken:
        return None
    if part.written("for") == part.written("once_in"):
        found = "both" if part.written("for") else "neither"
        context.log.add("held-rule", "`held` takes either `for` or `once_in`", part.here, found, "write {for: 6 months} or {once_in: ttm}")
        return None
    if part.written("for"):
        lasting = read_span(part, "for", context.grain)
        return None if lasting is None else Held(lasting=lasting)
    scalar = part.scalar("once_in")
    if scalar is None:
        return None
    context.used.add(scalar.raw)
    window = parse_window(scalar.raw, context.windows, context.grain)
    if window is None or window.unit in (None, "all time"):
        hint = GRAMMAR if window is None else "write a length such as `last 6 months`"
        context.log.add("window", "`once_in` takes a window of a certain length", part.at("once_in"), shown(scalar), hint)
        return None
    return Held(once_in=window)


def requirements(context: Context, section: Section, scope: NameScope) -> tuple[list[Formula], list[tuple[tuple[Formula, ...], ...]]]:
    """The formulas that must all hold, and the groups of ways in."""
    require: list[Formula] = []
    groups: list[tuple[tuple[Formula, ...], ...]] = []
    for item, place in section.items("require"):
        if not isinstance(item, Keyed):
            formula = _formula(context, item, place, scope)
            if formula is not None:
                require.append(formula)
            continue
        part = Section(item, place.path, context.log, "a requirement", ("any",))
        part.require("any")
        ways = []
        for way, at in part.items("any"):
            formulas = [_formula(context, one, spot, scope) for one, spot in _way(way, at)]
            ways.append(tuple(formula for formula in formulas if formula is not None))
        if ways:
            groups.append(tuple(ways))
    return require, groups


def _way(way: Tree, place: Place) -> list[tuple[Tree, Place]]:
    """The formulas of one way in: a list that must hold in full, or a single one."""
    if not isinstance(way, Listed):
        return [(way, place)]
    return [(one, Place(f"{place.path}.{n}", one.line, one.column)) for n, one in enumerate(way.items, 1)]


def _formula(context: Context, node: Tree, place: Place, scope: NameScope) -> Formula | None:
    formula = read_formula(context, node, place.path, scope, "rule")
    if formula is not None:
        check_holes(context, formula.tree, place)
    return formula


def _need_card(context: Context, levels: tuple[Level, ...]) -> None:
    """Levels that read points need a scorecard."""
    for level in levels:
        names = {name for formula in formulas_of(level) for name in names_in(formula.tree)}
        read = sorted(names & {"points", "overall", "passes", "lowest_item"})
        if read:
            message = f"`{read[0]}` is known only where there is a scorecard"
            hint = "add a `scorecard`, or require KPIs"
            context.log.add("wrong-level", message, level.place, f"level `{level.name}`", hint)


def formulas_of(level: Level) -> list[Formula]:
    """Every formula of a level."""
    return [*level.require, *(formula for group in level.any for way in group for formula in way)]
