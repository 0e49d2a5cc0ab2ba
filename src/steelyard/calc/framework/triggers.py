"""`triggers`: something to do when a rule becomes true (docs/reference/framework-language.md)."""

from __future__ import annotations

from .context import Context
from .document import Listed
from .formulas import read_formula
from .over_time import Trigger
from .scopes import tree_scope
from .section import Section, check_name, shown
from .spans import DATED, read_span
from .tables import check_holes
from .terms import Place

KEYS = ("name", "when", "do", "within")


def read_triggers(context: Context, top: Section, nodes: frozenset[str]) -> tuple[Trigger, ...]:
    """All triggers, in the order written."""
    node = top.node("triggers")
    if node is not None and not isinstance(node, Listed):
        hint = "write `- {name: recover, when: otd < 90, do: action plan, within: 30 days}`"
        context.log.add("wrong-type", "`triggers` is a list", top.at("triggers"), shown(node), hint)
        return ()
    found: dict[str, Trigger] = {}
    scope = tree_scope(context, nodes, items=True, level=True, days=True)
    for item, place in top.items("triggers"):
        section = Section(item, place.path, context.log, "a trigger", KEYS)
        section.require("name", "when", "do", "within")
        name, within, when = section.text("name"), read_span(section, "within", context.grain, DATED), section.node("when")
        if not name or not check_name(name, section.at("name"), context.log):
            continue
        if name in found:
            message = f"trigger `{name}` stands twice"
            context.log.add("duplicate-name", message, section.at("name"), f"first at {found[name].place}", "give each trigger a name")
            continue
        at = section.at("when")
        rule = None if when is None else read_formula(context, when, at.path, scope, "rule")
        if rule is not None and when is not None:
            check_holes(context, rule.tree, Place(at.path, when.line, when.column))
        if rule is not None and within is not None:
            place = Place(f"triggers.{name}", place.line, place.column)
            found[name] = Trigger(name, rule, section.text("do"), within, section.text("title"), section.text("note"), place)
    return tuple(found.values())
