"""The cheapest changes that together reach the next level, found by trying the real card.

*Effort* of a move is how far the KPI goes, as a share of its own goalposts: of the span between the ends of its points
rules, else of its `range`, else of the value it has. Another answer, or a value where there is none, counts as 1. Efforts
of several moves add up; nothing is assumed about money.

The search is a beam: from what the subject has, one KPI more is moved to a value at which a rule says something else, and
the combinations that bring most for their effort go on. What reaches the level is then made smaller, one KPI after the
other, the one that brings least for its effort first, by halving down to one step of its grain. Each combination told was
computed by the code that scores, and with any of its moves one step smaller it was seen not to be enough. That no other
combination is cheaper is not proved: of rules that are lines it is so, of others it may not be. It never takes chances:
the same situation gives the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from .framework.model import Framework, Kpi, Node
from .situation import Situation, Trial, stored_value
from .units import DECIMALS

BEAM = 4  # combinations that go on at each depth
DEEP = 6  # KPIs moved at most
WIDE = 12  # KPIs looked at
ENDS = 3  # values tried of each KPI
TRIES = 15  # values tried at once between two
ENOUGH = 3  # combinations that are made smaller
TRACKS = 4  # tracks looked at alone
TINY = Fraction(1, 10**9)  # instead of no effort at all
LEAST = 10 ** (DECIMALS["points"] - 2)  # a value that brings less than this more than a nearer one is not tried
REQUIREMENT = 20 * 10 ** DECIMALS["points"]  # what a requirement more that holds is worth in the search, in points


@dataclass(frozen=True, slots=True)
class Course:
    """Where one KPI may go: from ``start`` in one direction, in steps; the values worth trying, nearest first."""

    kpi: Kpi
    step: int
    now: int | None
    start: int
    values: tuple[int, ...]
    scale: Fraction  # of its effort, in steps
    answers: tuple[str, ...] = ()  # of a choice; values are then places among them

    def effort(self, value: int) -> Fraction:
        """How far a value is, as a share of what the KPI could go; another answer is the whole way, and so is a first value."""
        if self.answers or self.now is None:
            return Fraction(1)
        return abs(value - self.start) / self.scale

    def stored(self, value: int) -> int | str:
        """A value as it is stored."""
        return self.answers[value] if self.answers else value * self.step


@dataclass(frozen=True, slots=True)
class Move:
    """One KPI of a combination: from a value (None: no data) to another, both as stored."""

    kpi: str
    title: str
    unit: str
    now: int | str | None
    value: int | str


@dataclass(frozen=True, slots=True)
class Together:
    """Moves that together are enough, in the framework's order; ``effort`` in the sense above, ``gain`` of the total."""

    moves: tuple[Move, ...]
    effort: Fraction
    gain: int


Combination = tuple[tuple[str, int], ...]  # KPIs with their values in steps, in the order of their names


def cheapest(situation: Situation, courses: Sequence[Course], wanted: int) -> Together | None:
    """The cheapest combination that was found; None if none was."""
    search = _Search(situation, courses, wanted)
    found = list(search.reached(situation))
    for track in islice(tracks(situation.framework), TRACKS):
        found += search.reached(replace(situation, framework=track, _known={}))
    return search.best(found)


def tracks(framework: Framework) -> Iterator[Framework]:
    """For each track of a `best`, the framework with that track alone: what a track gains shows before it is the best one."""
    if framework.scorecard is not None:
        for root in _with_one_track(framework.scorecard):
            yield replace(framework, scorecard=root)


def _with_one_track(node: Node) -> Iterator[Node]:
    if node.combine == "best":
        yield from (replace(node, items=(item,)) for item in node.items)
    for place, item in enumerate(node.items):
        yield from (replace(node, items=(*node.items[:place], other, *node.items[place + 1 :])) for other in _with_one_track(item))


def scale_of(kpi: Kpi, ends: Iterable[Fraction], now: Fraction | None) -> Fraction:
    """How far a KPI could go, in natural units: the span of its rules, else its range, else the value it has, else one."""
    known = sorted(set(ends))
    if len(known) > 1:
        return known[-1] - known[0]
    if kpi.range is not None and kpi.range[1] > kpi.range[0]:
        return Fraction(kpi.range[1]) - Fraction(kpi.range[0])
    return abs(now) if now else max((abs(end) for end in known if end), default=Fraction(1))


