"""One partner, all around, in one call: facts, scores and places over time, relations, what is under review and in question."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from steelyard.dashboards.partner import Partner, Series
from steelyard.dashboards.partner import partner as read

from .figures import POINTS, points
from .gate import Asked, needs
from .overrides import OverrideShown, override_shown
from .problems import answers
from .questions import QuestionShown, question_shown
from .reviews import ReviewShown, review_shown
from .versions import tagged

if TYPE_CHECKING:
    from steelyard.partners.relations import Related, Span
    from steelyard.scorecards.queries import Score

router = Router(tags=["partners"])
FACTS = (
    "name", "type", "country", "region", "city", "status", "territory", "territory_name", "area", "area_name", "representative",
    "representative_name",
)  # fmt: skip


class ScoreShown(Schema):
    """What the partner had in a period."""

    period: str
    start: date
    total: str | None = POINTS
    level: str | None
    no_data: str
    override: OverrideShown | None = Field(description="what two people set beside the score; null without one")
    published: bool


class SeriesShown(Schema):
    """The scores by one framework, oldest first."""

    framework: str
    title: str
    change: str | None = POINTS
    scores: list[ScoreShown]


class PlaceShown(Schema):
    """From when to when the partner lay in a territory and was looked after by somebody."""

    since: date | None = Field(description="null: always", examples=["2024-01-01"])
    last_day: date | None = Field(description="null: for ever")
    territory: str | None
    territory_name: str | None
    representative: str | None
    representative_name: str | None = Field(examples=["Emil Ernst"])
    status: str | None = Field(examples=["active"])
    now: bool = Field(examples=[True])


class RelatedShown(Schema):
    """Another partner in sight, and what it is to this one."""

    partner: str
    name: str
    role: str = Field(description="above, below, or the role of an affiliation", examples=["above"])


class PartnerShown(Schema):
    """A partner as it is today, and how it came to it."""

    partner: str
    name: str
    type: str | None = Field(examples=["dealer"])
    country: str | None
    region: str | None = Field(examples=["Yorkshire"])
    city: str | None
    status: str | None = Field(examples=["active"])
    territory: str | None
    territory_name: str | None
    area: str | None
    area_name: str | None = Field(examples=["Europe, Middle East and Africa"])
    representative: str | None
    representative_name: str | None = Field(examples=["Emil Ernst"])
    scores: list[SeriesShown] = Field(description="the framework scored last comes first")
    places: list[PlaceShown] = Field(description="newest first")
    related: list[RelatedShown]
    reviews: list[ReviewShown] = Field(description="the latest; all of them: /api/reviews")
    questions: list[QuestionShown] = Field(description="the latest; all of them: /api/questions")


@router.get("/{partner}", response=answers(ok=PartnerShown), summary="A partner, all around")
@needs("scores.read")
def partner(request: Asked, response: HttpResponse, partner: str) -> dict[str, Any]:
    """What the partner's page says; reviews and questions only to whom may read them. Its rows: `/api/facts/orders?partner=`."""
    return tagged(response, _shown(read(partner, scope=request.scope, user=request.user)))


def _shown(told: Partner) -> dict[str, Any]:
    related = [*([told.above] if told.above else []), *told.below, *told.affiliated]
    return {
        "partner": told.code, **{name: told.values[name] for name in FACTS},
        "scores": [_series(one) for one in told.series], "places": [_place(span) for span in told.spans],
        "related": [_related(other) for other in related],
        "reviews": [review_shown(one) for one in told.reviews], "questions": [question_shown(one) for one in told.questions],
    }  # fmt: skip


def _series(one: Series) -> dict[str, Any]:
    scores = [_score(score) for score in one.scores]
    return {"framework": one.framework, "title": one.title, "change": points(one.change), "scores": scores}


def _score(score: Score) -> dict[str, Any]:
    same = {name: getattr(score, name) for name in ("period", "start", "level", "no_data")}
    return {**same, "total": points(score.total), "override": override_shown(score.override), "published": score.public}


def _place(span: Span) -> dict[str, Any]:
    same = ("since", "territory", "territory_name", "representative", "representative_name", "status", "now")
    return {"last_day": span.last, **{name: getattr(span, name) for name in same}}


def _related(other: Related) -> dict[str, str]:
    return {"partner": other.code, "name": other.name, "role": other.role}
