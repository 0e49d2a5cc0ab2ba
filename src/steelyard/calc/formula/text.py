"""Formula tree -> text: for messages that show a part of a formula, and for plain sentences."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ..units import Blank
from .nodes import DAYS, MONTHS, PERCENT, Binary, Call, In, Literal, Name, Node, Unary, Windowed

_BINDING = {"or": 1, "and": 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6}


def decimal_text(value: int | Fraction) -> str:
    """An exact number as decimal text where it has one, else as `a / b`."""
    if isinstance(value, int) or value.denominator == 1:
        return str(int(value))
    twos_and_fives, places = value.denominator, 0
    while twos_and_fives % 10 == 0:
        twos_and_fives, places = twos_and_fives // 10, places + 1
    while twos_and_fives % 2 == 0 or twos_and_fives % 5 == 0:
        twos_and_fives, places = twos_and_fives // (2 if twos_and_fives % 2 == 0 else 5), places + 1
    if twos_and_fives != 1:
        return f"{value.numerator} / {value.denominator}"
    digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}d}"
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def to_text(node: Node, binding: int = 0) -> str:
    """The formula of a tree, with the brackets it needs and no others; it parses back to an equal tree."""
    if isinstance(node, Literal):
        return _literal(node)
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Windowed):
        return f"{node.measure}[{node.window}]"
    if isinstance(node, Call):
        return f"{node.function}({', '.join(to_text(argument) for argument in node.arguments)})"
    if isinstance(node, Unary):
        tight, sign = (7, "-") if node.operator == "-" else (3, "not ")
        text = sign + to_text(node.operand, tight - (node.operator == "not"))
    elif isinstance(node, In):
        tight = 4
        text = f"{to_text(node.operand, tight)} in [{', '.join(to_text(choice) for choice in node.choices)}]"
    elif isinstance(node, Binary):
        tight = _BINDING[node.operator]
        left = to_text(node.left, tight if tight == 4 else tight - 1)
        text = f"{left} {node.operator} {to_text(node.right, tight)}"
    else:
        raise TypeError(f"{type(node).__name__} is not a part of a formula")
    return f"({text})" if tight <= binding else text


def _literal(node: Literal) -> str:
    value = node.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Blank):
        return "blank"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, date):
        return value.isoformat()
    if node.type == PERCENT:
        return f"{decimal_text(Fraction(value) * 100)}%"
    if node.type in (DAYS, MONTHS):
        return f"{value} {node.type.kind if value != 1 else node.type.kind.removesuffix('s')}"
    return decimal_text(value)
