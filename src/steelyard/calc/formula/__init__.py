"""Formulas: text -> tree (`parse`), tree -> type and problems (`check`), both at once (`formula`)."""

from __future__ import annotations

from ..errors import Problem, Refused
from .check import check
from .nodes import Formula, Node, Type, Value, names_in
from .parse import parse
from .scope import NameScope
from .text import to_text


def formula(text: str, scope: NameScope) -> tuple[Formula | None, list[Problem]]:
    """A checked formula, or None and every problem found."""
    try:
        tree = parse(text)
    except Refused as refused:
        return None, refused.problems
    type_, problems = check(tree, scope, text)
    return (None if problems else Formula(text, tree, type_)), problems


__all__ = ["Formula", "NameScope", "Node", "Type", "Value", "check", "formula", "names_in", "parse", "to_text"]
