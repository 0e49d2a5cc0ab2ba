"""Lists: one line per thing, grouped from facts or picked among them (docs/reference/framework-language.md)."""

from __future__ import annotations

from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from ..facts import Kind
from ..formula.nodes import Type
from .circles import report_circles
from .context import Context
from .document import Keyed, Scalar, Tree
from .list_columns import read_columns
from .measures import read_date, read_repeat, read_where, read_window
from .model import FactList, Place, Window
from .section import Section
from .sources import Source, check_columns, of_lines, read_source, unknown_column

KEYS = ("fact", "list", "date", "window", "where", "one_per", "prefer", "columns", "keep", "per_subject")
OF_ROWS = ("date", "window", "where", "prefer", "per_subject")  # keys that only a picked list has
ORDERS = {"highest": "a number", "lowest": "a number", "latest": "a date", "earliest": "a date", "yes": "yes/no"}


def read_lists(context: Context, top: Section) -> None:
    """All lists of the framework, into the context, each after those that it reads."""
    found = {name: (node, place) for name, node, place in top.definitions("lists", "lists")}
    needs = {name: _needs(node) & found.keys() for name, (node, _) in found.items()}
    report_circles(context.log, needs, {name: place for name, (_, place) in found.items()})
    for name in needs:
        if _in_circle(needs, name):
            context.list_types[name] = {}
    for name in _in_order(needs):
        if name in context.list_types:
            continue
        node, place = found[name]
        before = len(context.log.problems)
        read = _list(context, name, node, place)
        failed = any(problem.severity == "error" for problem in context.log.problems[before:])
        if read is None or failed:
            context.list_types.setdefault(name, {})
            context.lists.pop(name, None)


def check_lists_used(context: Context) -> None:
    """Warn about lists that no measure and no other list reads."""
    for name, found in context.lists.items():
        if name not in context.used_lists:
            context.log.add("unused", f"list `{name}` is never read", found.place, hint="remove it, or read it in a measure", warning=True)


def _needs(node: Tree) -> set[str]:
    """The lists that a definition names, before it is read."""
    if not isinstance(node, Keyed):
        return set()
    columns = node.entries.get("columns")
    parts = [node]
    if columns is not None and isinstance(columns.node, Keyed):
        parts += [entry.node for entry in columns.node.entries.values() if isinstance(entry.node, Keyed)]
    named = [part.entries["list"].node for part in parts if "list" in part.entries]
    return {one.raw for one in named if isinstance(one, Scalar)}


def _in_order(needs: dict[str, set[str]]) -> list[str]:
    """The lists so that each follows those it reads; those of a circle, and what reads them, come last."""
    ordered: list[str] = []
    while len(ordered) < len(needs):
        ready = [name for name in needs if name not in ordered and needs[name] <= set(ordered)]
        ordered += ready or [name for name in needs if name not in ordered]
    return ordered


def _in_circle(needs: dict[str, set[str]], name: str) -> bool:
    reached, waiting = set(), [name]
    while waiting:
        part = waiting.pop()
        if part not in reached:
            reached.add(part)
            waiting += needs[part]
    try:
        TopologicalSorter({part: needs[part] for part in reached}).prepare()
    except CycleError:
        return True
    return False


def _list(context: Context, name: str, node: Tree, place: Place) -> FactList | None:
    section = Section(node, place.path, context.log, "a list", KEYS)
    if section.broken:
        return None
    section.require("one_per")
    picked = section.written("fact") or section.written("list")
    source = read_source(context, section) if picked else None
    if picked and source is None:
        return None
    one_per = section.texts("one_per")
    if len(set(one_per)) < len(one_per):
        context.log.add("duplicate-name", "a column stands twice in the key", section.at("one_per"), ", ".join(one_per))
    found = FactList(name, one_per, {}, title=section.text("title"), note=section.text("note"), owner=section.text("owner"), place=place)
    found = replace(found, least_peers=context.peers.least if context.peers_written else 1)
    types: dict[str, Type] = {}
    if source is not None:
        found, types = _picked(context, section, found, source), dict(source.columns)
    else:
        for key in OF_ROWS:
            if section.has(key):
                hint = "write it in the columns, or name the `fact` whose rows are picked"
                context.log.add("unknown-key", f"a list of measures has no `{key}` of its own", section.at(key), f"`{key}`", hint)
    found, types = read_columns(context, section, found, types)
    found = replace(found, keep=read_where(context, section, of_lines(context, name, types), "keep"))
    context.lists[name], context.list_types[name] = found, types
    _warn_if_costly(context, found, source)
    return found


def _picked(context: Context, section: Section, found: FactList, source: Source) -> FactList:
    """What a list says of the rows or lines that it picks from."""
    kind = source.kind
    check_columns(context, section, "one_per", source, found.one_per)
    if kind is None and section.has("date"):
        context.log.add("unknown-key", "lines of a list have no `date`", section.at("date"), "`date`", "write it in the list that is read")
    repeats = kind is not None and read_repeat(context, section, kind)
    return replace(
        found,
        fact=kind.name if kind else "",
        list="" if kind else source.name,
        where=read_where(context, section, source),
        date=read_date(context, section, source) if kind else None,
        window=read_window(context, section) if section.has("window") else Window("period"),
        prefer=_prefer(context, section, source),
        repeat_per_subject=repeats,
    )


def _prefer(context: Context, section: Section, source: Source) -> tuple[tuple[str, str], ...]:
    """(column, order) in the order of their weight: a yes/no column alone, or `highest column`."""
    found = []
    for text in section.texts("prefer"):
        words = text.split()
        order, column = ("yes", text) if len(words) < 2 else (words[0], words[-1])
        if order not in ORDERS or len(words) > 2:
            hint = "write a yes/no column, or highest, lowest, latest or earliest with a column"
            context.log.add("prefer", "this does not say what is preferred", section.at("prefer"), f"`{text}`", hint)
        elif column not in source.columns:
            unknown_column(context, section, "prefer", source, column)
        elif not _fits(order, source.columns[column]):
            message = f"`{text}` needs {ORDERS[order]}, and `{column}` is {source.columns[column].kind}"
            hint = "a yes/no column stands alone; numbers take highest or lowest, dates latest or earliest"
            context.log.add("prefer", message, section.at("prefer"), f"`{text}`", hint)
        else:
            found.append((column, order))
    return tuple(found)


def _fits(order: str, kind: Type) -> bool:
    if order in ("highest", "lowest"):
        return kind.is_number
    return kind.kind == ("yes/no" if order == "yes" else "date")


def _warn_if_costly(context: Context, found: FactList, source: Source | None) -> None:
    """Warn where a list keeps a line for every row, because its key holds the natural key of a fact."""
    kinds = [source.kind] if source is not None and source.kind else []
    kinds += [context.facts[column.measure.fact] for column in found.columns.values() if column.measure and column.measure.fact]
    for kind in kinds:
        if _own_key(kind) <= set(found.one_per):
            message = f"list `{found.name}` keeps a line for every row of `{kind.name}`"
            hint = "if the rows are enough, measure the fact itself"
            context.log.add("costly-list", message, found.place, f"one per {', '.join(found.one_per)}", hint, warning=True)
            return


def _own_key(kind: Kind) -> set[str]:
    return {name for name in kind.key if name not in ("party", "representative", "territory")}
