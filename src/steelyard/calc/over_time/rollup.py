"""Roll-ups: one level for a partner from the cards of its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..environment import Surroundings
from ..formula.nodes import Call, Value
from ..framework.model import Framework, Level
from ..points import Points


@dataclass(frozen=True, slots=True)
class RolledUp:
    """What the parts make together. ``parts``: each part's level, in the order of the points."""

    subject: str
    level: str | None
    parts: tuple[tuple[tuple[str, ...], str | None], ...]


@dataclass(frozen=True, slots=True)
class _Parts:
    """Answers `parts(rule)`: how many parts of each subject meet the rule."""

    around: Surroundings
    owners: Sequence[str]
    subjects: Sequence[str]

    def look(self, call: Call, present: Surroundings) -> list[Value]:
        """The number of parts, for every rolled-up subject."""
        counts = dict.fromkeys(self.subjects, 0)
        for owner, holds in zip(self.owners, self.around.values(call.arguments[0]), strict=True):
            counts[owner] += holds is True
        return [counts[subject] for subject in self.subjects]


def roll_up(framework: Framework, around: Surroundings, levels: Sequence[str | None]) -> list[RolledUp]:
    """One result per subject of `to`, in order of name. ``around``: what a rule about a part sees; ``levels``: theirs."""
    rules = framework.rollup
    if rules is None:
        return []
    place = framework.subject.index(rules.to)
    owners = [subject[place] for subject in around.points.subjects]
    subjects = sorted(set(owners))
    inside: dict[str, list[int]] = {subject: [] for subject in subjects}
    for position, owner in enumerate(owners):
        inside[owner].append(position)
    as_of = [around.points.as_of[inside[subject][0]] for subject in subjects]
    whole = Points([(subject,) for subject in subjects], as_of, {rules.to: list(subjects)})
    own = Surroundings(framework, whole, {}, {}, past=_Parts(around, owners, subjects))
    reached = [_all_hold(level, own, len(subjects)) for level in rules.levels]
    found = []
    for number, subject in enumerate(subjects):
        parts = tuple((around.points.subjects[position], levels[position]) for position in inside[subject])
        level = _of_parts(framework, [level for _, level in parts])
        for above, holds in zip(rules.levels, reached, strict=True):
            level = above.name if holds[number] else level
        found.append(RolledUp(subject, level, parts))
    return found


def _of_parts(framework: Framework, levels: Sequence[str | None]) -> str | None:
    """The highest or lowest level among the parts; a part without a level is below all."""
    places = {level.name: place for place, level in enumerate(framework.levels)}
    rules = framework.rollup
    if rules is None or rules.level == "none" or not levels:
        return None
    choose = max if rules.level == "highest" else min
    return choose(levels, key=lambda level: places.get(level or "", -1))


def _all_hold(level: Level, around: Surroundings, count: int) -> list[bool]:
    """Whether every requirement of a level holds; a blank does not."""
    holds = [True] * count
    for formula in level.require:
        holds = [before and value is True for before, value in zip(holds, around.values(formula), strict=True)]
    for group in level.any:
        ways = [[around.values(formula) for formula in way] for way in group]
        holds = [before and any(all(one[n] is True for one in way) for way in ways) for n, before in enumerate(holds)]
    return holds
