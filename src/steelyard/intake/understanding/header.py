"""Where the header stands: the row whose texts name columns, and below which the columns hold something of another kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..reading.beginning import Beginning
from ..reading.headers import joined, plain
from ..reading.table import Cell
from .words import Vocabulary

LOOKED = 30  # rows from the top in which a header is looked for
MOST_ROWS = 5  # of one header
_NUMBER = re.compile(r"^[^\w(+\-−]*(?:[A-Z]{3} ?)?[(+\-−]?\s*[^\w]?\d[\d.,'’\s]*[)\-−%]?\s*(?:%|[A-Z]{3}|[^\w])?$")
_DAY = re.compile(r"^\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}(?:[T ]\d.*)?$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Header:
    """Rows ``first`` to ``last`` as a spreadsheet counts; ``fit``: how many of our columns its texts name."""

    first: int
    last: int
    names: tuple[str, ...]
    fit: int
    sure: bool


def is_value(cell: str, code: int = 0) -> bool:
    """Whether a cell holds a number or a day; a lone year may as well be a heading."""
    text = cell.strip()
    if not text or _YEAR.match(text):
        return False
    return code in (Cell.NUMBER, Cell.DATE) or bool(_NUMBER.match(text) or _DAY.match(text))


def find_header(table: Beginning, words: Vocabulary) -> Header | None:
    """The header, or nothing where no row looks like one."""
    best: tuple[float, int] | None = None
    for at in range(min(LOOKED, len(table.rows))):
        score = _score(table, at, words)
        if score is not None and (best is None or score > best[0]):
            best = (score, at)
    if best is None:
        return None
    first, last = _grown(table, best[1])
    names = tuple(joined(table.rows[first : last + 1]))
    fit = len({words.named(name) for name in names} - {None})
    filled = sum(1 for name in names if name)
    sure = fit >= 2 or _contrast(table, last) >= 1 or (fit >= 1 and filled <= 3)
    return Header(first + 1, last + 1, names, fit, sure)


def _score(table: Beginning, at: int, words: Vocabulary) -> float | None:
    """How much a row looks like a header; nothing for rows that cannot be one."""
    row, codes = table.rows[at], table.codes[at]
    filled = [index for index, cell in enumerate(row) if cell.strip()]
    body = _body(table, at)
    if not filled or not body:
        return None
    width = Counter(sum(1 for cell in one if cell.strip()) for one in body).most_common(1)[0][0]
    labels = [index for index in filled if not is_value(row[index], codes[index])]
    if len(labels) < 0.8 * len(filled) or len(filled) < 0.5 * width or (len(filled) == 1 and width > 1):
        return None
    hits = len({words.named(row[index]) for index in labels} - {None})
    distinct = len({plain(row[index]) for index in filled}) == len(filled)
    return 3 * hits + _contrast(table, at) + (1 if len(filled) >= width else 0) + (1 if distinct else 0) - at / 100


def _body(table: Beginning, at: int) -> list[tuple[str, ...]]:
    return [row for row in table.rows[at + 1 : at + 60] if any(cell.strip() for cell in row)]


def _contrast(table: Beginning, at: int) -> int:
    """Columns that have a text in this row and numbers or days below."""
    found = 0
    for index, cell in enumerate(table.rows[at]):
        if not cell.strip() or is_value(cell, table.codes[at][index]):
            continue
        below = [
            is_value(row[index], codes[index])
            for row, codes in zip(table.rows[at + 1 : at + 60], table.codes[at + 1 : at + 60], strict=True)
            if index < len(row) and row[index].strip()
        ]
        found += bool(below) and sum(below) >= 0.7 * len(below)
    return found


def _grown(table: Beginning, at: int) -> tuple[int, int]:
    """The rows above or below that a header needs, so that every column has a name of its own."""
    best = _lacking(table, at, at)
    first, last = at, at
    for up in range(at - 1, max(at - MOST_ROWS, -1), -1):
        if not _only_labels(table, up) or _is_title(table.rows[up]):
            break
        lacking = _lacking(table, up, at)
        if lacking < best:
            best, first = lacking, up
    for down in range(at + 1, min(at + MOST_ROWS, len(table.rows) - 1)):
        if not _only_labels(table, down, blank=True):
            break
        lacking = _lacking(table, first, down)
        if lacking < best and any(cell.strip() for cell in table.rows[down]):
            best, last = lacking, down
    return first, last


def _lacking(table: Beginning, first: int, last: int) -> int:
    """Columns with something below that have no name, or one that another has."""
    names = joined(table.rows[first : last + 1])
    needed = {index for row in _body(table, last) for index, cell in enumerate(row) if cell.strip()}
    blank = sum(1 for index in needed if index >= len(names) or not names[index])
    seen = Counter(plain(name) for name in names if name)
    return blank + sum(count - 1 for count in seen.values())


def _only_labels(table: Beginning, at: int, *, blank: bool = False) -> bool:
    cells = [(cell, code) for cell, code in zip(table.rows[at], table.codes[at], strict=True) if cell.strip()]
    return (blank or bool(cells)) and not any(is_value(cell, code) for cell, code in cells)


def _is_title(row: Sequence[str]) -> bool:
    """One text at the left: it is about the table, not about a column."""
    filled = [index for index, cell in enumerate(row) if cell.strip()]
    return len(filled) == 1 and filled[0] == 0
