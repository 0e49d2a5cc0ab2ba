"""Doing better lowers the total or the level: gates, skipped items and KPIs that several items share can do that."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from ..formula.nodes import Value
from ..framework.model import Place
from .backgrounds import Background, mixed
from .card import Card, Outcome
from .causes import cause_of
from .findings import Findings, Given
from .inputs import Input, exact


@dataclass(slots=True)
class Step:
    """Two values of one input, the second better, and what the card says at both."""

    one: Input
    base: Background
    worse: Value
    better: Value
    before: Outcome
    after: Outcome

    @property
    def givens(self) -> tuple[Given, Given]:
        return {**self.base.given, self.one.name: self.worse}, {**self.base.given, self.one.name: self.better}

    @property
    def loss(self) -> tuple[int, int]:
        """Levels and points lost; nothing where it is not (0, 0) or more."""
        levels = max(0, self.before.place - self.after.place)
        if self.before.total is None:
            return levels, 0
        return levels, max(0, self.before.total - (self.after.total or 0))

    @property
    def loses(self) -> bool:
        """Whether the better value is worth less."""
        return self.loss > (0, 0)


def steps_of(card: Card, backgrounds: list[Background], names: set[str]) -> list[Step]:
    """Every pair of neighbouring values of every input, over all backgrounds, from worse to better."""
    pairs: list[tuple[Input, Background, Value, Value]] = []
    for one in card.inputs.values():
        if one.name not in names:
            continue
        for base in backgrounds:
            for way in one.ways:
                pairs += [(one, base, worse, better) for worse, better in pairwise(way)]
    found = card.varied(backgrounds, names)
    return [
        Step(one, base, worse, better, found[base, one.name, worse], found[base, one.name, better]) for one, base, worse, better in pairs
    ]


def check_doing_better(card: Card, backgrounds: list[Background], opposed: set[str], findings: Findings) -> None:
    """One finding for each KPI whose better value can be worth less, with the two nearest values that show it."""
    names = {name for name, one in card.inputs.items() if one.ways and name not in opposed}
    worst = _worst(card, backgrounds, names)
    worst |= _worst(card, mixed(card), names - worst.keys())
    for step in worst.values():
        _report(card, _narrow(card, step), findings)


def _worst(card: Card, backgrounds: list[Background], names: set[str]) -> dict[str, Step]:
    """The step that loses most, of every input that has one."""
    worst: dict[str, Step] = {}
    for step in steps_of(card, backgrounds, names):
        name = step.one.name
        if step.loses and (name not in worst or step.loss > worst[name].loss):
            worst[name] = step
    return worst


def _narrow(card: Card, step: Step) -> Step:
    """The same loss between values that lie as close as possible."""
    one = step.one
    while one.step is not None and isinstance(step.worse, int | Fraction) and isinstance(step.better, int | Fraction):
        width = abs(Fraction(step.better) - Fraction(step.worse)) / one.step
        if width <= 1:
            break
        middle = exact(step.worse + (1 if step.better > step.worse else -1) * (int(width) // 2) * one.step)
        found = card.outcome({**step.base.given, one.name: middle})
        halves = [
            Step(one, step.base, step.worse, middle, step.before, found),
            Step(one, step.base, middle, step.better, found, step.after),
        ]
        step = max(halves, key=lambda half: half.loss)
    return step


def _report(card: Card, step: Step, findings: Findings) -> None:
    place, because, hint = _cause(card, step)
    one = step.one
    what = "level" if step.loss[0] else "score"
    message = f"a better `{one.name}` lowers the {what}{because}"
    found = (
        f"{card.say(one.name, step.worse)}: {card.says(step.before)}; {card.say(one.name, step.better)}: {card.says(step.after)}"
        f" ({step.base.words})"
    )
    findings.add("better-scores-less", message, place, found, hint, witness=card.witness(*step.givens))


def _cause(card: Card, step: Step) -> tuple[Place, str, str]:
    """What changed between the two: a gate, a track, a level's requirement, an item; where it stands and what to do."""
    cause = cause_of(card, step.givens)
    if cause is not None:
        return cause.place, f": {cause.words}", cause.hint
    if step.loss[0]:
        level = card.framework.levels[step.before.place]
        return level.place, f": {level.name} asks for a worse value", "let the level ask for more of the KPI, or correct `better`"
    root = card.framework.scorecard
    place = root.place if root is not None else Place(f"kpis.{step.one.name}")
    return place, "", "look at what reads the KPI"
