"""Their lines against ours, line by line: what leads from the sum they counted to the sum that counts, exactly.

A line of theirs is held against the row of ours with the same document and line; each difference becomes leaves, and for
every subject the leaves add up to our sum less theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..units import divide
from .causes import CERTAIN
from .pairing import Pair, pair_lines


@dataclass(frozen=True, slots=True)
class Theirs:
    """A line of the workbook. ``value`` is what they counted it for, in the grain of the measure."""

    row: int  # as the spreadsheet shows it
    subject: str  # blank: a partner that is not known
    value: int
    document: str = ""
    line: str = ""
    day: date | None = None
    amount: int | None = None  # as on the document
    currency: str = ""
    rate: str = ""
    territory: str = ""
    hidden: bool = False
    coarse: int = 0  # half a unit of its last decimal, in the grain: how far rounding can have moved it


@dataclass(frozen=True, slots=True)
class Ours:
    """A row of ours. ``value`` is what it counts for, or would; ``inside``: of the period; ``reason``: the rule that leaves it out."""

    row_id: int
    subject: str
    value: int
    inside: bool = True
    reason: str | None = None
    document: str = ""
    line: str = ""
    day: date | None = None
    amount: int | None = None
    currency: str = ""
    territory: str = ""
    source: str = ""
    batch: int = 0
    source_row: int = 0

    @property
    def counted(self) -> bool:
        """Whether it is in our sum."""
        return self.inside and self.reason is None


@dataclass(frozen=True, slots=True)
class Leaf:
    """One difference: what it adds on the way from their figure to ours. ``key``: leaves with one cause and key are one reason."""

    cause: str
    subject: str
    amount: int
    key: str
    theirs: Theirs | None = None
    ours: Ours | None = None
    detail: str = ""  # a rule's reason, a rate, a day: as data
    other: str = ""  # the other subject
    sure: str = CERTAIN
    ours_rows: tuple[Ours, ...] = ()  # where one line of theirs stands for several of ours
    lines: int = 0  # how many lines it adds on the way to ours; 0: the line stays and is worth something else


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of the workbook beside its lines. ``located``: reasons of rules that ask where or by whom a line was sold."""

    subjects: frozenset[str]  # whose figures it publishes
    currency: str
    first_day: date | None = None  # of the period as the workbook has it
    last_day: date | None = None
    located: frozenset[str] = frozenset()
    without_hidden: frozenset[str] = frozenset()  # subjects whose figure leaves hidden rows out
    rates: Mapping[str, str] = field(default_factory=dict)  # currency of a line and day -> our rate, for the text


def compare_lines(theirs: Sequence[Theirs], ours: Sequence[Ours], sheet: Sheet) -> list[Leaf]:
    """The leaves of all subjects, in the order of the workbook's rows; those of rows that only we have at the end."""
    leaves: list[Leaf] = []
    for pair in pair_lines(theirs, ours):
        leaves += [leaf for leaf in _of_pair(pair, sheet) if leaf.amount and leaf.subject in sheet.subjects]
    return leaves


def check(leaves: Iterable[Leaf], theirs: Iterable[Theirs], ours: Iterable[Ours], sheet: Sheet) -> None:
    """Refuse leaves that do not lead from their sums to ours."""
    gap: dict[str, int] = defaultdict(int)
    for line in theirs:
        gap[line.subject] -= line.value if counts(line, sheet) else 0
    for row in ours:
        gap[row.subject] += row.value if row.counted else 0
    for leaf in leaves:
        gap[leaf.subject] -= leaf.amount
    if any(gap[subject] for subject in sheet.subjects):
        raise ArithmeticError("the differences of a comparison do not add up")


def counts(line: Theirs, sheet: Sheet) -> bool:
    """Whether the line is in the workbook's figure."""
    return not (line.hidden and line.subject in sheet.without_hidden)


def _of_pair(pair: Pair, sheet: Sheet) -> Iterator[Leaf]:
    theirs = pair.theirs
    if theirs is not None and not counts(theirs, sheet):
        for row in pair.ours if not pair.again else ():
            if row.counted:
                yield _leaf("hidden", row.subject, row.value, theirs, row, lines=1)
        return
    if theirs is None:
        for row in pair.ours:
            if row.counted:
                yield _only_ours(row, sheet)
    elif pair.again:
        yield _leaf("twice", theirs.subject, -theirs.value, theirs, pair.ours[0], lines=-1)
    elif not pair.ours:
        yield _only_theirs(theirs, sheet)
    else:
        yield from _of_both(theirs, pair.ours, sheet)


