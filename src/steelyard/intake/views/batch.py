"""One batch: where every row went, why rows were refused, how the file was read; its refused rows and raw file; undo; replay."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from steelyard.accounts.forms import say
from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.attribution.unmatched import unmatched
from steelyard.calc.errors import Problem, Refused

from .. import actions, one_batch, queries, store
from ..forms import Undo
from ..models import Batch
from ..outcome import grains_of
from ..titles import BUCKETS, kind_title
from .progress import follow


@needs("intake.read")
def batch(request: Asked, batch: int) -> HttpResponse:
    """Where every row of one file went."""
    found = queries.find(batch)
    amounts = grains_of(found.amounts)
    filled, unread = one_batch.filled(found)
    waiting = one_batch.waiting_now(found, unmatched()) if found.unmatched and found.status == Batch.COMMITTED else (0, [])
    writes, waits = may(request.user, "intake.write"), getattr(found, "waiting", 0)
    told = {
        "batch": found,
        "kind": kind_title(found.kind),
        "fact": queries.is_fact(found.kind),
        "shares": [(BUCKETS[share.bucket], share) for share in one_batch.shares(found, amounts)],
        "money": one_batch.money(amounts),
        "causes": one_batch.causes(found.pk),
        "notes": [Problem(**values) for values in found.notes],
        "problems": [Problem(**values) for values in found.problems],
        "filled": filled,
        "unread": unread,
        "filters": sorted(found.filters.items()),
        "nameless": waiting,
        "known_before": queries.sent_before(found),
        "rows_query": f"?batch={found.pk}&state=",
        "writes": writes,
        "may_undo": writes and found.status == Batch.COMMITTED and queries.is_fact(found.kind),
        "may_replay": writes and found.status == Batch.COMMITTED and found.upload_id and found.mapping_id and waits,
    }
    return render(request, "intake/batch.html", told)


@needs("intake.read")
def refused_rows(request: Asked, batch: int) -> Any:
    """The refused rows of a batch as CSV with their reasons: correct the cells, and send the file as any other."""
    return refused_of(queries.find(batch))


def refused_of(found: Batch) -> StreamingHttpResponse:
    """That file, for pages and programs."""
    answer = StreamingHttpResponse(queries.quarantine_csv(found.pk), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="batch-{found.pk}-to-correct.csv"'
    answer["Cache-Control"] = "no-store"
    answer.exported = (f"refused rows of batch {found.pk}", queries.quarantine(batch=found.pk).count(), "csv")  # type: ignore[attr-defined]
    return answer


@needs("intake.read")
def raw_file(request: Asked, batch: int) -> Any:
    """The file as it came, byte for byte."""
    return file_of(queries.find(batch))


def file_of(found: Batch) -> StreamingHttpResponse:
    """Its bytes, for pages and programs. Refused if they are no longer in the home."""
    if found.upload is None or not store.path_of(found.upload.sha256).exists():
        raise Refused(Problem("raw_file_missing", _("the file of this batch is not in the home"), "", str(found.pk)))
    stem, dot, ending = found.name.rpartition(".")
    name = f"{slugify(stem or ending) or 'file'}{dot}{slugify(ending)}" if dot else slugify(ending) or "file"
    # whatever is in it, a browser does not open it
    answer = StreamingHttpResponse(store.pieces(found.upload.sha256), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Length"] = str(found.upload.size)
    answer["Cache-Control"] = "no-store"
    answer.exported = (f"raw file of batch {found.pk}", found.rows_in, "file")  # type: ignore[attr-defined]
    return answer


@needs("intake.write", post="intake.write")
def undo(request: Asked, batch: int) -> HttpResponse:
    """Take a batch back: first what would happen, then with a reason."""
    found = queries.find(batch)
    form = Undo(request.POST or None)
    if request.method == "POST" and found.status == Batch.UNDONE:  # pressed twice, or somebody else was quicker
        messages.info(request, _("Batch %(batch)s is taken back already.") % {"batch": found.pk})
        return redirect("intake:batch", found.pk)
    if request.method == "POST" and form.is_valid():
        try:
            actions.undo(found.pk, acting_user=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            say(form, refused)
        else:
            messages.success(request, _("Batch %(batch)s is taken back. The same file may be brought in again.") % {"batch": found.pk})
            return redirect("intake:batch", found.pk)
    told: dict[str, Any] = {"batch": found, "kind": kind_title(found.kind), "form": form, "problems": []}
    try:
        told["would"] = queries.would_undo(found)
    except Refused as refused:
        told["problems"] = refused.problems
    return render(request, "intake/undo.html", told, status=422 if form.errors else 200)


@needs(post="intake.write")
def replay(request: Asked, batch: int) -> HttpResponse:
    """Read the stored file again, as a job: rows that waited for a product or another master are accepted now."""
    found = queries.find(batch)
    job = actions.order_replay(batch=found.pk, acting_user=request.user)
    return follow(job)
