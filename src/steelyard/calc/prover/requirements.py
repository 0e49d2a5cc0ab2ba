"""What a level asks for, as ways in: lists of single rules that all hold, each linear over the inputs or opaque."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from ..formula.nodes import Binary, Formula, In, Name, Node, Unary, Value
from ..framework.document import Keyed, Listed, Log, Scalar, Tree, load
from ..framework.model import Framework, Gate, Level, Place
from ..framework.model import Node as Part
from .card import Card
from .inputs import constant_of
from .linear import MIRROR, OPPOSITE, Bound, Constant, Linear, bounds_of, linear

MOST_WAYS = 64


@dataclass(frozen=True, slots=True)
class Rule:
    """A part of a requirement that must hold, or must not; ``text`` is the whole requirement as written."""

    tree: Node
    holds: bool
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """One way in for subjects of one scene: exact bounds, and the rules that are more than that.

    ``false``: a rule that cannot hold for these subjects at all.
    """

    scene: Mapping[str, Value]
    bounds: tuple[Bound, ...]
    opaque: tuple[Rule, ...]
    false: Rule | None = None


def ways_of(framework: Framework, level: Level) -> list[tuple[Rule, ...]]:
    """Every way into a level, with what gates ask of all who earn it."""
    formulas = [*level.require, *(gate.rule for gate in limiting(framework, level))]
    parts = [_conjunctions(formula.tree, True, formula.text) for formula in formulas]
    for group in level.any:
        parts.append([rules for way in group for rules in _all([_conjunctions(one.tree, True, one.text) for one in way])])
    return _all(parts)


def _all(parts: list[list[tuple[Rule, ...]]]) -> list[tuple[Rule, ...]]:
    found = []
    for choice in product(*parts):
        found.append(tuple(rule for rules in choice for rule in rules))
        if len(found) >= MOST_WAYS:
            break
    return found


def conjunctions(formula: Formula, holds: bool = True) -> list[tuple[Rule, ...]]:
    """The ways in which a formula holds (or does not): each a list of rules."""
    return _conjunctions(formula.tree, holds, formula.text)


def _conjunctions(tree: Node, holds: bool, text: str) -> list[tuple[Rule, ...]]:
    if isinstance(tree, Unary) and tree.operator == "not":
        return _conjunctions(tree.operand, not holds, text)
    if isinstance(tree, Binary) and tree.operator in ("and", "or"):
        left, right = _conjunctions(tree.left, holds, text), _conjunctions(tree.right, holds, text)
        return _all([left, right]) if (tree.operator == "and") is holds else [*left, *right][:MOST_WAYS]
    return [(Rule(tree, holds, text),)]


def limiting(framework: Framework, level: Level) -> list[Gate]:
    """The gates that hold everybody below the level who does not meet them."""
    places = {one.name: place for place, one in enumerate(framework.levels)}
    reads_passes = any(isinstance(formula.tree, Name) and formula.tree.name == "passes" for formula in level.require)
    found = []
    for node, is_root in _always_counting(framework.scorecard):
        for gate in node.require:
            limits = gate.otherwise == "at_most" and places.get(gate.level, -1) < places[level.name]
            if not gate.blank_holds and (limits or (is_root and reads_passes and gate.otherwise == "fail")):
                found.append(gate)
    return found


def _always_counting(root: Part | None) -> Iterator[tuple[Part, bool]]:
    """The nodes that count for everybody: not below a choice, not skipped."""
    waiting = [] if root is None else [root]
    while waiting:
        node = waiting.pop()
        if any(gate.otherwise == "skip" for gate in node.require):
            continue
        yield node, node is root
        if node.combine in ("mean", "sum"):
            waiting += node.items


def case_of(card: Card, rules: tuple[Rule, ...], scene: Mapping[str, Value]) -> Case:
    """One way in as bounds, for the subjects of a scene; the ranges of the inputs it names are among them."""
    bounds: list[Bound] = []
    opaque: list[Rule] = []
    attributes = dict(scene)

    def constant(tree: Node) -> Value | None:
        return constant_of(card.framework, tree, attributes)

    known = {**dict.fromkeys(card.inputs), **dict.fromkeys(points_names(card.framework))}
    for rule in rules:
        fixed = _fixed(rule, constant)
        if fixed is False:
            return Case(scene, (), (), rule)
        if fixed is True:
            continue
        found = _bounds(rule, known, constant)
        if found is None:
            opaque.append(rule)
        else:
            bounds += found
    named = {name for bound in bounds for name in bound.form.parts}
    for name in sorted(named & card.inputs.keys()):
        bounds += range_of(card, name)
    return Case(scene, tuple(bounds), tuple(opaque))


def points_names(framework: Framework) -> list[str]:
    """How rules name the points of nodes; the total is one input under two names where there is no history."""
    nodes = [] if framework.scorecard is None else list(_nodes(framework.scorecard))
    return ["points", "overall", *(f"points({node.name})" for node in nodes)]


def _nodes(node: Part) -> Iterator[Part]:
    yield node
    for item in node.items:
        yield from _nodes(item)


def range_of(card: Card, name: str) -> list[Bound]:
    """What is known of an input beforehand."""
    one, found = card.inputs[name], []
    if one.low is not None:
        found.append(Bound(Linear({name: Fraction(1)}, -Fraction(one.low)), False, f"{name} is {card.say(name, one.low)} or more"))
    if one.high is not None:
        found.append(Bound(Linear({name: Fraction(-1)}, Fraction(one.high)), False, f"{name} is {card.say(name, one.high)} or less"))
    return found


def _fixed(rule: Rule, constant: Constant) -> bool | None:
    """Whether the rule holds for everybody of the scene (True), for nobody (False), or depends (None)."""
    tree = rule.tree
    value: Value | None = None
    if isinstance(tree, Binary) and tree.operator in MIRROR:
        left, right = constant(tree.left), constant(tree.right)
        if left is None or right is None:
            return None
        value = _compared(tree.operator, left, right)
    elif isinstance(tree, In):
        held, choices = constant(tree.operand), [constant(choice) for choice in tree.choices]
        value = None if held is None or None in choices else held in choices
    else:
        value = constant(tree)
    return value is rule.holds if isinstance(value, bool) else None


def _compared(operator: str, left: Value, right: Value) -> bool | None:
    if operator in ("==", "!="):
        return (left == right) is (operator == "==")
    if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]
    return None


def _bounds(rule: Rule, known: Mapping[str, object], constant: Constant) -> tuple[Bound, ...] | None:
    tree = rule.tree
    if not isinstance(tree, Binary) or tree.operator not in MIRROR:
        return None
    operator = tree.operator if rule.holds else OPPOSITE[tree.operator]
    left, right = linear(tree.left, known, constant), linear(tree.right, known, constant)
    if left is None or right is None or operator == "!=":
        return None
    return bounds_of(operator, _one_total(left.plus(right, -1)), rule.text)


def _one_total(form: Linear) -> Linear:
    """`overall` and `points` of one point are the same."""
    if "overall" not in form.parts:
        return form
    return Linear({name: part for name, part in form.parts.items() if name != "overall"}, form.constant).plus(
        Linear({"points": form.parts["overall"]}, Fraction(0))
    )


def place_of(framework: Framework, text: str, near: Place) -> Place:
    """Where a rule is written: the line of the very text at or below a definition, else the definition."""
    tree = load(framework.source, Log()).tree
    found = [place for path, place in _scalars(tree, "") if path == text and place.line >= near.line] if tree is not None else []
    return found[0] if found else near


def _scalars(tree: Tree, path: str) -> Iterator[tuple[str, Place]]:
    if isinstance(tree, Scalar):
        yield " ".join(tree.raw.split("\n")), Place(path, tree.line, tree.column)
    elif isinstance(tree, Listed):
        for number, item in enumerate(tree.items, 1):
            yield from _scalars(item, f"{path}.{number}".lstrip("."))
    elif isinstance(tree, Keyed):
        for key, entry in tree.entries.items():
            yield from _scalars(entry.node, f"{path}.{key}".lstrip("."))
