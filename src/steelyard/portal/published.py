"""What is published of one partner: its scorecards, the newest first. Nothing else of a run ever reaches the portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from steelyard.calc.errors import Missing
from steelyard.frameworks.queries import framework as framework_of
from steelyard.reviews import queries as reviews
from steelyard.reviews import workflow
from steelyard.scorecards import cards, limits
from steelyard.scorecards.cards import Card
from steelyard.scorecards.queries import Score, scores_of

from .whose import Whose

if TYPE_CHECKING:
    from steelyard.reviews.models import Review


@dataclass(frozen=True, slots=True)
class Line:
    """One published scorecard in a list."""

    score: Score
    former: Score | None
    levels: tuple[str, ...]
    title: str  # of the level

    @property
    def change(self) -> int | None:
        """How much the total moved since the period before of the same framework."""
        if self.former is None or self.former.total is None or self.score.total is None:
            return None
        return self.score.total - self.former.total


def scores(own: Whose) -> list[Line]:
    """Every published scorecard of the partner, newest first."""
    found: list[Line] = []
    former: Score | None = None
    for score in scores_of(own.code, published_only=True):
        framework = framework_of(score.run.framework)
        before = former if former is not None and former.framework == score.framework else None
        title = limits.titles(framework).get(score.level or "", score.level or "")
        found.append(Line(score, before, tuple(limits.names(framework)), title))
        former = score
    return sorted(found, key=lambda line: (line.score.start, line.score.framework), reverse=True)


def card(own: Whose, framework: str, period: str) -> Card:
    """The scorecard of an address; `Missing` if nothing of this partner is published there."""
    return cards.card(framework, period, own.code, scope=own.scope, published_only=True)


def newest(own: Whose) -> Card | None:
    """The scorecard of the newest period; None before anything is published."""
    known = scores(own)
    return card(own, known[0].score.framework, known[0].score.period) if known else None


def review_of(own: Whose, card: Card) -> Review | None:
    """The review behind a scorecard, once the partner may read of it."""
    found = reviews.review_of(card.framework.code, card.run.period, own.code, own.scope)
    return found if found is not None and found.state in (workflow.PUBLISHED, workflow.ACKNOWLEDGED) else None


def address(name: str, card: Card, query: str = "", **parts: Any) -> str:
    """A page of the portal about a scorecard."""
    url = reverse(f"portal:{name}", kwargs={"framework": card.framework.code, "period": card.run.period, **parts})
    return f"{url}?{query}" if query else url


def or_none(own: Whose, framework: str, period: str) -> Card | None:
    """The same, where an address is only remembered: None if it no longer leads anywhere."""
    try:
        return card(own, framework, period)
    except Missing:
        return None
