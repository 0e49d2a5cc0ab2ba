"""Rows that a program sends: checked by the same rules as the rows of a file, each for itself, with every problem named at its row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping as Keyed
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from threading import Lock
from typing import Any

import polars as pl
from django.utils import timezone

from steelyard.calc.errors import Problem
from steelyard.calc.facts import Kind
from steelyard.ledger import queries as ledger

from . import mappings, plain_rows, queries, references
from .checking import References, check
from .mappings import ColumnRule, Mapping
from .reading import RawTable
from .reading.table import Traits, column_names

Value = str | bool | int | Decimal | None
_CONTROLS, _EXPONENT = re.compile(r"[\x00-\x1f\x7f]"), re.compile(r"[eE]\+")
_LONGEST_PLAIN = 60  # digits of a number that is written out; a longer one is out of range whichever way it is written


@dataclass(slots=True)
class SentRow:
    """A row that was sent: its values as stored, or why it is refused."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def checked(kind: Kind, rows: Sequence[Keyed[str, Value]], *, source: str) -> list[SentRow]:
    """Each row as its kind stores it, or with its problems, in the order given. Columns must be the kind's."""
    texts, masters = [{name: _text(value) for name, value in row.items()} for row in rows], known(kind)
    plain = [plain_rows.read(kind, row, masters) for row in texts] if len(texts) <= plain_rows.FEW else []
    found = [SentRow(values) for values in plain if values is not None]
    if len(found) < len(texts):
        found = in_columns(kind, texts, source, masters)
    _refuse_conflicts(kind, found)
    return found


def in_columns(kind: Kind, rows: Sequence[Keyed[str, str]], source: str, masters: References) -> list[SentRow]:
    """Each row as `checked`, found as the rows of a file are."""
    names = tuple(column.name for column in kind.columns if column.required or any(column.name in row for row in rows))
    texts = {name: [row.get(name, "") for row in rows] for name in names}
    frame = pl.DataFrame(dict(zip(column_names(len(names)), texts.values(), strict=True)))
    numbers = pl.Series("source_row", range(len(rows)), dtype=pl.Int64)
    table = RawTable(names, frame, numbers, traits=_traits([text for column in texts.values() for text in column]))
    mapping = _mapping(kind.name, names, queries.latest_mapping_text(kind.name, source))
    done = check(table, mapping, kind, references=masters, alone=True)
    found = [SentRow() for _ in rows]
    for line in done.lines.iter_rows(named=True):
        place = line.pop("source_row")
        found[place].values = {name: value for name, value in line.items() if value is not None}
    for one in done.problems.iter_rows(named=True):
        found[one["position"]].problems.append(Problem(one["code"], one["message"], one["column"], one["found"], one["hint"]))
    for row in found:
        if not (row.values or row.problems):
            row.problems.append(Problem("blank_row", "the row says nothing", hint="leave it out"))
    return found


def _traits(texts: Sequence[str]) -> Traits:
    """What one look at all texts tells, so that checks which cannot fail are left out."""
    whole = "\n".join(texts)
    spaces = any(text[:1].isspace() or text[-1:].isspace() or "\ufeff" in text for text in texts)
    return Traits(bool(_CONTROLS.search(whole.replace("\n", ""))), bool(_EXPONENT.search(whole)), spaces, quotes=False)


def _text(value: Value) -> str:
    """A value of JSON as a file would write it; a decimal keeps all its digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal) and abs(value.adjusted()) <= _LONGEST_PLAIN:
        return format(value, "f")
    return str(value)


@lru_cache(maxsize=200)
def _mapping(kind: str, names: tuple[str, ...], of_files: str | None) -> Mapping:
    """How rows are read; what the mapping of the source's files says of negative amounts holds for its single rows, too."""
    remembered, _ = mappings.read_mapping(of_files) if of_files is not None else (None, [])
    columns = {name: ColumnRule(header=name) for name in names}
    negatives = (remembered or Mapping(kind=kind)).negatives
    return Mapping(kind=kind, columns=columns, decimal=".", thousands="", date_order="YMD", negatives=negatives)


def _refuse_conflicts(kind: Kind, found: Sequence[SentRow]) -> None:
    """Two rows sent together with one key and different content: nobody knows which is meant, so neither is taken.

    Nor are lines of one document without numbers: rows that are sent count one by one, so each would correct the one before.
    """
    if len(found) == 1:
        return
    places: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(found):
        if not row.problems:
            places[tuple(row.values.get(name) for name in kind.key)].append(place)
    for key, same in places.items():
        if len(same) > 1 and kind.key[-1] == "line" and key[-1] is None:
            message, hint = "several lines of one document were sent without line numbers", "give each line its number"
            for place in same:
                found[place].problems.append(Problem("line_missing", message, "line", "", hint))
        elif any(found[place].values != found[same[0]].values for place in same):
            others = ", ".join(str(place) for place in same[:6])
            hint = f"rows {others}: keep one of them"
            for place in same:
                shown = " / ".join("" if part is None else str(part) for part in key)
                message = "two rows sent together have one key and different content"
                found[place].problems.append(Problem("conflict", message, ", ".join(kind.key), shown, hint))


_kept: dict[str, tuple[tuple[int, str], References]] = {}
_lock = Lock()


def known(kind: Kind) -> References:
    """What rows of a kind may refer to, kept in the process until a master changes."""
    now, today = ledger.tip(), timezone.localdate()
    kept = _kept.get(kind.name)
    if kept is not None and kept[1].today == today and ledger.same_histories(kept[0], now):
        if kept[0] != now:
            _kept[kind.name] = (now, kept[1])
        return kept[1]
    with _lock:
        found = references.known(kind)
        _kept[kind.name] = (now, found)
    return found
