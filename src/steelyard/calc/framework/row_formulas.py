"""Formulas over one row of a fact: its columns, tables, curves and settings, and the functions rows have."""

from __future__ import annotations

from ..errors import Problem, did_you_mean
from ..facts import Kind
from ..formula.nodes import MONTHS, Call, Formula, Literal, Node
from .context import Context
from .document import Tree
from .formulas import read_formula, walk
from .model import Place
from .scopes import row_columns, row_scope
from .tables import check_holes

# plain functions that only formulas of single points have, because rows are computed in one pass over whole numbers
POINTS_ONLY = {"round", "floor", "power", "months_between"}


def row_formula(context: Context, node: Tree, path: str, kind: Kind, expect: str = "any") -> Formula | None:
    """A formula over the columns of one row; unknown names are told as unknown columns."""
    before = len(context.log.problems)
    found = read_formula(context, node, path, row_scope(context, kind), expect)
    for position, problem in enumerate(context.log.problems[before:], before):
        if problem.code == "unknown-name" and "not a measure" in problem.message:
            context.log.problems[position] = _unknown_column(problem.message.split("`")[1], problem.where, problem.found, kind)
    if found is not None:
        place = Place(path, node.line, node.column)
        check_holes(context, found.tree, place)
        for part in walk(found.tree):
            _check_part(context, part, place, found.text)
    return found


def _check_part(context: Context, part: Node, place: Place, text: str) -> None:
    """Report what formulas have in general and rows have not."""
    if isinstance(part, Call) and part.function in POINTS_ONLY:
        hint = "rows have when, min, max, abs, clamp, if_blank, is_blank, tables and curves; do the rest in the KPI"
        context.log.add("wrong-level", f"`{part.function}` cannot be used on a row", place, f"`{text}`", hint)
    if isinstance(part, Call) and part.function in context.curves and context.curves[part.function].kind == "per":
        message = f"the curve `{part.function}` is a `per` and cannot be used on a row"
        context.log.add("wrong-level", message, place, f"`{text}`", "write it as a `line`, or multiply")
    if isinstance(part, Literal) and part.type == MONTHS:
        context.log.add("wrong-level", "months cannot be added on a row", place, f"`{text}`", "write a number of days: 365 days")


def _unknown_column(name: str, where: str, found: str, kind: Kind) -> Problem:
    columns = row_columns(kind)
    near = did_you_mean(name, columns)
    numbers = [column for column, type_ in columns.items() if type_.is_number]
    listed = f"columns that are numbers: {', '.join(numbers)}" if numbers else f"columns: {', '.join(kind.by_name)}"
    hint = f"{near} {listed}" if near.startswith("did") else listed
    return Problem("unknown-column", f"fact `{kind.name}` has no column `{name}`", where, found, hint)
