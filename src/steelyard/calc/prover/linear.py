"""Requirements as linear rules over the inputs of a card: what intervals and elimination can reason about exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ..formula.nodes import Binary, Call, Literal, Name, Node, Unary, Value, Windowed

Constant = Callable[[Node], Value | None]  # the value of a part that is the same for everybody, else None
MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class Linear:
    """``sum(coefficient x input) + constant``."""

    parts: Mapping[str, Fraction]
    constant: Fraction

    def __hash__(self) -> int:
        return hash((frozenset(self.parts.items()), self.constant))

    def plus(self, other: Linear, factor: Fraction | int = 1) -> Linear:
        """This and so many times the other."""
        parts = dict(self.parts)
        for name, coefficient in other.parts.items():
            parts[name] = parts.get(name, Fraction(0)) + coefficient * factor
        return Linear({name: part for name, part in parts.items() if part}, self.constant + other.constant * factor)

    def times(self, factor: Fraction) -> Linear:
        """So many times this."""
        return Linear({name: part * factor for name, part in self.parts.items() if part * factor}, self.constant * factor)


@dataclass(frozen=True, slots=True)
class Bound:
    """``form >= 0``, or ``> 0`` if strict; ``why``: the rule it comes from, as people wrote it."""

    form: Linear
    strict: bool
    why: str = field(default="", compare=False)


def linear(tree: Node, inputs: Mapping[str, object], constant: Constant) -> Linear | None:
    """The part as a linear form over inputs, or None if it is more than that."""
    if isinstance(tree, Literal) or (name := name_of(tree)) not in inputs:
        value = constant(tree)
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            return Linear({}, Fraction(value))
    else:
        return Linear({name: Fraction(1)}, Fraction(0))
    if isinstance(tree, Unary) and tree.operator == "-":
        inner = linear(tree.operand, inputs, constant)
        return None if inner is None else inner.times(Fraction(-1))
    if isinstance(tree, Binary) and tree.operator in "+-*/":
        left, right = linear(tree.left, inputs, constant), linear(tree.right, inputs, constant)
        if left is None or right is None:
            return None
        if tree.operator in "+-":
            return left.plus(right, 1 if tree.operator == "+" else -1)
        if tree.operator == "*" and not (left.parts and right.parts):
            return left.times(right.constant) if left.parts else right.times(left.constant)
        if tree.operator == "/" and not right.parts and right.constant:
            return left.times(1 / right.constant)
    return None


def name_of(tree: Node) -> str:
    """The name of an input as a vector writes it (`sales`, `sales[ttm]`), of a node's points (`points(quality)`), or nothing."""
    if isinstance(tree, Name):
        return tree.name
    if isinstance(tree, Call) and tree.function == "points" and isinstance(tree.arguments[0], Name):
        return f"points({tree.arguments[0].name})"
    return f"{tree.measure}[{tree.window}]" if isinstance(tree, Windowed) else ""


def bounds_of(operator: str, form: Linear, why: str) -> tuple[Bound, ...]:
    """``form operator 0`` as bounds; nothing for `!=`, which cuts out a single value."""
    if operator in (">", ">="):
        return (Bound(form, operator == ">", why),)
    if operator in ("<", "<="):
        return (Bound(form.times(Fraction(-1)), operator == "<", why),)
    if operator == "==":
        return (Bound(form, False, why), Bound(form.times(Fraction(-1)), False, why))
    return ()


def solve(bounds: Sequence[Bound], limit: int = 2_000) -> dict[str, Fraction] | bool | None:
    """Fourier-Motzkin elimination, exactly: values that meet all bounds, None if there are none, False if it grows too large."""
    left = list(dict.fromkeys(bounds))
    removed: list[tuple[str, list[Bound]]] = []
    while True:
        names = {name for bound in left for name in bound.form.parts}
        if not names:
            break
        name = min(sorted(names), key=lambda one: _growth(left, one))
        own = [bound for bound in left if name in bound.form.parts]
        removed.append((name, own))
        left = [bound for bound in left if name not in bound.form.parts]
        for low in (bound for bound in own if bound.form.parts[name] > 0):
            for high in (bound for bound in own if bound.form.parts[name] < 0):
                form = low.form.times(-high.form.parts[name]).plus(high.form, low.form.parts[name])
                left.append(Bound(form, low.strict or high.strict))
        left = list(dict.fromkeys(left))
        if len(left) > limit:
            return False
    if any(bound.form.constant < 0 or (bound.strict and bound.form.constant == 0) for bound in left):
        return None
    return _values(removed)


def _growth(bounds: Sequence[Bound], name: str) -> int:
    signs = [bound.form.parts[name] > 0 for bound in bounds if name in bound.form.parts]
    return sum(signs) * (len(signs) - sum(signs))


def _values(removed: Sequence[tuple[str, list[Bound]]]) -> dict[str, Fraction]:
    """A value for every input, the last removed first."""
    values: dict[str, Fraction] = {}
    for name, own in reversed(removed):
        low: Fraction | None = None
        high: Fraction | None = None
        low_strict = high_strict = False
        for bound in own:
            coefficient = bound.form.parts[name]
            for other in bound.form.parts.keys() - {name}:
                values.setdefault(other, Fraction(0))  # nothing limits it any more
            rest = bound.form.constant + sum(
                (part * values[other] for other, part in bound.form.parts.items() if other != name), Fraction(0)
            )
            end = -rest / coefficient
            if coefficient > 0 and (low is None or (end, bound.strict) > (low, low_strict)):
                low, low_strict = end, bound.strict
            if coefficient < 0 and (high is None or (end, not bound.strict) < (high, not high_strict)):
                high, high_strict = end, bound.strict
        values[name] = _between(low, low_strict, high, high_strict)
    return values


def _between(low: Fraction | None, low_strict: bool, high: Fraction | None, high_strict: bool) -> Fraction:
    if low is not None and not low_strict:
        return low
    if high is not None and not high_strict:
        return high
    if low is not None and high is not None:
        return (low + high) / 2
    return low + 1 if low is not None else high - 1 if high is not None else Fraction(0)


def conflict(bounds: Sequence[Bound]) -> list[Bound] | None:
    """The least set of bounds that contradict each other, or None if they do not (or nobody can tell)."""
    if solve(bounds) is not None:
        return None
    kept = list(bounds)
    for bound in bounds:
        fewer = [other for other in kept if other is not bound]
        if solve(fewer) is None:
            kept = fewer
    return kept
