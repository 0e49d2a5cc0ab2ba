"""Row formulas: the formula tree compiled to Narwhals expressions over fact rows, or over the lines of a list.

Numbers are int64 at a decimal scale that the compiler follows (money 4, percent 9, ...); products and comparisons of
unequal scales are taken in 128 bits, so nothing wraps and nothing is rounded before the row's value is complete.
"""

from __future__ import annotations

from ..errors import Problem, Refused
from ..formula import nodes
from .row_functions import call
from .row_values import (
    WIDE,
    RowNames,
    RowValue,
    add,
    add_months,
    all_of,
    compare,
    divided,
    half_even,
    literal,
    negative,
    product,
    rescale,
    to_unit,
)


def compile_row(tree: nodes.Node, names: RowNames) -> RowValue:
    """The expression of a checked row formula; the checker has refused whatever cannot be compiled."""
    if isinstance(tree, nodes.Literal):
        return literal(tree.value)
    if isinstance(tree, nodes.Name):
        return names.columns[tree.name] if tree.name in names.columns else literal(names.settings[tree.name])
    if isinstance(tree, nodes.Unary):
        inner = compile_row(tree.operand, names)
        return RowValue(~inner.expression) if tree.operator == "not" else negative(inner)
    if isinstance(tree, nodes.In):
        operand = compile_row(tree.operand, names)
        hits = [compare("==", operand, compile_row(choice, names)) for choice in tree.choices]
        return RowValue(all_of(hits, lambda left, right: left | right))
    if isinstance(tree, nodes.Binary):
        return _binary(tree, names)
    if isinstance(tree, nodes.Call):
        return call(tree, [compile_row(argument, names) for argument in tree.arguments], names)
    raise Refused(Problem("wrong-place", f"{type(tree).__name__} cannot stand in a row formula"))


def _binary(tree: nodes.Binary, names: RowNames) -> RowValue:
    for months, day in ((tree.right, tree.left), (tree.left, tree.right)):
        if isinstance(months, nodes.Literal) and months.type == nodes.MONTHS and isinstance(months.value, int):
            shift = -months.value if tree.operator == "-" else months.value
            return RowValue(add_months(compile_row(day, names).expression, shift))
    left, right = compile_row(tree.left, names), compile_row(tree.right, names)
    if tree.operator == "and":
        return RowValue(left.expression & right.expression)
    if tree.operator == "or":
        return RowValue(left.expression | right.expression)
    if tree.operator in ("==", "!=", "<", "<=", ">", ">="):
        return RowValue(compare(tree.operator, left, right))
    if tree.operator in ("+", "-"):
        return add(tree.operator, left, right)
    assert left.scale is not None and right.scale is not None
    if tree.operator == "*":
        scale = left.scale + right.scale
        return RowValue(product(left.expression, right.expression, scale), scale)
    return divided(left, right)


__all__ = ["WIDE", "RowNames", "RowValue", "compile_row", "half_even", "literal", "rescale", "to_unit"]
