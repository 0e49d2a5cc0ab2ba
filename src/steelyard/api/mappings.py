"""Mappings over REST: how the files of each source are read, and what was read so before."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from steelyard.calc.errors import Missing
from steelyard.intake import actions, queries

from .addresses import Number
from .filters import clean
from .gate import Asked, needs
from .paging import Asking, Page, of_keyed, of_rows
from .problems import answers
from .versions import must_match, tagged

if TYPE_CHECKING:
    from steelyard.intake.models import MappingVersion

router = Router(tags=["intake"])


class MappingShown(Schema):
    """A version of how the files of a source are read."""

    kind: str
    source: str
    version: int
    created_at: datetime
    actor: str


class WholeMapping(MappingShown):
    """A mapping with its text."""

    text: str = Field(description="YAML", examples=["kind: orders\nsource: erp\n"])


class Rewriting(Schema):
    """A mapping as text."""

    text: str = Field(min_length=1, max_length=200_000, description="YAML", examples=["kind: orders\nsource: erp\n"])


@router.get("", response=answers(ok=Page[MappingShown]), summary="Mappings")
@needs("intake.read")
def mappings(request: Asked, paging: Asking) -> dict[str, Any]:
    """The newest version of each."""
    return of_keyed(queries.newest_mappings(), ("kind", "source"), paging, _shown)


@router.get("/{kind}/{source}", response=answers(ok=WholeMapping), summary="One mapping")
@needs("intake.read")
def mapping(request: Asked, response: HttpResponse, kind: str, source: str) -> dict[str, Any]:
    """The text that reads the files of this source now."""
    return tagged(response, _whole(_newest(kind, source)))


@router.get("/{kind}/{source}/versions", response=answers(ok=Page[MappingShown]), summary="Versions of a mapping")
@needs("intake.read")
def versions(request: Asked, paging: Asking, kind: str, source: str) -> dict[str, Any]:
    """How the files of this source were read before, and since when they are read so; newest first."""
    return of_rows(_versions(kind, source), paging, lambda one: -one.number, _shown)


@router.get("/{kind}/{source}/versions/{version}", response=answers(ok=WholeMapping), summary="A version of a mapping")
@needs("intake.read")
def version(request: Asked, response: HttpResponse, kind: str, source: str, version: Number) -> dict[str, Any]:
    """Its text, which never changes."""
    found = [one for one in _versions(kind, source) if one.number == version]
    if not found:
        raise Missing
    return tagged(response, _whole(found[0]))


@router.put("/{kind}/{source}", response=answers(ok=WholeMapping), summary="Change a mapping")
@needs("intake.write")
def change(request: Asked, response: HttpResponse, kind: str, source: str, sent: Rewriting) -> dict[str, Any]:
    """The text as a new version, which reads this source's files from now on; the same text again is the version it already is."""
    must_match(request, _whole(_newest(kind, source)))
    actions.rewrite_mapping(kind=kind, source=source, text=sent.text, acting_user=request.user)
    return tagged(response, _whole(_newest(kind, source)))


def _newest(kind: str, source: str) -> MappingVersion:
    found = queries.latest_mapping(clean(kind), clean(source))
    if found is None:
        raise Missing
    return found


def _versions(kind: str, source: str) -> list[MappingVersion]:
    found = queries.versions_of(clean(kind), clean(source))
    if not found:
        raise Missing
    return found


def _shown(found: MappingVersion) -> dict[str, Any]:
    return {"version": found.number, **{name: getattr(found, name) for name in ("kind", "source", "created_at", "actor")}}


def _whole(found: MappingVersion) -> dict[str, Any]:
    return {**_shown(found), "text": found.text}
