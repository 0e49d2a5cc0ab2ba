"""What the scorecard and the levels say: how points are combined, what is required, what a level asks for."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...formula.nodes import Formula, Literal
from ...units import round_to
from ..model import Gate, Level, Node
from .clauses import Clause, Said
from .language import capital
from .phrases import Phrases
from .rules import said_of_rule
from .windows import span_words


def said_of_nodes(phrases: Phrases, node: Node, path: str = "scorecard") -> Iterator[Said]:
    """The node and everything below it, from the top down."""
    language = phrases.language
    title = node.title or (language.say("card") if path == "scorecard" else capital(phrases.node(node.name)))
    yield Said(path, title, tuple(_of_node(phrases, node)))
    for item in node.items:
        yield from said_of_nodes(phrases, item, f"{path}.of.{item.name}")


def _of_node(phrases: Phrases, node: Node) -> Iterator[Clause]:
    language = phrases.language
    if node.kpi is not None and node.points is not None:
        unit = phrases.framework.kpis[node.kpi].unit
        yield Clause("kpi", language.say("kpi", kpi=phrases.title(node.kpi)))
        yield from said_of_rule(phrases, node.points, unit, phrases.title(node.kpi))
    elif node.items:
        yield Clause("combine", capital(_combined(phrases, node)))
    for key, value in (("at most", node.cap), ("at least", node.floor), ("scale", node.scale_to)):
        if value is not None:
            yield Clause(key, language.say(key, points=language.points(value)))
    if node.round is not None:
        yield Clause("round", language.say("rounded", digits=phrases.digits(node.round)))
    if node.missing == "zero":
        yield Clause("missing", language.say("missing.zero"))
    elif node.combine in ("mean", "sum"):
        yield Clause("missing", language.say(f"missing.{node.combine}"))
    if node.needs_data is not None:
        yield Clause("needs data", language.say("needs_data", share=phrases.number(node.needs_data, "percent")))
    for gate in node.require:
        yield Clause("gate", _gate(phrases, gate))


def _combined(phrases: Phrases, node: Node) -> str:
    language = phrases.language
    names = [phrases.node(item.name) for item in node.items]
    if node.combine == "mean":
        return _weighted(phrases, node, names)
    items = language.listed(names)
    if node.combine == "best":
        passing = language.say("combine.passing") if len(names) > 1 else ""
        return language.say("combine.better" if len(names) == 2 else "combine.best", items=items, passing=passing)
    return language.say(f"combine.{node.combine}", items=items)


def _weighted(phrases: Phrases, node: Node, names: list[str]) -> str:
    """The weights as ratios, and as percentages where all are numbers."""
    language = phrases.language
    trees = [item.weight.tree if item.weight else None for item in node.items]
    plain = [1 if tree is None else tree.value if isinstance(tree, Literal) else None for tree in trees]
    numbers = [Fraction(value) for value in plain if isinstance(value, int | Fraction)]
    said = []
    for name, tree, value in zip(names, trees, plain, strict=True):
        if isinstance(value, int | Fraction):
            parts = language.count(value, "part")
        else:
            parts = language.say("counts.formula", value=phrases.say(tree) if tree is not None else "")
        said.append(language.say("counts", item=name, parts=parts))
    text = ", ".join(said)
    if len(numbers) == len(plain) and sum(numbers) > 0 and len(names) > 1:
        shares = [round_to(number / sum(numbers), 3, "half_up") for number in numbers]
        text += f" ({', '.join(phrases.number(share, 'percent') for share in shares)})"
    return text


def _gate(phrases: Phrases, gate: Gate) -> str:
    language = phrases.language
    outcome = language.say(f"gate.{gate.otherwise}", points=language.points(gate.cap), level=gate.level)
    unknown = language.say("gate.unknown") if gate.blank_holds else ""
    reason = language.say("reason", reason=gate.reason) if gate.reason else ""
    return language.say("gate", rule=phrases.formula(gate.rule), unknown=unknown, outcome=outcome, reason=reason)


def _way(phrases: Phrases, way: tuple[Formula, ...]) -> str:
    """Everything that one way in asks for."""
    language = phrases.language
    return f" {language.say('and')} ".join(phrases.say(one.tree, 2) for one in way) or language.say("level.no requirement")


def said_of_level(phrases: Phrases, level: Level, path: str = "levels") -> Said:
    """A level: everything that must hold, then the ways in, then for how long."""
    language = phrases.language
    clauses = [Clause(f"rule {n}", capital(phrases.formula(one))) for n, one in enumerate(level.require, 1)]
    for n, group in enumerate(level.any, 1):
        ways = [_way(phrases, way) for way in group]
        text = language.say("level.either", ways=language.say("level.or").join(ways)) if len(ways) > 1 else capital(ways[0])
        clauses.append(Clause(f"any {n}", text))
    if not clauses:
        clauses.append(Clause("rule 1", language.say("level.none")))
    if level.held and level.held.lasting is not None:
        span = span_words(language, level.held.lasting, phrases.framework.grain)
        clauses.append(Clause("held", language.say("held.for", span=span)))
    if level.held and level.held.once_in is not None:
        clauses.append(Clause("held", language.say("held.once", window=phrases.window_of(level.held.once_in))))
    if level.actions:
        actions = ", ".join(action.replace("_", " ") for action in level.actions)
        clauses.append(Clause("actions", language.say("level.actions", actions=actions)))
    return Said(f"{path}.{level.name}", level.title or level.name, tuple(clauses))
