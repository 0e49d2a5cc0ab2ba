"""Credit rules: which there are, which one is in force since when and why; a new version, and putting one in force."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.credit.reading import read_rule
from steelyard.calc.errors import Conflict, Refused
from steelyard.ui.listing.query import clean

from .. import actions
from ..credit import rules, wording

LARGEST = 20_000  # characters of a rule


@needs("orders.read", post="frameworks.write")
def index(request: Asked) -> HttpResponse:
    """The rules, the history of which was in force, and the form of a new version."""
    started = clean(request.GET.get("from", ""))
    told: dict[str, Any] = {"text": rules.rule_named(started).text if started else ""}
    if request.method == "POST":
        answer = _chosen(request, told) if request.POST.get("step") == "choose" else _added(request, told)
        if answer is not None:
            return answer
    known, (now, choice) = rules.every(), rules.in_force()
    told |= {
        "rules": [(one, wording.title_of(one), wording.sentence_of(one), one.label == now.label) for one in known],
        "now": wording.title_of(now), "label": now.label, "choice": choice, "choices": rules.choices(),
        "writes": may(request.user, "frameworks.write"),
        "code": request.POST.get("code", ""), "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "attribution/credit_rules.html", told, status=told.get("status", 422) if told.get("problems") else 200)


def _chosen(request: Asked, told: dict[str, Any]) -> HttpResponse | None:
    code, reason = clean(request.POST.get("code", "")), request.POST.get("reason", "")[:2_000]
    try:
        changed = actions.choose_credit_rule(code=code, acting_user=request.user, reason=reason, instead_of=request.POST.get("instead_of"))
    except Refused as refused:
        told |= {"problems": refused.problems, "status": 409 if isinstance(refused, Conflict) else 422}
        return None
    (messages.success if changed else messages.info)(request, _("This rule is in force.") if changed else _("It is in force already."))
    return redirect("attribution:credit_rules")


def _added(request: Asked, told: dict[str, Any]) -> HttpResponse | None:
    text = request.POST.get("text", "")[:LARGEST].replace("\r\n", "\n")
    told["text"] = text
    try:
        if request.POST.get("step") == "check":
            rule, problems = read_rule(text)
            if rule is None:
                raise Refused(problems)
            told["checked"] = wording.sentence_of(rules.Known(rule, 0, text))
            return None
        kept, fresh = actions.add_credit_rule(text=text, acting_user=request.user, reason=request.POST.get("reason", "")[:2_000])
    except Refused as refused:
        told["problems"] = refused.problems
        return None
    said = _("%(rule)s is kept.") if fresh else _("%(rule)s has this text already; nothing was written.")
    messages.success(request, said % {"rule": kept})
    return redirect("attribution:credit_rules")
