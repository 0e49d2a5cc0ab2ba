"""The columns of a list: measures taken per line, and formulas over the columns to their left."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ..formula.nodes import UNKNOWN, Type
from .context import Context
from .document import Keyed, Listed, Scalar, Tree
from .measures import AGGREGATES, read_measure
from .model import FactList, ListColumn, Place, Span
from .row_formulas import row_formula
from .scopes import row_columns
from .section import Section, shown
from .sources import Source, of_lines, read_source
from .windows import is_too_long

KEYS = ("formula", "fact", "list", *AGGREGATES, "where", "date", "window", "valid_on", "once_per", "per_subject", "match", "from", "for")
MEASURED = tuple(key for key in KEYS if key != "formula")
_SPAN = re.compile(r"([0-9]{1,5}) (day|month|quarter|year)s?")


def read_columns(context: Context, section: Section, found: FactList, types: dict[str, Type]) -> tuple[FactList, dict[str, Type]]:
    """The list with its columns, and what its lines have; ``types`` is what they have before."""
    if not found.picked:
        types = _key_types(context, section, found)
    columns: dict[str, ListColumn] = {}
    for name, node, place in section.definitions("columns", "columns"):
        if name in types:
            hint = "choose another name"
            context.log.add("duplicate-name", f"lines of `{found.name}` have a column `{name}` already", place, f"`{name}`", hint)
            continue
        column = _column(context, found, types, name, node, place)
        if column is None:
            types[name] = UNKNOWN
        else:
            columns[name], types[name] = column, column.type
    if not found.picked and not any(column.measure and not column.since for column in columns.values()) and not _broken(context, section):
        message = "a list of measures needs a column that is measured: its keys are those of the facts"
        hint = "add one, or name the `fact` whose rows are picked"
        context.log.add("missing-key", message, section.at("columns"), "", hint)
    return replace(found, columns=columns), types


def _broken(context: Context, section: Section) -> bool:
    return any(section.path in problem.where for problem in context.log.problems if problem.severity == "error")


def _key_types(context: Context, section: Section, found: FactList) -> dict[str, Type]:
    """The types of the key of a grouped list: those of the first fact that has each."""
    types: dict[str, Type] = {}
    columns = section.node("columns")
    for entry in columns.entries.values() if isinstance(columns, Keyed) else ():
        if not isinstance(entry.node, Keyed):
            continue
        match = entry.node.entries.get("match")
        called = dict(_pairs(match.node)) if match else {}
        source = _types_of(context, entry.node)
        for key in found.one_per:
            if called.get(key, key) in source:
                types.setdefault(key, source[called.get(key, key)])
    return {key: types.get(key, UNKNOWN) for key in found.one_per}


def _types_of(context: Context, node: Keyed) -> Mapping[str, Type]:
    """What the rows have that a column is measured over, as far as that can be told before it is read."""
    for noun in ("fact", "list"):
        named = node.entries[noun].node if noun in node.entries else None
        if isinstance(named, Scalar) and noun == "list":
            return context.list_types.get(named.raw, {})
        if isinstance(named, Scalar):
            return row_columns(context.facts[named.raw], context.own) if named.raw in context.facts else {}
    return {}


def _pairs(node: Tree) -> list[tuple[str, str]]:
    """What `match` pairs: columns of the line with columns of the rows, which are mostly called alike."""
    if isinstance(node, Keyed):
        return [(own, other.node.raw) for own, other in node.entries.items() if isinstance(other.node, Scalar)]
    items = node.items if isinstance(node, Listed) else (node,)
    return [(item.raw, item.raw) for item in items if isinstance(item, Scalar)]


def _column(context: Context, found: FactList, types: dict[str, Type], name: str, node: Tree, place: Place) -> ListColumn | None:
    section = Section(node, place.path, context.log, "a column of a list", KEYS)
    if section.broken:
        return None
    if section.has("formula"):
        for key in MEASURED:
            if section.has(key):
                context.log.add("unknown-key", f"a formula takes no `{key}`", section.at(key), f"`{key}`", "make two columns of it")
        source = of_lines(context, found.name, types, peers=True)
        tree = section.node("formula")
        formula = None if tree is None else row_formula(context, tree, section.at("formula").path, source)
        return None if formula is None else ListColumn(name, formula.type, formula=formula, title=section.text("title"), place=place)
    source_of_rows = read_source(context, section)
    measure = read_measure(context, name, section, source_of_rows, place)
    if measure is None or source_of_rows is None:
        return None
    column = ListColumn(name, measure.type, measure, title=section.text("title"), place=place)
    column = _joined(context, section, found, types, column, source_of_rows)
    return _ahead(context, section, types, column)


def _written_match(node: Keyed) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of the line and of the row that `match` pairs."""
    entry = node.entries.get("match")
    if entry is None:
        return (), ()
    if isinstance(entry.node, Keyed):
        pairs = [(ours, theirs.node.raw) for ours, theirs in entry.node.entries.items() if isinstance(theirs.node, Scalar)]
        return tuple(ours for ours, _ in pairs), tuple(theirs for _, theirs in pairs)
    items = entry.node.items if hasattr(entry.node, "items") else [entry.node]
    names = tuple(item.raw for item in items if isinstance(item, Scalar))
    return names, names


