"""Intake over REST: files and their dry run, batches and where their rows went, refused rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpResponse
from ninja import File, Form, Router, Schema, Status, UploadedFile
from pydantic import Field

from steelyard.calc.errors import Missing, Refused
from steelyard.intake import actions, arrivals, dry_run, mappings, queries
from steelyard.intake.outcome import amounts_text
from steelyard.intake.views.batch import file_of, refused_of
from steelyard.ledger import queries as ledger

from .addresses import Number
from .filters import clean
from .gate import Asked, lasting, needs
from .jobs import JobShown, job_shown
from .looking import named
from .paging import Asking, Page, of_records, of_rows
from .problems import Told, answers, file_answer
from .versions import tagged

if TYPE_CHECKING:
    from steelyard.intake.models import Batch, QuarantinedRow

router = Router(tags=["intake"])
CSV = file_answer("the refused rows, to be corrected and sent again", "text/csv")
RAW = file_answer("the bytes", "application/octet-stream")


class Upload(Schema):
    """What is in the file and where it comes from."""

    kind: str = Field(max_length=40, description="a kind of fact, or a master")
    source: str = Field(min_length=1, max_length=100, examples=["erp"])
    mapping: str = Field("", max_length=200_000, description="YAML; blank: the one remembered for kind and source", examples=[""])


class FindingShown(Schema):
    """One thing found out about a file."""

    what: str = Field(description="encoding, separator, sheet, header, ends, totals, or `column NAME`", examples=["column amount"])
    found: str = Field(examples=["“Betrag”"])
    why: str = Field(examples=["its heading “Betrag” says so"])
    sure: str = Field(description="certain, or likely: then look at it", examples=["certain"])
    examples: list[list[str]] = Field(description="as it stands, as it is read", examples=[[["1.234,50", "1234.50"]]])


class AnswerShown(Schema):
    """One possible answer: YAML to be laid over the mapping."""

    patch: str = Field(examples=["{currency: EUR}"])
    label: str = Field(examples=["EUR"])
    example: str


class FileQuestion(Schema):
    """What must be said before the file can be read."""

    key: str = Field(examples=["currency"])
    code: str = Field(examples=["currency_missing"])
    text: str = Field(examples=["Which currency are the amounts in?"])
    why: str = Field(examples=["no column says it"])
    suggested: str
    free: list[str] = Field(description="where a text goes that is none of the choices: the keys of the mapping")
    choices: list[AnswerShown]


class Checked(Schema):
    """What bringing the file in would do. With `problems` it cannot be read."""

    sha256: str
    rows_in: int | None
    accepted: int | None
    restated: int | None
    quarantined: int | None
    duplicates: int | None
    blank: int | None
    filtered: int | None
    unmatched: int | None
    amounts: dict[str, dict[str, str]] = Field(examples=[{"EUR": {"in": "1200.00", "accepted": "1180.00"}}])
    notes: list[Told] = Field(description="what is accepted and worth a look")
    problems: list[Told] = Field(description="why it cannot be read, else the first problems of rows")
    findings: list[FindingShown] = Field([], description="how the file was understood")
    questions: list[FileQuestion] = Field([], description="what must be said in a mapping first")
    proposed: str = Field("", description="the mapping that reads it, as far as it is known: YAML, to be sent as `mapping`")


class BatchShown(Schema):
    """One file and where its rows went; they add up to `rows_in`."""

    batch: int
    kind: str
    source: str
    name: str = Field(examples=["orders-2025-q4.csv"])
    status: str = Field(description="received, committed, refused, undone", examples=["committed"])
    rows_in: int
    accepted: int
    restated: int = Field(description="part of accepted", examples=[4])
    quarantined: int = Field(examples=[12])
    waiting: int = Field(description="refused rows that nobody put right yet", examples=[3])
    duplicates: int = Field(examples=[8])
    blank: int = Field(examples=[0])
    filtered: int = Field(examples=[0])
    unmatched: int = Field(description="part of accepted: rows whose party meant no partner when they came", examples=[5])
    amounts: dict[str, dict[str, str]] = Field(examples=[{"EUR": {"in": "1200.00", "accepted": "1180.00"}}])
    cut: int | None
    actor: str
    created_at: datetime


class WholeBatch(BatchShown):
    """A batch with its notes, and why it was refused if it was."""

    headers: list[str] = Field(examples=[["document", "line", "date"]])
    notes: list[Told]
    problems: list[Told]


class RefusedRow(Schema):
    """A row that was not accepted, whole and raw, with every reason."""

    problem: int
    batch: int
    row: int = Field(description="as the spreadsheet counts", examples=[17])
    state: str = Field(examples=["open"])
    cells: list[str]
    problems: list[Told]


class CorrectedCells(Schema):
    """The cells as they should have been, in the order of the file's headers."""

    cells: list[str] = Field(max_length=500)


