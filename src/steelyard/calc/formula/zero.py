"""Whether a part of a formula can be seen to be 0 whatever the data say."""

from __future__ import annotations

from fractions import Fraction

from .nodes import Binary, Literal, Node, Unary


def constant(node: Node) -> Fraction | None:
    """The value of a part made of numbers only, else None."""
    if isinstance(node, Literal) and isinstance(node.value, int | Fraction) and not isinstance(node.value, bool):
        return Fraction(node.value)
    if isinstance(node, Unary) and node.operator == "-":
        value = constant(node.operand)
        return None if value is None else -value
    if isinstance(node, Binary) and node.operator in ("+", "-", "*", "/"):
        left, right = constant(node.left), constant(node.right)
        if left is None or right is None or (node.operator == "/" and right == 0):
            return None
        return {"+": left + right, "-": left - right, "*": left * right}.get(node.operator) if node.operator != "/" else left / right
    return None


def always_zero(node: Node) -> bool:
    """True for `0`, `1 - 1`, `x - x`, `0 * x`; blank data aside."""
    if constant(node) == 0:
        return True
    if isinstance(node, Unary) and node.operator == "-":
        return always_zero(node.operand)
    if isinstance(node, Binary):
        if node.operator == "-":
            return node.left == node.right or (always_zero(node.left) and always_zero(node.right))
        if node.operator == "+":
            return always_zero(node.left) and always_zero(node.right)
        if node.operator == "*":
            return always_zero(node.left) or always_zero(node.right)
        return node.operator == "/" and always_zero(node.left)
    return False
