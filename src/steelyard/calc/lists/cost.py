"""What lists cost: how many lines they keep for the rows that they read, estimated from what the ledger holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..errors import Problem
from ..facts import FACTS
from ..framework.model import FactList, Framework

SHARE = Fraction(1, 5)  # lines for each row above which a list is costly
MONTH = "month"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be counted of a list: the live keys of a kind of fact, in the columns that the ledger has of them."""

    list: str
    fact: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """An estimate: so many lines for so many rows of a kind of fact."""

    list: str
    fact: str
    lines: int
    rows: int

    @property
    def costly(self) -> bool:
        """Whether it keeps more than a fifth of the rows."""
        return self.lines > self.rows * SHARE

    def __str__(self) -> str:
        share = round(100 * Fraction(self.lines, self.rows)) if self.rows else 0
        return f"list `{self.list}` keeps about {self.lines:,} lines, {share} % of the {self.rows:,} rows of `{self.fact}`"


def asked_of(framework: Framework) -> list[Asked]:
    """What to count for each list that reads rows; nothing of keys that only master data know, nor of lists over lists."""
    found: dict[tuple[str, str], Asked] = {}
    for one in framework.lists.values():
        for fact, key in _keys_of(one):
            kind = FACTS[fact]
            if set(key) <= {*kind.by_name, *([MONTH] if kind.date else [])}:
                found.setdefault((one.name, fact), Asked(one.name, fact, key))
    return list(found.values())


def _keys_of(one: FactList) -> list[tuple[str, tuple[str, ...]]]:
    """The kinds of fact whose rows make lines, each with its columns of the key; columns that are matched otherwise make none."""
    if one.picked:
        return [(one.fact, one.one_per)] if one.fact else []
    joined = [column for column in one.columns.values() if column.match == one.one_per and not column.since]
    return [(column.measure.fact, column.theirs or column.match) for column in joined if column.measure is not None and column.measure.fact]


def judged(framework: Framework, problems: Sequence[Problem], costs: Sequence[Cost]) -> list[Problem]:
    """The problems with what is known in the place of what is feared: a list whose lines were counted is costly by that."""
    known = {cost.list: max((one for one in costs if one.list == cost.list), key=lambda one: Fraction(one.lines, max(one.rows, 1)))
             for cost in costs if cost.rows}  # fmt: skip
    places = {str(framework.lists[name].place) for name in known}
    kept = [problem for problem in problems if problem.code != "costly-list" or problem.where not in places]
    hint = "if the rows are enough, measure the fact itself; a coarser key keeps fewer lines"
    for name, cost in known.items():
        if cost.costly:
            found = f"one per {', '.join(framework.lists[name].one_per)}"
            kept.append(Problem("costly-list", str(cost), str(framework.lists[name].place), found, hint, "warning"))
    return kept