class Undoing(Schema):
    """Why."""

    reason: str = Field("", max_length=500)


class Nothing(Schema):
    """Who had nothing to report, of what, for which days."""

    kind: str = Field(max_length=40, examples=["sell_through"])
    source: str = Field(min_length=1, max_length=100, examples=["erp"])
    party: str = Field("", max_length=200, description="the partner's key at that source; blank: everybody of it", examples=["ACME-4711"])
    first_day: date
    last_day: date


class Reported(Schema):
    """The batch that says so; null: it was known."""

    batch: int | None


class FeedShown(Schema):
    """When files of a source and kind came last, and whether the next is late."""

    source: str
    kind: str
    last: datetime
    batch: int
    rows: int = Field(examples=[1200])
    rhythm: int | None = Field(description="usual days between files", examples=[7])
    age: int = Field(examples=[3])
    state: str = Field(examples=["fresh"])


@router.post("/files", response=answers(accepted=JobShown), summary="Bring a file in")
@needs("intake.write")
@lasting
def bring_in(request: Asked, sent: Annotated[Upload, Form()], file: Annotated[UploadedFile, File()]) -> Any:
    """The bytes are safe when this answers; the worker reads them. The job's result names the batch. The same bytes have one effect."""
    stored = _stored(request, sent, file)
    once = f"api {ledger.head()}"  # the same call as long as nothing else happened: what was taken back may come again
    return Status(202, job_shown(actions.order_import(file=stored, once=once, acting_user=request.user)))


@router.post("/check", response=answers(ok=Checked), summary="Check a file")
@needs("intake.write")
@lasting
def check(request: Asked, sent: Annotated[Upload, Form()], file: Annotated[UploadedFile, File()]) -> dict[str, Any]:
    """A dry run: the same reading and checking as bringing it in, and nothing is written. For text up to 4 MB and sheets up to 512 KB."""
    dry_run.refuse_slow(file.size or 0, "text")
    stored = _stored(request, sent, file)
    dry_run.refuse_slow(file.size or 0, dry_run.check_type(stored["sha256"], stored["name"]))
    counts = ("rows_in", "accepted", "restated", "quarantined", "duplicates", "blank", "filtered", "unmatched")
    understood = dry_run.understood(stored)
    try:
        outcome = dry_run.would_bring(stored, acting_user=request.user)
    except Refused as refused:
        problems = [problem.as_dict() for problem in refused.problems]
        return {"sha256": stored["sha256"], "amounts": {}, "notes": [], "problems": problems, **dict.fromkeys(counts), **understood}
    notes, problems = ([one.as_dict() for one in some] for some in (outcome.notes, outcome.examples))
    told = {"sha256": stored["sha256"], "amounts": amounts_text(outcome.amounts), "notes": notes, "problems": problems}
    return {**told, **{name: getattr(outcome, name) for name in counts}, **understood}


@router.post("/nil", response=answers(ok=Reported), summary="Report that there was nothing")
@needs("intake.write")
def nil(request: Asked, sent: Nothing) -> dict[str, Any]:
    """Zero is said, so that it is not taken for unknown. Said before, it is no new batch."""
    said = sent.dict() | {"source": named(sent.source)}
    return {"batch": actions.report_nil(**said, acting_user=request.user).batch}


@router.get("/feeds", response=answers(ok=Page[FeedShown]), summary="How fresh each source is")
@needs("intake.read")
def feeds(request: Asked, paging: Asking) -> dict[str, Any]:
    """Every source and kind that ever sent a file that landed."""
    found = sorted(arrivals.feeds(), key=lambda feed: (feed.source, feed.kind))
    same = ("source", "kind", "last", "batch", "rows", "rhythm", "age", "state")
    return of_rows(found, paging, lambda feed: [feed.source, feed.kind], lambda feed: {name: getattr(feed, name) for name in same})


@router.get("/batches", response=answers(ok=Page[BatchShown]), summary="Batches")
@needs("intake.read")
def batches(request: Asked, paging: Asking, kind: str = "", source: str = "", status: str = "") -> dict[str, Any]:
    """Every file that came in, newest first."""
    found = queries.batches(kind=clean(kind), source=clean(source), status=clean(status))
    return of_records(found, paging, _batch, newest_first=True)


