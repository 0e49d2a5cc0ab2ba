"""Questions about own numbers: the list, asking at a score, a KPI or a row, and one question with all that was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Conflict, Missing, Refused
from steelyard.partners.facts import row_name
from steelyard.records import actions as records
from steelyard.records import queries
from steelyard.records.actions.asking import TURNS
from steelyard.reviews import actions as reviewing
from steelyard.reviews.actions.asking import about
from steelyard.scorecards.cards import Card
from steelyard.ui import formats
from steelyard.ui.listing import Column, Empty, Filter, Listing, Records

from .. import own_rows, published
from ..forms import Say, first
from ..refusals import tell
from ..whose import Whose, sight, whose
from . import SHORT

if TYPE_CHECKING:
    from steelyard.records.models import Question


def states() -> dict[str, str]:
    """The states of a question in words."""
    return {"open": _("open"), "answered": _("answered"), "reopened": _("reopened"), "closed": _("closed")}


@needs("portal.read")
def questions(request: Asked) -> HttpResponse:
    """All questions of the partner, those that wait first."""
    own = whose(request)
    found = queries.questions(own.scope, partner=own.code)
    listing = Listing(
        request,
        name="questions",
        title=_("Questions"),
        columns=(
            Column("about", _("Number"), link=lambda row: reverse("portal:question", args=[row.pk])),
            Column("period", _("Period"), template="scorecards/parts/short.html"),
            Column("state", _("State"), template="portal/parts/question_state.html", phone=True),
            Column("due_on", _("Answer due"), kind="date", phone=False),
            Column("asked_by_name", _("Asked by")),
            Column("contributions", _("Messages"), kind="count", phone=False, shown=False),
        ),
        source=Records(found),
        filters=(Filter("state", _("State"), choices=list(states().items())),),
        search=("about",),
        sort="due_on",
        empty=Empty(_("No questions"), _("Every number of your scorecard can be questioned, and every row behind it.")),
        per=25,
    )
    context = {"own": own, "waiting": queries.waiting(own.scope), "answered": queries.for_partner(own.scope), **SHORT}
    return listing.respond("portal/questions.html", context)


@needs("portal.ask", post="portal.ask")
def ask(request: Asked) -> HttpResponse:
    """Question the score, a KPI, or a row behind one; without a number named, the newest scorecard's are offered."""
    data = request.POST if request.method == "POST" else request.GET
    own = whose(request, first(data, "partner") or None)
    card = _card(own, data)
    if card is None:
        return render(request, "portal/ask.html", {"own": own, "card": None, "form": None}, status=422 if request.method == "POST" else 200)
    number = _number(own, card, data)
    form = Say(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            asked = reviewing.ask(**number, text=values["text"], form_key=values["form_key"], acting_user=request.user, scope=own.scope)
        except Missing:
            raise
        except Refused as refused:
            tell(form, refused)
        else:
            messages.success(request, _("Asked. An answer is due by %(day)s.") % {"day": formats.day(asked.due_on)})
            return HttpResponseRedirect(f"{reverse('portal:question', args=[asked.pk])}?sent=1")
    line = card.line(number["kpi"]) if number["kpi"] else None
    called = row_name(number["kind"], number["row"], scope=own.scope) if number.get("row") else ""
    context = {"own": own, "card": card, "line": line, "number": number, "row_name": called, "form": form}
    return render(request, "portal/ask.html", context, status=422 if form.errors else 200)


def _card(own: Whose, data: Any) -> Card | None:
    framework = first(data, "framework")
    return published.card(own, framework, first(data, "period")) if framework else published.newest(own)


def _number(own: Whose, card: Card, data: Any) -> dict[str, Any]:
    """The number that is named, if it is there and theirs; else `Missing`."""
    number: dict[str, Any] = {
        "framework": card.framework.code, "period": card.run.period, "subject": card.subject, "kpi": first(data, "kpi"),
    }  # fmt: skip
    if number["kpi"]:
        card.line(number["kpi"])
    row = first(data, "row")
    if row:
        if not (row.isascii() and row.isdigit() and len(row) < 19):
            raise Missing
        number |= {"row": int(row), "kind": first(data, "kind") or "orders"}
        own_rows.own_row(own, number["kind"], number["row"])
    about(**number, scope=own.scope, published=True)
    return number


@needs("portal.read")
def question(request: Asked, question: int) -> HttpResponse:
    """One question: what it is about, what was said, what can be done."""
    return _page(request, queries.question(question, sight(request)), Say())


def _page(request: Asked, found: Question, form: Say, status: int = 200) -> HttpResponse:
    own = whose(request, found.partner)
    speaks = may(request.user, "portal.ask")
    verbs = {verb for verb, (before, _to) in TURNS.items() if verb != "answer" and found.state in before and speaks}
    context = {
        "own": own, "found": found, "thread": queries.thread(found), "form": form, "verbs": verbs, "number_url": _url(own, found),
        "state": states()[found.state],
    }  # fmt: skip
    return render(request, "portal/question.html", context, status=status)


def _url(own: Whose, found: Question) -> str | None:
    """The address of the number; None where it no longer leads anywhere."""
    card = published.or_none(own, found.framework, found.period)
    if card is None:
        return None
    known = {line.kpi for line in (*card.lines, *card.beside)}
    return published.address("kpi", card, kpi=found.kpi) if found.kpi in known else published.address("card", card)


def _turn(request: Asked, number: int, verb: str) -> HttpResponse:
    """What adding, closing and reopening have in common: on refusal the page comes back with what was typed."""
    form = Say(request.POST)
    form.is_valid()
    scope = sight(request)
    found = queries.question(number, scope)
    given = {"question": number, "text": form.cleaned_data.get("text", ""), "form_key": form.cleaned_data.get("form_key", "")}
    try:
        getattr(records, verb)(**given, acting_user=request.user, scope=scope)
    except Refused as refused:
        tell(form, refused)
        found.refresh_from_db()
        return _page(request, found, form, status=409 if isinstance(refused, Conflict) else 422)
    told = {"reply": _("Added."), "close": _("Closed."), "reopen": _("Reopened.")}
    messages.success(request, told[verb])
    return HttpResponseRedirect(f"{reverse('portal:question', args=[number])}?sent=1")


@needs(post="portal.ask")
def reply(request: Asked, question: int) -> HttpResponse:
    """Something to add."""
    return _turn(request, question, "reply")


@needs(post="portal.ask")
def close(request: Asked, question: int) -> HttpResponse:
    """Nothing more to say."""
    return _turn(request, question, "close")


@needs(post="portal.ask")
def reopen(request: Asked, question: int) -> HttpResponse:
    """The answer is not enough."""
    return _turn(request, question, "reopen")
