"""A file handed in: what was understood of it, what must be said, what it would do; corrected, brought in or set aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.calc.errors import Conflict, Problem, Refused
from steelyard.jobs import queries as jobs

from .. import actions, causes, delivered, dry_run, mappings, queries
from ..actions.delivering import file_of
from ..checking.codes import currency_code
from ..forms import Columns, MappingText, Scope, columns_initial
from ..mappings import Mapping
from ..models import Delivery
from ..understanding import patched, patched_with
from .progress import follow


def address(one: Delivery) -> str:
    """The page of a file that was handed in."""
    return reverse("intake:delivery", args=(one.pk,))


@needs("intake.write", post="intake.write")
def delivery(request: Asked, delivery: int) -> HttpResponse:
    """The file as it would be read and what that would do; every change comes back here."""
    one = queries.delivery(delivery)
    if request.method == "POST" and one.state == Delivery.OPEN:
        return _said(request, one, STEPS.get(request.POST.get("step", "")))
    return _landed_or_running(request, one) or _shown(request, one)


def _landed_or_running(request: Asked, one: Delivery) -> HttpResponse | None:
    """Where a file that is in, or on its way, is shown instead."""
    if one.state == Delivery.LANDED and one.batch_id is not None:
        return redirect("intake:batch", one.batch_id)
    if one.state != Delivery.OPEN:
        return redirect("intake:batches")
    if one.job is not None and (job := jobs.job(one.job)).state in jobs.OPEN:
        return follow(job)
    if one.looked_by is not None and (job := jobs.job(one.looked_by)).state in jobs.OPEN:
        return follow(job)
    return None


def told_of(one: Delivery, acting_user: Any) -> dict[str, Any] | None:
    """The dry run of it: at once for a small file, else what the worker found; None while nobody looked."""
    if _is_small(one):
        return dry_run.dry_run(file_of(one), acting_user=acting_user)
    if one.looked_by is None:
        return None
    return jobs.job(one.looked_by).result or None


def _is_small(one: Delivery) -> bool:
    return dry_run.is_quick(one.upload.size, dry_run.check_type(one.upload.sha256, one.name))


def _mapping(one: Delivery, told: dict[str, Any] | None) -> Mapping:
    """The mapping that is in force for it now, with all that was found out."""
    text = told.get("reading") if told else None
    found = mappings.read_mapping(text)[0] if text else None
    return found or dry_run.in_force(file_of(one))


def _shown(request: Asked, one: Delivery, problems: list[Problem] | None = None) -> HttpResponse:
    told = told_of(one, request.user)
    if told is None:  # large, and nobody looked at it as it is said now
        return render(request, "intake/unlooked.html", {"delivery": one}, status=200)
    page = delivered.page(one, told, _mapping(one, told))
    if problems:
        page["refusals"] = problems
    job = jobs.job(one.job) if one.job is not None else None
    if job is not None and job.state == jobs.State.FAILED:
        page["failed"] = job.error
    return render(request, "intake/delivery.html", page, status=422 if problems else 200)


def _said(request: Asked, one: Delivery, step: Callable[[Asked, Delivery], HttpResponse] | None) -> HttpResponse:
    """Do one step; whatever it was, the page is shown anew, so that going back or pressing twice does nothing twice."""
    if step is None:
        return redirect(address(one))
    try:
        return step(request, one)
    except Conflict as conflict:
        for problem in conflict.problems:
            messages.warning(request, f"{problem.message}. {problem.hint}".rstrip(". ") + ".")
        return redirect(address(one))
    except Refused as refused:
        return _shown(request, one, list(refused.problems))


def _seen(request: Asked) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _say(request: Asked, one: Delivery, mapping: Mapping) -> HttpResponse:
    """Keep what was said; a large file is looked at anew by the worker."""
    one = actions.say(one.pk, mapping=mapping, seen=_seen(request), acting_user=request.user)
    if not _is_small(one):
        return follow(actions.order_look(one.pk, acting_user=request.user))
    return redirect(address(one))


def _answer(request: Asked, one: Delivery) -> HttpResponse:
    """Answers to what was asked: a choice, or what somebody typed."""
    told = told_of(one, request.user) or {}
    mapping = _mapping(one, told)
    asked = (told.get("understood") or {}).get("questions", [])
    answered = 0
    for place, question in enumerate(asked):
        chosen, typed = request.POST.get(f"answer-{place}", ""), request.POST.get(f"typed-{place}", "").strip()[:200]
        if request.POST.get(f"asked-{place}") != question["key"]:  # the page is older than what is asked now
            continue
        if chosen in {choice["patch"] for choice in question["choices"]}:
            mapping, answered = patched(mapping, chosen), answered + 1
        elif question["free"] and typed:
            mapping, answered = _typed(mapping, question, typed), answered + 1
    if not answered and asked:
        raise Refused(Problem("nothing_said", _("nothing was answered"), hint=_("choose one of the answers")))
    return _say(request, one, mapping)


def _typed(mapping: Mapping, question: dict[str, Any], typed: str) -> Mapping:
    if question["typed"] == "currency":
        code = currency_code(typed)
        if code is None:
            raise Refused(Problem("unknown_currency", _("there is no such currency"), "", typed, _("three letters, such as EUR")))
        typed = code
    return patched_with(mapping, question["free"], typed, anew=question["anew"])


def _fix(request: Asked, one: Delivery) -> HttpResponse:
    """One text of a column read as another in every row, or a word of the mapping that settles a reason."""
    mapping = _mapping(one, told_of(one, request.user))
    if patch := request.POST.get("patch", ""):
        return _say(request, one, patched(mapping, patch))
    column, text, better = (request.POST.get(name, "") for name in ("column", "text", "becomes"))
    if not better.strip():
        raise Refused(Problem("nothing_said", _("write what “%(text)s” should be") % {"text": text[:60]}, column))
    return _say(request, one, causes.read_as(mapping, column, text, better.strip()[:500]))


def _unfix(request: Asked, one: Delivery) -> HttpResponse:
    """Take such a correction back."""
    mapping = _mapping(one, told_of(one, request.user))
    return _say(request, one, causes.read_as(mapping, request.POST.get("column", ""), request.POST.get("text", ""), None))


def _scope(request: Asked, one: Delivery) -> HttpResponse:
    """What the file replaces, which days it covers, and whether the next one needs a person."""
    form = Scope(request.POST)
    if not form.is_valid():
        raise Refused([Problem("bad_date", str(text), "") for errors in form.errors.values() for text in errors])
    return _say(request, one, form.changed(_mapping(one, told_of(one, request.user))))


def _bring(request: Asked, one: Delivery) -> HttpResponse:
    """Have it brought in, read as it was shown."""
    if (elsewhere := _landed_or_running(request, one)) is not None:  # pressed twice
        return elsewhere
    mapping = _mapping(one, told_of(one, request.user) if _is_small(one) else jobs.job(one.looked_by or 0).result)
    if mappings.digest(mapping) != request.POST.get("reading", ""):
        raise Conflict(Problem("changed-meanwhile", _("it would be read otherwise now"), hint=_("look at it as it is now")))
    return follow(actions.order_delivery(one.pk, mapping=mappings.to_yaml(mapping), seen=_seen(request), acting_user=request.user))


def _aside(request: Asked, one: Delivery) -> HttpResponse:
    """Do not bring it in."""
    actions.set_aside(one.pk, acting_user=request.user)
    messages.success(request, _("%(file)s is set aside; nothing of it was brought in.") % {"file": one.name})
    return redirect("intake:batches")


def _look(request: Asked, one: Delivery) -> HttpResponse:
    """Look at a large file anew."""
    return redirect(address(one)) if _is_small(one) else follow(actions.order_look(one.pk, acting_user=request.user))


STEPS: dict[str, Callable[[Asked, Delivery], HttpResponse]] = {
    "answer": _answer, "fix": _fix, "unfix": _unfix, "scope": _scope, "bring": _bring, "aside": _aside, "look": _look,
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One of our columns: its control, what it means, its first values as they stand."""

    name: str
    title: Any
    meaning: str
    required: bool
    field: Any
    filled: str
    raw: list[str]


