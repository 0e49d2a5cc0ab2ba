"""Items that say the same of nearly everybody, and gates that hit everybody or nobody, in a back-test."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from ..framework.numbers import spoken
from ..units import from_grain
from .backtest import Partners
from .card import Card
from .findings import Findings

SAME = Fraction(95, 100)
LEAST = 20  # partners


def check_varies(card: Card, partners: Partners, findings: Findings) -> None:
    """Report items with the same points for 95 % of partners, and gates that never or always hold."""
    for column in partners.cards.nodes():
        if column.kpi is not None and column.kpi.kpi.name not in partners.unknown:
            scored = [(points, place) for place, points in enumerate(column.points) if points is not None]
            if len(scored) >= LEAST:
                (most, count), *_ = Counter(points for points, _ in scored).most_common(1)
                if Fraction(count, len(scored)) >= SAME:
                    place = next(place for points, place in scored if points == most)
                    said = (
                        f"{count} of {len(scored)} partners have {spoken(from_grain(most, 'points'))} points ({partners.backtest.period})"
                    )
                    message = f"`{column.node.name}` hardly tells partners apart"
                    hint = "move its ends to where partners are, or leave the item out"
                    findings.add("never-varies", message, column.node.place, said, hint, witness=card.witness(partners.givens[place]))
        for gate in column.gates:
            held = sum(gate.holds(place) for place in range(len(gate.held)))
            if len(gate.held) < LEAST or 0 < held < len(gate.held):
                continue
            everybody = f"all {len(gate.held)} partners ({partners.backtest.period})"
            message = f"the gate `{gate.gate.rule.text}` of `{column.node.name}` hits {'nobody' if held else 'everybody'}"
            found = f"it {'holds' if held else 'does not hold'} for {everybody}"
            hint = "check that it can still do something" if held else "check the rule, and whether its data arrive"
            code = "gate-hits-nobody" if held else "gate-hits-everybody"
            if code == "gate-hits-nobody":
                findings.add("gate-hits-nobody", message, gate.gate.place, found, hint)
            else:
                findings.add("gate-hits-everybody", message, gate.gate.place, found, hint, witness=card.witness(partners.givens[0]))
