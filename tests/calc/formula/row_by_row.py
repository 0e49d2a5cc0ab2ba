"""A second evaluator, one row at a time and as plain as can be: what `evaluate` must agree with."""

import math
from datetime import date, timedelta
from fractions import Fraction

from steelyard.calc.formula.nodes import MONTHS, Binary, Call, In, Literal, Name, Unary
from steelyard.calc.periods import add_months, months_between
from steelyard.calc.units import Blank, round_to


def value_of(node, row):
    """The value of a tree at one row of named values."""
    match node:
        case Literal():
            return node.value
        case Name():
            return row[node.name]
        case Unary(operator="not", operand=operand):
            return _not(value_of(operand, row))
        case Unary(operand=operand):
            return _strict(lambda x: -x, value_of(operand, row))
        case Binary(operator="and" | "or"):
            return _logic(node, row)
        case Binary():
            return _binary(node, row)
        case In():
            return _in(value_of(node.operand, row), [value_of(choice, row) for choice in node.choices])
        case Call():
            return _call(node.function, [value_of(argument, row) for argument in node.arguments])
    raise AssertionError(node)


def _strict(function, *values):
    for value in values:
        if isinstance(value, Blank):
            return value
    return function(*values)


def _not(value):
    return _strict(lambda x: not x, value)


def _logic(node, row):
    left, right = value_of(node.left, row), value_of(node.right, row)
    decisive = node.operator == "or"
    if left is decisive or right is decisive:
        return decisive
    return next((value for value in (left, right) if isinstance(value, Blank)), not decisive)


def _in(value, choices):
    equal = [_strict(lambda x, y: x == y, value, choice) for choice in choices]
    if any(answer is True for answer in equal):
        return True
    return next((answer for answer in equal if isinstance(answer, Blank)), False)


def _binary(node, row):
    left, right = value_of(node.left, row), value_of(node.right, row)
    months = isinstance(node.right, Literal) and node.right.type == MONTHS

    def plus(x, y):
        if isinstance(x, date):
            return add_months(x, y) if months else x + timedelta(days=math.floor(y))
        return x + y

    def minus(x, y):
        if isinstance(x, date) and isinstance(y, date):
            return (x - y).days
        return plus(x, -y)

    def over(x, y):
        return Fraction(x) / y if y else Blank("denominator is 0")

    functions = {
        "+": plus, "-": minus, "*": lambda x, y: x * y, "/": over, "==": lambda x, y: x == y, "!=": lambda x, y: x != y,
        "<": lambda x, y: x < y, "<=": lambda x, y: x <= y, ">": lambda x, y: x > y, ">=": lambda x, y: x >= y,
    }  # fmt: skip
    return _strict(functions[node.operator], left, right)


def _call(name, values):
    match name:
        case "when":
            rule, yes, no = values
            return rule if isinstance(rule, Blank) else yes if rule else no
        case "if_blank":
            return values[1] if isinstance(values[0], Blank) else values[0]
        case "is_blank":
            return isinstance(values[0], Blank)
        case "power":
            return _strict(lambda x, n: Fraction(x) ** n if x or n >= 0 else Blank("denominator is 0"), *values)
        case "clamp":
            return _strict(lambda x, high, low: max(min(x, high), low), values[0], values[2], values[1])
        case "round":
            return _strict(lambda x, digits: round_to(x, digits, "half_up"), *values)
    plain = {"min": min, "max": max, "abs": abs, "floor": math.floor, "months_between": months_between}
    return _strict(plain[name], *values)
