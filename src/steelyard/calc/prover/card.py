"""The real card of one framework for any values of its inputs: what every finding is shown on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Protocol

from .. import kpis as kpis_module
from .. import scorecards
from ..formula.nodes import Value, names_in
from ..framework.model import Framework, Level
from ..framework.numbers import spoken
from ..kpis import KpiColumn
from ..points import Points, Reading, ReadingColumn
from ..scorecards import Cards
from ..situation import judging
from ..units import Blank, from_grain
from .findings import Given, written
from .inputs import Input, attribute_values, combinations, inputs_of

MOST_SCENES = 64

FIRST_SCENES = 2  # of attributes that checks over many values look at


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the card says: total in the grain of points, place of the level (-1: none), whether it passes."""

    total: int | None
    place: int
    passes: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """Inputs with their KPIs computed: what cards that differ in points, gates and levels have in common."""

    points: Points
    readings: Mapping[Reading, ReadingColumn]
    kpis: Mapping[str, KpiColumn]

    def __len__(self) -> int:
        return len(self.points)


class Base(Protocol):
    """Values of all inputs, one of which is then varied. Equal to itself alone."""

    @property
    def given(self) -> Given:
        """The values."""
        ...


@dataclass
class Card:
    """A framework, reduced to the KPIs its card needs; ``scenes`` are the attributes that it tells apart."""

    framework: Framework
    inputs: dict[str, Input]
    scenes: list[dict[str, Value]]
    held: frozenset[str] = frozenset()  # levels that have to be held for a time, which one point does not show
    _varied: dict[tuple[Base, str, Value], Outcome] = field(default_factory=dict)

    @classmethod
    def of(cls, framework: Framework) -> Card:
        """The card of a framework."""
        inputs = inputs_of(framework)
        held = frozenset(level.name for level in framework.levels if level.held is not None and level.held.lasting is not None)
        return cls(_needed(framework, inputs), inputs, _scenes(framework), held)

    def changed(self, framework: Framework) -> Card:
        """The card of a framework that differs in numbers and ends, with the inputs of this one."""
        return Card(_needed(framework, self.inputs), self.inputs, self.scenes, self.held)

    @property
    def day(self) -> date:
        """The as-of date, as vectors take it."""
        return self.framework.effective or date(2000, 1, 1)

    @property
    def has_score(self) -> bool:
        """Whether it scores anything."""
        return self.framework.scorecard is not None or bool(self.framework.levels)

    def ready(self, givens: Sequence[Given]) -> Ready:
        """These inputs, as far as their KPIs."""
        framework, count = self.framework, len(givens)
        names = {name for given in givens for name in given if name not in self.inputs}
        attributes = {name: [given.get(name, Blank("not given")) for given in givens] for name in sorted(names)}
        points = Points([("subject",) * len(framework.subject)] * count, [self.day] * count, attributes)
        readings: dict[Reading, ReadingColumn] = {}
        values: dict[str, list[Value]] = {}
        for name, one in self.inputs.items():
            column = [given.get(name, Blank("not given")) for given in givens]
            if one.part == "kpis":
                values[name] = column
            else:
                measure, _, window = name.removesuffix("]").partition("[")
                readings[Reading(measure, window or None)] = ReadingColumn(column, [0] * count)
        return Ready(points, readings, kpis_module.compute(framework, points, readings, given=values))

    def cards(self, givens: Sequence[Given] | Ready, framework: Framework | None = None, *, shared: bool = True) -> Cards:
        """The scorecards of these inputs, by the code that scores; ``shared`` False: totals and levels alone.

        ``framework``: another with the same KPIs.
        """
        ready = givens if isinstance(givens, Ready) else self.ready(givens)
        return scorecards.compute(framework or self.framework, ready.points, ready.kpis, ready.readings, shared=shared)

    def outcomes(self, givens: Sequence[Given] | Ready) -> list[Outcome]:
        """Total and level of these inputs."""
        if not givens:
            return []
        cards = self.cards(givens, shared=False)
        places = {level.name: place for place, level in enumerate(self.framework.levels)}
        return [
            Outcome(total, -1 if level is None else places[level], passes)
            for total, level, passes in zip(cards.totals, cards.levels.levels, cards.passes, strict=True)
        ]

    def outcome(self, given: Given) -> Outcome:
        """Total and level of one input."""
        return self.outcomes([given])[0]

    def varied(self, bases: Sequence[Base], names: Collection[str]) -> Mapping[tuple[Base, str, Value], Outcome]:
        """Total and level with each of these inputs at each of its values, the rest as in a base; each is computed once."""
        places = [(base, name, value) for base in bases for name in names for value in self.inputs[name].values]
        new = [place for place in places if place not in self._varied]
        found = self.outcomes([{**base.given, name: value} for base, name, value in new])
        self._varied.update(zip(new, found, strict=True))
        return self._varied

    def meets(self, givens: Sequence[Given], level: Level) -> list[bool]:
        """Whether these inputs earn this very level, whatever the others ask for."""
        alone = tuple(one if one.name == level.name else replace(one, require=(), any=((),)) for one in self.framework.levels)
        earned = self.cards(givens, replace(self.framework, levels=alone), shared=False).levels.levels
        return [name == level.name for name in earned]

    def everything(self, which: str, scene: Mapping[str, Value]) -> dict[str, Value]:
        """All inputs at their worst, middle or best."""
        values: dict[str, Value] = {}
        for name, one in self.inputs.items():
            values[name] = one.worst if which == "worst" else one.best if which == "best" else one.middle
        return {**values, **scene}

    # words ----------------------------------------------------------------------------------------------------------

    def witness(self, *givens: Given) -> str:
        """The given parts of vectors, as they are pasted."""
        lines = []
        for given in givens:
            parts = []
            for part in ("kpis", "measures", "attributes"):
                held = {name: value for name, value in given.items() if self._part(name) == part}
                inner = ", ".join(f"{_key(name)}: {written(value, self._unit(name))}" for name, value in held.items())
                parts += [f"{part}: {{{inner}}}"] if inner else []
            lines.append(f"given: {{{', '.join(parts)}}}")
        return "\n".join(lines)

    def _part(self, name: str) -> str:
        return self.inputs[name].part if name in self.inputs else "attributes"

    def _unit(self, name: str) -> str:
        return self.inputs[name].unit if name in self.inputs else "number"

    def say(self, name: str, value: Value) -> str:
        """A value as people read it."""
        if isinstance(value, Blank):
            return "no data"
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            return f"“{value}”"
        return spoken(value, self._unit(name), self.framework.currency)

    def says(self, outcome: Outcome) -> str:
        """An outcome as people read it: `68.5 points, Silver`."""
        parts = []
        if self.framework.scorecard is not None:
            parts.append("no score" if outcome.total is None else f"{spoken(from_grain(outcome.total, 'points'))} points")
        if self.framework.levels:
            name = "no level" if outcome.place < 0 else self.framework.levels[outcome.place].name
            parts.append(f"{name} if held" if name in self.held else name)
        return ", ".join(parts)


