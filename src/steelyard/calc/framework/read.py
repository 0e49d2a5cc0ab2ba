"""`read`: the text of a framework -> the Framework that is calculated, or every problem that refuses it.

The parts are read from left to right, as in the language: a part may name parts to its left only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from ..attributes import Recorded
from ..errors import Problem, Refused
from ..facts import FACTS, Kind
from .context import Context
from .document import Keyed, Log, Tree, load
from .header import Header, read_applies_to, read_header
from .history import read_history
from .kpis import read_kpis
from .levels import level_names, read_levels
from .lists import check_lists_used, read_lists
from .measures import check_conversion, read_measures
from .model import Framework
from .opened import read_open
from .regions import Setting, bad_base, extends, merged, no_base, read_difference
from .rollup import read_rollup
from .rules import read_curves
from .section import Section
from .standing import read_standing
from .tables import read_tables
from .tree import read_scorecard
from .triggers import read_triggers
from .usage import check_usage

KEYS = (
    "framework", "subject", "attributes", "applies_to", "grain", "effective", "currency", "convert", "calendar", "rounding",
    "settings", "tables", "curves", "windows", "questions", "peers", "lists", "measures", "kpis", "scorecard", "levels",
    "history", "standing", "rollup", "triggers", "earlier", "open",
)  # fmt: skip


def read(
    text: str,
    *,
    path: str = "framework.yaml",
    facts: Mapping[str, Kind] = FACTS,
    bases: Mapping[str, str] | None = None,
    only: Collection[str] | None = None,
    recorded: Recorded | None = None,
) -> tuple[Framework | None, list[Problem]]:
    """The framework, or None; and all problems at once, each with line and column. Warnings do not refuse it.

    ``bases``: texts of the frameworks that a region may extend, by code. ``only``: of a region's `set`, these paths and no others.
    ``recorded``: the attributes that the company has declared, which those of the framework must be; None: they are as it says.
    """
    log = Log(path)
    tree = load(text, log).tree
    if tree is None:
        return None, log.problems
    extended = extends(tree)
    if extended is None:
        return _whole(text, tree, log, facts, recorded)
    assert isinstance(tree, Keyed)
    if not extended or extended not in (bases or {}):
        no_base(log, tree, extended, bases or {})
        return None, log.problems
    base, problems = read((bases or {})[extended], path=extended, facts=facts, recorded=recorded)
    if bad_base(log, tree, extended, base, problems) or base is None:
        return None, log.problems
    difference = read_difference(log, tree, base)
    if difference is None:
        return None, log.problems
    found, problems = _whole(text, merged(difference, only), log, facts, recorded)
    changed = tuple(setting.path for setting in difference.settings if only is None or setting.path in only)
    return found and replace(found, extends=extended, base=base.source, changed=changed), problems


def settings_of(text: str, base: str) -> tuple[Setting, ...]:
    """What a region's text sets, in its order. Raises `Refused` with every problem."""
    log = Log()
    tree = load(text, log).tree
    framework, problems = read(base)
    if isinstance(tree, Keyed) and framework is not None:
        difference = read_difference(log, tree, framework)
        if difference is not None:
            return difference.settings
    raise Refused(log.problems or problems)


def _whole(text: str, tree: Tree, log: Log, facts: Mapping[str, Kind], recorded: Recorded | None) -> tuple[Framework | None, list[Problem]]:
    top = Section(tree, "", log, "a framework", KEYS)
    if top.broken:
        return None, log.problems
    context = Context(log, facts, recorded)
    context.level_names = level_names(top)
    header = read_header(context, top)
    read_tables(context, top)
    header.applies_to = read_applies_to(context, top)
    read_curves(context, top)
    read_lists(context, top)
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
        "open": read_open(context, top),
    }
    if beyond["earlier"] == "as known now" and header.effective is None:
        hint = "write `effective`: the first as-of date that is computed again"
        log.add("missing-key", "`earlier: as known now` needs `effective`", top.at("earlier"), "", hint)
    if log.failed:
        return None, log.problems
    check_usage(context, card, levels)
    check_lists_used(context)
    return replace(_framework(context, header, card, levels, text), **beyond), log.problems  # type: ignore[arg-type]


def _units(context: Context) -> dict[str, str]:
    """What the numbers of settings and curves are, as sentences say them: as written (`60%`), else as all formulas use them."""
    found = {name: kinds.pop() for name, kinds in context.beside.items() if len(kinds) == 1}
    written = {name: context.types[name].kind for name in context.settings}
    settings = {name: found.get(name, kind) if kind == "number" else kind for name, kind in written.items()}
    return settings | {name: found[name] for name in context.curves if name in found}


def _framework(context: Context, header: Header, card: object, levels: object, source: str) -> Framework:
    return Framework(
        code=header.code,
        title=header.title,
        subject=context.subject,
        grain=context.grain,
        effective=header.effective,
        attributes=context.own,
        currency=context.currency,
        lists=context.lists,
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
        units=_units(context),
        tables=context.tables,
        curves=context.curves,
        windows=context.windows,
        questions=header.questions,
        peers=context.peers,
        note=header.note,
        owner=header.owner,
    )
