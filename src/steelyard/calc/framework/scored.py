"""What the scorecard and the levels say in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..formula.nodes import Formula
from ..formula.nodes import Literal as Number
from ..units import Exact, round_to
from .clauses import Clause, Said
from .model import Band, Gate, Level, Node, PointsRule
from .numbers import spoken
from .phrases import Phrases, capital, words


def said_of_rule(phrases: Phrases, rule: PointsRule, unit: str = "number", thing: str = "it") -> Iterator[Clause]:
    """A points rule: "0 points up to 60 %, rising to 100 points at 100 %; no more above"."""
    currency = phrases.framework.currency
    if rule.kind == "line":
        (first, start), *others = rule.corners
        steps, before = [f"{points(start)} up to {spoken(first, unit, currency)}"], start
        for value, after in others:
            way = "rising" if after > before else "falling" if after < before else "staying"
            steps.append(f"{way} evenly to {points(after)} at {spoken(value, unit, currency)}")
            before = after
        yield Clause("line", f"{', '.join(steps)}; the same beyond")
    elif rule.kind == "bands":
        for band in rule.bands:
            yield Clause("band", points(band.points), _interval(band, unit, currency), "now earns")
    elif rule.kind == "choice":
        for answer, given in rule.choices:
            yield Clause("choice", points(given), f"“{answer}”", "now earns")
    elif rule.kind == "per" and rule.points is not None:
        each = "unit" if rule.each == 1 else spoken(rule.each, unit, currency)
        full = " full" if rule.whole else ""
        yield Clause("per", f"{_formula_points(phrases, rule.points)} for each{full} {each} of {thing}")
    else:
        yield Clause("value", "The value is the points")


def points(value: Exact) -> str:
    """``1`` -> ``1 point``."""
    return f"{spoken(value)} {'point' if value == 1 else 'points'}"


def _formula_points(phrases: Phrases, formula: Formula) -> str:
    value = formula.tree.value if isinstance(formula.tree, Number) else None
    return points(value) if isinstance(value, int | Fraction) else f"{phrases.say(formula.tree)} points"


def _interval(band: Band, unit: str, currency: str) -> str:
    low = "" if band.low is None else f"{'from' if band.low_closed else 'above'} {spoken(band.low, unit, currency)}"
    high = "" if band.high is None else f"{'to' if band.high_closed else 'to below'} {spoken(band.high, unit, currency)}"
    if not low:
        if not high:
            return "any value"
        return f"up {high}" if band.high_closed else high.removeprefix("to ")
    return f"{low} {high}".strip()


def said_of_nodes(phrases: Phrases, node: Node, path: str = "scorecard") -> Iterator[Said]:
    """The node and everything below it, from the top down."""
    title = node.title or ("The score" if path == "scorecard" else capital(words(node.name)))
    yield Said(path, title, tuple(_of_node(phrases, node)))
    for item in node.items:
        yield from said_of_nodes(phrases, item, f"{path}.of.{item.name}")


def _of_node(phrases: Phrases, node: Node) -> Iterator[Clause]:
    if node.kpi is not None and node.points is not None:
        unit = phrases.framework.kpis[node.kpi].unit
        yield Clause("kpi", f"Scored by {phrases.title(node.kpi)}")
        yield from said_of_rule(phrases, node.points, unit, phrases.title(node.kpi))
    elif node.items:
        yield _combined(phrases, node)
    if node.cap is not None:
        yield Clause("cap", f"At most {points(node.cap)}")
    if node.floor is not None:
        yield Clause("floor", f"At least {points(node.floor)}")
    if node.scale_to is not None:
        yield Clause("scale", f"Scaled so that full marks are {points(node.scale_to)}")
    if node.round is not None:
        yield Clause("round", f"Rounded to {digits(node.round)}")
    if node.missing == "zero":
        yield Clause("missing", "Items without data count as no points")
    elif node.combine == "mean":
        yield Clause("missing", "The weight of items without data goes to the others")
    elif node.combine == "sum":
        yield Clause("missing", "The points of items without data are shared out to the others")
    if node.needs_data is not None:
        yield Clause("needs data", f"No score if less than {spoken(node.needs_data, 'percent')} of the weight has data")
    for gate in node.require:
        yield _gate(phrases, gate)


def digits(count: int) -> str:
    """``round: 2`` in words."""
    if count == 0:
        return "whole numbers"
    if count < 0:
        return f"the nearest {spoken(10**-count)}"
    return f"{count} decimal{'s' * (count != 1)}"


def _combined(phrases: Phrases, node: Node) -> Clause:
    names = [item.title or words(item.name) for item in node.items]
    listed = ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
    if node.combine == "sum":
        return Clause("combine", f"The points of {listed} are added up")
    if node.combine == "best":
        ending = "; one that passes comes before one that does not" if len(names) > 1 else ""
        return Clause("combine", f"The better of {listed}{ending}" if len(names) == 2 else f"The best of {listed}{ending}")
    if node.combine == "worst":
        return Clause("combine", f"The worst of {listed}")
    weights = [item.weight.tree if item.weight else None for item in node.items]
    plain = [1 if tree is None else tree.value if isinstance(tree, Number) else None for tree in weights]
    said = [
        f"{phrases.say(tree)} parts" if tree is not None and value is None else _parts(value)
        for tree, value in zip(weights, plain, strict=True)
    ]
    text = ", ".join(f"{name} counts {part}" for name, part in zip(names, said, strict=True))
    numbers = [Fraction(value) for value in plain if isinstance(value, int | Fraction)]
    if len(numbers) == len(plain) and sum(numbers) > 0 and len(names) > 1:
        shares = [round_to(number / sum(numbers) * 100, 1, "half_up") for number in numbers]
        text += f" ({', '.join(f'{spoken(share)} %' for share in shares)})"
    return Clause("combine", capital(text))


def _parts(value: object) -> str:
    return f"{spoken(value)} {'part' if value == 1 else 'parts'}" if isinstance(value, int | Fraction) else "its weight"


def _gate(phrases: Phrases, gate: Gate) -> Clause:
    outcome = {
        "fail": "it does not pass", "zero": "it has no points", "skip": "it does not apply",
        "cap": f"it has at most {points(gate.cap)}", "at_most": f"the level is {gate.level} at most",
    }[gate.otherwise]  # fmt: skip
    unknown = ", which also holds without data" if gate.blank_holds else ""
    reason = f" ({gate.reason})" if gate.reason else ""
    return Clause("gate", f"Unless {phrases.say(gate.rule.tree)}{unknown}, {outcome}{reason}")


def said_of_level(phrases: Phrases, level: Level) -> Said:
    """A level: everything that must hold, then the ways in."""
    clauses = [Clause(f"rule {n}", capital(phrases.say(one.tree))) for n, one in enumerate(level.require, 1)]
    for n, group in enumerate(level.any, 1):
        ways = [" and ".join(phrases.say(one.tree, 2) for one in way) or "no requirement" for way in group]
        text = f"Either {'; or '.join(ways)}" if len(ways) > 1 else capital(ways[0])
        clauses.append(Clause(f"any {n}", text))
    if not clauses:
        clauses.append(Clause("rule 1", "No requirements"))
    if level.actions:
        clauses.append(Clause("actions", f"Then: {', '.join(words(action) for action in level.actions)}"))
    return Said(f"levels.{level.name}", level.title or level.name, tuple(clauses))
