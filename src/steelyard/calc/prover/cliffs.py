"""Cliffs: the smallest step of one value that moves a partner by more than one level, or by more than a tenth of the card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from ..formula.nodes import Value
from ..framework.model import Place
from ..framework.numbers import spoken
from ..units import DECIMALS, from_grain
from .backgrounds import Background
from .card import Card, Outcome
from .causes import turned_gate
from .findings import Findings, Given
from .inputs import Input, exact

LARGE = Fraction(1, 10)  # of what the card is out of
_GRAIN = 10 ** DECIMALS["points"]


@dataclass(frozen=True, slots=True)
class Jump:
    """One step of one input, upwards, and what the card says below and above it."""

    one: Input
    base: Background
    below: Value
    above: Value
    first: Outcome
    second: Outcome

    @property
    def levels(self) -> int:
        """Levels between the two."""
        return abs(self.second.place - self.first.place)

    @property
    def points(self) -> int:
        """Points between the two, in their grain; losing the score altogether counts as all of it."""
        return abs((self.second.total or 0) - (self.first.total or 0))

    @property
    def givens(self) -> tuple[Given, Given]:
        return {**self.base.given, self.one.name: self.below}, {**self.base.given, self.one.name: self.above}


def check_cliffs(card: Card, backgrounds: Sequence[Background], findings: Findings) -> None:
    """One finding for each input with a cliff, with its highest one as witness."""
    limit = _limit(card, backgrounds)
    found: dict[str, list[Jump]] = {}
    for jump in _jumps(card, backgrounds):
        if jump.levels > 1 or (limit is not None and jump.points > limit):
            found.setdefault(jump.one.name, []).append(jump)
    for jumps in found.values():
        _report(card, jumps, findings)


def _limit(card: Card, backgrounds: Sequence[Background]) -> Fraction | None:
    root = card.framework.scorecard
    if root is None:
        return None
    if root.out_of is not None:
        return Fraction(root.out_of) * _GRAIN * LARGE
    best = [outcome.total for outcome in card.outcomes([base.given for base in backgrounds]) if outcome.total is not None]
    return max(best, default=0) * LARGE if best and max(best) > 0 else None


def _jumps(card: Card, backgrounds: Sequence[Background]) -> list[Jump]:
    """Every pair of neighbouring values that lie one step apart, and the crossings of levels between others."""
    pairs: list[tuple[Input, Background, Value, Value]] = []
    for one in card.inputs.values():
        if one.step is not None:
            pairs += [(one, base, below, above) for base in backgrounds for below, above in pairwise(one.values)]
    found = card.varied(backgrounds, dict.fromkeys(one.name for one, *_ in pairs))
    jumps = [Jump(one, base, below, above, found[base, one.name, below], found[base, one.name, above]) for one, base, below, above in pairs]
    crossing = [_narrowed(card, jump) for jump in jumps if not _is_step(jump) and jump.levels > 1]
    return [jump for jump in (*jumps, *crossing) if _is_step(jump)]


def _is_step(jump: Jump) -> bool:
    return Fraction(jump.above) - Fraction(jump.below) == jump.one.step  # type: ignore[arg-type]


def _narrowed(card: Card, jump: Jump) -> Jump:
    """The half with more levels, again and again, until one step is left."""
    one = jump.one
    while not _is_step(jump) and jump.levels > 1:
        low, high = Fraction(jump.below), Fraction(jump.above)  # type: ignore[arg-type]
        middle = exact(low + (int((high - low) / (one.step or 1)) // 2) * (one.step or 1))
        outcome = card.outcome({**jump.base.given, one.name: middle})
        halves = (
            Jump(one, jump.base, jump.below, middle, jump.first, outcome), Jump(one, jump.base, middle, jump.above, outcome, jump.second),
        )  # fmt: skip
        jump = max(halves, key=lambda half: (half.levels, half.points))
    return jump


def _report(card: Card, jumps: list[Jump], findings: Findings) -> None:
    most = max(jumps, key=lambda jump: (jump.levels if jump.levels > 1 else 1, jump.points))
    one = most.one
    moved = f"{spoken(exact(Fraction(from_grain(most.points, 'points'))))} points"
    if most.levels > 1:
        moved = f"{most.levels} levels" + (f" and {moved}" if most.points else "")
    places = {jump.above for jump in jumps}
    message = f"the smallest step of `{one.name}` moves a partner by {moved}"
    if len(places) > 1:
        message += f"; {len(places)} of its values do the like"
    found = (
        f"{card.say(one.name, most.below)}: {card.says(most.first)}; {card.say(one.name, most.above)}: {card.says(most.second)}"
        f" ({most.base.words})"
    )
    place, is_gate = _place(card, most)
    hint = "use a `line` instead of a jump, more bands, or a smaller weight"
    if is_gate:
        hint = "it is a gate: make sure that it is meant to weigh so much, or let it take less away"
    findings.add("cliff", message, place, found, hint, witness=card.witness(*most.givens))


def _place(card: Card, jump: Jump) -> tuple[Place, bool]:
    """The gate that turns, else the item whose points move most, else the level that is lost; and whether it is a gate."""
    cards = card.cards(jump.givens)
    turned = turned_gate(cards)
    if turned is not None:
        return turned.place, True
    leaves = [column for column in cards.nodes() if column.kpi is not None and column.kpi.kpi.name == jump.one.name]
    moved = [(abs((column.points[0] or 0) - (column.points[1] or 0)), column.node) for column in leaves]
    size, node = max(moved, key=lambda one: one[0], default=(0, None))
    if node is not None and size:
        return node.place, False
    higher = max(jump.first.place, jump.second.place)
    return (card.framework.levels[higher].place if higher >= 0 else Place(f"kpis.{jump.one.name}")), False
