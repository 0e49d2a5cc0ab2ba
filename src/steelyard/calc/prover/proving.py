"""All checks, in the order in which people should read them: what cannot be, what goes the wrong way, what surprises."""

from __future__ import annotations

from ..framework.model import Framework
from .attainable import check_attainable
from .backgrounds import backgrounds_of
from .best_total import check_best_total
from .card import Card
from .cliffs import check_cliffs
from .directions import check_directions
from .doing_better import check_doing_better
from .findings import Finding, Findings
from .gates import check_gates
from .no_data import check_no_data
from .reachable import check_reachable
from .together import check_together


def prove(framework: Framework) -> list[Finding]:
    """What the framework does that its author may not have meant. Deterministic: the same text, the same findings."""
    findings = Findings()
    card = Card.of(framework)
    if not card.has_score:
        return []
    backgrounds = backgrounds_of(card)
    reached = check_reachable(card, findings)
    check_together(card, reached, findings)
    check_gates(card, findings)
    check_attainable(card, findings)
    check_best_total(card, findings)
    opposed = check_directions(card, findings)
    check_doing_better(card, backgrounds, opposed, findings)
    check_no_data(card, backgrounds, findings)
    check_cliffs(card, backgrounds, findings)
    return findings.found
