"""Which table of the file it is: its sheet, the rows of its header, where it ends; each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from ..mappings import Mapping
from ..reading import Dialect, RawTable
from ..reading.beginning import Beginning
from ..reading.headers import plain
from ..reading.sheets import EVERY
from .findings import Choice, Finding, Question
from .header import Header, find_header
from .patch import flow
from .words import Vocabulary

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def choose_sheet(found: Sequence[Beginning], dialect: Dialect, words: Vocabulary) -> tuple[Beginning, list[Finding], list[Question]]:
    """The one sheet of this kind; where several could be it, which is asked."""
    if dialect.sheet == EVERY:
        why = f"all {len(found)} sheets are read, one below the other"
        return found[0], [Finding("sheet", ", ".join(one.sheet for one in found), why)], []
    named = [one for one in found if one.sheet == dialect.sheet]
    if named or len(found) == 1:
        one = (named or list(found))[0]
        others = ", ".join(other.sheet for other in found if other is not one)
        told = [Finding("sheet", one.sheet, f"not read: {others}" if others else "the only one with anything in it")] if one.sheet else []
        return one, told, []
    headers = [find_header(one, words) for one in found]
    fits = [header.fit if header else 0 for header in headers]
    best = max(range(len(found)), key=lambda at: fits[at])
    same = [at for at in range(len(found)) if headers[at] and headers[best] and _names(headers[at]) == _names(headers[best])]
    others = ", ".join(other.sheet for at, other in enumerate(found) if at != best)
    if len(same) == 1 and fits[best] >= 2 and all(fits[best] > fit + 1 for at, fit in enumerate(fits) if at != best):
        why = f"its headings are known ones; not read: {others}"
        return found[best], [Finding("sheet", found[best].sheet, why, "likely")], []
    choices = [Choice(flow({"sheet": one.sheet}), f"sheet “{one.sheet}”", " · ".join(filter(None, _first(one)))) for one in found[:8]]
    if len(same) == len(found):
        choices.insert(0, Choice(flow({"sheet": EVERY}), f"all {len(found)} sheets, one below the other", "they have the same headings"))
    question = Question(
        "sheet", "several_sheets", "Which sheet is it?", "the workbook has several that hold something", tuple(choices),
        choices[0].patch if len(same) == len(found) else "", (), "text", ", ".join(one.sheet for one in found),
    )  # fmt: skip
    return found[best], [], [question]


def _names(header: Header | None) -> list[str]:
    return [plain(name) for name in header.names] if header else []


def _first(table: Beginning) -> list[str]:
    return [cell[:20] for cell in next((row for row in table.rows if any(row)), ())][:6]


def choose_header(table: Beginning, mapping: Mapping, words: Vocabulary) -> tuple[Dialect, list[Finding], list[Question]]:
    """The rows of the header: as the mapping says, else as they are found, else asked."""
    dialect = mapping.dialect
    if dialect.header != 1 or dialect.header_rows != 1 or (mapping.columns and _has(table, dialect, mapping)):
        rows = "none" if not dialect.header else _rows(dialect.header - dialect.header_rows + 1, dialect.header)
        return dialect, [Finding("header", rows, "its headings are those of the mapping" if dialect.header else "as the mapping says")], []
    found = find_header(table, words)
    if found is None:
        choices = (Choice(flow({"header": "none"}), "it has none: the first row is data already", " · ".join(_first(table))),)
        question = Question(
            "header",
            "no_header",
            "Which row holds the headings?",
            "no row looks like a header",
            choices,
            choices[0].patch,
            ("header",),
            "text",
        )
        return replace(dialect, header=0), [], [question]
    names = [name for name in found.names if name]
    why = f"its texts name {len(names)} columns"
    if found.first > 1:
        why += f"; {found.first - 1} rows above it are not part of the table"
    examples = tuple((name, "") for name in names[:5])
    finding = Finding("header", _rows(found.first, found.last), why, "certain" if found.sure else "likely", examples)
    return replace(dialect, header=found.last, header_rows=found.last - found.first + 1), [finding], []


def _has(table: Beginning, dialect: Dialect, mapping: Mapping) -> bool:
    """Whether the row where the mapping expects the header names at least one of its columns."""
    row = {plain(cell) for cell in (table.rows[dialect.header - 1] if len(table.rows) >= dialect.header else ())}
    return any(plain(header) in row for rule in mapping.columns.values() for header in rule.headers)


def _rows(first: int, last: int) -> str:
    return f"row {first}" if first == last else f"rows {first} to {last}"


def end_of(table: RawTable) -> Finding | None:
    """Whether something else than the table stands below its first blank row: notes, sources, a signature."""
    frame = table.frame
    filled = frame.select(pl.sum_horizontal(pl.all().str.strip_chars() != "")).to_series()
    there = (filled > 0).arg_true()
    if not there.len():
        return None
    blank = (filled == 0).slice(there[0]).arg_true()
    end = there[0] + blank[0] if blank.len() else frame.height
    below = filled.slice(end).filter(filled.slice(end) > 0)
    loose = [one for one in table.unreadable if end < frame.height and one.source_row > table.source_rows[end]]
    usual = filled.slice(there[0], end - there[0]).median() or 0
    if not (below.len() or loose) or (below > usual / 2).any() or end - there[0] < 2:  # type: ignore[operator]
        return None
    first = frame.row(end + int((filled.slice(end) > 0).arg_true()[0])) if below.len() else loose[0].cells
    text = next((cell.strip() for cell in first if cell and cell.strip()), "")[:60]
    why = f"below the blank row {table.source_rows[end]} stand {below.len() + len(loose)} rows of another shape"
    return Finding("ends", f"above row {table.source_rows[end]}", why, "certain", ((text, "left out"),))
