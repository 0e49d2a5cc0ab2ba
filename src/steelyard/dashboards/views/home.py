"""The page everybody starts at."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may, side_of
from steelyard.audit.queries import entries
from steelyard.intake.queries import batches
from steelyard.intake.titles import kind_title
from steelyard.ledger.queries import tip

from .. import links
from ..attention import due
from ..home import situation

ENTRIES = 8


@needs("account")
def home(request: Asked) -> HttpResponse:
    """What waits for this person, and what their role looks at first; a partner's people start in the portal."""
    if side_of(request.user) != "staff":
        return redirect(links.page("portal:home") or "/portal/")
    user, scope = request.user, request.scope
    told = situation(scope=scope) if may(user, "scores.read") else None
    waiting = due(user, scope)
    context = {
        "due": waiting,
        "late": sum(one.late for one in waiting),
        "told": told,
        "everything": scope.everything,
        "rows": [
            row | {"url": links.scorecard(told.chosen.framework, told.chosen.period, row["subject"])} for row in told.rows
        ] if told and not scope.everything else [],
        "links": {name: links.page(f"dashboards:{name}") for name in ("overview", "ranking", "partners")} | {
            "intake": links.page("intake:batches"), "audit": links.page("dashboards:trail"),
        },
    }  # fmt: skip
    if may(user, "intake.write"):
        found = batches()[:ENTRIES]
        context["batches"] = [
            {"batch": batch, "kind": kind_title(batch.kind), "url": links.page("intake:batch", batch=batch.pk)} for batch in found
        ]
    if may(user, "audit.read") and not may(user, "intake.write"):
        context["entries"] = entries().order_by("-pk")[:ENTRIES]
        context["tip"] = tip()
    return render(request, "dashboards/home.html", context)
