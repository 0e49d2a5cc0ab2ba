"""Formulas in words: `net_sales[ttm] >= 100000` -> "net sales (the last 12 months) is at least 100,000 EUR".

A phrase is built from the same tree that is calculated; brackets stay wherever leaving them out could change the
meaning, so that two formulas with equal phrases are equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from ..formula.nodes import MONTHS, Binary, Call, In, Literal, Name, Node, Type, Unary, Windowed
from ..units import Blank
from .model import Framework, Window
from .numbers import spoken
from .windows import READY_WINDOWS, window_text

_COMPARE = {
    "==": "is", "!=": "is not", ">=": "is at least", ">": "is more than", "<=": "is at most", "<": "is less than",
}  # fmt: skip
_ADD = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
_BINDING = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6}
_FUNCTIONS = {
    "min": "the smallest of", "max": "the largest of", "abs": "the size of", "floor": "the whole part of",
    "peer_mean": "the peers' mean of", "peer_median": "the peers' median of", "peer_min": "the peers' lowest",
    "peer_max": "the peers' highest", "peer_count": "the number of peers with", "percentile": "the share of peers below",
    "points": "the points of", "passes": "the passing of",
}  # fmt: skip
_WORDS = {"points": "the score", "overall": "the overall score", "lowest_item": "the lowest item", "as_of": "the as-of date"}


def words(name: str) -> str:
    """A name as words: `net_sales` -> `net sales`."""
    return name.replace("_", " ")


@dataclass(frozen=True)
class Phrases:
    """Writes formulas of one framework in words."""

    framework: Framework
    titles: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)

    @classmethod
    def of(cls, framework: Framework) -> Phrases:
        """The phrases of a framework, with the titles its authors gave."""
        titles = {name: measure.title for name, measure in framework.measures.items() if measure.title}
        titles |= {name: kpi.title for name, kpi in framework.kpis.items() if kpi.title}
        types = {one.name: one.type for one in framework.measures.values()}
        types |= {one.name: Type("money", 1) for one in framework.kpis.values() if one.unit == "money"}
        return cls(framework, titles, types | {name: table.type for name, table in framework.tables.items()})

    def title(self, name: str) -> str:
        """What a measure or KPI is called in the middle of a sentence."""
        title = self.titles.get(name, "")
        return title[:1].lower() + title[1:] if title and not title[1:2].isupper() else title or words(name)

    def window(self, name: str) -> str:
        """A window by its name."""
        window = self.framework.windows.get(name) or READY_WINDOWS.get(name) or Window("period")
        return window_text(window, self.framework.grain)

    def say(self, tree: Node, binding: int = 0) -> str:
        """The formula in words; bracketed if what stands around binds tighter."""
        if isinstance(tree, Literal):
            return self._literal(tree)
        if isinstance(tree, Name):
            return _WORDS.get(tree.name) or ("it passes" if tree.name == "passes" else self.title(tree.name))
        if isinstance(tree, Windowed):
            return f"{self.title(tree.measure)} ({self.window(tree.window)})"
        if isinstance(tree, Call):
            return self._call(tree)
        if isinstance(tree, In):
            choices = [self.say(choice) for choice in tree.choices]
            return _bracket(f"{self.say(tree.operand, 4)} is one of {_listed(choices, 'or')}", 4, binding)
        if isinstance(tree, Unary):
            return f"not ({self.say(tree.operand)})" if tree.operator == "not" else self._negative(tree)
        assert isinstance(tree, Binary)
        return self._binary(tree, binding)

    def _negative(self, tree: Unary) -> str:
        text = self.say(tree.operand, 7)
        return f"-{text}" if isinstance(tree.operand, Literal) else f"the negative of {text}"

    def _binary(self, tree: Binary, binding: int) -> str:
        if tree.operator in _COMPARE:
            left, right = self._sides(tree)
            if isinstance(tree.right, Literal) and isinstance(tree.right.value, bool) and tree.operator == "==":
                return left if tree.right.value else f"not ({left})"
            return _bracket(f"{left} {_COMPARE[tree.operator]} {right}", 4, binding)
        tight = _BINDING[tree.operator]
        ratio = tree.left
        growth = tree.operator == "-" and isinstance(tree.right, Literal) and tree.right.value == 1
        if growth and isinstance(ratio, Binary) and ratio.operator == "/":
            text = f"{self.say(ratio.left, 6)} compared with {self.say(ratio.right, 6)}"
            return _bracket(text, 5, binding)
        word = _ADD.get(tree.operator, tree.operator)
        if tree.operator in ("and", "or"):
            return _bracket(f"{self.say(tree.left, tight - 1)} {word} {self.say(tree.right, tight - 1)}", tight, binding)
        return _bracket(f"{self.say(tree.left, tight - 1)} {word} {self.say(tree.right, tight)}", tight, binding)

    def _sides(self, tree: Binary) -> tuple[str, str]:
        """Both sides of a comparison; a bare number beside money is money."""
        left, right = self.say(tree.left, 4), self.say(tree.right, 4)
        if isinstance(tree.right, Literal) and self._is_money(tree.left):
            right = self._literal(tree.right, money=True)
        if isinstance(tree.left, Literal) and self._is_money(tree.right):
            left = self._literal(tree.left, money=True)
        return left, right

    def _is_money(self, tree: Node) -> bool:
        name = {Name: "name", Windowed: "measure"}.get(type(tree))
        return name is not None and self.types.get(getattr(tree, name), Type("")).kind == "money"

    def _literal(self, tree: Literal, *, money: bool = False) -> str:
        value = tree.value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, Blank):
            return "no data"
        if isinstance(value, str):
            return f"“{value}”"
        if isinstance(value, date):
            return value.isoformat()
        if tree.type == MONTHS:
            return f"{spoken(value)} {'month' if value == 1 else 'months'}"
        return spoken(value, "money" if money else tree.type.kind, self.framework.currency)

    def _call(self, tree: Call) -> str:
        parts = [self.say(argument) for argument in tree.arguments]
        if tree.function == "when":
            return f"({parts[1]} if {parts[0]}, otherwise {parts[2]})"
        if tree.function == "if_blank":
            return f"({parts[0]}, or without data {parts[1]})"
        if tree.function == "is_blank":
            return f"({parts[0]} has no data)"
        if tree.function == "passes":
            return f"{parts[0]} passes"
        if tree.function in _FUNCTIONS:
            return f"{_FUNCTIONS[tree.function]} ({', '.join(parts)})"
        return f"{words(tree.function)} ({', '.join(parts)})"


def _bracket(text: str, tight: int, binding: int) -> str:
    return f"({text})" if tight <= binding else text


def _listed(parts: list[str], word: str = "and") -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def number_of(value: object, type_: Type, currency: str) -> str:
    """Any value of a table or a setting in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Fraction):
        return spoken(value, type_.kind, currency)
    return value.isoformat() if isinstance(value, date) else str(value)


def capital(text: str) -> str:
    """The text with a capital letter first."""
    return text[:1].upper() + text[1:]
