"""One review: the evidence, the ratings, the comment, the decision with its signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Conflict, Missing, Refused
from steelyard.calc.formula.text import decimal_text
from steelyard.calc.units import to_grain
from steelyard.records.forms import CommentForm
from steelyard.scorecards.cards import Card
from steelyard.scorecards.cards import card as card_of
from steelyard.ui import formats

from .. import actions, queries, workflow
from ..answers import Answers, kept, number_of
from ..forms import answers_in
from ..queries import Opened
from ..rating import Item


@needs("reviews.read")
def review(request: Asked, review: int) -> HttpResponse:
    """The page of a review."""
    return _page(request, queries.open_review(review, request.scope, request.user))


def _page(request: Asked, opened: Opened, refused: Refused | None = None, comment: CommentForm | None = None) -> HttpResponse:
    """The page; after a refusal with what was typed and what was wrong, beside what is stored now."""
    found = opened.review
    posted = request.POST if refused is not None and comment is None else None
    stored = kept(found)
    typed = answers_in(posted, opened.items) if posted is not None and "comment" in posted else stored
    problems = refused.problems if refused is not None and comment is None else []
    conflict = isinstance(refused, Conflict)
    beside = {problem.where: problem for problem in problems if problem.where}
    named = {item.question for item in opened.items} | {"comment", "password", "reason"}
    context: dict[str, Any] = {
        "opened": opened, "found": found, "cycle": found.cycle, "card": _card(opened, request), "conflict": conflict,
        "rows": [_row(item, typed, stored, beside, conflict) for item in opened.items],
        "comment": posted.get("comment", found.comment) if posted is not None else found.comment,
        "reason": posted.get("reason", "") if posted is not None else "",
        "problems": [problem for problem in problems if problem.where not in named], "beside": beside,
        "may_rate": "submit" in opened.verbs, "may_approve": "approve" in opened.verbs,
        "may_return": next((verb for verb in ("return", "reopen") if verb in opened.verbs), ""),
        "signs": {rule.verb: rule.meaning for rule in opened.rules if rule.signed},
        "heading": _heading(opened), "steps": _steps(opened), "timeline": _timeline(opened),
        "rater": next((step.name for step in reversed(opened.steps) if step.verb == "submit"), ""),
        "comment_form": comment or CommentForm(), "may_comment": may(request.user, "questions.ask"),
        "may_tell": may(request.user, actions.SPEAKS_TO_PARTNERS),
        "next": queries.next_for(request.scope, request.user, besides=found.pk), "links": _links(opened),
    }  # fmt: skip
    status = 200 if refused is None else 409 if conflict else 422
    return render(request, "reviews/review.html", context, status=status)


def _row(item: Item, typed: Answers, stored: Answers, beside: Mapping[str, Any], conflict: bool) -> dict[str, Any]:
    """One thing to rate: the scale, what is chosen and on what it rests, what is wrong, and what somebody else chose meanwhile."""
    now, chosen = stored.ratings.get(item.question), typed.ratings.get(item.question)
    ends = {name: decimal_text(value) for name, value in (("low", item.low), ("high", item.high), ("step", item.step))}
    return {
        "item": item, "ends": ends, "high": _spoken(ends["high"]), "low": _spoken(ends["low"]), "chosen": chosen,
        "chosen_text": _spoken(chosen), "problem": beside.get(item.question),
        "theirs": _spoken(now) if conflict and now != chosen else "",
        "scale": [(decimal_text(answer), _spoken(decimal_text(answer))) for answer in item.scale],
        "meanings": [(_spoken(decimal_text(answer)), text) for answer, text in item.meanings],
        "reference": typed.references.get(item.question, ""), "reason": typed.unanswered.get(item.question, ""),
    }  # fmt: skip


def _spoken(answer: str | None) -> str:
    """A rating as people of this language write it; what is no number as it was typed."""
    number = number_of(answer) if answer else None
    if number is None:
        return answer or ""
    stored = to_grain(number, "number")
    return formats.amount(stored, "number", digits=formats.places(stored, "number"))


def _card(opened: Opened, request: Asked) -> Card | None:
    """The scorecard of the run that is the evidence."""
    if opened.evidence is None:
        return None
    cycle = opened.review.cycle
    try:
        return card_of(cycle.framework, cycle.period, opened.review.subject, scope=request.scope, run=opened.evidence.run.run_id)
    except Missing:
        return None


def _links(opened: Opened) -> dict[str, str]:
    """Addresses of what the page leads to, as far as this installation has them."""
    cycle = opened.review.cycle
    parts = {"framework": cycle.framework, "period": cycle.period, "subject": opened.review.subject}
    wanted = {
        "card": ("scorecards:card", parts), "pdf": ("scorecards:pdf", parts),
        "partner": ("dashboards:partner", {"partner": opened.review.partner}),
        "documents": ("reviews:documents", {"partner": opened.review.partner}),
    }  # fmt: skip
    found = {}
    for name, (address, given) in wanted.items():
        try:
            found[name] = reverse(address, kwargs=given)
        except NoReverseMatch:  # an installation without this room
            continue
    return found


def _heading(opened: Opened) -> str:
    name, state, count = opened.name, opened.review.state, len(opened.items)
    if state == workflow.OPEN and "submit" in opened.verbs:
        text = ngettext("%(name)s: rate %(count)s point, then submit.", "%(name)s: rate %(count)s points, then submit.", count)
    elif state == workflow.OPEN:
        text = _("%(name)s: not rated yet.")
    elif state == workflow.SUBMITTED and "approve" in opened.verbs:
        text = _("%(name)s: rated. Approve it or give it back.")
    elif state == workflow.SUBMITTED:
        text = _("%(name)s: rated, a second person approves.")
    elif state == workflow.APPROVED:
        text = _("%(name)s: approved, being published.")
    elif state == workflow.PUBLISHED:
        text = _("%(name)s: published, not yet acknowledged.")
    else:
        text = _("%(name)s: published and acknowledged.")
    return text % {"name": name, "count": count}


def _steps(opened: Opened) -> list[dict[str, Any]]:
    """Where the review stands: what is done, what is now, what comes."""
    titles = (_("Scored"), _("Rated by manager"), _("Approved"), _("Published"), _("Seen by partner"))
    state = opened.review.state
    done = (1 if opened.evidence else 0) if state == workflow.OPEN else workflow.STATES.index(state) + 1 if state in workflow.STATES else 0
    kinds = ["done" if place < done else "now" if place == done else "" for place in range(len(titles))]
    return [{"title": title, "kind": kind, "number": place + 1} for place, (title, kind) in enumerate(zip(titles, kinds, strict=True))]


def _timeline(opened: Opened) -> list[dict[str, Any]]:
    """Who did what, and who is next."""
    said = {
        "submit": _("Rated and submitted by %(name)s"), "approve": _("Approved by %(name)s"), "return": _("Given back by %(name)s"),
        "publish": _("Published"), "acknowledge": _("Acknowledged by %(name)s"), "reopen": _("Opened again by %(name)s"),
    }  # fmt: skip
    entries: list[dict[str, Any]] = []
    for step in opened.steps:
        signed = _("signature %(seal)s") % {"seal": f"{step.seal[:4]}-{step.seal[4:8]}"} if step.seal else ""
        text = " · ".join(part for part in (step.meaning, signed, step.reason) if part)
        entries.append({"title": said.get(step.verb, step.verb) % {"name": step.name}, "text": text, "at": step.at})
    waits = {
        workflow.OPEN: _("Waits for the partner manager"), workflow.SUBMITTED: _("Waits for a second person"),
        workflow.APPROVED: _("Is being published"), workflow.PUBLISHED: _("Waits for the partner"),
    }  # fmt: skip
    if opened.review.state in waits:
        entries.append({"title": waits[opened.review.state], "at": opened.review.cycle.due_on, "current": True})
    return entries


def _again(request: Asked, number: int, refused: Refused) -> HttpResponse:
    return _page(request, queries.open_review(number, request.scope, request.user), refused)


@needs(post="reviews.rate")
def rate(request: Asked, review: int) -> HttpResponse:
    """Keep the ratings, or submit them."""
    opened = queries.open_review(review, request.scope, request.user)
    version = request.POST.get("version", "")
    given: dict[str, Any] = {
        "review": review, **answers_in(request.POST, opened.items).fields(), "comment": request.POST.get("comment", ""),
        "version": int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
    }  # fmt: skip
    whose: dict[str, Any] = {"acting_user": request.user, "scope": request.scope}
    try:
        if "save" in request.POST:
            actions.save(**given, **whose)
            messages.success(request, _("Kept. Nobody else sees it yet as rated."))
        else:
            actions.submit(**given, **whose, password=request.POST.get("password", ""))
            messages.success(request, _("Submitted. A second person approves it."))
    except Missing:
        raise
    except Refused as refused:
        return _again(request, review, refused)
    return HttpResponseRedirect(f"{reverse('reviews:review', args=[review])}?kept=1")


@needs(post="reviews.approve")
def approve(request: Asked, review: int) -> HttpResponse:
    """Sign what is shown."""
    try:
        actions.approve(
            review=review, shown=request.POST.get("shown", ""), password=request.POST.get("password", ""), acting_user=request.user,
            scope=request.scope,
        )  # fmt: skip
    except Missing:
        raise
    except Refused as refused:
        return _again(request, review, refused)
    messages.success(request, _("Approved and signed. It is being published."))
    return HttpResponseRedirect(reverse("reviews:review", args=[review]))


@needs(post="reviews.approve")
def hand_back(request: Asked, review: int) -> HttpResponse:
    """Give it back with a reason."""
    try:
        actions.hand_back(review=review, reason=request.POST.get("reason", ""), acting_user=request.user, scope=request.scope)
    except Missing:
        raise
    except Refused as refused:
        return _again(request, review, refused)
    messages.success(request, _("Given back."))
    return HttpResponseRedirect(reverse("reviews:review", args=[review]))


@needs(post="questions.ask")
def comment(request: Asked, review: int) -> HttpResponse:
    """Remark on it."""
    form = CommentForm(request.POST)
    opened = queries.open_review(review, request.scope, request.user)
    try:
        form.is_valid()
        values = form.cleaned_data
        actions.comment(
            review=review, text=values.get("text", ""), partner_sees=values.get("partner_sees", False), acting_user=request.user,
            scope=request.scope, form_key=values.get("form_key", ""),
        )  # fmt: skip
    except Missing:
        raise
    except Refused as refused:
        form.tell(refused)
        return _page(request, opened, refused, comment=form)
    messages.success(request, _("Added."))
    return HttpResponseRedirect(f"{reverse('reviews:review', args=[review])}#comments")
