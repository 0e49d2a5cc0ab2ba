"""Why two inputs that lie side by side are scored differently: the gate, the track or the item that says something else."""

from __future__ import annotations

from dataclasses import dataclass

from ..framework.model import Gate, Place
from ..scorecards import Cards
from .card import Card
from .findings import Given


@dataclass(frozen=True, slots=True)
class Cause:
    """Where it stands, what happens there, what to do if it is not meant."""

    place: Place
    words: str
    hint: str


def cause_of(card: Card, givens: tuple[Given, Given]) -> Cause | None:
    """The first that differs: a gate, what is chosen, the item that loses most."""
    cards = card.cards(givens)
    return _gate(cards) or _choice(cards) or _fallen(cards)


def _gate(cards: Cards) -> Cause | None:
    for column in cards.nodes():
        for gate in column.gates:
            if gate.gate is not turned_gate(cards):
                continue
            if gate.gate.otherwise == "skip" and gate.holds(1):
                words = f"`{column.node.name}` then counts and pulls the mean down"
                return Cause(gate.gate.place, words, "let the item count for everybody, or give it a track of its own (`combine: best`)")
            words = f"then {gate.gate.rule.text} {'holds' if gate.holds(1) else 'no longer holds'}"
            return Cause(gate.gate.place, words, "let the rule ask for more of the KPI, never for less, or correct `better`")
    return None


def turned_gate(cards: Cards) -> Gate | None:
    """The first gate that holds for one and not for the other, and moves something: `fail` only moves what is chosen."""
    chosen = any(column.chosen is not None and column.chosen[0] != column.chosen[1] for column in cards.nodes())
    turned = [gate.gate for column in cards.nodes() for gate in column.gates if gate.holds(0) != gate.holds(1)]
    moving = [gate for gate in turned if gate.otherwise != "fail"] + [gate for gate in turned if gate.otherwise == "fail" and chosen]
    return moving[0] if moving else None


def _choice(cards: Cards) -> Cause | None:
    for column in cards.nodes():
        if column.chosen is not None and column.chosen[0] != column.chosen[1]:
            words = f"`{column.chosen[1]}` is then chosen instead of `{column.chosen[0]}`"
            return Cause(column.node.place, words, "a track that passes comes first even with fewer points; check that this is meant")
    return None


def _fallen(cards: Cards) -> Cause | None:
    leaves = [column for column in cards.nodes() if column.kpi is not None]
    for column in leaves:
        if column.points[0] is not None and column.points[1] is None:
            words = f"`{column.node.name}` then earns nothing ({column.reasons.get(1, 'no value')})"
            return Cause(column.node.place, words, "leave the end of the outermost band open, or set `range` of the KPI")
    falls = [((column.points[0] or 0) - (column.points[1] or 0), column.node) for column in leaves]
    fall, node = max(falls, key=lambda one: one[0], default=(0, None))
    if node is None or fall <= 0:
        return None
    return Cause(node.place, f"`{node.name}` then earns less", "two items read the KPI in opposite directions; let one of them go")