def _key(name: str) -> str:
    return f'"{name}"' if "[" in name else name


def _needed(framework: Framework, inputs: Mapping[str, Input]) -> Framework:
    """The framework with the KPIs that its card needs and no others, and without what one point does not show."""
    wanted = {name for name, one in inputs.items() if one.part == "kpis"}
    left = [name for name in framework.kpis if name not in wanted]
    grown = True
    while grown:
        grown = False
        for name in left:
            reads = names_in(framework.kpis[name].formula.tree)
            if name not in wanted and reads & framework.kpis.keys() and reads & framework.kpis.keys() <= wanted:
                wanted.add(name)
                grown = True
    kept = {name: replace(kpi, target=None) for name, kpi in framework.kpis.items() if name in wanted}
    levels = tuple(replace(level, held=None) for level in framework.levels)
    return replace(framework, kpis=kept, levels=levels, standing=None, rollup=None, triggers=())


def _scenes(framework: Framework) -> list[dict[str, Value]]:
    """The attributes of subjects that the card tells apart, those only that the framework applies to."""
    names = sorted(_attributes(framework))
    choices = [(name, attribute_values(framework, name)) for name in names]
    scenes = list(combinations([(name, values) for name, values in choices if values], MOST_SCENES))
    if framework.applies_to is None:
        return scenes
    attributes = {name: [scene[name] for scene in scenes] for name in (scenes[0] if scenes else {})}
    points = Points([("subject",) * len(framework.subject)] * len(scenes), [date(2000, 1, 1)] * len(scenes), attributes)
    return [scenes[place] for place in kpis_module.applicable(framework, points)] or scenes[:1]


def _attributes(framework: Framework) -> set[str]:
    formulas = [*judging(framework), *([framework.applies_to] if framework.applies_to else [])]
    named = {name for formula in formulas for name in names_in(formula.tree)}
    known = {"points", "overall", "passes", "lowest_item", "level", "as_of", "total"}
    return named - known - framework.kpis.keys() - framework.measures.keys() - framework.settings.keys()
