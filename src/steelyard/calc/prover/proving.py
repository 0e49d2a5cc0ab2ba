"""All checks, in the order in which people should read them."""

from __future__ import annotations

from ..framework.model import Framework
from .backgrounds import backgrounds_of
from .card import Card
from .directions import check_directions
from .doing_better import check_doing_better
from .findings import Finding, Findings
from .no_data import check_no_data


def prove(framework: Framework) -> list[Finding]:
    """What the framework does that its author may not have meant. Deterministic: the same text, the same findings."""
    findings = Findings()
    card = Card.of(framework)
    if not card.has_score:
        return []
    backgrounds = backgrounds_of(card)
    opposed = check_directions(card, findings)
    check_doing_better(card, backgrounds, opposed, findings)
    check_no_data(card, backgrounds, findings)
    return findings.found
