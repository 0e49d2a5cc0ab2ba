"""Which line of the workbook is which row of ours: by document and line, then within a document, then by what stands on it."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .lines import Ours, Theirs

Take = Callable[[int, "Iterable[Ours]"], None]


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of theirs with the rows of ours that it stands for; either side may be missing. ``again``: the rows have a line already."""

    theirs: Theirs | None
    ours: tuple[Ours, ...]
    again: bool = False


def plain_key(text: str) -> str:
    """A number of a document or line as it is compared: without case, spaces, leading zeros or a spreadsheet's decimals."""
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    whole = folded.removesuffix(".0") if folded.removesuffix(".0").isdigit() else folded
    return whole.lstrip("0") or whole[:1]


def pair_lines(theirs: Sequence[Theirs], ours: Sequence[Ours]) -> list[Pair]:
    """Every line of theirs once, in their order, then the rows of ours that have none."""
    paired: dict[int, Pair] = {}
    taken: dict[int, Theirs] = {}

    def take(place: int, rows: Iterable[Ours]) -> None:
        found = tuple(rows)
        paired[place] = Pair(theirs[place], found)
        taken.update({row.row_id: theirs[place] for row in found})

    by_document: dict[str, list[Ours]] = defaultdict(list)
    for row in ours:
        by_document[plain_key(row.document)].append(row)
    places: dict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(theirs):
        if line.document:
            places[plain_key(line.document)].append(place)
    for document, own in places.items():
        if document in by_document:
            _within(theirs, own, by_document[document], take, paired)
    _by_content(
        theirs, [place for place in range(len(theirs)) if place not in paired], [row for row in ours if row.row_id not in taken], take
    )
    pairs = [paired.get(place, Pair(line, ())) for place, line in enumerate(theirs)]
    return pairs + [Pair(None, (row,)) for row in ours if row.row_id not in taken]


def _within(theirs: Sequence[Theirs], places: list[int], rows: list[Ours], take: Take, paired: dict[int, Pair]) -> None:
    """The lines of one document: by line number; without numbers by amount, then one by one."""
    free = list(rows)
    numbered: dict[str, list[Ours]] = defaultdict(list)
    for row in rows:
        numbered[plain_key(row.line)].append(row)
    waiting = []
    again: list[tuple[int, tuple[Ours, ...]]] = []
    for place in sorted(places, key=lambda place: _likeness(theirs[place], rows)):
        line = theirs[place]
        if not line.line:
            waiting.append(place)
            continue
        same = numbered.get(plain_key(line.line), [])
        open_rows = [row for row in same if row in free]
        if open_rows:
            take(place, [_nearest(line, open_rows)])
            free.remove(paired[place].ours[0])
        elif same:
            again.append((place, (same[0],)))
    for place in list(waiting):
        alike = [row for row in free if _worth(theirs[place]) in (row.amount, row.value)]
        if alike:
            take(place, [_nearest(theirs[place], alike)])
            free.remove(paired[place].ours[0])
            waiting.remove(place)
    if len(waiting) == 1 and free:
        take(waiting.pop(), free)  # one line for all that is left of the document
    for place, row in zip(list(waiting), list(free), strict=False):
        take(place, [row])
        waiting.remove(place)
        free.remove(row)
    for place in waiting:
        same = [row for row in rows if _worth(theirs[place]) in (row.amount, row.value)]
        again += [(place, (same[0],))] if same else []
    for place, same_rows in again:
        paired[place] = Pair(theirs[place], same_rows, again=True)


def _worth(line: Theirs) -> int:
    return line.amount if line.amount is not None else line.value


def _likeness(line: Theirs, rows: list[Ours]) -> tuple[bool, bool, int]:
    """Lines that agree with a row of ours come first: of two with one number, the other is the one too many."""
    agrees = any(plain_key(row.line) == plain_key(line.line) and row.subject == line.subject and row.value == line.value for row in rows)
    return not agrees, line.hidden, line.row


def _nearest(line: Theirs, rows: list[Ours]) -> Ours:
    return min(rows, key=lambda row: (row.subject != line.subject, not row.counted, abs(row.value - line.value), row.row_id))


def _by_content(theirs: Sequence[Theirs], places: list[int], rows: list[Ours], take: Take) -> None:
    """The same subject, day and amount under another number: one line, where there is exactly one on each side."""
    found: dict[Hashable, tuple[list[int], list[Ours]]] = defaultdict(lambda: ([], []))
    for place in places:
        line = theirs[place]
        if line.subject and line.day is not None:
            found[line.subject, line.day, line.value][0].append(place)
    for row in rows:
        if row.counted:
            found[row.subject, row.day, row.value][1].append(row)
    for own, alike in found.values():
        if len(own) == len(alike) == 1:
            take(own[0], alike)
