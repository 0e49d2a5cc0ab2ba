"""The tree a formula is read into. Every node knows its column in the text, for messages that point.

One tree serves three readers: the checker (types and units), `evaluate` (phase 2: columns of exact numbers) and
`rows` (phase 1: Narwhals expressions over fact rows).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from ..units import Blank

Value = int | Fraction | str | bool | date | Blank


@dataclass(frozen=True, slots=True)
class Type:
    """Kind of a value, with its dimensions: money has currency 1, days time 1, everything else none."""

    kind: str  # yes/no | text | date | days | months | count | number | percent | points | money | level | blank
    currency: int = 0
    time: int = 0

    @property
    def is_number(self) -> bool:
        """Whether one may calculate with it."""
        return self.kind in NUMBERS


YES_NO, TEXT, DATE, LEVEL, BLANK = Type("yes/no"), Type("text"), Type("date"), Type("level"), Type("blank")
COUNT, NUMBER, PERCENT, POINTS = Type("count"), Type("number"), Type("percent"), Type("points")
MONEY, DAYS = Type("money", currency=1), Type("days", time=1)
MONTHS = Type("months")  # of a literal such as `12 months`, which only a date can take
FACTOR = Type("factor")  # of a number that something is multiplied by: what it is called, never what a value has
UNKNOWN = Type("unknown")  # of a part that is already reported as wrong; it causes no further problem
NUMBERS = {"count", "number", "percent", "points", "money", "days"}


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of a formula; ``at`` is the 1-based column of its first character."""

    at: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """`12`, `60%` (stored as 3/5), `"text"`, `2026-01-31`, `14 days`, `true`, `blank`."""

    value: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A measure, KPI, setting, column, attribute or level by its name; dotted names reach master data."""

    name: str


@dataclass(frozen=True, slots=True)
class Windowed(Node):
    """`measure[window]`: the same measure seen through another window (a ready name or one of `windows:`)."""

    measure: str
    window: str


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """`-x` or `not x`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`+ - * /`, comparisons, `and`, `or`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`x in [a, b]`."""

    operand: Node
    choices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function, table or curve with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked formula: its text as written, its tree, the type of its result."""

    text: str
    tree: Node
    type: Type

    def __str__(self) -> str:
        return self.text


NODE_FUNCTIONS = {"points", "passes"}  # their argument names a node of the scorecard, not a value


def names_in(node: Node) -> set[str]:
    """Every name that the tree reads (functions not included)."""
    found: set[str] = set()

    def visit(part: Any) -> None:
        if isinstance(part, Name):
            found.add(part.name)
        elif isinstance(part, Windowed):
            found.add(part.measure)
        elif isinstance(part, Unary):
            visit(part.operand)
        elif isinstance(part, Binary):
            visit(part.left)
            visit(part.right)
        elif isinstance(part, In):
            visit(part.operand)
            for choice in part.choices:
                visit(choice)
        elif isinstance(part, Call) and part.function not in NODE_FUNCTIONS:
            for argument in part.arguments:
                visit(argument)

    visit(node)
    return found
