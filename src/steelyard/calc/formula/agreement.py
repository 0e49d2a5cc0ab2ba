"""Which types agree: what may be added, compared or stand in for each other, and what to say if not."""

from __future__ import annotations

from ..errors import Problem, did_you_mean
from .nodes import DATE, DAYS, LEVEL, NUMBER, POINTS, TEXT, UNKNOWN, Binary, Call, Literal, Name, Node, Type, Unary, Windowed
from .scope import NameScope
from .text import to_text
from .tokens import place

_KEEP_UNIT = {"when", "min", "max", "abs", "round", "floor", "clamp", "if_blank"}
NEUTRAL = {"unknown", "blank"}  # agree with everything


class Agreement:
    """Collects the problems of one formula."""

    def __init__(self, scope: NameScope, text: str) -> None:
        self.scope = scope
        self.text = text
        self.problems: list[Problem] = []
        self.columns: dict[int, int] = {}
        self.bare: set[int] = set()  # parts made of plain numbers only: they take the unit of what stands beside them
        self.beside: dict[str, set[str]] = {}  # settings and curves that numbers are given to: the kinds of what stood there

    def report(self, code: str, message: str, node: Node, *, found: str = "", hint: str = "") -> Type:
        problem = Problem(code, message, place(node.at, self.text), found, hint)
        self.columns[id(problem)] = node.at
        self.problems.append(problem)
        return UNKNOWN

    def note_bare(self, node: Node, kind: Type) -> None:
        """Remembers a part as a bare number: written down, a setting, or calculated from such."""
        parts: tuple[Node, ...] = ()
        if isinstance(node, Unary):
            parts = (node.operand,)
        elif isinstance(node, Binary):
            parts = (node.left, node.right)
        elif isinstance(node, Call) and node.function in _KEEP_UNIT:
            parts = node.arguments[1:] if node.function == "when" else node.arguments
        elif self._is_measured(node):
            return
        if kind == NUMBER and all(self.is_bare(part) for part in parts):
            self.bare.add(id(node))

    def _is_measured(self, node: Node) -> bool:
        """Whether a number comes from data, so that it cannot stand for any unit."""
        if isinstance(node, Name):
            return node.name in self.scope.measures
        return isinstance(node, Windowed) or (isinstance(node, Call) and node.function not in self.scope.tables)

    def is_bare(self, node: Node) -> bool:
        """Whether a part is a bare number; its type has been found before."""
        return id(node) in self.bare

    def rule(self, node: Node, kind: Type) -> None:
        """Reports a part that should be yes or no and is not."""
        if kind.kind not in NEUTRAL | {"yes/no"}:
            self.report("not-a-rule", f"`{to_text(node)}` is {kind.kind}, not yes or no", node, hint="compare it with something")

    def number(self, node: Node, kind: Type) -> Type:
        """The type, if one may calculate with it; otherwise reports it."""
        if kind.is_number or kind.kind in NEUTRAL:
            return kind
        return self.report("not-a-number", f"`{to_text(node)}` is {kind.kind}, not a number", node)

    def agree(self, whole: Node, first: Node, left: Type, second: Node, right: Type, *, spoken: str) -> Type:
        """The common type of two values that are added or stand in for each other."""
        if left.kind in NEUTRAL or right.kind in NEUTRAL:
            return right if left.kind == "blank" else left if right.kind == "blank" else UNKNOWN
        if not (self.is_bare(first) and self.is_bare(second)):
            self.take(first, right)
            self.take(second, left)
        if left == right:
            return left
        if not (left.is_number and right.is_number):
            message = f"{left.kind} {spoken} {right.kind}"
            return self.report("compare-kinds", message, whole, found=f"`{to_text(whole)}`", hint="both have to be of one kind")
        if (left.currency, left.time) == (right.currency, right.time):
            if self.is_bare(first) or self.is_bare(second):
                return right if self.is_bare(first) else left
            return POINTS if POINTS in (left, right) else NUMBER
        if _is_money(left) and self.is_bare(second):
            return left
        if _is_money(right) and self.is_bare(first):
            return right
        hint = "divide or multiply, or check which one you meant"
        if DAYS in (left, right) and NUMBER in (left, right):
            hint = "write a number of days as `30 days`"
        return self.report("mixed-units", f"{_dimension(left)} {spoken} {_dimension(right)}", whole, found=f"`{to_text(whole)}`", hint=hint)

    def take(self, node: Node, kind: Type) -> None:
        """Notes what kind of number the settings of a bare part stand for: that of what they are compared with or added to."""
        if not self.is_bare(node) or kind.kind in NEUTRAL:
            return
        if isinstance(node, Name):
            self.beside.setdefault(node.name, set()).add(kind.kind)
        elif isinstance(node, Unary):
            self.take(node.operand, kind)
        elif isinstance(node, Binary) and node.operator in ("+", "-"):
            self.take(node.left, kind)
            self.take(node.right, kind)

    def alike(self, whole: Call, parts: tuple[Node, ...], kinds: list[Type]) -> Type:
        """The common type of values that stand in for each other."""
        result, first = kinds[0], parts[0]
        for part, kind in zip(parts[1:], kinds[1:], strict=True):
            agreed = self.agree(whole, first, result, part, kind, spoken="beside")
            if agreed == kind and agreed != result:
                first = part
            result = agreed
        return result

    def compare(self, whole: Node, first: Node, left: Type, second: Node, right: Type, *, ordered: bool) -> None:
        if left.kind in NEUTRAL or right.kind in NEUTRAL:
            return
        if LEVEL in (left, right) and {left, right} <= {LEVEL, TEXT}:
            self.level_name(first, left)
            self.level_name(second, right)
            return
        if left.is_number and right.is_number:
            self.agree(whole, first, left, second, right, spoken="compared with")
            return
        if left.kind != right.kind:
            message = f"{left.kind} compared with {_article(right)}"
            self.report("compare-kinds", message, whole, found=f"`{to_text(whole)}`", hint="use `==` or `in` with values of one kind")
        elif ordered and left not in (DATE, LEVEL):
            message = f"{left.kind} has no order"
            self.report("compare-kinds", message, whole, found=f"`{to_text(whole)}`", hint="use `==` or `in`")

    def level_name(self, node: Node, kind: Type) -> None:
        """Reports a text beside a level that names none."""
        if kind == TEXT and isinstance(node, Literal) and node.value not in self.scope.levels:
            hint = did_you_mean(str(node.value), self.scope.levels)
            self.report("unknown-name", f'"{node.value}" is not a level', node, hint=hint)


def of_dimension(currency: int, time: int) -> Type:
    """Plain numbers, money and days have kinds of their own; every other combination is a number with dimensions."""
    kind = {(1, 0): "money", (0, 1): "days"}.get((currency, time), "number")
    return Type(kind, currency, time)


def _is_money(kind: Type) -> bool:
    return (kind.currency, kind.time) == (1, 0)


def _dimension(kind: Type) -> str:
    """How a message names a type: ``money``, ``percent``, ``money x money``."""
    if kind.kind != "number" or not (kind.currency or kind.time):
        return kind.kind
    names = [f"{unit}^{power}" for unit, power in (("currency", kind.currency), ("time", kind.time)) if power]
    return " x ".join(names)


def _article(kind: Type) -> str:
    return {"number": "a number", "count": "a count", "date": "a date", "level": "a level"}.get(kind.kind, kind.kind)
