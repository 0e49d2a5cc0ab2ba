"""Formulas over one row of a fact or one line of a list: its columns, tables, curves and settings, and the plain functions."""

from __future__ import annotations

from ..errors import Problem, did_you_mean
from ..formula.nodes import Binary, Call, Formula, Literal, Name, Node
from .context import Context
from .document import Tree
from .formulas import inner, read_formula, walk
from .model import Place
from .scopes import row_scope
from .sources import Source
from .tables import check_holes

MOST_READS = 5_000  # times that one row's columns are read for one formula: below it, compiling takes well under a second


def row_formula(context: Context, node: Tree, path: str, source: Source, expect: str = "any") -> Formula | None:
    """A formula over the columns of one row; unknown names are told as unknown columns."""
    before = len(context.log.problems)
    found = read_formula(context, node, path, row_scope(context, source.names, source.functions), expect)
    for position, problem in enumerate(context.log.problems[before:], before):
        if problem.code == "unknown-name" and "not a measure" in problem.message:
            context.log.problems[position] = _unknown_column(problem.message.split("`")[1], problem.where, problem.found, source)
    if found is not None:
        place = Place(path, node.line, node.column)
        check_holes(context, found.tree, place)
        if _reads(found.tree) > MOST_READS:
            message = "it divides by what is itself divided, deeper than a formula over rows can"
            context.log.add("too-deep", message, place, f"`{found.text}`", "write it as one fraction: `a / (b / c)` is `a * c / b`")
        for part in walk(found.tree):
            _check_part(context, part, place, found.text)
    return found


def _reads(tree: Node) -> int:
    """How often columns are read: exact division reads its dividend about 4 times and its divisor 36 times (`row_values.divided`)."""
    if isinstance(tree, Binary) and tree.operator == "/":
        return 4 * _reads(tree.left) + 36 * _reads(tree.right)
    return sum(_reads(part) for part in inner(tree)) or 1


def _check_part(context: Context, part: Node, place: Place, text: str) -> None:
    """Report what formulas have in general and rows have not: points for each unit that only a subject knows."""
    curve = context.curves.get(part.function) if isinstance(part, Call) else None
    if curve is None or curve.points is None or isinstance(curve.points.tree, Literal):
        return
    tree = curve.points.tree
    if not (isinstance(tree, Name) and tree.name in context.settings):
        message = "the points of a `per` that rows use are a number or a setting"
        context.log.add("wrong-level", message, place, f"`{text}`", "write it as a `line`, or multiply")


def _unknown_column(name: str, where: str, found: str, source: Source) -> Problem:
    message = f"{source.noun} `{source.name}` has no column `{name}`"
    if "." in name and not any("." in column for column in source.names):  # a grouped list: its lines reach no master data
        hint = f"a line has its key and its columns alone: add one before, `{name.partition('.')[2]}: {{fact: …, last: {name}}}`"
        return Problem("unknown-column", message, where, found, hint)
    near = did_you_mean(name, source.names)
    numbers = [column for column, type_ in source.columns.items() if type_.is_number]
    listed = f"columns that are numbers: {', '.join(numbers)}" if numbers else f"columns: {', '.join(source.columns)}"
    hint = f"{near} {listed}" if near.startswith("did") else listed
    return Problem("unknown-column", message, where, found, hint)