class _Search:
    def __init__(self, situation: Situation, courses: Sequence[Course], wanted: int) -> None:
        self.real, self.wanted, self.courses = situation, wanted, courses
        self.at = situation
        self.now = situation.trials([{}])[0]
        self.by_name: dict[str, Course] = {}
        self.tried: dict[str, list[int]] = {}

    def best(self, found: Sequence[Combination]) -> Together | None:
        """The cheapest of some combinations, each made as small as it can be on the real card."""
        self.at, self.now = self.real, self.real.trials([{}])[0]
        by_kpis: dict[tuple[str, ...], Combination] = {}
        for one in sorted(found, key=self._order):
            by_kpis.setdefault(tuple(name for name, _ in one), one)
        smaller = [self._smaller(one) for one in islice(by_kpis.values(), ENOUGH)]
        best = min(smaller, key=self._order, default=None)
        if not best:
            return None
        (trial,) = self._trials([best])
        return Together(tuple(self._moves(best)), self._effort(best), (trial.total or 0) - (self.now.total or 0))

    # the beam --------------------------------------------------------------------------------------------------------

    def reached(self, within: Situation) -> list[Combination]:
        """Combinations that are enough on the real card, searched on a card ``within`` which a single track may show more."""
        self.at, self.now = within, within.trials([{}])[0]
        self._choose()
        beam: list[Combination] = [()]
        enough: dict[Combination, None] = {}
        seen: set[Combination] = set()
        for _ in range(min(DEEP, len(self.tried))):
            grown = [one for one in dict.fromkeys(more for one in beam for more in self._grown(one)) if one not in seen]
            seen.update(grown)
            trials = self._trials(grown)
            there = [one for one, trial in zip(grown, trials, strict=True) if trial.place >= self.wanted]
            enough.update(dict.fromkeys(one for one in there if self._is_enough(one)))
            going_on = [(self._worth(trial), one) for one, trial in zip(grown, trials, strict=True) if trial.place < self.wanted]
            if len(enough) >= ENOUGH or not going_on:
                break
            beam = self._best(going_on)
        return list(enough)

    def _is_enough(self, one: Combination) -> bool:
        return self.at is self.real or self.real.trials([self._stored(one)])[0].place >= self.wanted

    def _choose(self) -> None:
        """Of each KPI the direction and the values that alone bring most for their effort, and the farthest."""
        by_name = {course.kpi.name: course for course in self.courses}
        flat = [(course, value) for course in self.courses for value in course.values]
        trials = self.at.trials([{course.kpi.name: by_name[course.kpi.name].stored(value)} for course, value in flat])
        worth: dict[int, list[tuple[int, int]]] = {}
        for (course, value), trial in zip(flat, trials, strict=True):
            worth.setdefault(id(course), []).append((self._worth(trial), value))
        ranked: dict[str, tuple[Fraction, Course, list[int]]] = {}
        for course in self.courses:
            if not (found := worth.get(id(course))):
                continue
            telling = [found[0]]
            for brings, value in found[1:]:
                if brings > telling[-1][0] + LEAST:
                    telling.append((brings, value))
            far = max((value for _, value in found), key=course.effort)
            order = sorted(telling, key=lambda pair: -pair[0] / max(course.effort(pair[1]), TINY))
            ratio = order[0][0] / max(course.effort(order[0][1]), TINY)
            if course.kpi.name not in ranked or ratio > ranked[course.kpi.name][0]:
                ranked[course.kpi.name] = (ratio, course, list(dict.fromkeys([*(value for _, value in order[: ENDS - 1]), far])))
        chosen = sorted(ranked.items(), key=lambda pair: -pair[1][0])[:WIDE]
        self.by_name |= {name: course for name, (_, course, _) in chosen}
        self.tried = {name: values for name, (_, _, values) in chosen}

    def _grown(self, one: Combination) -> Iterator[Combination]:
        known = {name for name, _ in one}
        for name, values in self.tried.items():
            if name not in known:
                yield from (_with(one, name, value) for value in values)

    def _best(self, found: Sequence[tuple[int, Combination]]) -> list[Combination]:
        """Half of the beam by what they bring for their effort, half by what they bring."""
        by_ratio = sorted(found, key=lambda pair: (-pair[0] / self._effort(pair[1]), pair[1]))
        by_worth = sorted(found, key=lambda pair: (-pair[0], self._effort(pair[1]), pair[1]))
        return list(dict.fromkeys(one for _, one in (*by_ratio[: BEAM // 2], *by_worth[: BEAM // 2])))

    def _worth(self, trial: Trial) -> int:
        """What a trial brings: points of the total, and so many more for each requirement that holds."""
        solved = self.now.lacking - trial.lacking if trial.place == self.now.place else self.now.lacking * (trial.place - self.now.place)
        return (trial.total or 0) - (self.now.total or 0) + REQUIREMENT * solved

    # made smaller ----------------------------------------------------------------------------------------------------

    def _smaller(self, one: Combination) -> Combination:
        """The same with each move as small as it can be while the others stay, until one step less of any is not enough."""
        while True:
            for name in self._least_worth_first(one):
                one = self._least(one, name)
            if not any(trial.place >= self.wanted for trial in self._trials([self._less(one, name) for name, _ in one])):
                return one

    def _less(self, one: Combination, name: str) -> Combination:
        """One step less of one move; without it, if that is all it is."""
        course, value = self.by_name[name], dict(one)[name]
        if course.answers or value == course.start or (course.now is not None and abs(value - course.start) == 1):
            return _without(one, name)
        return _with(one, name, value + (1 if course.start > value else -1))

    def _least_worth_first(self, one: Combination) -> list[str]:
        whole, *without = self._trials([one, *(_without(one, name) for name, _ in one)])
        ratios = {
            name: (self._worth(whole) - self._worth(trial)) / max(self.by_name[name].effort(value), TINY)
            for (name, value), trial in zip(one, without, strict=True)
        }
        return sorted(ratios, key=lambda name: (ratios[name], name))

    def _least(self, one: Combination, name: str) -> Combination:
        """One KPI moved no farther than is needed, or not at all."""
        course, rest = self.by_name[name], _without(one, name)
        low, high = course.start, dict(one)[name]
        first = [rest] if course.now is not None or course.answers else [rest, _with(rest, name, low)]  # where it stands
        while True:
            count = 0 if course.answers else min(TRIES, max(abs(high - low) - 1, 0))
            between = list(dict.fromkeys(low + (high - low) * place // (count + 1) for place in range(1, count + 1)))
            trials = self._trials([*first, *(_with(rest, name, value) for value in between)])
            for earlier, trial in zip(first, trials, strict=False):
                if trial.place >= self.wanted:
                    return earlier
            for value, trial in zip(between, trials[len(first) :], strict=True):
                if trial.place >= self.wanted:
                    high = value
                    break
                low = value
            first = []
            if course.answers or abs(high - low) <= 1:
                return _with(rest, name, high)

    # what a combination is -------------------------------------------------------------------------------------------

    def _trials(self, combinations: Sequence[Combination]) -> list[Trial]:
        return self.at.trials([self._stored(one) for one in combinations]) if combinations else []

    def _stored(self, one: Combination) -> dict[str, int | str]:
        return {name: self.by_name[name].stored(value) for name, value in one}

    def _effort(self, one: Combination) -> Fraction:
        return sum((self.by_name[name].effort(value) for name, value in one), Fraction(0)) or TINY

    def _order(self, one: Combination) -> tuple[Fraction, int, Combination]:
        return self._effort(one), len(one), one

    def _moves(self, one: Combination) -> Iterator[Move]:
        values, stands = dict(one), {row["kpi"]: stored_value(row) for row in self.real.rows if row["kpi"]}
        for name, kpi in self.real.framework.kpis.items():
            if name in values:
                title = kpi.title or kpi.name.replace("_", " ").capitalize()
                yield Move(name, title, kpi.unit, stands[name], self.by_name[name].stored(values[name]))


def _with(one: Combination, name: str, value: int) -> Combination:
    return tuple(sorted((*_without(one, name), (name, value))))


def _without(one: Combination, name: str) -> Combination:
    return tuple(pair for pair in one if pair[0] != name)
