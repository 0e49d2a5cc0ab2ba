"""Formulas in words: `net_sales[ttm] >= 100000` -> "net sales (the last 12 months) is at least 100,000 EUR".

A phrase is built from the same tree that is calculated; brackets stay wherever leaving them out could change the
meaning, so that two formulas with equal phrases are equal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from ...facts import FACTS
from ...formula.nodes import Binary, Call, Formula, In, Literal, Name, Node, Type, Unary, Windowed
from ...units import Blank, Exact
from ..model import Framework, ListColumn, Window
from ..model import Node as Part
from ..scopes import COLUMN_TYPES
from ..windows import READY_WINDOWS, parse_window
from .language import Language, arguments, capital, words
from .languages import language_of
from .windows import window_words

__all__ = ["Phrases", "capital"]

_COMPARISONS = {"==", "!=", ">=", ">", "<=", "<"}
_BINDING = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6}
_TREE_NAMES = ("points", "overall", "passes", "lowest_item", "level", "as_of")


@dataclass(frozen=True)
class Phrases:
    """Writes formulas of one framework in one language. ``names``: what each name is called in a sentence."""

    framework: Framework
    language: Language
    names: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)
    nodes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, framework: Framework, language: str = "en") -> Phrases:
        """The phrases of a framework, with the titles its authors gave."""
        spoken, titles = language_of(language), _titles(framework)
        types = {one.name: one.type for one in framework.measures.values()}
        types |= {one.name: Type(one.unit) for one in framework.kpis.values()}
        types |= {name: table.type for name, table in framework.tables.items()}
        nodes = {} if framework.scorecard is None else {node.name: node.title for node in _parts(framework.scorecard)}
        return cls(framework, spoken, _called(spoken, titles, _aliases(framework)), types, _called(spoken, nodes))

    def rows(self, fact: str, columns: Mapping[str, ListColumn] | None = None) -> Phrases:
        """The same for formulas over the rows of a fact or the lines of a list, which name columns."""
        kind = FACTS.get(fact)
        types = {} if kind is None else {one.name: COLUMN_TYPES[one.type] for one in kind.columns}
        types |= {name: table.type for name, table in self.framework.tables.items()}
        types |= {name: column.type for name, column in (columns or {}).items()}
        titles = {name: column.title for name, column in (columns or {}).items()}
        titles |= {name: table.title for name, table in self.framework.tables.items()}
        return Phrases(self.framework, self.language, _called(self.language, titles), types, self.nodes)

    def title(self, name: str) -> str:
        """What a measure, KPI, table or column is called in the middle of a sentence."""
        return self.names.get(name) or self.language.word(name)

    def node(self, name: str) -> str:
        """What a part of the scorecard is called in the middle of a sentence."""
        return self.language.say("node.total") if name == "total" else self.nodes.get(name) or self.language.word(name)

    def window(self, name: str) -> str:
        """A window by its name."""
        window = self.framework.windows.get(name) or READY_WINDOWS.get(name) or Window("period")
        return self.window_of(window)

    def window_of(self, window: Window) -> str:
        """A window in words."""
        return window_words(self.language, window, self.framework.grain)

    def digits(self, count: int) -> str:
        """``round: 2`` in words."""
        if count == 0:
            return self.language.say("digits.whole")
        if count < 0:
            return self.language.say("digits.nearest", number=self.language.number(10**-count))
        return self.language.count(count, "decimal")

    def number(self, value: Exact, unit: str = "number") -> str:
        """A stored number with what belongs to it."""
        return self.language.number(value, unit, self.framework.currency)

    def value(self, value: object, type_: Type) -> str:
        """Any value of a table or a setting in words."""
        if isinstance(value, bool):
            return self.language.say("yes" if value else "no")
        if isinstance(value, int | Fraction):
            return self.language.points(value) if type_.kind == "points" else self.number(value, type_.kind)
        return self.language.day(value) if isinstance(value, date) else str(value)

    def formula(self, formula: Formula) -> str:
        """A whole formula in words."""
        return self.say(formula.tree)

    def say(self, tree: Node, binding: int = 0) -> str:
        """The formula in words; bracketed if what stands around binds tighter."""
        match tree:
            case Literal():
                return self._literal(tree)
            case Name():
                known = tree.name in _TREE_NAMES and tree.name not in self.names
                return self.language.say(f"name.{tree.name}") if known else self.title(tree.name)
            case Windowed():
                return self.language.say("windowed", measure=self.title(tree.measure), window=self.window(tree.window))
            case Call():
                return self._call(tree)
            case In():
                choices = self.language.listed([self.say(choice) for choice in tree.choices], "or")
                return _bracket(self.language.say("in", value=self.say(tree.operand, 4), choices=choices), 4, binding)
            case Unary():
                return self.language.say("not", value=self.say(tree.operand)) if tree.operator == "not" else self._negative(tree)
            case Binary():
                return self._binary(tree, binding)
        raise TypeError(f"{type(tree).__name__} is not a part of a formula")

    def _negative(self, tree: Unary) -> str:
        text = self.say(tree.operand, 7)
        return f"-{text}" if isinstance(tree.operand, Literal) else self.language.say("negative", value=text)

    def _binary(self, tree: Binary, binding: int) -> str:
        say, operator = self.language.say, tree.operator
        if operator in _COMPARISONS:
            left, right = self._sides(tree)
            if isinstance(tree.right, Literal) and isinstance(tree.right.value, bool) and operator == "==":
                return left if tree.right.value else say("not", value=left)
            dated = operator not in ("==", "!=") and "date" in (self._kind(tree.left), self._kind(tree.right))
            return _bracket(say(f"date.{operator}" if dated else operator, left=left, right=right), 4, binding)
        tight, ratio = _BINDING[operator], tree.left
        growth = operator == "-" and isinstance(tree.right, Literal) and tree.right.value == 1
        if growth and isinstance(ratio, Binary) and ratio.operator == "/":
            return _bracket(say("growth", left=self.say(ratio.left, 6), right=self.say(ratio.right, 6)), 5, binding)
        if operator in ("and", "or"):
            return _bracket(f"{self.say(tree.left, tight - 1)} {say(operator)} {self.say(tree.right, tight - 1)}", tight, binding)
        return _bracket(say(operator, left=self.say(tree.left, tight - 1), right=self.say(tree.right, tight)), tight, binding)

    def _sides(self, tree: Binary) -> tuple[str, str]:
        """Both sides of a comparison; a bare number beside money is money."""
        left, right = self.say(tree.left, 4), self.say(tree.right, 4)
        if isinstance(tree.right, Literal) and (unit := self._unit_of(tree.left)):
            right = self._literal(tree.right, unit)
        if isinstance(tree.left, Literal) and (unit := self._unit_of(tree.right)):
            left = self._literal(tree.left, unit)
        return left, right

    def _unit_of(self, tree: Node) -> str:
        """Money or percent, where what is compared is that: a bare number beside it is the same."""
        kind = self._kind(tree)
        return kind if kind in ("money", "percent") else ""

    def _kind(self, tree: Node) -> str:
        """The kind of value of a name or a day; nothing of what is calculated."""
        if isinstance(tree, Literal):
            return tree.type.kind
        name = tree.name if isinstance(tree, Name) else tree.measure if isinstance(tree, Windowed) else ""
        return "date" if name == "as_of" else self.types[name].kind if name in self.types else ""

    def in_unit(self, formula: Formula, unit: str) -> str:
        """A formula in words; a bare number stands for the unit."""
        return self._literal(formula.tree, unit) if isinstance(formula.tree, Literal) else self.formula(formula)

    def _literal(self, tree: Literal, unit: str = "number") -> str:
        value = tree.value
        if isinstance(value, bool):
            return self.language.say("true" if value else "false")
        if isinstance(value, Blank):
            return self.language.say("blank")
        if isinstance(value, str):
            return self.language.quoted(value)
        if isinstance(value, date):
            return self.language.day(value)
        return self.number(value, unit if tree.type.kind == "number" else tree.type.kind)

    def _call(self, tree: Call) -> str:
        language, name, parts = self.language, tree.function, tree.arguments
        if name in self.framework.tables or name in self.framework.curves or f"f.{name}" not in language.templates:
            return language.say("call", name=self.title(name), values=arguments([self.say(part) for part in parts]))
        match name:
            case "when":
                return language.say(f"f.{name}", rule=self.say(parts[0]), yes=self.say(parts[1]), no=self.say(parts[2]))
            case "if_blank":
                return language.say(f"f.{name}", value=self.say(parts[0]), other=self.say(parts[1]))
            case "round":
                return language.say(f"f.{name}", value=self.say(parts[0], 7), digits=self.digits(_whole(parts[1]) if len(parts) > 1 else 0))
            case "power":
                return language.say(f"f.{name}", value=self.say(parts[0], 7), exponent=self.say(parts[1], 7))
            case "clamp":
                return language.say(f"f.{name}", value=self.say(parts[0], 7), low=self.say(parts[1]), high=self.say(parts[2]))
            case "points" | "passes":
                return language.say(f"f.{name}", node=self.node(parts[0].name if isinstance(parts[0], Name) else ""))
            case "is_blank" | "previous":
                return language.say(f"f.{name}", value=self.say(parts[0]))
            case "in_a_row" | "count_true" | "any_day" | "parts":
                return self._counted(tree)
        return language.say(f"f.{name}", values=arguments([self.say(part) for part in parts]))

    def _counted(self, tree: Call) -> str:
        """What is asked of many points: a rule, and perhaps a window by its name or its text."""
        rule = self.say(tree.arguments[0])
        if len(tree.arguments) == 1:
            return self.language.say(f"f.{tree.function}", rule=rule)
        key = f"f.{tree.function}.window" if tree.function == "in_a_row" else f"f.{tree.function}"
        return self.language.say(key, rule=rule, window=self._window_argument(tree.arguments[1]))

    def _window_argument(self, tree: Node) -> str:
        if isinstance(tree, Name):
            return self.window(tree.name)
        text = tree.value if isinstance(tree, Literal) and isinstance(tree.value, str) else ""
        window = parse_window(text, dict(self.framework.windows))
        return self.say(tree) if window is None else self.window_of(window)


def _whole(tree: Node) -> int:
    """The whole number written as the second argument of `round`."""
    if isinstance(tree, Unary):
        return -_whole(tree.operand)
    return tree.value if isinstance(tree, Literal) and isinstance(tree.value, int) else 0


def _bracket(text: str, tight: int, binding: int) -> str:
    return f"({text})" if tight <= binding else text


def _parts(node: Part) -> list[Part]:
    return [node, *(below for item in node.items for below in _parts(item))]


def _titles(framework: Framework) -> dict[str, str]:
    """The titles of everything a formula may name; empty where the author gave none."""
    titles = {name: measure.title for name, measure in framework.measures.items()}
    titles |= {name: kpi.title for name, kpi in framework.kpis.items()}
    titles |= {name: table.title for name, table in framework.tables.items()}
    return titles | dict.fromkeys((*framework.curves, *framework.settings), "")


def _aliases(framework: Framework) -> dict[str, str]:
    """KPIs that are nothing but a measure: the two may share a title."""
    trees = {name: kpi.formula.tree for name, kpi in framework.kpis.items()}
    return {name: tree.name for name, tree in trees.items() if isinstance(tree, Name) and tree.name in framework.measures}


def _called(language: Language, titles: Mapping[str, str], aliases: Mapping[str, str] | None = None) -> dict[str, str]:
    """What each is called; two with one title also show their names, so that no sentence means either."""
    called = {name: _lowered(language, title) if title else words(name) for name, title in titles.items()}
    alone = [text for name, text in called.items() if called.get((aliases or {}).get(name, "")) != text]
    often = Counter(alone)
    return {name: text if often[text] == 1 else f"{text} [{name}]" for name, text in called.items()}


def _lowered(language: Language, title: str) -> str:
    lowers = language.lowers and not title[1:2].isupper()
    return title[:1].lower() + title[1:] if lowers else title
