"""Gates that never hold or always hold: they hit everybody or nobody, whatever partners do."""

from __future__ import annotations

from collections.abc import Iterator

from ..framework.model import Gate, Node
from .card import Card
from .findings import Findings
from .reachable import Closed, placed, why_closed
from .requirements import MOST_WAYS, case_of, conjunctions


def check_gates(card: Card, findings: Findings) -> None:
    """Report each gate whose rule, or whose opposite, contradicts itself, a range or the points that can be earned."""
    if card.framework.scorecard is None:
        return
    for node, gate in _gates(card.framework.scorecard):
        never = _closed(card, node, gate, True)
        if never is not None:
            place, lines = placed(card, never, gate.place)
            message = f"the gate `{gate.rule.text}` of `{node.name}` never holds: {never.said}"
            findings.add("gate-never-holds", message, place, lines, "it hits everybody; correct the rule or take it out")
            continue
        always = _closed(card, node, gate, False)
        if always is not None:
            message = f"the gate `{gate.rule.text}` of `{node.name}` holds for everybody with data"
            why = " and ".join(f"`{text}`" for text in always.rules if text != gate.rule.text)
            hint = "it stops nobody; correct the rule or take it out"
            findings.add("gate-always-holds", message, gate.place, f"because {why}" if why else "", hint)


def _closed(card: Card, node: Node, gate: Gate, holds: bool) -> Closed | None:
    """Why the rule (or its opposite) can be true for nobody, or None; nothing is said of rules with too many ways to hold."""
    found, ways = None, conjunctions(gate.rule, holds)
    if len(ways) >= MOST_WAYS:
        return None
    for rules in ways:
        for scene in card.scenes:
            found = why_closed(card, case_of(card, rules, scene), node.name)
            if found is None:
                return None
    return found


def _gates(node: Node) -> Iterator[tuple[Node, Gate]]:
    for gate in node.require:
        yield node, gate
    for item in node.items:
        yield from _gates(item)
