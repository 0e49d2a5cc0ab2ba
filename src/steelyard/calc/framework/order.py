"""The order of levels: thresholds as intervals, so that what no partner can earn is found with a witness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from ..formula.nodes import Binary, Formula
from ..formula.text import to_text
from ..units import Exact
from .context import Context
from .formulas import constant_of
from .model import Level, Node, Place
from .numbers import spoken

_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


@dataclass(frozen=True, slots=True)
class Threshold:
    """`name >= value`, normalised so that the name stands on the left."""

    name: str
    operator: str
    value: Exact

    def implies(self, other: Threshold) -> bool:
        """Whether every value that meets this meets the other one too."""
        if self.name != other.name:
            return False
        if other.operator in (">", ">="):
            upward = self.operator in (">", ">=", "==")
            return upward and (self.value > other.value or (self.value == other.value and not _stricter(other, self)))
        if other.operator in ("<", "<="):
            downward = self.operator in ("<", "<=", "==")
            return downward and (self.value < other.value or (self.value == other.value and not _stricter(other, self)))
        return self == other


def _stricter(one: Threshold, other: Threshold) -> bool:
    """Whether the first excludes its end and the second includes it."""
    return one.operator in ("<", ">") and other.operator not in ("<", ">")


def threshold(context: Context, formula: Formula) -> Threshold | None:
    """A requirement on one name, as a threshold; None if it is more than that."""
    tree = formula.tree
    if not isinstance(tree, Binary) or tree.operator not in _MIRROR:
        return None
    left, right = constant_of(context, tree.left), constant_of(context, tree.right)
    if left is None and right is not None:
        return Threshold(to_text(tree.left), tree.operator, right)
    if right is None and left is not None:
        return Threshold(to_text(tree.right), _MIRROR[tree.operator], left)
    return None


def check_order(context: Context, levels: tuple[Level, ...], card: Node | None, places: Mapping[str, Mapping[str, Place]]) -> None:
    """Report levels that cannot be reached, contradict themselves or are always earned with the one below.

    ``places``: of each level, where its rules are written.
    """
    for level in levels:
        _contradiction(context, level, places[level.name])
        _unreachable(context, level, card)
    for lower, upper in pairwise(levels):
        _always_together(context, lower, upper)


def _always_together(context: Context, lower: Level, upper: Level) -> None:
    """The upper level asks for nothing that the lower one does not ask for already."""
    asked = [threshold(context, formula) for formula in lower.require]
    texts = {to_text(formula.tree) for formula in lower.require}
    for formula in upper.require:
        needed = threshold(context, formula)
        met = needed is not None and any(one is not None and one.implies(needed) for one in asked)
        if not met and to_text(formula.tree) not in texts:
            return
    if any(group not in lower.any for group in upper.any):
        return
    witness = ", ".join(f"{one.name} {spoken(one.value)}" for one in asked if one is not None) or "any partner"
    message = f"every partner that earns {lower.name} earns {upper.name} too"
    context.log.add("level-order", message, upper.place, f"witness: {witness}", "the order is lowest first; ask for more")


def _contradiction(context: Context, level: Level, places: Mapping[str, Place]) -> None:
    found = [(one, formula) for formula in level.require if (one := threshold(context, formula)) is not None]
    for one, lower in found:
        for other, upper in found:
            if one.name == other.name and one.operator in (">", ">=") and other.operator in ("<", "<="):
                strict = one.operator == ">" or other.operator == "<"
                if one.value > other.value or (strict and one.value == other.value):
                    rules = f"{one.name} {one.operator} {spoken(one.value)} and {other.name} {other.operator} {spoken(other.value)}"
                    message = f"{level.name} can never hold: {rules}"
                    at = sorted((places[lower.text], places[upper.text]), key=lambda place: (place.line, place.column))
                    context.log.add("contradiction", message, at[0], _lines(*at), "correct one of the two")


def _lines(one: Place, other: Place) -> str:
    if one.line == other.line:
        return f"line {one.line}, columns {one.column} and {other.column}"
    return f"lines {one.line} and {other.line}"


def _unreachable(context: Context, level: Level, card: Node | None) -> None:
    if card is None or card.out_of is None:
        return
    best = Fraction(card.out_of)
    for formula in level.require:
        asked = threshold(context, formula)
        if asked is None or asked.name not in ("points", "overall") or asked.operator not in (">", ">=", "=="):
            continue
        if asked.value > best or (asked.operator == ">" and asked.value == best):
            message = f"no partner can earn {level.name}"
            found = f"it needs {asked.name} {asked.operator} {spoken(asked.value)}, the card ends at {spoken(card.out_of)}"
            context.log.add("unreachable-level", message, level.place, found, "lower it or raise a cap")
