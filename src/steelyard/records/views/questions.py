"""The queue of questions, and one question with everything said about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.accounts.queries import people
from steelyard.calc.errors import Conflict, Refused
from steelyard.ui.listing import Column, Empty, Filter, Listing, Records

from .. import actions, queries
from ..actions.asking import TURNS
from ..forms import TermsForm, TextForm
from ..models import Question


@needs("questions.read")
def questions(request: Asked) -> HttpResponse:
    """The queue, the soonest due first."""
    scope = request.scope
    found = queries.questions(scope)
    listing = Listing(
        request,
        name="questions",
        title=_("Questions"),
        columns=(
            Column("about", _("Number"), link=lambda row: reverse("records:question", args=[row.pk])),
            Column("partner_name", _("Partner")),
            Column("period", _("Period"), template="records/nowrap_cell.html"),
            Column("state", _("State"), template="records/state_cell.html"),
            Column("due_on", _("Due"), kind="date", template="records/due_cell.html"),
            Column("asked_by_name", _("Asked by")),
            Column("asked_at", _("Asked"), kind="moment", shown=False),
            Column("assigned_to", _("Answers"), shown=False),
            Column("contributions", _("Messages"), kind="count"),
            Column("partner", _("Partner code"), shown=False),
        ),
        source=Records(found),
        filters=(
            Filter("state", _("State"), choices=[(name, _state(name)) for name in queries.STATES]),
            Filter("period", _("Period"), choices=[(name, name) for name in queries.periods(scope)]),
            Filter("assigned_to", _("Answers"), choices=[(request.user.username, _("me"))]),
            Filter("due_on", _("Due"), kind="dates"),
        ),
        search=("about", "partner", "partner_name", "asked_by_name"),
        sort="due_on",
        empty=Empty(_("No questions"), _("Everybody who sees a number can question it: at the number itself.")),
    )
    waiting = queries.waiting(scope)
    context = {"waiting": waiting, "overdue": queries.overdue(scope) if waiting else 0, "may_set": may(request.user, "settings.write")}
    return listing.respond("records/questions.html", context)


def _state(name: str) -> str:
    return {"open": _("open"), "answered": _("answered"), "reopened": _("reopened"), "closed": _("closed")}[name]


@needs("questions.read")
def question(request: Asked, question: int) -> HttpResponse:
    """One question: what it is about, what was said, what can be done."""
    return _page(request, queries.question(question, request.scope), TextForm())


def _page(request: Asked, found: Question, form: TextForm, status: int = 200) -> HttpResponse:
    user = request.user
    may_answer, may_ask = may(user, "questions.answer"), may(user, "questions.ask")
    verbs = {verb for verb, (states, _to) in TURNS.items() if found.state in states and (may_answer if verb == "answer" else may_ask)}
    context: dict[str, Any] = {
        "found": found, "thread": queries.thread(found), "form": form, "verbs": verbs, "number_url": _number(found),
        "state": _state(found.state), "overdue": found.is_late,
        "answerers": [person for person in people() if person.is_active and may(person, "questions.answer")] if may_answer else [],
    }  # fmt: skip
    return render(request, "records/question.html", context, status=status)


def _number(found: Question) -> str | None:
    """The address of the number that the question is about."""
    parts = {"framework": found.framework, "period": found.period, "subject": found.subject}
    tries: list[tuple[str, dict[str, Any]]] = []
    if found.row is not None:
        tries.append(("dashboards:order", {"kind": found.kind, "row": found.row}))
    if found.kpi:
        tries.append(("scorecards:kpi", {**parts, "kpi": found.kpi}))
    tries.append(("scorecards:card", parts))
    for name, given in tries:
        try:
            return reverse(name, kwargs=given)
        except NoReverseMatch:  # an installation without this room
            continue
    return None


def _turn(request: Asked, number: int, verb: str) -> HttpResponse:
    """What answering, adding, closing and reopening have in common: on refusal the page comes back with what was typed."""
    form = TextForm(request.POST)
    form.is_valid()
    found = queries.question(number, request.scope)
    given = {"question": number, "text": form.cleaned_data.get("text", ""), "form_key": form.cleaned_data.get("form_key", "")}
    try:
        getattr(actions, verb)(**given, acting_user=request.user, scope=request.scope)
    except Refused as refused:
        form.tell(refused)
        found.refresh_from_db()
        return _page(request, found, form, status=409 if isinstance(refused, Conflict) else 422)
    told = {"answer": _("Answered."), "reply": _("Added."), "close": _("Closed."), "reopen": _("Reopened.")}
    messages.success(request, told[verb])
    return HttpResponseRedirect(f"{reverse('records:question', args=[number])}?sent=1")


@needs(post="questions.answer")
def answer(request: Asked, question: int) -> HttpResponse:
    """The company's answer."""
    return _turn(request, question, "answer")


@needs(post="questions.ask")
def reply(request: Asked, question: int) -> HttpResponse:
    """Something to add."""
    return _turn(request, question, "reply")


@needs(post="questions.ask")
def close(request: Asked, question: int) -> HttpResponse:
    """Nothing more to say."""
    return _turn(request, question, "close")


@needs(post="questions.ask")
def reopen(request: Asked, question: int) -> HttpResponse:
    """The answer is not enough."""
    return _turn(request, question, "reopen")


@needs(post="questions.answer")
def assign(request: Asked, question: int) -> HttpResponse:
    """Who answers."""
    to = request.POST.get("to", "")
    actions.assign(question=question, to=to, acting_user=request.user, scope=request.scope)
    messages.success(request, _("Given to %(name)s.") % {"name": to} if to else _("Given to nobody."))
    return HttpResponseRedirect(reverse("records:question", args=[question]))


@needs("settings.read", post="settings.write")
def terms(request: Asked) -> HttpResponse:
    """How many working days an answer may take."""
    now = queries.terms()
    initial = {
        "working_days": now.working_days, "weekend": [str(day) for day in now.weekend], "holidays": ", ".join(map(str, now.holidays)),
    }  # fmt: skip
    form = TermsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.set_terms(
                days=values["working_days"], weekend=",".join(values["weekend"]), holidays=values["holidays"], acting_user=request.user
            )
        except Refused as refused:
            form.tell(refused)
        else:
            messages.success(request, _("Saved. It holds from the next question on."))
            return HttpResponseRedirect(reverse("records:questions"))
    return render(request, "records/terms.html", {"form": form, "terms": now}, status=422 if form.errors else 200)
