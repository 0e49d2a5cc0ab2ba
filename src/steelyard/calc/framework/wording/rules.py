"""What points rules say: "0 points up to 60 %, rising evenly to 100 points at 100 %"."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...formula.nodes import Formula, Literal
from ..model import Band, PointsRule
from .clauses import Clause, Said
from .language import capital
from .phrases import Phrases


def said_of_curves(phrases: Phrases) -> Iterator[Said]:
    """One sentence per curve."""
    for name, rule in phrases.framework.curves.items():
        yield Said(
            f"curves.{name}", capital(phrases.title(name)), tuple(said_of_rule(phrases, rule, phrases.framework.units.get(name, "number")))
        )


def said_of_rule(phrases: Phrases, rule: PointsRule, unit: str = "number", thing: str = "") -> Iterator[Clause]:
    """One of the five rules, for values in a unit. ``thing``: what is valued."""
    language = phrases.language
    if rule.kind == "line":
        yield Clause("line", _line(phrases, rule, unit))
    elif rule.kind == "bands":
        for band in rule.bands:
            yield Clause("band", language.points(band.points), _interval(phrases, band, unit), earns=True)
    elif rule.kind == "choice":
        for answer, given in rule.choices:
            yield Clause("choice", language.points(given), language.quoted(answer), earns=True)
    elif rule.kind == "per" and rule.points is not None:
        each = language.say("per.unit") if rule.each == 1 else phrases.number(rule.each, unit)
        thing = thing or language.say("value of a curve")
        construct = "per.whole" if rule.whole else "per"
        yield Clause("per", language.say(construct, points=_points(phrases, rule.points), each=each, thing=thing))
    else:
        yield Clause("value", language.say("value"))


def _line(phrases: Phrases, rule: PointsRule, unit: str) -> str:
    language = phrases.language
    (first, start), *others = rule.corners
    steps, before = [language.say("line.start", points=language.points(start), value=phrases.number(first, unit))], start
    for value, after in others:
        way = "rising" if after > before else "falling" if after < before else "staying"
        steps.append(language.say(f"line.{way}", points=language.points(after), value=phrases.number(value, unit)))
        before = after
    return language.say("line", steps=", ".join(steps))


def _points(phrases: Phrases, formula: Formula) -> str:
    value = formula.tree.value if isinstance(formula.tree, Literal) else None
    if isinstance(value, int | Fraction):
        return phrases.language.points(value)
    return phrases.language.say("points of", value=phrases.formula(formula))


def _interval(phrases: Phrases, band: Band, unit: str) -> str:
    say = phrases.language.say
    low = "" if band.low is None else say("band.from" if band.low_closed else "band.above", value=phrases.number(band.low, unit))
    if band.high is None:
        return low or say("band.any")
    high = phrases.number(band.high, unit)
    if not low:
        return say("band.up to" if band.high_closed else "band.below", value=high)
    return say("band.to" if band.high_closed else "band.to below", low=low, high=high)
