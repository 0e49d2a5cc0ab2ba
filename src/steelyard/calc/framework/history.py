"""`history`: the overall score from the totals of several periods (docs/reference/framework-language.md)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ..formula import evaluate
from ..formula.nodes import COUNT, Formula
from ..formula.scope import NameScope
from ..units import Blank, Exact
from .context import Context
from .document import Keyed
from .formulas import read_formula
from .model import Node
from .numbers import spoken
from .over_time import History
from .section import Section, shown
from .terms import Place

KEYS = ("periods", "weight", "smooth", "round")
MOST = 120


def read_history(context: Context, top: Section, card: Node | None) -> History | None:
    """The history of the framework, or None: there is none, or it could not be read."""
    node = top.node("history")
    if node is None:
        return None
    if not isinstance(node, Keyed):
        hint = "write {periods: 12, weight: 'max(0, (12 - n) / 12)'} or {smooth: 30%}"
        context.log.add("wrong-type", "`history` says how earlier totals count", top.at("history"), shown(node), hint)
        return None
    section = Section(node, "history", context.log, "`history`", KEYS)
    if card is None and not context.log.failed:
        context.log.add(
            "wrong-level", "`history` needs a `scorecard`: it weighs totals", top.at("history"), "`history`", "add a `scorecard`"
        )
    place, digits = Place("history", node.line, node.column), section.whole("round", -6, 6)
    if section.written("weight") == section.written("smooth"):
        found = "both" if section.written("weight") else "neither"
        hint = "write `periods` with `weight`, or `smooth` alone"
        context.log.add("history-rule", "`history` takes either `weight` or `smooth`", section.here, found, hint)
        return None
    if section.written("smooth"):
        return _smoothed(section, digits, place)
    return _weighed(context, section, digits, place)


def _smoothed(section: Section, digits: int | None, place: Place) -> History | None:
    if section.written("periods"):
        hint = "leave `periods` out; each score holds all earlier ones"
        section.log.add("history-rule", "`smooth` looks one period back", section.at("periods"), "`periods`", hint)
    share = section.number("smooth")
    if share is None or not 0 < share <= 1:
        if share is not None:
            hint = "the share of the current total, for example 30%"
            section.log.add("wrong-type", "`smooth` is a share above 0 and at most 100 %", section.at("smooth"), spoken(share), hint)
        return None
    return History(smooth=share, round=digits, place=place)


def _weighed(context: Context, section: Section, digits: int | None, place: Place) -> History | None:
    section.require("periods")
    periods, node = section.whole("periods", 1, MOST), section.node("weight")
    names = {name: kind for name, kind in context.types.items() if context.kinds.get(name) == "setting"}
    at = section.at("weight")
    weight = None if node is None else read_formula(context, node, at.path, NameScope(names=names | {"n": COUNT}), "number")
    if periods is None or weight is None:
        return None
    history = History(periods, weight, round=digits, place=place)
    found = weights(history, context.settings)
    listed = ", ".join("no value" if one is None else spoken(one) for one in found)
    if any(one is None or one < 0 for one in found):
        context.log.add("weights", "a weight of an earlier period is not a number from 0 up", at, listed, "write for example max(0, …)")
    elif not any(found):
        context.log.add("weights", "no period has a weight above 0", at, listed, "weights are 0 or more and one is above 0")
    return history


def weights(history: History, settings: object) -> list[Exact | None]:
    """The weight of each period, the newest first; None where the formula gives no number."""
    known = dict(settings)  # type: ignore[call-overload]
    formula = history.weight
    assert isinstance(formula, Formula)
    count = history.periods

    def column(name: str) -> list[object]:
        return list(range(count)) if name == "n" else [known.get(name, Blank(f"{name} is not known"))] * count

    environment = evaluate.Environment(as_of=[date.min] * count, column=column)  # type: ignore[arg-type]
    values = evaluate.columns(formula.tree, environment, count)
    return [value if isinstance(value, int | Fraction) and not isinstance(value, bool) else None for value in values]