@router.get("/batches/{batch}", response=answers(ok=WholeBatch), summary="One batch")
@needs("intake.read")
def batch(request: Asked, response: HttpResponse, batch: Number) -> dict[str, Any]:
    """Where its rows and amounts went."""
    return tagged(response, _whole(queries.find(batch)))


@router.get("/batches/{batch}/refused", response=answers(ok=None), summary="A batch's refused rows as CSV", openapi_extra=CSV)
@needs("intake.read")
def refused(request: Asked, batch: Number) -> Any:
    """The headers as sent, the raw cells, and why; corrected, it is a file as any other."""
    return refused_of(queries.find(batch))


@router.get("/batches/{batch}/file", response=answers(422, ok=None), summary="A batch's file", openapi_extra=RAW)
@needs("intake.read")
def raw_file(request: Asked, batch: Number) -> Any:
    """As it came, byte for byte."""
    return file_of(queries.find(batch))


@router.post("/batches/{batch}/undo", response=answers(ok=WholeBatch), summary="Undo a batch")
@needs("intake.write")
def undo(request: Asked, batch: Number, sent: Undoing) -> dict[str, Any]:
    """Its lines are reversed; what it had replaced counts again. Only batches of facts."""
    queries.find(batch)
    actions.undo(batch, acting_user=request.user, reason=sent.reason)
    return _whole(queries.find(batch))


@router.post("/batches/{batch}/replay", response=answers(accepted=JobShown), summary="Read a batch's file again")
@needs("intake.write")
def replay(request: Asked, batch: Number) -> Any:
    """By the worker: rows that waited for a master are accepted now."""
    queries.find(batch)
    return Status(202, job_shown(actions.order_replay(batch=batch, acting_user=request.user)))


@router.get("/problems", response=answers(ok=Page[RefusedRow]), summary="Refused rows")
@needs("intake.read")
def problems(request: Asked, paging: Asking, batch: int | None = None, state: str = "open") -> dict[str, Any]:
    """Rows that were not accepted, of all batches or of one; `state` is open, resolved or blank for all."""
    if batch is not None and not 0 <= batch < 2**63:
        raise Missing
    return of_records(queries.quarantine(batch=batch, state=clean(state) or None), paging, _row)


@router.get("/problems/{problem}", response=answers(ok=RefusedRow), summary="One refused row")
@needs("intake.read")
def problem(request: Asked, response: HttpResponse, problem: Number) -> dict[str, Any]:
    """Its raw cells and every reason."""
    return tagged(response, _row(_refused(problem)))


@router.post("/problems/{problem}/correct", response=answers(ok=RefusedRow), summary="Correct a refused row")
@needs("intake.write")
def correct(request: Asked, problem: Number, sent: CorrectedCells) -> dict[str, Any]:
    """Its cells as they should be; what is still wrong is refused and writes nothing."""
    actions.correct_row(_refused(problem), cells=sent.cells, acting_user=request.user)
    return _row(_refused(problem))


def _stored(request: Asked, sent: Upload, file: UploadedFile) -> dict[str, Any]:
    """The file, safe on disk, with what decides how it is read; refused at once if it is of no kind that is read."""
    name = file.name or "file"
    received = actions.receive_stream(file.chunks(), name=name, size=file.size or 0, acting_user=request.user)
    dry_run.check_type(received.sha256, name)
    kind, source = mappings.kind_named(sent.kind).name, named(sent.source)
    files = queries.known_lookups(kind, source)  # look-up files sent before, as in the pages
    told = {"sha256": received.sha256, "name": name, "kind": kind, "source": source, "mapping": sent.mapping, "lookups": files}
    dry_run.in_force(told)
    return told


def _refused(number: int) -> QuarantinedRow:
    found = queries.quarantine(state=None).filter(pk=number).first()
    if found is None:
        raise Missing
    return found


def _batch(found: Batch) -> dict[str, Any]:
    same = (
        "kind", "source", "name", "status", "rows_in", "accepted", "restated", "quarantined", "waiting", "duplicates", "blank",
        "filtered", "unmatched", "amounts", "cut", "actor", "created_at",
    )  # fmt: skip
    return {"batch": found.pk, **{name: getattr(found, name) for name in same}}


def _whole(found: Batch) -> dict[str, Any]:
    return {**_batch(found), "headers": found.headers, "notes": found.notes, "problems": found.problems}


def _row(found: QuarantinedRow) -> dict[str, Any]:
    told = [one.as_dict() for one in queries.problems_of(found)]
    place = {"batch": found.batch_id, "row": found.source_row, "state": found.state, "cells": found.cells}
    return {"problem": found.pk, **place, "problems": told}
