"""`rollup`: one result for a partner from the cards of its parts (docs/reference/framework-language.md)."""

from __future__ import annotations

from .context import Context
from .document import Keyed
from .levels import requirements
from .model import Level, Rollup
from .scopes import rollup_scope
from .section import Section, shown
from .terms import Place

KEYS = ("to", "level", "levels")
HOW = ("highest", "lowest", "none")


def read_rollup(context: Context, top: Section, nodes: frozenset[str]) -> Rollup | None:
    """The roll-up of the framework, or None: there is none, or it could not be read."""
    node = top.node("rollup")
    if node is None:
        return None
    if not isinstance(node, Keyed):
        hint = "write {to: partner, level: highest}"
        context.log.add("wrong-type", "`rollup` says what the parts make together", top.at("rollup"), shown(node), hint)
        return None
    section = Section(node, "rollup", context.log, "`rollup`", KEYS)
    to = section.name("to")
    if to and (to not in context.subject or len(context.subject) == 1):
        subject = " x ".join(context.subject)
        hint = f"choose {' or '.join(context.subject)}" if len(context.subject) > 1 else "score for example `partner x territory`"
        context.log.add("unknown-word", f"the cards of `{subject}` are not parts of one `{to}`", section.at("to"), f"`{to}`", hint)
    level = section.choice("level", HOW, "none")
    levels = _levels(context, section, nodes)
    if level == "none" and not section.has("levels"):
        hint = "write `level: highest` or lowest, or `levels`"
        context.log.add("missing-key", "the roll-up gives no level", section.here, "", hint)
    return Rollup(to, level, levels, Place("rollup", node.line, node.column))  # type: ignore[arg-type]


def _levels(context: Context, section: Section, nodes: frozenset[str]) -> tuple[Level, ...]:
    found: dict[str, Level] = {}
    scope = rollup_scope(context, nodes)
    for item, place in section.items("levels"):
        part = Section(item, place.path, context.log, "a level of a roll-up", ("name", "require", "actions"))
        part.require("name")
        name = part.text("name")
        if not name:
            continue
        if name in found or name in context.level_names:
            at = str(found[name].place) if name in found else "a level of the parts"
            context.log.add("duplicate-name", f"level `{name}` stands twice", part.at("name"), at, "give each level a name")
            continue
        require, ways = requirements(context, part, scope)
        place = Place(f"rollup.levels.{name}", place.line, place.column)
        found[name] = Level(name, tuple(require), tuple(ways), part.texts("actions"), title=part.text("title"), place=place)
    return tuple(found.values())