def _joined(context: Context, section: Section, found: FactList, types: dict[str, Type], column: ListColumn, source: Source) -> ListColumn:
    """The column with what its rows are joined by: the key of the list, or what `match` says."""
    pairs = [(key, key) for key in found.one_per]
    node = section.node("match")
    if node is not None:
        written = _pairs(node)
        if not written:
            context.log.add("wrong-type", "`match` takes columns", section.at("match"), shown(node), "write for example `match: account`")
        if not found.picked:  # every part of the key is joined; `match` only says what rows call it
            for name, _ in written:
                if name not in found.one_per:
                    hint = f"its key is {', '.join(found.one_per)}"
                    context.log.add("unknown-column", f"`{name}` is not in the key of the list", section.at("match"), f"`{name}`", hint)
            written = [(key, dict(written).get(key, key)) for key in found.one_per]
        pairs = written
    for own, other in pairs:
        _check_pair(context, section, found, types, own, other, source)
    return replace(column, match=tuple(own for own, _ in pairs), theirs=tuple(other for _, other in pairs))


def _check_pair(context: Context, section: Section, found: FactList, types: dict[str, Type], own: str, other: str, source: Source) -> None:
    at = section.at("match") if section.has("match") else section.here
    if own not in types:
        message = f"lines of `{found.name}` have no column `{own}`"
        context.log.add("unknown-column", message, at, f"`{own}`", f"columns: {', '.join(types)}")
    elif other not in source.columns:
        message = f"{source.noun} `{source.name}` has no column `{other}`, by which its rows would be joined"
        called = ", ".join(name for name, kind in source.columns.items() if kind == types[own] and "." not in name)
        context.log.add("unknown-column", message, at, f"`{other}`", f"say what they call it: `match: {{{own}: …}}`, one of {called}")
    elif types[own].kind != "unknown" and source.columns[other].kind not in (types[own].kind, "unknown"):
        message = f"`{own}` is {types[own].kind}, and `{other}` of `{source.name}` is {source.columns[other].kind}"
        context.log.add("compare-kinds", message, at, f"`{own}`, `{other}`", "join columns of one type")


def _ahead(context: Context, section: Section, types: dict[str, Type], column: ListColumn) -> ListColumn:
    """The column with the date from which its rows count, where it says so."""
    since, lasting = section.text("from"), section.text("for")
    if bool(since) != bool(lasting):
        missing = "for" if since else "from"
        message = f"`from` and `for` go together, and `{missing}` is missing"
        context.log.add("missing-key", message, section.here, "", "write `from: date, for: 14 days`")
        return column
    if not since:
        return column
    for key in ("window", "valid_on"):
        if section.has(key):
            context.log.add("unknown-key", f"`from` replaces `{key}`", section.at(key), "both", f"remove `{key}`")
    if column.measure is not None and column.measure.list:
        context.log.add("unknown-key", "lines of a list lie in no days", section.at("from"), "`from`", "name the `fact` whose rows follow")
    if since not in types or types[since].kind not in ("date", "unknown"):
        dates = ", ".join(name for name, kind in types.items() if kind.kind == "date") or "none"
        context.log.add(
            "unknown-column", f"the line has no date `{since}`", section.at("from"), f"`{since}`", f"dates of the line: {dates}"
        )
    found = _SPAN.fullmatch(lasting)
    if found is None or is_too_long(int(found[1]), found[2], context.grain):
        context.log.add(
            "wrong-type", "this is not a length of time", section.at("for"), f"`{lasting}`", "write for example 14 days or 2 months"
        )
        return column
    return replace(column, since=since, lasting=Span(int(found[1]), f"{found[2]}s"))
