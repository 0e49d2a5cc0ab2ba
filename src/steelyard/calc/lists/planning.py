"""What lists ask of phase 1: a measure kept apart by key for each measured column, the live rows of a picked list.

Both are ordinary measures with ``per``, named `list.column` and `list.*`, so that everything about signed sums, reversals,
segments and the cache holds for them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..facts import FACTS
from ..formula.functions import FUNCTIONS
from ..formula.nodes import COUNT, Call, names_in
from ..framework.formulas import walk
from ..framework.model import FactList, Framework, ListColumn, Measure, Window

PERIOD = Window("period")
ROWS = ".*"  # ends the name of the measure that keeps the live rows of a picked list
ORIGIN = ("source", "ordinal")  # of a row, besides its natural key: what tells rows apart that say the same


def is_pick(measure: Measure) -> bool:
    """Whether a measure keeps the live rows of a picked list."""
    return measure.name.endswith(ROWS)


def column_measure(found: FactList, column: ListColumn) -> Measure:
    """The measure of a column, kept apart by what its rows are joined by."""
    assert column.measure is not None
    return replace(column.measure, name=f"{found.name}.{column.name}", per=column.theirs)


def rows_measure(framework: Framework, found: FactList) -> Measure:
    """The measure that keeps the live rows of a picked list: one for every combination of the columns that anybody reads."""
    columns = (*sorted(columns_read(framework, found)), *ORIGIN)
    return Measure(
        f"{found.name}{ROWS}", found.fact, "count", None, COUNT, where=found.where, date=found.date, per=columns,
        repeat_per_subject=found.repeat_per_subject, place=found.place,
    )  # fmt: skip


def columns_read(framework: Framework, found: FactList) -> set[str]:
    """The columns of its rows that a picked list needs: its key, what it prefers, whatever reads its lines, and the natural key."""
    kind = FACTS[found.fact]
    names = {*found.one_per, *(column for column, _ in found.prefer), *kind.key, *([found.date or kind.date or ""] if kind.date else [])}
    for name in _read_of_lines(framework, found.name):
        names.add(name)
    able = {*kind.by_name, "partner", "territory", "representative", "category", "month"}
    return {name for name in names if name in able or name.startswith(("product.", "partner."))}


def _read_of_lines(framework: Framework, name: str) -> Iterator[str]:
    """Every name that is read of the lines of a list, by itself, by lists over it and by measures."""
    found = framework.lists[name]
    for column in found.columns.values():
        yield from (*column.match, column.since)
        if column.formula is not None:
            yield from names_in(column.formula.tree)
    for rule in found.keep:
        yield from names_in(rule.formula.tree)
    for other in framework.lists.values():
        if other.list == name:
            yield from (*other.one_per, *(column for column, _ in other.prefer))
            yield from (part for rule in other.where for part in names_in(rule.formula.tree))
            yield from _read_of_lines(framework, other.name)
        for column in other.columns.values():
            if column.measure is not None and column.measure.list == name:
                yield from _read_by(column.measure)
                yield from column.theirs
    for measure in framework.measures.values():
        if measure.list == name:
            yield from _read_by(measure)


def _read_by(measure: Measure) -> Iterator[str]:
    if measure.value is not None:
        yield from names_in(measure.value.tree)
    for rule in measure.where:
        yield from names_in(rule.formula.tree)
    yield from (*measure.once_per, measure.date or "")


def facts_read(framework: Framework) -> frozenset[str]:
    """The kinds of fact that the measures of a framework read, by themselves or through lists."""
    read = [*framework.measures.values()]
    read += [column.measure for found in framework.lists.values() for column in found.columns.values() if column.measure]
    return frozenset({measure.fact for measure in read} | {found.fact for found in framework.lists.values()}) - {""}


def picked_fact(framework: Framework, measure: Measure) -> str:
    """The kind of fact whose rows a measure is taken over, by itself or as the lines of picked lists; "" of grouped lists."""
    if not measure.list:
        return measure.fact
    found = framework.lists[measure.list]
    while found.list:
        found = framework.lists[found.list]
    return found.fact


def seen_through(window: Window, asked: Window) -> Window:
    """The window that a part of a list looks through when the list is asked through one; both end with the same day."""
    return asked if window == PERIOD else window


def asked_of_facts(framework: Framework, name: str, window: Window) -> Iterator[tuple[Measure, tuple[Window, ...], bool]]:
    """(measure, windows it ends with, whether it needs days) for everything that a list, asked through a window, asks of facts."""
    found = framework.lists[name]
    rows_seen = seen_through(found.window, window)
    if found.fact:
        yield rows_measure(framework, found), (rows_seen, window), False
    if found.list:
        yield from _further(framework, found.list, rows_seen, window)
    for column in found.columns.values():
        if column.measure is None:
            continue
        through = seen_through(column.measure.window, window)
        if column.measure.list:
            yield from _further(framework, column.measure.list, through, window)
        else:
            yield column_measure(found, column), (through, window), bool(column.since)


def _further(framework: Framework, name: str, window: Window, outer: Window) -> Iterator[tuple[Measure, tuple[Window, ...], bool]]:
    for measure, windows, by_day in asked_of_facts(framework, name, window):
        yield measure, (*windows, outer), by_day


def compared_columns(framework: Framework, name: str) -> frozenset[str]:
    """The columns of a list's lines that tell of other subjects: a comparison with peers, and whatever is made of one.

    With two peers a mean gives the other one away, so partners are not shown them.
    """
    if not name:
        return frozenset()
    found = framework.lists[name]
    told = set(compared_columns(framework, found.list))
    for column in found.columns.values():
        parts = walk(column.formula.tree) if column.formula is not None else []
        peers = any(isinstance(part, Call) and part.function in FUNCTIONS and FUNCTIONS[part.function].group == "peers" for part in parts)
        if peers or (column.formula is not None and names_in(column.formula.tree) & told):
            told.add(column.name)
    return frozenset(told)


def has_peers(framework: Framework, names: Iterable[str]) -> bool:
    """Whether lines of any of the lists are compared with those of other subjects, so that no subject stands alone."""
    return any(compared_columns(framework, name) for name in names)
