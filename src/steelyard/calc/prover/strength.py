"""How strong vectors are: every number is changed by its last digit and every open end closed; what no vector notices is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from ..formula.nodes import Value
from ..formula.text import decimal_text
from ..framework.model import Framework
from ..units import from_grain
from ..vectors import Rerun, Vector
from .card import FIRST_SCENES, Card, Outcome, Ready
from .changes import Change, changes_of
from .findings import Finding, Findings, Given
from .inputs import Input

SHOWN = 6  # changes named in one finding
MOST_CANDIDATES = 200
AT_ONCE = 20  # candidates computed in one go; most changes show at one of the first
PROPOSED = 4  # vectors proposed in one finding


@dataclass
class Strength:
    """What became of the changes: how many there were, and those that no vector noticed, by the definition they are in."""

    tried: int = 0
    missed: dict[str, list[Change]] = field(default_factory=dict)


def prove_vectors(framework: Framework, vectors: Sequence[Vector]) -> list[Finding]:
    """The changes of a framework that its vectors would not notice."""
    findings = Findings()
    check_vectors(framework, vectors, findings)
    return findings.found


def check_vectors(framework: Framework, vectors: Sequence[Vector], findings: Findings) -> Strength:
    """Report definitions with changes that no vector notices, with vectors that would; vectors that fail notice nothing."""
    strength = Strength()
    rerun = Rerun(framework, vectors)
    for change in changes_of(framework):
        strength.tried += 1
        if not rerun.notices(change.framework):
            strength.missed.setdefault(change.of, []).append(change)
    proposing = _Proposing(Card.of(framework))
    for changes in strength.missed.values():
        _report(proposing, changes, findings)
    return strength


def _report(proposing: _Proposing, changes: list[Change], findings: Findings) -> None:
    first = changes[0]
    said = "; ".join(change.said for change in changes[:SHOWN])
    more = f"; and {len(changes) - SHOWN} more" if len(changes) > SHOWN else ""
    count = "a change" if len(changes) == 1 else f"{len(changes)} changes"
    message = f"{count} of {first.of} would pass unnoticed"
    proposed = proposing.vectors(changes)
    hint = "add a vector that touches it"
    if proposed:
        hint = "add the vectors proposed: they hold as the framework stands, and would notice"
    findings.add("unvectored", message, first.place, said + more, hint, witness="\n".join(proposed))


@dataclass
class _Proposing:
    """Vectors that would notice changes; what the card says as it stands is computed once for each input."""

    card: Card
    _now: dict[tuple[tuple[str, Value], ...], Outcome] = field(default_factory=dict)

    def vectors(self, changes: Sequence[Change]) -> list[str]:
        """Whole vectors with what the card says now, each seen to notice a change that none noticed before."""
        found: dict[str, None] = {}
        for change in changes:
            shown = self._shown(change)
            if shown is not None:
                found[_vector(self.card, *shown)] = None
            if len(found) >= PROPOSED:
                break
        return list(found)

    def _shown(self, change: Change) -> tuple[str, Given] | None:
        """The first input, and what was varied in it, at which the change shows."""
        changed = self.card.changed(change.framework)
        alike = changed.framework.kpis == self.card.framework.kpis and change.framework.settings == self.card.framework.settings
        candidates = _candidates(self.card, change)
        for start in range(0, len(candidates), AT_ONCE):
            part = candidates[start : start + AT_ONCE]
            givens = [given for _, given in part]
            ready = self.card.ready(givens)
            then = changed.outcomes(ready if alike else givens)
            for shown, now, other in zip(part, self._as_it_stands(givens, ready), then, strict=True):
                if now != other:
                    return shown
        return None

    def _as_it_stands(self, givens: Sequence[Given], ready: Ready) -> list[Outcome]:
        keys = [tuple(given.items()) for given in givens]
        if any(key not in self._now for key in keys):
            self._now.update(zip(keys, self.card.outcomes(ready), strict=True))
        return [self._now[key] for key in keys]


def _candidates(card: Card, change: Change) -> list[tuple[str, Given]]:
    """Inputs at which the change may show: (the one that is varied, the whole input), the likeliest first."""
    names = [change.touching[0]] if change.touching is not None and change.touching[0] in card.inputs else list(card.inputs)
    found: list[tuple[str, Given]] = []
    for which in ("middle", "best", "worst"):
        for scene in card.scenes[:FIRST_SCENES]:
            base = card.everything(which, scene)
            for name in names:
                likely = change.touching[1] if change.touching is not None else ()
                found += [(name, {**base, name: value}) for value in dict.fromkeys((*likely, *_values(card.inputs[name])))]
    return found[:MOST_CANDIDATES]


def _values(one: Input) -> list[Value]:
    """Where something changes, and halfway between."""
    found: list[Value] = list(one.values)
    if one.step is not None:
        for low, high in pairwise(one.values):
            if isinstance(low, int | Fraction) and isinstance(high, int | Fraction):
                found.append(one.at((Fraction(low) + Fraction(high)) / 2))
    return found


def _vector(card: Card, name: str, given: Given) -> str:
    outcome = card.outcome(given)
    expect = []
    if outcome.total is not None:
        expect.append(f"points: {decimal_text(from_grain(outcome.total, 'points'))}")
    elif card.framework.scorecard is not None:
        expect.append("points: null")
    if card.framework.levels:
        expect.append(f"level: {'null' if outcome.place < 0 else card.framework.levels[outcome.place].name}")
    return f'- {{name: "{name} {card.say(name, given[name])}", {card.witness(given)}, expect: {{{", ".join(expect)}}}}}'
