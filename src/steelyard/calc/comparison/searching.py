"""What alone accounts exactly for a difference, where no lines tell: one row, one order or one group of rows, or two of them.

A hit is only told where it is the only one: several that fit are no explanation. It is likely, never certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from .lines import Ours, Theirs

NEAR = timedelta(days=31)  # how far outside the period rows are looked at
MOST_FOR_PAIRS = 300  # candidates; of more, two that fit by chance are not rare enough
Verb = Literal["twice", "missing", "return", "period", "rule", "rate", "sum"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that would move their figure away from ours: ``amount`` leads from theirs to ours."""

    cause: str
    amount: int
    key: str
    detail: str = ""
    rows: tuple[Ours, ...] = ()
    theirs: Theirs | None = None

    @property
    def same(self) -> Hashable:
        """Candidates that mean one thing: the same rows with the same effect."""
        return (
            self.amount,
            tuple(sorted(row.row_id for row in self.rows)),
            self.theirs.row if self.theirs else 0,
            "" if self.rows else self.key,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What fits. ``ways``: how many explanations fit equally well; only one is an explanation."""

    candidates: tuple[Candidate, ...] = ()
    ways: int = 0


def search(difference: int, candidates: Iterable[Candidate]) -> Found:
    """The one candidate, else the one pair, that adds up to the difference exactly."""
    named: dict[Hashable, Candidate] = {}
    for candidate in candidates:
        if candidate.amount:
            named.setdefault(candidate.same, candidate)
    distinct = list(named.values())
    single = [candidate for candidate in distinct if candidate.amount == difference]
    if single:
        return Found((single[0],), 1) if len(single) == 1 else Found((), len(single))
    if len(distinct) > MOST_FOR_PAIRS:
        return Found()
    pairs = list(_pairs(difference, distinct))
    return Found(pairs[0], 1) if len(pairs) == 1 else Found((), len(pairs))


def _pairs(difference: int, candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, ...]]:
    by_amount: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        for other in by_amount.get(difference - candidate.amount, ()):
            if not {row.row_id for row in other.rows} & {row.row_id for row in candidate.rows}:
                yield other, candidate
        by_amount[candidate.amount].append(candidate)


def from_rows(rows: Sequence[Ours]) -> list[Candidate]:
    """What the rows of a subject, inside the period and near it, could have done to a figure of theirs."""
    found: list[Candidate] = []
    documents: dict[str, list[Ours]] = defaultdict(list)
    reasons: dict[str, list[Ours]] = defaultdict(list)
    returns = [row for row in rows if row.counted and row.value < 0]
    for row in rows:
        documents[row.document].append(row)
        if row.inside and row.reason is not None:
            reasons[row.reason].append(row)
    for document, own in documents.items():
        found += _of_rows(own, document)
        if len(own) > 1:
            found += [candidate for row in own for candidate in _of_rows([row], document)]
    found.append(Candidate("return", _sum(returns), "returns", rows=tuple(returns)))
    found += [Candidate("rule", -_sum(own), reason, reason, tuple(own)) for reason, own in reasons.items()]
    return found + _by_days(rows)


def _of_rows(own: Sequence[Ours], key: str) -> Iterator[Candidate]:
    counted = tuple(row for row in own if row.counted)
    outside = tuple(row for row in own if not row.inside and row.reason is None)
    excluded = tuple(row for row in own if row.inside and row.reason is not None)
    if counted:
        yield Candidate("twice", -_sum(counted), key, rows=counted)
        yield Candidate("return" if _sum(counted) < 0 else "missing", _sum(counted), key, rows=counted)
    if outside:
        yield Candidate("period", -_sum(outside), key, rows=outside)
    if excluded:
        yield Candidate("rule", -_sum(excluded), key, excluded[0].reason or "", excluded)


def _by_days(rows: Sequence[Ours]) -> list[Candidate]:
    """The first days after the period, the last before it, and the first and last of it: a period cut on another day."""
    inside = sorted((row for row in rows if row.counted and row.day), key=lambda row: str(row.day))
    outside = sorted((row for row in rows if not row.inside and row.reason is None and row.day), key=lambda row: str(row.day))
    if not inside:
        return []
    first, last = inside[0].day, inside[-1].day
    assert first is not None and last is not None
    after = [row for row in outside if row.day is not None and row.day > last]
    before = [row for row in reversed(outside) if row.day is not None and row.day < first]
    found = [Candidate("period", -_sum(part), f"until {part[-1].day}", str(part[-1].day), tuple(part)) for part in _runs(after)]
    found += [Candidate("period", -_sum(part), f"from {part[-1].day}", str(part[-1].day), tuple(part)) for part in _runs(before)]
    found += [Candidate("period", _sum(part), f"without until {part[-1].day}", str(part[-1].day), tuple(part)) for part in _runs(inside)]
    found += [
        Candidate("period", _sum(part), f"without from {part[-1].day}", str(part[-1].day), tuple(part)) for part in _runs(inside[::-1])
    ]
    return found


def _runs(rows: Sequence[Ours]) -> Iterator[Sequence[Ours]]:
    """The rows of the first day, of the first two days, …; never all of them."""
    for place in range(1, len(rows)):
        if rows[place].day != rows[place - 1].day:
            yield rows[:place]


def from_lines(lines: Sequence[Theirs]) -> list[Candidate]:
    """What could make a workbook's figure another than the sum of its own lines: one left out, one added twice."""
    found = []
    for line in lines:
        found.append(Candidate("sum", line.value, f"without row {line.row}", "left out", theirs=line))
        found.append(Candidate("sum", -line.value, f"row {line.row} twice", "added twice", theirs=line))
    return found


def _sum(rows: Iterable[Ours]) -> int:
    return sum(row.value for row in rows)
