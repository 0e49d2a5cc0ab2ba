"""Refused rows: the list of all, and one with its raw cells, everything that is wrong with it, and its correction."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Conflict, Refused
from steelyard.ui.listing import Column, Empty, Filter, Listing, Records

from .. import actions, queries
from ..forms import Correction
from ..models import QuarantinedRow
from ..titles import ROW_STATES, kind_choices, kind_title


@needs("intake.read")
def problems(request: Asked) -> HttpResponse:
    """Every refused row; those that still need somebody first."""
    words = {name: str(title) for name, title in ROW_STATES}
    listing = Listing(
        request,
        name="refused-rows",
        title=_("Refused rows"),
        columns=(
            Column("message", _("What is wrong"), link=lambda row: reverse("intake:problem", args=(row.pk,)), sub="hint", phone=True),
            Column("hint", _("What to do"), sortable=False),
            Column("found", _("Found"), value=lambda row: row.found[:80], sub="column"),
            Column("column", _("Column")),
            Column("file", _("File"), value=lambda row: row.batch.name, link=_batch, sub="source"),
            Column("kind", _("Kind"), value=lambda row: kind_title(row.batch.kind)),
            Column("source", _("Source"), shown=False, value=lambda row: row.batch.source),
            Column("source_row", _("Row of the file"), "count"),
            Column("state", _("State"), value=lambda row: words[row.state], template="intake/parts/row_state.html", phone=True),
            Column("code", _("Cause"), shown=False),
            Column("batch", _("Batch"), "count", shown=False, value=lambda row: row.batch_id),
            Column("created_at", _("Received"), "moment", shown=False, value=lambda row: row.batch.created_at),
        ),
        source=Records(
            queries.quarantine(state=None).order_by("state", "-batch", "source_row"),
            {"file": "batch__name", "batch": "batch_id"} | {name: f"batch__{name}" for name in ("kind", "source", "created_at")},
        ),
        filters=(
            Filter("state", _("State"), ROW_STATES, default="open"),
            Filter("batch", _("Batch"), [(str(number), f"{number}: {name}") for number, name in queries.batches_refusing()]),
            Filter("code", _("Cause"), [(code, code.replace("_", " ")) for code in queries.causes_known()]),
            Filter("column", _("Column"), kind="text"),
            Filter("kind", _("Kind"), kind_choices(queries.kinds_received())),
            Filter("source", _("Source"), [(source, source) for source in queries.every_source()]),
        ),
        search=("message", "found", "column", "file"),
        empty=Empty(_("No row was ever refused"), _("Rows that cannot be read right wait here with their reasons, and never get lost.")),
    )  # fmt: skip
    return listing.respond("intake/problems.html", {"waiting": queries.waiting_counts()})


def _batch(row: QuarantinedRow) -> str:
    return reverse("intake:batch", args=(row.batch_id,))


@needs("intake.read", post="intake.write")
def problem(request: Asked, problem: int) -> HttpResponse:
    """One refused row; corrected in place, it is brought in by itself."""
    row = queries.quarantined_row(problem)
    writes = may(request.user, "intake.write")
    blocked = actions.correctable(row)
    form = Correction(row.batch.headers, request.POST or None, initial={f"cell_{place}": cell for place, cell in enumerate(row.cells)})
    if request.method == "POST" and row.state != QuarantinedRow.OPEN:  # pressed twice, or somebody else was quicker
        messages.info(request, _("This row is settled already."))
        return redirect("intake:problem", row.pk)
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.correct_row(row, cells=form.cells(), acting_user=request.user)
        except Conflict:
            messages.info(request, _("This row is settled already."))
            return redirect("intake:problem", row.pk)
        except Refused as refused:
            _beside(form, refused)
        else:
            text = (
                _("The row is corrected and brought in as batch %(batch)s.")
                if done.accepted
                else _("The row is settled: it was known already.")
            )
            messages.success(request, text % {"batch": done.batch})
            return redirect("intake:problem", row.pk)
    told = {
        "row": row,
        "kind": kind_title(row.batch.kind),
        "problems": queries.problems_of(row),
        "cells": _cells(row, form),
        "beyond": row.cells[len(row.batch.headers) :],
        "form": form,
        "blocked": blocked,
        "correcting": writes and not blocked and row.state == QuarantinedRow.OPEN,
        "next": queries.next_waiting(row),
    }
    return render(request, "intake/problem.html", told, status=422 if form.errors else 200)


def _cells(row: QuarantinedRow, form: Correction) -> list[dict[str, Any]]:
    """Header beside cell; the wrong ones with what is wrong."""
    wrong: dict[str, list[dict[str, str]]] = {}
    for one in queries.row_as_dict(row)["problems"]:
        for header in {one["column"], *one["column"].split(", ")}:
            wrong.setdefault(header, []).append(one)
    return [
        {
            "header": header, "text": row.cells[place] if place < len(row.cells) else "", "wrong": wrong.get(header, [])[:3],
            "field": form[f"cell_{place}"],
        }
        for place, header in enumerate(row.batch.headers)
    ]  # fmt: skip


def _beside(form: Correction, refused: Refused) -> None:
    """Each problem beside its cell, the others above the form."""
    for one in refused.problems:
        text = f"{one.message}. {one.hint}".rstrip(". ") + "." if one.hint else one.message
        at = next((place for place, header in enumerate(form.headers) if one.where.endswith(f"column `{header}`")), None)
        form.add_error(None if at is None else f"cell_{at}", text)
