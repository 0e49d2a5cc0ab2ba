"""Frameworks over REST: versions, their files and sentences; adding a version."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from steelyard.calc.errors import Missing, Refused
from steelyard.calc.framework.sentences import sentences
from steelyard.frameworks import actions, queries

from .addresses import Number
from .gate import Asked, needs
from .paging import Asking, Page, of_rows
from .problems import Told, answers
from .versions import tagged

if TYPE_CHECKING:
    from steelyard.frameworks.models import FrameworkVersion

router = Router(tags=["frameworks"])


class Version(Schema):
    """One version of a framework; it never changes."""

    framework: str
    version: int
    title: str
    digest: str = Field(description="SHA-256 of the text")
    effective: date | None
    applied_at: datetime
    applied_by: str


class WholeVersion(Version):
    """A version with its file and what it says in plain sentences."""

    text: str
    sentences: list[str]


class Applying(Schema):
    """A framework's file, as text."""

    text: str = Field(max_length=1_000_000)


class Applied(Schema):
    """The version that the text is, whether it is new, and warnings."""

    version: Version
    new: bool
    warnings: list[Told]


@router.get("", response=answers(ok=Page[Version]), summary="Framework versions")
@needs("frameworks.read")
def versions(request: Asked, paging: Asking, framework: str = "") -> dict[str, object]:
    """All versions of all frameworks, or of one."""
    return of_rows(queries.versions(framework or None), paging, lambda row: [row.code, f"{row.version:09d}"], _shown)


@router.get("/{framework}/{version}", response=answers(ok=WholeVersion), summary="One version")
@needs("frameworks.read")
def one(request: Asked, response: HttpResponse, framework: str, version: Number) -> dict[str, object]:
    """The version with its file and its sentences."""
    found = _found(framework, version)
    whole = {**_shown(found), "text": found.text, "sentences": [said.text for said in sentences(queries.framework(found))]}
    return tagged(response, whole)


@router.post("", response=answers(ok=Applied), summary="Add a version")
@needs("frameworks.write")
def apply(request: Asked, sent: Applying) -> dict[str, object]:
    """Check a text and keep it as the next version; the same text again is the version it already is."""
    version, warnings, new = actions.apply(text=sent.text, acting_user=request.user)
    return {"version": _shown(version), "new": new, "warnings": [warning.as_dict() for warning in warnings]}


def _found(framework: str, version: int) -> FrameworkVersion:
    try:
        return queries.version(framework, version)
    except Refused:
        raise Missing from None


def _shown(version: FrameworkVersion) -> dict[str, object]:
    return {
        "framework": version.code, "version": version.version, "title": version.title, "digest": version.digest,
        "effective": version.effective, "applied_at": version.applied_at, "applied_by": version.applied_by,
    }  # fmt: skip