def _only_ours(row: Ours, sheet: Sheet) -> Leaf:
    outside = row.day is not None and (
        (sheet.first_day is not None and row.day < sheet.first_day) or (sheet.last_day is not None and row.day > sheet.last_day)
    )
    cause = "period" if outside else "return" if row.value < 0 else "missing"
    return _leaf(cause, row.subject, row.value, None, row, lines=1)


def _only_theirs(theirs: Theirs, sheet: Sheet) -> Leaf:
    return _leaf("hidden" if theirs.hidden else "extra", theirs.subject, -theirs.value, theirs, None, lines=-1)


def _of_both(theirs: Theirs, rows: tuple[Ours, ...], sheet: Sheet) -> Iterator[Leaf]:
    """A line that both have: first the rows that do not count for this subject, then what the others are worth."""
    left = theirs.value
    several = rows if len(rows) > 1 else ()
    counted = [row for row in rows if row.counted and row.subject == theirs.subject]
    others = [row for row in rows if row not in counted]
    for place, row in enumerate(others, start=1):
        whole = not counted and place == len(others)  # nothing of it counts here: all that is left of the line goes
        gone = left if whole else row.value
        left -= gone
        cause, detail = _why_not(theirs, row, sheet)
        yield _leaf(
            cause, theirs.subject, -gone, theirs, row, detail, other=row.subject if cause == "partner" else "", rows=several, lines=-1
        )
        if row.counted and row.subject != theirs.subject:
            yield _leaf("partner", row.subject, row.value, theirs, row, other=theirs.subject, rows=several, lines=1)
    if counted:
        yield from _worth(theirs, left, counted, sheet)


def _why_not(theirs: Theirs, row: Ours, sheet: Sheet) -> tuple[str, str]:
    """Why a row of ours does not count for the subject that they counted it for."""
    if row.subject != theirs.subject:
        return "partner", ""
    if row.reason is not None:
        return ("territory" if row.reason in sheet.located else "rule"), row.reason
    return "period", row.day.isoformat() if row.day else ""


def _worth(theirs: Theirs, left: int, rows: list[Ours], sheet: Sheet) -> Iterator[Leaf]:
    """Amount, then rate: what leads from what they counted to what the rows count for."""
    row, worth = rows[0], sum(row.value for row in rows)
    several = tuple(rows) if len(rows) > 1 else ()
    amounts = [one.amount for one in rows if one.amount is not None]
    amount = sum(amounts) if len(amounts) == len(rows) else None

    def leaf(cause: str, moved: int, detail: str = "", key: str = "") -> Leaf:
        return _leaf(cause, theirs.subject, moved, theirs, row, detail, key=key, rows=several)

    if left == worth:
        return
    if abs(worth - left) <= theirs.coarse:
        yield leaf("rounding", worth - left, key="rounding")
    elif theirs.value == -worth:
        yield leaf("sign", worth - left)
    elif theirs.currency and row.currency and theirs.currency != row.currency:
        yield leaf("currency", worth - left, row.currency)
    elif row.currency in ("", sheet.currency) or theirs.amount is None or not amount:
        rated = bool(theirs.rate) and row.currency not in ("", sheet.currency) and theirs.amount is None
        yield leaf("rate" if rated else "amount", worth - left, key=_rate_key(theirs, row) if rated else "")
    else:
        at_theirs = worth if theirs.amount == amount else _scaled(worth, theirs.amount, amount)
        if worth != at_theirs:
            yield leaf("amount", worth - at_theirs)
        if 0 < abs(at_theirs - left) <= theirs.coarse:
            yield leaf("rounding", at_theirs - left, key="rounding")
        elif at_theirs != left:
            yield leaf("rate", at_theirs - left, sheet.rates.get(f"{row.currency} {row.day}", ""), key=_rate_key(theirs, row))


def _rate_key(theirs: Theirs, row: Ours) -> str:
    return f"rate {row.currency} {theirs.rate}".strip()


def _scaled(worth: int, part: int, whole: int) -> int:
    return divide(worth * part * (1 if whole > 0 else -1), abs(whole))


def _leaf(
    cause: str, subject: str, amount: int, theirs: Theirs | None, ours: Ours | None, detail: str = "", *, other: str = "", key: str = "",
    rows: tuple[Ours, ...] = (), lines: int = 0,
) -> Leaf:  # fmt: skip
    document = (theirs.document if theirs is not None else "") or (ours.document if ours is not None else "")
    fallback = f"row {theirs.row}" if theirs is not None else f"row {ours.row_id}" if ours is not None else ""
    return Leaf(cause, subject, amount, key or document or fallback, theirs, ours, detail, other, CERTAIN, rows, lines)
