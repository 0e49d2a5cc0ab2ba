"""Text -> formula tree: a precedence parser written by hand, so that every message can point and advise.

Nothing is ever evaluated here; what the grammar does not name cannot be written (docs/reference/framework-language.md).
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ..errors import Refused
from ..units import Blank
from .nodes import (
    BLANK,
    DATE,
    DAYS,
    MONTHS,
    NUMBER,
    PERCENT,
    TEXT,
    YES_NO,
    Binary,
    Call,
    In,
    Literal,
    Name,
    Node,
    Unary,
    Value,
    Windowed,
)  # fmt: skip
from .tokens import Token, refuse, tokens

DEEPEST = 50  # brackets inside brackets
MOST_OPERATORS = 200  # keeps every later walk of the tree well inside the recursion limit

_BINDING = {
    "or": 1, "and": 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "in": 4, "not": 4, "+": 5, "-": 5, "*": 6, "/": 6,
}  # fmt: skip
_NOT, _COMPARE, _SIGN = 3, 4, 7
_DURATIONS = {"day": (1, DAYS), "week": (7, DAYS), "month": (1, MONTHS), "year": (12, MONTHS)}
_WORDS: dict[str, Value] = {"true": True, "false": False}
KEYWORDS = {"and", "or", "not", "in", "true", "false", "blank"}


def parse(text: str) -> Node:
    """The tree of a formula; raises Refused with a problem that names the column."""
    return _Parser(text).formula()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.position = 0
        self.open: list[Token] = []  # brackets not yet closed
        self.depth = 0
        self.operators = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.next
        self.position += 1
        return token

    def refuse(self, code: str, message: str, token: Token, hint: str = "", found: str = "") -> Refused:
        return refuse(code, message, token.at, self.text, found, hint)

    def formula(self) -> Node:
        if self.next.kind == "end":
            raise self.refuse("syntax", "the formula is empty", self.next, "write a name, a number or a calculation")
        tree = self.expression(0)
        if self.next.kind != "end":
            raise self.unexpected()
        return tree

    def unexpected(self) -> Refused:
        """What to say about the token that cannot stand here."""
        token = self.next
        before = self.tokens[self.position - 1] if self.position else None
        if token.kind == "end" and self.open:
            hint = "close the bracket; in a one-line {…} a comma ends the value: put the formula in quotes"
            return self.refuse("open-bracket", "the formula ends inside a bracket", self.open[-1], hint, f"`{self.text}`")
        if token.kind == "end":
            return self.refuse("syntax", f"the formula ends after `{before.text if before else ''}`", token, "complete it")
        if token.text == "[":
            hint = "only a measure is read through a window: `net_sales[ttm]`; nothing can be indexed"
            return self.refuse("syntax", "`[` cannot stand here", token, hint)
        if token.text in (")", "]") and not self.open:
            return self.refuse("open-bracket", f"`{token.text}` closes no bracket", token, "remove it or open one before")
        after = f" after `{before.text}`" if before else ""
        hint = "put an operator between them; a formula has names, numbers, operators and functions only" if before else ""
        return self.refuse("syntax", f"`{token.text}` cannot stand{after or ' at the start'}", token, hint)

    def expression(self, binding: int) -> Node:
        """Everything that binds tighter than ``binding``."""
        left = self.operand(binding)
        while (tight := self.operator_binding()) > binding:
            self.operators += 1
            if self.operators > MOST_OPERATORS:
                message = f"the formula has more than {MOST_OPERATORS} operators"
                raise self.refuse("too-deep", message, self.next, "split it into several KPIs")
            operator = self.take()
            if operator.text in ("in", "not"):
                left = self.membership(left, operator)
            else:
                left = Binary(left.at, operator.text, left, self.expression(tight))
            if tight == _COMPARE and self.operator_binding() == _COMPARE:
                hint = "write `a < b and b < c`"
                raise self.refuse("syntax", "comparisons cannot be chained", self.next, hint)
        return left

    def operator_binding(self) -> int:
        token = self.next
        if token.text == "not" and self.tokens[self.position + 1].text != "in":
            return 0
        return _BINDING.get(token.text, 0) if token.kind in ("operator", "name") else 0

    def membership(self, left: Node, operator: Token) -> Node:
        """`x in [a, b]` and `x not in [a, b]`, after the first word of the operator."""
        if operator.text == "not":
            self.take()
        if self.next.text != "[":
            raise self.refuse("syntax", "`in` needs a list", self.next, 'write `region in ["North", "South"]`')
        choices = self.bracketed("]")
        if not choices:
            raise self.refuse("syntax", "the list after `in` is empty", operator, 'write `region in ["North", "South"]`')
        found = In(left.at, left, choices)
        return Unary(left.at, "not", found) if operator.text == "not" else found

    def bracketed(self, close: str) -> tuple[Node, ...]:
        """Comma-separated parts from the opening bracket to its closing one."""
        self.enter(self.take())
        parts: list[Node] = []
        while self.next.text != close or self.next.kind != "operator":
            parts.append(self.expression(0))
            if self.next.text == "," and self.next.kind == "operator":
                self.take()
                if self.next.text == close:
                    raise self.refuse("syntax", f"nothing stands between `,` and `{close}`", self.next, "remove the comma")
            elif self.next.text != close:
                raise self.unexpected()
        self.leave()
        return tuple(parts)

    def enter(self, bracket: Token) -> None:
        self.open.append(bracket)
        self.deeper(bracket)

    def leave(self) -> None:
        self.take()
        self.open.pop()
        self.depth -= 1

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.refuse("too-deep", f"the formula nests deeper than {DEEPEST}", token, "split it into several KPIs")

    def operand(self, binding: int) -> Node:
        token = self.next
        if token.kind == "operator":
            return self.signed_or_bracket(token)
        if token.kind == "name":
            return self.named(token, binding)
        if token.kind == "number":
            return self.number(self.take())
        if token.kind == "date":
            return self.day(self.take())
        if token.kind == "text":
            self.take()
            return Literal(token.at, token.text[1:-1], TEXT)
        raise self.unexpected()

    def signed_or_bracket(self, token: Token) -> Node:
        if token.text == "-":
            self.deeper(self.take())
            operand = Unary(token.at, "-", self.expression(_SIGN))
            self.depth -= 1
            return operand
        if token.text != "(":
            raise self.unexpected()
        parts = self.bracketed(")")
        if len(parts) != 1:
            raise self.refuse("syntax", "a bracket holds one value", token, "a function's name is missing before it")
        return parts[0]

    def named(self, token: Token, binding: int) -> Node:
        if token.text == "not":
            if binding > _NOT:
                raise self.refuse("syntax", "`not` cannot stand here", token, "put brackets around it: `(not …)`")
            self.deeper(self.take())
            negated = Unary(token.at, "not", self.expression(_NOT - 1))
            self.depth -= 1
            return negated
        if token.text in ("and", "or", "in"):
            raise self.unexpected()
        self.take()
        if token.text in _WORDS:
            return Literal(token.at, _WORDS[token.text], YES_NO)
        if token.text == "blank":
            return Literal(token.at, Blank("blank"), BLANK)
        if self.next.text == "(":
            return self.call(token)
        if self.next.text == "[":
            return self.windowed(token)
        return Name(token.at, token.text)

    def call(self, token: Token) -> Node:
        if "." in token.text:
            hint = "only the functions of docs/reference/framework-language.md, tables and curves can be called"
            raise self.refuse("syntax", f"`{token.text}` cannot be called", token, hint)
        return Call(token.at, token.text, self.bracketed(")"))

    def windowed(self, token: Token) -> Node:
        bracket = self.take()
        self.enter(bracket)
        window = self.next
        if window.kind == "end":
            raise self.unexpected()
        if window.kind != "name" or "." in window.text or window.text in KEYWORDS or "." in token.text:
            hint = "only a measure is read through a named window: `net_sales[ttm]`; nothing can be indexed"
            raise self.refuse("syntax", f"`{window.text}` is not the name of a window", window, hint)
        self.take()
        if self.next.text != "]":
            raise self.unexpected()
        self.leave()
        return Windowed(token.at, token.text, window.text)

    def number(self, token: Token) -> Node:
        percent = token.text.endswith("%")
        exact = Fraction(token.text.rstrip("%").replace("_", ""))
        following = self.next
        unit = following.text.removesuffix("s") if following.kind == "name" else ""
        if unit in _DURATIONS and not percent:
            self.take()
            times, kind = _DURATIONS[unit]
            if exact.denominator != 1:
                raise self.refuse("syntax", f"`{token.text} {following.text}` is not a whole number", token)
            return Literal(token.at, int(exact) * times, kind)
        exact = exact / 100 if percent else exact
        value = exact.numerator if exact.denominator == 1 else exact
        return Literal(token.at, value, PERCENT if percent else NUMBER)

    def day(self, token: Token) -> Node:
        try:
            return Literal(token.at, date.fromisoformat(token.text), DATE)
        except ValueError:
            message = f"`{token.text}` is not a date"
            raise self.refuse("not-a-date", message, token, "write an existing day as YYYY-MM-DD: 2026-01-31") from None
