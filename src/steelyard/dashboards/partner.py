"""One partner, all around: facts, scores over time, orders, where it lay and who looked after it, what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from steelyard.accounts.permissions import may
from steelyard.audit.queries import changes_text, entries
from steelyard.calc.errors import Missing
from steelyard.frameworks.queries import framework as framework_of
from steelyard.ledger.scope import Scope
from steelyard.partners import recent, relations
from steelyard.partners.relations import Related, Span
from steelyard.partners.scopes import visible
from steelyard.records.queries import questions
from steelyard.reviews.queries import reviews
from steelyard.scorecards import limits
from steelyard.scorecards.directory import directory
from steelyard.scorecards.queries import Score, scores_of

ORDERS = 8
LATEST = 6


@dataclass(frozen=True)
class Series:
    """The scores of one framework over time, oldest first."""

    framework: str
    title: str
    scores: list[Score]
    levels: list[tuple[str, int]]

    @property
    def newest(self) -> Score:
        """The latest of them."""
        return self.scores[-1]

    @property
    def before(self) -> Score | None:
        """The one before."""
        return self.scores[-2] if len(self.scores) > 1 else None

    @property
    def change(self) -> int | None:
        """How much the latest moved."""
        now, before = self.newest.total, self.before.total if self.before else None
        return None if now is None or before is None else now - before


@dataclass(frozen=True)
class Partner:
    """Everything of one partner that the reader may see."""

    code: str
    values: dict[str, Any]
    series: list[Series]
    orders: list[dict[str, Any]]
    spans: list[Span]
    above: Related | None
    below: list[Related]
    affiliated: list[Related]
    reviews: list[Any]
    questions: list[Any]
    happened: list[dict[str, Any]]


def partner(code: str, *, scope: Scope, user: Any) -> Partner:
    """One partner; `Missing` if it is not there or not to be seen."""
    visible(scope, code)
    found = directory(scope=scope).filter(code=code)
    if found.is_empty():
        raise Missing
    above, below = relations.hierarchy(code)
    seen = [other for other in below if scope.everything or other.code in scope.partners]
    if above is not None and not (scope.everything or above.code in scope.partners):
        above = None
    return Partner(
        code=code,
        values=found.row(0, named=True),
        series=series(code),
        orders=recent.latest(code, count=ORDERS) if may(user, "orders.read") else [],
        spans=relations.spans(code),
        above=above,
        below=seen,
        affiliated=[other for other in relations.affiliations(code) if scope.everything or other.code in scope.partners],
        reviews=list(reviews(scope, partner=code).order_by("-cycle__due_on")[:LATEST]) if may(user, "reviews.read") else [],
        questions=list(questions(scope, partner=code).order_by("-asked_at")[:LATEST]) if may(user, "questions.read") else [],
        happened=_happened(code) if may(user, "audit.read") else [],
    )


def series(code: str) -> list[Series]:
    """The scores of a partner by framework; the one scored last comes first."""
    by_framework: dict[str, list[Score]] = {}
    for score in scores_of(code):
        by_framework.setdefault(score.framework, []).append(score)
    found = []
    for name, scores in by_framework.items():
        scale = limits.limits(framework_of(scores[-1].run.framework))
        found.append(Series(name, scores[-1].title, scores, scale))
    return sorted(found, key=lambda one: (one.newest.start, len(one.scores)), reverse=True)


def _happened(code: str) -> list[dict[str, Any]]:
    """The latest changes of the partner's own record."""
    rows = entries(subject=f"partners:{code}").order_by("-pk")[:LATEST]
    return [
        {"title": f"{entry.action}, {entry.actor}", "text": entry.reason or changes_text(entry), "at": entry.made_at, "current": not place}
        for place, entry in enumerate(rows)
    ]