@needs("intake.write", post="intake.write")
def columns(request: Asked, delivery: int) -> HttpResponse:
    """Everything that decides how it is read: column by column, or as the text of the mapping."""
    one = queries.delivery(delivery)
    if (elsewhere := _landed_or_running(request, one)) is not None:
        return elsewhere
    told = told_of(one, request.user)
    if told is None:
        return redirect(address(one))
    mapping, look = _mapping(one, told), told["look"] or {"headers": [], "samples": {}, "rules": {}, "unread": [], "sheet": ""}
    kind = mappings.kind_named(one.kind)
    by_text = "text" in request.POST
    form = Columns(kind, look["headers"], None if by_text else request.POST or None, initial=columns_initial(look, mapping))
    text = MappingText(request.POST if by_text else None, initial={"text": mappings.to_yaml(mapping), "seen": one.version})
    problems: list[Problem] = []
    if request.method == "POST" and (text if by_text else form).is_valid():
        try:
            return _say(request, one, _rewritten(one, text) if by_text else form.changed(mapping))
        except Conflict as conflict:
            messages.warning(request, conflict.problems[0].message)
            return redirect("intake:columns", one.pk)
        except Refused as refused:
            problems = list(refused.problems)
    page = {
        "delivery": one, "form": form, "text": text, "problems": problems, "look": look, "open_text": by_text,
        "choices": [_choice(form, column, look, mapping) for column in kind.columns],
        "rest": [form[name] for name in ("currency", "decimal", "date_order", "header", "sheet", "totals", "negatives")],
    }  # fmt: skip
    return render(request, "intake/columns.html", page, status=422 if request.method == "POST" else 200)


def _rewritten(one: Delivery, form: MappingText) -> Mapping:
    mapping, problems = mappings.read_mapping(form.cleaned_data["text"])
    if mapping is None:
        raise Refused(problems)
    if mapping.kind != one.kind:
        raise Refused(Problem("wrong_mapping", _("this mapping is of another kind"), "kind", f"`{mapping.kind}`", f"`{one.kind}`"))
    return replace(mapping, source=one.source)


def _choice(form: Columns, column: Any, look: dict[str, Any], mapping: Mapping) -> Choice:
    rule = mapping.columns.get(column.name)
    filled = ""
    if rule is not None and rule.header is None:
        filled = _("always “%(text)s”") % {"text": rule.constant} if rule.constant is not None else ", ".join(rule.headers)
    raw = [text for text in look["samples"].get(rule.header if rule else None, []) if text][:2]
    return Choice(
        column.name, delivered.column_name(column.name), column.meaning, column.required, form[f"column_{column.name}"], filled, raw
    )
