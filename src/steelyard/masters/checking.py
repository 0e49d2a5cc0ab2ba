"""Checking a frame of master data: every problem of every row, each with its row, so that the good rows can be loaded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from steelyard.calc.errors import Problem, did_you_mean
from steelyard.calc.facts.kind import Column

from . import differences, normal, reading
from .differences import BEGIN, END
from .master import Master, RowProblem
from .trees import Edge, loops
from .typed import blanks


@dataclass(frozen=True)
class Examined:
    """A frame of master data, examined: what its good rows say and do, and what is wrong with the others.

    ``statements``: normal form, complete, with a column ``state`` (new, changed, unchanged); a row whose change falls
    into several known intervals has several. ``repetitions``: good rows that say what another row said.
    """

    statements: pl.DataFrame
    problems: list[RowProblem]
    repetitions: int


def examine(master: Master, frame: pl.DataFrame) -> Examined:
    """Find all problems and all differences; preview and load are both this.

    A row that refers to a refused row of the same frame is refused too, until nothing more falls.
    """
    said = normal.from_catalogue(master, numbered(frame))
    required = [column for column in master.columns if column.required]
    problems = _required([column for column in required if column.name in said.columns], said)
    good = _without(said, problems)
    problems += [*_values(master, good), *_contradictions(master, good), *(master.rule(good) if master.rule else ())]
    good = _without(good, problems)
    while True:
        found = _references(master, good) or _loops(master, good)
        if not found:
            break
        problems += found
        good = _without(good, found)
    once = differences.without_repetitions(good)
    known = reading.known(master, **({name: once[name][0] for name in master.key} if once.height == 1 else {}))
    whole = differences.complete(once, known, master.key, master.values, blanks(master))
    found = _required(required, whole)
    whole = differences.sort_out(_without(whole, found), known, master.key, master.values)
    return Examined(whole, sorted({*problems, *found}, key=lambda item: (item[0], item[1].where)), good.height - once.height)


def numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with a column source_row: 1, 2, 3 unless it has one."""
    return frame if "source_row" in frame.columns else frame.with_row_index("source_row", offset=1)


def check(master: Master, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[RowProblem]]:
    """The rows that can be loaded, and (source_row, problem) for all others."""
    frame = numbered(frame)
    problems = examine(master, frame).problems
    return _without(frame, problems), problems


def _without(frame: pl.DataFrame, problems: list[RowProblem]) -> pl.DataFrame:
    return frame.filter(~pl.col("source_row").is_in([row for row, _ in problems])) if problems else frame


def _required(columns: Iterable[Column], statements: pl.DataFrame) -> list[RowProblem]:
    problems: list[RowProblem] = []
    for column in columns:
        empty = pl.col(column.name) == "" if column.type == "text" else pl.col(column.name).is_null()
        rows = statements.filter(empty)["source_row"].unique().sort()
        problems += [(row, Problem("required", "a value is required", column.name)) for row in rows]
    return problems


def _values(master: Master, said: pl.DataFrame) -> list[RowProblem]:
    """Empty keys, choices, lengths, intervals that end before they begin."""
    problems: list[RowProblem] = []
    for column in master.columns:
        if column.name not in said.columns:
            continue
        value = pl.col(column.name)
        if column.choices:
            for row, found in said.filter(~value.is_in(["", *column.choices])).select("source_row", column.name).rows():
                hint = did_you_mean(found, column.choices)
                problems.append((row, Problem("choice", "this is not one of the choices", column.name, found, hint)))
        if column.type == "text" and column.name not in master.references:
            longest = getattr(master.current._meta.get_field(column.name), "max_length", None) or 200
            too_long = said.filter(value.str.len_chars() > longest)["source_row"]
            problems += [(row, Problem("too-long", f"at most {longest} characters are kept", column.name)) for row in too_long]
    backwards = said.filter(pl.col("valid_from") >= pl.col("valid_to")).select("source_row", "valid_from", "valid_to")
    for row, first, end in backwards.rows():
        found = f"from {first}, over on {end}"
        problems.append((row, Problem("interval", "the last day lies before the first", "valid_to", found, "swap the dates")))
    return problems


def _contradictions(master: Master, statements: pl.DataFrame) -> list[RowProblem]:
    where = ", ".join(master.key)
    hint = "keep one of the two, or give them dates that do not overlap"
    pairs = differences.contradictions(differences.without_repetitions(statements), master.key)
    message = "row {} says something else about the same key and day"
    return [(row, Problem("contradiction", message.format(other), where, "", hint)) for row, other in pairs.rows()]


def _references(master: Master, statements: pl.DataFrame) -> list[RowProblem]:
    """Codes that neither the masters nor this frame know."""
    problems: list[RowProblem] = []
    for column, reference in master.references.items():
        if column not in statements.columns:
            continue
        used = statements.filter(pl.col(column) != "").select("source_row", column)
        if used.is_empty():
            continue
        codes = set(reference.codes())
        if column == master.tree:
            codes.update(statements[master.key[0]])
        unknown = used.filter(~pl.col(column).is_in(list(codes)))
        hints = {value: reference.hint_for(value, codes) for value in unknown[column].unique().head(50)}  # finding near names takes time
        for row, value in unknown.rows():
            problem = Problem("unknown-reference", f"there is no such {reference.title}", column, value, hints.get(value, ""))
            problems.append((row, problem))
    return problems


def _loops(master: Master, statements: pl.DataFrame) -> list[RowProblem]:
    """Rows by which a code comes to lie below itself on some day."""
    if master.tree is None or master.tree not in statements.columns:
        return []
    key = master.key[0]
    asked = statements.filter(pl.col(master.tree) != "").select(key, master.tree, "valid_from", "valid_to", "source_row")
    if asked.is_empty():
        return []
    recorded = reading.statements(master)
    newest = max(recorded["commit_seq"].to_list(), default=0)
    fresh = statements.with_columns(commit_seq=pl.lit(newest + 1, dtype=pl.Int64), retracted=pl.lit(False))
    after = reading.lay_over(master, pl.concat([recorded, fresh.drop("source_row")], how="diagonal_relaxed"))
    edges: dict[str, list[Edge]] = defaultdict(list)
    for code, parent, first, end in after.select(key, master.tree, "valid_from", "valid_to").rows():
        if parent:
            edges[code].append((parent, first or BEGIN, end or END))
    found = loops(edges, set(asked[key]))
    rows: list[tuple[int, Any]] = asked.select("source_row", key).rows()
    hint = "let one of them lie in nothing, or in something else"
    in_loop = [(row, " → ".join(found[code])) for row, code in rows if code in found]
    return [(row, Problem("loop", "this would lie below itself", master.tree, way, hint)) for row, way in in_loop]
