"""`standing`: how the level that is held follows the levels earned (docs/reference/framework-language.md)."""

from __future__ import annotations

from ..errors import did_you_mean
from .context import Context
from .document import Keyed
from .over_time import Standing, Turns
from .section import Section, shown
from .spans import read_span, read_turns
from .terms import Place

KEYS = ("start", "evaluate", "promote", "demote", "hold", "steps", "takes_effect")
TAKES_EFFECT = ("same day", "first day of next month")


def read_standing(context: Context, top: Section) -> Standing | None:
    """The rules of the standing, or None: there are none, or they could not be read."""
    node = top.node("standing")
    if node is None:
        return None
    if not isinstance(node, Keyed):
        hint = "write {start: Silver, promote: monthly, demote: [January, July]}"
        context.log.add("wrong-type", "`standing` says when a level rises and falls", top.at("standing"), shown(node), hint)
        return None
    section = Section(node, "standing", context.log, "`standing`", KEYS)
    section.require("start")
    start = section.text("start")
    if start and start not in context.level_names:
        hint = did_you_mean(start, context.level_names) if context.level_names else "add `levels`"
        context.log.add("unknown-name", f"`{start}` is not a level", section.at("start"), f"`{start}`", hint)
    evaluate = read_turns(section, "evaluate", Turns())
    return Standing(
        start,
        evaluate,
        promote=read_turns(section, "promote", evaluate),
        demote=read_turns(section, "demote", evaluate),
        hold=read_span(section, "hold", context.grain),
        steps=section.whole("steps", 1, 100),
        takes_effect=section.choice("takes_effect", TAKES_EFFECT, "same day"),  # type: ignore[arg-type]
        place=Place("standing", node.line, node.column),
    )
