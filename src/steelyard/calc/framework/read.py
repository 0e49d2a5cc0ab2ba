"""`read`: the text of a framework -> the Framework that is calculated, or every problem that refuses it.

The parts are read from left to right, as in the language: a part may name parts to its left only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..errors import Problem
from ..facts import FACTS, Kind
from .context import Context
from .document import Log, load
from .header import Header, read_applies_to, read_header
from .history import read_history
from .kpis import read_kpis
from .levels import level_names, read_levels
from .measures import check_conversion, read_measures
from .model import Framework
from .rollup import read_rollup
from .rules import read_curves
from .section import Section
from .standing import read_standing
from .tables import read_tables
from .tree import read_scorecard
from .triggers import read_triggers
from .usage import check_usage

KEYS = (
    "framework", "subject", "applies_to", "grain", "effective", "currency", "convert", "calendar", "rounding",
    "settings", "tables", "curves", "windows", "questions", "peers", "measures", "kpis", "scorecard", "levels",
    "history", "standing", "rollup", "triggers", "earlier",
)  # fmt: skip
LATER = {
    "lists": "lists come in a later version; measures read facts directly",
    "open": "regional versions come in a later version",
    "extends": "regional versions come in a later version",
    "set": "regional versions come in a later version",
}


def read(text: str, *, path: str = "framework.yaml", facts: Mapping[str, Kind] = FACTS) -> tuple[Framework | None, list[Problem]]:
    """The framework, or None; and all problems at once, each with line and column. Warnings do not refuse it."""
    log = Log(path)
    document = load(text, log)
    if document.tree is None:
        return None, log.problems
    top = Section(document.tree, "", log, "a framework", KEYS, LATER)
    if top.broken:
        return None, log.problems
    context = Context(log, facts)
    context.level_names = level_names(top)
    header = read_header(context, top)
    read_tables(context, top)
    header.applies_to = read_applies_to(context, top)
    read_curves(context, top)
    read_measures(context, top)
    check_conversion(context, header.convert)
    read_kpis(context, top)
    card, nodes = read_scorecard(context, top)
    levels = read_levels(context, top, nodes, card)
    beyond = {
        "history": read_history(context, top, card),
        "standing": read_standing(context, top),
        "rollup": read_rollup(context, top, nodes),
        "triggers": read_triggers(context, top, nodes),
        "earlier": top.choice("earlier", ("as published", "as known now"), "as published"),
    }
    if log.failed:
        return None, log.problems
    check_usage(context, card, levels)
    return replace(_framework(context, header, card, levels, text), **beyond), log.problems  # type: ignore[arg-type]


def _framework(context: Context, header: Header, card: object, levels: object, source: str) -> Framework:
    return Framework(
        code=header.code,
        title=header.title,
        subject=context.subject,
        grain=context.grain,
        effective=header.effective,
        currency=context.currency,
        measures=context.measures,
        kpis=context.kpis,
        scorecard=card,  # type: ignore[arg-type]
        levels=levels,  # type: ignore[arg-type]
        source=source,
        convert=header.convert,
        rounding=header.rounding,
        calendar=header.calendar,
        applies_to=header.applies_to,
        settings=context.settings,
        tables=context.tables,
        curves=context.curves,
        windows=context.windows,
        questions=header.questions,
        peers=context.peers,
        note=header.note,
        owner=header.owner,
    )
