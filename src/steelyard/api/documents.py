"""Documents for partners over REST: the list, one, its file, adding and withdrawing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import FileResponse, HttpResponse
from ninja import File, Form, Query, Router, Schema, Status, UploadedFile
from pydantic import Field

from steelyard.calc.errors import Missing
from steelyard.partners.queries import exists
from steelyard.partners.scopes import visible
from steelyard.records import actions, queries

from .addresses import Number
from .gate import Asked, needs
from .paging import Asking, Page, of_records
from .problems import answers, file_answer
from .versions import must_match, tagged

if TYPE_CHECKING:
    from steelyard.records.models import Document

router = Router(tags=["documents"])
FILE = file_answer("the file", "application/octet-stream", "application/pdf", "image/png", "image/jpeg", "text/plain", "text/csv")
SPREADSHEETS = "application/vnd.openxmlformats-officedocument."
FILE["responses"][200]["content"] |= {
    f"{SPREADSHEETS}{name}": {"schema": {"type": "string", "format": "binary"}}
    for name in ("spreadsheetml.sheet", "wordprocessingml.document")
}


class DocumentShown(Schema):
    """A file for a partner."""

    document: int
    partner: str
    title: str
    media_type: str = Field(examples=["application/pdf"])
    size: int
    sha256: str
    added_by: str
    added_at: datetime


class Titled(Schema):
    """What the file is called."""

    title: str = Field(max_length=200, examples=["Price list 2026"])


class WhyDocument(Schema):
    """Why."""

    reason: str = Field("", max_length=500)


@router.get("/documents", response=answers(ok=Page[DocumentShown]), summary="Documents")
@needs("questions.read")
def documents(request: Asked, paging: Asking, partner: str = "") -> dict[str, Any]:
    """All documents in sight, newest first."""
    return of_records(queries.documents(request.scope, partner or None), paging, document_shown, newest_first=True)


@router.post("/partners/{partner}/documents", response=answers(made=DocumentShown), summary="Add a document")
@needs("questions.answer")
def add(request: Asked, partner: str, sent: Annotated[Titled, Form()], file: Annotated[UploadedFile, File()]) -> Any:
    """PDF, PNG, JPEG, XLSX, DOCX, CSV or text of at most 20 MB; the partner sees it at once."""
    code = visible(request.scope, partner)
    if not exists("partners", code=code):
        raise Missing
    kept = actions.keep_document(partner=code, title=sent.title, stream=file, acting_user=request.user)
    return Status(201, document_shown(kept))


@router.get("/documents/{document}", response=answers(ok=DocumentShown), summary="One document")
@needs("questions.read")
def document(request: Asked, response: HttpResponse, document: Number) -> dict[str, Any]:
    """What it is, without its bytes."""
    return tagged(response, document_shown(queries.document(document, request.scope)))


@router.get("/documents/{document}/file", response=answers(ok=None), summary="A document's file", openapi_extra=FILE)
@needs("questions.read")
def download(request: Asked, document: Number) -> Any:
    """The bytes, always as a file to keep."""
    return as_file(document, queries.download(document, request.scope))


@router.delete("/documents/{document}", response=answers(empty=True), summary="Withdraw a document")
@needs("questions.answer")
def withdraw(request: Asked, document: Number, why: Annotated[WhyDocument, Query(...)]) -> Any:
    """Nobody sees it any more; that it was there stays in the trail."""
    must_match(request, document_shown(queries.document(document, request.scope)))
    actions.withdraw_document(document=document, acting_user=request.user, scope=request.scope, reason=why.reason)
    return Status(204, None)


def document_shown(found: Document) -> dict[str, Any]:
    """A document as JSON."""
    same = ("partner", "title", "media_type", "size", "sha256", "added_by", "added_at")
    return {"document": found.pk, **{name: getattr(found, name) for name in same}}


def as_file(document: int, found: queries.Download) -> FileResponse:
    """A document's bytes under a name made by us; that it was opened stands in the trail."""
    response = FileResponse(found.path.open("rb"), as_attachment=True, filename=found.file_name, content_type=found.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response.exported = (f"document-{document}", 1, "file")  # type: ignore[attr-defined]
    return response
