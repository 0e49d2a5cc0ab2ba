"""One partner's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.frameworks.queries import framework as framework_of
from steelyard.scorecards import limits
from steelyard.scorecards.queries import Score
from steelyard.scorecards.words import overridden
from steelyard.ui import charts

from .. import links
from ..countries import country_name
from ..partner import Partner, Series
from ..partner import partner as read


@needs("scores.read")
def partner(request: Asked, partner: str) -> HttpResponse:
    """Facts, scores over time, orders, territory and representative over time, what happened."""
    told = read(partner, scope=request.scope, user=request.user)
    newest = told.series[0] if told.series else None
    return render(
        request,
        "dashboards/partner.html",
        {
            "told": told,
            "values": told.values,
            "country": country_name(told.values["country"]),
            "newest": newest,
            "headline": _headline(told, newest),
            "levels": [name for name, _start in newest.levels] if newest else [],
            "scores": [_row(told, one, score) for one in told.series for score in reversed(one.scores)],
            "charts": [(one, chart) for one in told.series if (chart := _chart(one)) is not None],
            "orders": [_order(row) for row in told.orders],
            "related": _related(told),
            "reviews": [{"review": review, "url": links.page("reviews:review", review=review.pk)} for review in told.reviews],
            "questions": [{"question": one, "url": links.page("records:question", question=one.pk)} for one in told.questions],
            "links": _links(request, told, newest),
        },
    )


def _headline(told: Partner, newest: Series | None) -> str:
    """The answer in a sentence: how it stands, and which way it goes."""
    name = told.values["name"]
    if newest is None:
        return _("%(name)s has not been scored yet.") % {"name": name}
    if newest.newest.total is None:
        return _("%(name)s has no score in %(period)s.") % {"name": name, "period": newest.newest.period}
    level = _title(newest.newest) or _("scored")
    if not newest.change:
        return _("%(name)s: %(level)s.") % {"name": name, "level": level}
    words = _("%(name)s: %(level)s and rising.") if newest.change > 0 else _("%(name)s: %(level)s and falling.")
    return words % {"name": name, "level": level}


def _title(score: Score) -> str:
    return limits.titles(framework_of(score.run.framework)).get(score.level or "", score.level or "")


def _row(told: Partner, one: Series, score: Score) -> dict[str, Any]:
    names = [name for name, _start in one.levels]
    return {
        "score": score,
        "levels": names,
        "overridden": overridden(score.override),
        "url": links.scorecard(score.framework, score.period, told.code),
    }


def _chart(one: Series) -> dict[str, Any] | None:
    """The scores of one framework as a line; nothing for a single one."""
    if len([score for score in one.scores if score.total is not None]) < 2:
        return None
    points = [(score.period, score.total) for score in one.scores]
    return charts.lines(points, limits=[start for _name, start in one.levels if start])


def _order(row: dict[str, Any]) -> dict[str, Any]:
    return {"row": row, "url": links.page("dashboards:order", kind="orders", row=row["row_id"])}


def _related(told: Partner) -> list[dict[str, Any]]:
    others = [*([told.above] if told.above else []), *told.below, *told.affiliated]
    said = {"above": _("belongs to"), "below": _("belongs to this one")}
    return [{"other": other, "role": said.get(other.role, other.role), "url": links.partner(other.code)} for other in others]


def _links(request: Asked, told: Partner, newest: Series | None) -> dict[str, str | None]:
    change = may(request.user, "masters.write")
    return {
        "partners": links.page("dashboards:partners"),
        "card": links.scorecard(newest.framework, newest.newest.period, told.code) if newest else None,
        "orders": links.with_query(links.page("dashboards:orders"), partner=told.code) if may(request.user, "orders.read") else None,
        "edit": links.page("masters:change", master="partners", key=told.code) if change else None,
        "history": links.page("masters:history", master="partners", key=told.code) if may(request.user, "masters.read") else None,
        "documents": links.page("reviews:documents", partner=told.code) if may(request.user, "reviews.read") else None,
        "reviews": links.page("reviews:reviews"),
        "questions": links.page("records:questions"),
    }
