"""Orders and all other facts: browse them, open one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.facts import FACTS
from steelyard.calc.framework.wording.phrases import Phrases
from steelyard.frameworks.queries import framework as framework_of
from steelyard.frameworks.reading import readers_language
from steelyard.intake.queries import sources
from steelyard.partners import row_columns
from steelyard.partners.rows import FactRows, kinds
from steelyard.partners.scopes import narrowed, sight, visible
from steelyard.scorecards.one_fact import one_fact
from steelyard.ui.listing import Empty, Filter, Listing
from steelyard.ui.unchanged import unchanged

from .. import links


@needs("orders.read")
def orders(request: Asked) -> HttpResponse:
    """The live rows of one kind of fact, the newest first."""
    kind = FACTS.get(request.GET.get("kind", ""), FACTS["orders"])
    scope = narrowed(request.scope, request.GET.get("partner", ""))
    bring = links.page("intake:new") if may(request.user, "intake.write") else None
    listing = Listing(
        request,
        name=kind.name,
        title=kind.title,
        columns=row_columns.columns(kind, lambda row: links.page("dashboards:order", kind=kind.name, row=row["row_id"])),
        source=FactRows(kind, scope=scope),
        filters=(
            Filter("kind", _("What"), [(one.name, one.title) for one in kinds()], applies=False, default="orders"),
            Filter("partner", _("Partner"), kind="exact", applies=False),
            *row_columns.filters(kind, unchanged(("sources", kind.name), lambda: sources(kind.name))),
        ),
        search=row_columns.search_in(kind),
        dense=True,
        alike=sight(request.user, scope),
        empty=Empty(
            _("No rows yet"),
            _("Send a file, or connect a feed. The first scorecard follows in minutes."),
            bring or "",
            _("Bring in a file"),
        ),
    )
    return listing.respond("dashboards/orders.html", {"kind": kind, "bring": bring})


@needs("orders.read")
def order(request: Asked, kind: str, row: int) -> HttpResponse:
    """One row: what its source said, where it came from, whom it means, which scores it counts in."""
    fact = one_fact(kind, row, scope=request.scope)
    context = {
        "fact": fact,
        "title": _title(fact.values, fact.kind.key),
        "said": [(row_columns.title_of(column.name), column, fact.values[column.name]) for column in fact.kind.columns],
        "currency": fact.values.get("currency"),
        "corrections": [(one, _differences(fact.values, one, fact.kind)) for one in fact.said_later],
        "links": {
            "list": links.with_query(links.page("dashboards:orders"), kind=kind),
            "batch": links.page("intake:batch", batch=fact.batch.pk) if fact.batch and may(request.user, "intake.read") else None,
            "partner": links.partner(fact.meant.partner),
            "ask": _ask(request, fact),
        },
        "counts_in": [
            (one, _days(one), links.scorecard(one.run.framework.code, one.run.period, one.subject), _kpis(one)) for one in fact.counts_in
        ],
    }
    return render(request, "dashboards/order.html", context)


def _title(values: dict[str, Any], key: tuple[str, ...]) -> str:
    return " / ".join(str(values[name]) for name in key if values[name] not in (None, ""))


def _days(one: Any) -> str:
    """Which days the measure is read over, in words, where it is not the period."""
    return Phrases.of(framework_of(one.run.framework), readers_language()).window(one.window) if one.window else ""


def _kpis(one: Any) -> list[tuple[str, str | None]]:
    return [(title, links.kpi(one.run.framework.code, one.run.period, one.subject, code)) for code, title in one.kpis]


def _differences(values: dict[str, Any], other: dict[str, Any], kind: Any) -> list[tuple[str, Any, Any, Any]]:
    """What the other row of the same line said otherwise: title, column, there, here."""
    changed = [column for column in kind.columns if other[column.name] != values[column.name]]
    return [(row_columns.title_of(column.name), column, other[column.name], values[column.name]) for column in changed]


def _ask(request: Asked, fact: Any) -> str | None:
    """The form that questions this row, from a scorecard that it counts in."""
    if not fact.counts_in or not may(request.user, "questions.ask"):
        return None
    one = fact.counts_in[0]
    visible(request.scope, one.subject)
    asked = {"framework": one.run.framework.code, "period": one.run.period, "subject": one.subject}
    return links.with_query(links.page("reviews:ask"), **asked, kind=fact.kind.name, row=fact.row)
