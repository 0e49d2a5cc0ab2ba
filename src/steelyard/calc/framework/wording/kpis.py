"""What KPIs say: formula, unit, direction, target, and what happens without data."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Kpi, NoData, Node
from .clauses import Clause, Said
from .language import capital
from .phrases import Phrases


def said_of_kpis(phrases: Phrases) -> Iterator[Said]:
    """One sentence per KPI."""
    card = phrases.framework.scorecard
    fates = {} if card is None else _fates(card, "alone")
    for kpi in phrases.framework.kpis.values():
        yield Said(f"kpis.{kpi.name}", kpi.title or capital(phrases.title(kpi.name)), tuple(_kpi(phrases, kpi, fates.get(kpi.name, set()))))


def _fates(node: Node, fate: str) -> dict[str, set[str]]:
    """Of each KPI that is scored: what becomes of what it would have counted for where it is skipped, leaf by leaf."""
    found: dict[str, set[str]] = {} if node.kpi is None else {node.kpi: {fate}}
    below = {"mean": "weight", "sum": "points"}.get(node.combine or "", "alone") if node.missing == "share" else "alone"
    for item in node.items:
        for name, fates in _fates(item, below).items():
            found.setdefault(name, set()).update(fates)
    return found


def _kpi(phrases: Phrases, kpi: Kpi, fates: set[str]) -> Iterator[Clause]:
    say = phrases.language.say
    yield Clause("formula", capital(phrases.formula(kpi.formula)))
    yield Clause("unit", say(f"unit.{kpi.unit}", unit=phrases.framework.currency or say("money")))
    if kpi.round is not None:
        yield Clause("round", say("rounded", digits=phrases.digits(kpi.round)))
    if isinstance(kpi.better, tuple):
        low, high = (phrases.number(end, kpi.unit) for end in kpi.better)
        yield Clause("better", say("better.between", low=low, high=high))
    elif kpi.unit != "text":
        yield Clause("better", say(f"better.{kpi.better}"))
    if kpi.target is not None:
        yield Clause("target", say("target", value=phrases.in_unit(kpi.target, kpi.unit)))
    if kpi.range is not None:
        low, high = (phrases.number(end, kpi.unit) for end in kpi.range)
        yield Clause("range", say("range", low=low, high=high))
    if kpi.small_below is not None:
        yield Clause("small", say("small", count=phrases.number(kpi.small_below)))
    yield Clause("no data", _no_data(phrases, kpi.no_data, fates))


def _no_data(phrases: Phrases, no_data: NoData, fates: set[str]) -> str:
    """What happens to a blank. Of a KPI that no part of the scorecard scores, nothing but its last value can be kept."""
    language, rule = phrases.language, ""
    if no_data.rule is not None:
        reason = language.say("reason", reason=no_data.reason) if no_data.reason else ""
        rule = language.say("no_data.rule", rule=phrases.formula(no_data.rule), reason=reason)
    periods, points = language.count(no_data.amount, "period"), language.points(no_data.amount)
    outcome = f"no_data.{no_data.policy}"
    if no_data.policy == "skip" and len(fates) == 1:
        outcome += f".{min(fates)}"
    elif not fates and no_data.policy != "carry":
        outcome = "no_data.unscored"
    return language.say("no_data", rule=rule, outcome=language.say(outcome, points=points, count=periods))
