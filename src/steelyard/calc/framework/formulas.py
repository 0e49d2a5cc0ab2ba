"""A formula written in a framework: parsed, checked against its place, its problems placed in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from ..errors import Problem, Refused
from ..formula.check import check
from ..formula.nodes import UNKNOWN, Binary, Call, Formula, In, Literal, Name, Node, Type, Unary, Windowed
from ..formula.parse import parse
from ..formula.scope import NameScope
from ..units import Exact
from .context import Context
from .document import Scalar, Tree
from .model import Place, Window
from .section import exact, shown
from .windows import READY_WINDOWS

_COLUMN = re.compile(r"column ([0-9]+) of `")


def read_formula(context: Context, node: Tree, path: str, scope: NameScope, expect: str = "any") -> Formula | None:
    """The checked formula, or None with problems. ``expect``: any | rule | number."""
    place = Place(path, node.line, node.column)
    if node.broken:
        return None
    if not isinstance(node, Scalar):
        hint = "a text with a comma, bracket or colon goes in quotes"
        context.log.add("wrong-type", "a formula is needed here", place, shown(node), hint)
        return None
    text = " ".join(node.raw.split("\n"))
    try:
        tree = parse(text)
    except Refused as refused:
        for problem in refused.problems:
            _note(context, problem, node, path)
        return None
    kind, problems = check(tree, scope, text, context.beside)
    _use(context, tree)
    for problem in problems:
        _note(context, problem, node, path)
    if problems or not _windows_agree(context, tree, place, text):
        return None
    if expect == "rule" and kind.kind not in ("yes/no", "blank", "unknown"):
        context.log.add("not-a-rule", f"this is {kind.kind}, not yes or no", place, f"`{text}`", "compare it with something")
        return None
    if expect == "number" and not (kind.is_number or kind.kind in ("blank", "unknown")):
        context.log.add("not-a-number", f"this is {kind.kind}, not a number", place, f"`{text}`")
        return None
    return Formula(text, tree, kind)


def _note(context: Context, problem: Problem, node: Scalar, path: str) -> None:
    """Put a formula's problem at its place in the file; its own place becomes part of what was found."""
    found = _COLUMN.search(problem.where)
    ahead = int(found[1]) - 1 + node.quoted if found and node.single_line else 0
    parts = [part for part in (problem.found, problem.where) if part]
    place = Place(path, node.line, node.column + ahead)
    context.log.take(replace(problem, where=str(place), found=", ".join(parts)))


def _use(context: Context, tree: Node) -> None:
    for part in walk(tree):
        if isinstance(part, Name):
            context.used.add(part.name)
        elif isinstance(part, Windowed):
            context.used |= {part.measure, part.window}
        elif isinstance(part, Call):
            context.used.add(part.function)


def _windows_agree(context: Context, tree: Node, place: Place, text: str) -> bool:
    """Whether no measure is shifted twice in different units; a window without a length is added to the measure's own."""
    for part in walk(tree):
        measure = context.measures.get(part.measure) if isinstance(part, Windowed) else None
        if measure is None or not isinstance(part, Windowed):
            continue
        window = context.windows.get(part.window) or READY_WINDOWS[part.window]
        own = measure.window
        if window.unit is None and own.shift and window.shift and own.shift_unit != window.shift_unit:
            message = f"`{part.measure}[{part.window}]` would be shifted twice, in {own.shift_unit} and in {window.shift_unit}"
            context.log.add("window-shift", message, place, f"`{text}`", "define a window that says both")
            return False
        if cuts_months(context, measure.fact, window, place, f"`{text}`"):
            return False
    return True


def cuts_months(context: Context, fact: str, window: Window, place: Place, found: str) -> bool:
    """Whether a window cuts months apart of which the fact speaks as a whole; reports it."""
    days = "days" in (window.unit, window.shift_unit if window.shift else "") or (window.unit == "period" and context.grain == "week")
    kind = context.facts.get(fact)
    if kind is None or not kind.monthly or not days:
        return False
    months = max(1, round((window.count if window.unit == "days" else 30) / 30))
    hint = f"use `last {months} months`" if months > 1 else "use `month`"
    context.log.add("window-grain", f"{found} cuts months apart: {fact} are reported by month", place, found, hint)
    return True


def walk(tree: Node) -> list[Node]:
    """Every part of a formula."""
    found, waiting = [], [tree]
    while waiting:
        part = waiting.pop()
        found.append(part)
        waiting += inner(part)
    return found


def inner(tree: Node) -> Sequence[Node]:
    """The parts of which a formula is made at once."""
    if isinstance(tree, Unary):
        return (tree.operand,)
    if isinstance(tree, Binary):
        return (tree.left, tree.right)
    if isinstance(tree, In):
        return (tree.operand, *tree.choices)
    return tree.arguments if isinstance(tree, Call) else ()


def divides(tree: Node) -> bool:
    """Whether a formula divides by something that is not a plain number."""
    return any(isinstance(part, Binary) and part.operator == "/" and not isinstance(part.right, Literal) for part in walk(tree))


_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
}  # fmt: skip


def constant_of(context: Context, tree: Node) -> Exact | None:
    """The value of a formula made of numbers and settings only; None if it needs more."""
    value = _constant(context, tree)
    return None if value is None else exact(value)


def _constant(context: Context, tree: Node) -> Fraction | None:
    value = tree.value if isinstance(tree, Literal) else None
    if isinstance(tree, Name):
        setting = context.settings.get(tree.name)
        value = setting if context.kinds.get(tree.name) == "setting" else None
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(tree, Unary) and tree.operator == "-":
        operand = _constant(context, tree.operand)
        return None if operand is None else -operand
    if isinstance(tree, Binary) and tree.operator in _ARITHMETIC:
        left, right = _constant(context, tree.left), _constant(context, tree.right)
        if left is not None and right is not None and (tree.operator != "/" or right):
            return _ARITHMETIC[tree.operator](left, right)
    return None


def fits_unit(kind: Type, unit: str) -> bool:
    """Whether a formula's type can be stored in a KPI's unit."""
    if kind == UNKNOWN or kind.kind == "blank":
        return True
    if unit == "text":
        return kind.kind == "text"
    if not kind.is_number:
        return False
    dimensions = (kind.currency, kind.time)
    bare = dimensions == (0, 0)
    if unit == "money":
        return dimensions == (1, 0) or (bare and kind.kind == "number")
    if unit == "days":
        return dimensions == (0, 1) or bare
    if unit in ("number", "points"):  # money counted in the framework's currency: `net_revenue / 10000`
        return bare or dimensions == (1, 0)
    return bare
