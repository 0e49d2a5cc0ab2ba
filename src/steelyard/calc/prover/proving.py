"""All checks, in the order in which people should read them: what cannot be, what goes the wrong way, what surprises."""

from __future__ import annotations

from ..framework.model import Framework
from .attainable import check_attainable
from .backgrounds import backgrounds_of
from .backtest import Backtest, Partners
from .best_total import check_best_total
from .card import Card
from .cliffs import check_cliffs
from .correlated import check_correlated
from .directions import check_directions
from .doing_better import check_doing_better
from .findings import Finding, Findings
from .gates import check_gates
from .graph import check_graph
from .holes import check_holes
from .no_data import check_no_data
from .reachable import check_reachable
from .together import check_together
from .varies import check_varies
from .weights import check_weights


def prove(framework: Framework, backtest: Backtest | None = None) -> list[Finding]:
    """What the framework does that its author may not have meant. Deterministic: the same text, the same findings.

    ``backtest``: what partners had, on which some more is checked.
    """
    findings = Findings()
    check_graph(framework, findings)
    card = Card.of(framework)
    if not card.has_score:
        return findings.found
    backgrounds = backgrounds_of(card)
    partners = None if backtest is None or not backtest.subjects else Partners.of(card, backtest)
    if partners is not None:
        backgrounds += partners.backgrounds()
    reached = check_reachable(card, findings)
    check_together(card, reached, findings)
    check_gates(card, findings)
    check_attainable(card, findings)
    check_best_total(card, findings)
    opposed = check_directions(card, findings)
    check_doing_better(card, backgrounds, opposed, findings)
    check_no_data(card, backgrounds, findings)
    check_cliffs(card, backgrounds, findings)
    if partners is not None:
        check_varies(card, partners, findings)
        check_correlated(card, partners, findings)
        check_weights(card, partners, findings)
        check_holes(card, framework, partners.backtest, findings)
    return findings.found
