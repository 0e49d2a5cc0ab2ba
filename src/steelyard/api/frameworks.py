"""Frameworks over REST: versions, their files and sentences; adding a version."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from steelyard.accounts.permissions import may
from steelyard.calc.errors import Missing, Problem, Refused
from steelyard.calc.framework.model import Framework
from steelyard.calc.framework.wording.sentences import difference, sentences
from steelyard.calc.regions import Gap
from steelyard.calc.units import to_text
from steelyard.frameworks import actions, checking, queries
from steelyard.frameworks.reading import readers_language
from steelyard.frameworks.regions import regions as regions_of
from steelyard.frameworks.vectors import unproved_levels
from steelyard.scorecards.backtest import newest
from steelyard.scorecards.replaying import periods, seen
from steelyard.scorecards.replaying import replay as replayed

from .addresses import Number, VersionNumber
from .gate import Asked, lasting, needs
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
    vectors: str = Field(description="the test vectors kept with it, as YAML; empty if there are none")
    unproved_levels: list[str] = Field(
        description="levels that no vector earns: nothing is published before each has one", examples=[["Gold"]]
    )


class Applying(Schema):
    """A framework's file, as text."""

    text: str = Field(max_length=1_000_000)
    vectors: str | None = Field(
        None, max_length=1_000_000, description="its test vectors; all must hold. Left out, those of a version stay"
    )


SENTENCES = [["Gold: The score is at least 85 (was 80)."]]


class Changes(Schema):
    """What one version says that another does not."""

    before: int = Field(examples=[1])
    after: int = Field(examples=[2])
    changes: list[str] = Field(examples=SENTENCES)


class Found(Told):
    """What the prover found; it refuses nothing."""

    witness: str = Field(description="the given parts of vectors that show it, one a line, as YAML", examples=["given: {kpis: {sold: 60}}"])


class Checking(Applying):
    """A framework's file, as text, and what is to be looked at."""

    strength: bool = Field(False, description="also which changes of the framework its vectors would not notice; takes some seconds")
    partners: bool = Field(
        False, description="also what everybody in the newest run of the framework shows; for readers of scores who see every partner"
    )


class ListCost(Schema):
    """What a list would keep of a kind of fact; more than a fifth of the rows is a warning."""

    list: str
    fact: str
    lines: int
    rows: int


class CheckedFramework(Schema):
    """What would become of a text."""

    framework: str | None = Field(description="its code; null if the text cannot be read")
    fits: bool = Field(description="whether it could be applied", examples=[True])
    problems: list[Told]
    findings: list[Found] = Field(description="what it does that may not be meant, each with a witness")
    lists: list[ListCost] = Field(description="about how many lines each list would keep of the rows that the ledger holds")
    changes: list[str] = Field(description="against the newest version", examples=SENTENCES)


class Applied(Schema):
    """The version that the text is, whether it is new, and warnings."""

    version: Version
    new: bool
    warnings: list[Told]


class SetTold(Schema):
    """One thing that a region sets."""

    path: str = Field(examples=["scorecard.of.commercial.weight"])
    allowed: str = Field(description="how far a region may go", examples=["from 30 to 50"])
    was: str = Field(description="in the standard; empty if it has nothing there", examples=["40"])
    now: str = Field(description="in the region", examples=["45"])


class RegionTold(Schema):
    """A region beside the version of the standard that it keeps to."""

    region: str
    version: int
    base: str
    base_version: int
    set: list[SetTold]
    sentences: list[str] = Field(examples=SENTENCES)
    compared: int = Field(description="definitions, and keys of KPIs, parts and levels, that were compared")
    equal: int
    unexplained: list[str] = Field(description="what differs without being set; always empty unless something is wrong")
    newest_base: int
    fits: bool = Field(description="whether the region fits to the newest version of the standard")


class GapTold(Schema):
    """A partner whom a region's scheme would score otherwise than the standard."""

    subject: str
    scheme: str
    own: bool = Field(description="whether the region scores this partner")
    standard: str | None = Field(description="total by the standard", examples=["71.5"])
    total: str | None = Field(description="total under the scheme", examples=["74"])
    standard_level: str | None
    level: str | None
    because: list[str] = Field(description="the settings that do it alone; `together`: only all of them", examples=[["kpis.growth.target"]])


class Replayed(Schema):
    """What came of a replay."""

    framework: str
    version: int
    period: str
    cut: int
    subjects: int
    differing: int
    gaps: list[GapTold]


@router.get("", response=answers(ok=Page[Version]), summary="Framework versions")
@needs("frameworks.read")
def versions(request: Asked, paging: Asking, framework: str = "") -> dict[str, object]:
    """All versions of all frameworks, or of one."""
    return of_rows(queries.versions(framework or None), paging, lambda row: [row.code, f"{row.version:09d}"], _shown)


@router.post("/check", response=answers(ok=CheckedFramework), summary="Check a framework")
@needs("frameworks.write")
@lasting
def check(request: Asked, sent: Checking) -> dict[str, object]:
    """What applying this text would do; nothing is written. `problems` holds every mistake and warning of the text."""
    if sent.partners and not (may(request.user, "scores.read") and request.scope.everything):
        hint = "ask for it without `partners`, or let somebody who sees every partner ask"
        raise Refused(Problem("partners-not-seen", "its witnesses hold figures of partners whom you do not see", "partners", "true", hint))
    found = checking.check(sent.text, sent.vectors or "", strength=sent.strength, partners=newest if sent.partners else None)
    framework = found.framework
    former = queries.versions(framework.code)[-1:] if framework else []
    changed = _changes(queries.framework(former[0]), framework) if framework and former else []
    return {
        "framework": framework.code if framework else None, "fits": found.fits, "changes": changed,
        "problems": [problem.as_dict() for problem in (*found.problems, *found.failed)],
        "findings": [finding.as_dict() for finding in found.findings],
        "lists": [{"list": cost.list, "fact": cost.fact, "lines": cost.lines, "rows": cost.rows} for cost in found.costs],
    }  # fmt: skip


@router.get("/{framework}/changes", response=answers(ok=Changes), summary="What a version changes")
@needs("frameworks.read")
def changes(request: Asked, framework: str, before: VersionNumber = None, after: VersionNumber = None) -> dict[str, object]:
    """Of another version, in plain sentences; without numbers, the newest of the one before it."""
    new = _found(framework, after)
    old = _found(framework, max(new.version - 1, 1) if before is None else before)
    return {"before": old.version, "after": new.version, "changes": _changes(queries.framework(old), queries.framework(new))}


@router.get("/{framework}/regions", response=answers(ok=list[RegionTold]), summary="What each region set")
@needs("frameworks.read")
def regions(request: Asked, framework: str) -> list[dict[str, object]]:
    """Of each region its settings, and how much was compared and is equal; `unexplained` is empty unless something is wrong."""
    return [one.as_dict() for one in regions_of(_found(framework, None).code, readers_language())]


@router.get("/{framework}/replay", response=answers(ok=Replayed), summary="Replay every partner")
@needs("scores.read")
@lasting
def replay(request: Asked, framework: str, period: str = "", cut: VersionNumber = None) -> dict[str, object]:
    """Every partner through every region's scheme, at one cut: whose score or level would differ, and by which settings.

    Without a period, of the newest that was scored; 404 if none was.
    """
    code = _found(framework, None).code
    chosen = period or next(iter(periods(code)), "")
    if not chosen:
        raise Missing
    found = seen(replayed(code, chosen, cut), request.scope)
    return {
        "framework": found.base.code, "version": found.base.version, "period": found.period, "cut": found.cut,
        "subjects": found.subjects, "differing": found.differing, "gaps": [_gap(gap) for gap in found.gaps],
    }  # fmt: skip


@router.get("/{framework}/{version}", response=answers(ok=WholeVersion), summary="One version")
@needs("frameworks.read")
def one(request: Asked, response: HttpResponse, framework: str, version: Number) -> dict[str, object]:
    """The version with its file and its sentences, in the language that `Accept-Language` asks for (en, de)."""
    found = _found(framework, version)
    told = [said.text for said in sentences(queries.framework(found), readers_language())]
    whole = {
        **_shown(found), "text": found.text, "sentences": told,
        "vectors": found.vectors, "unproved_levels": list(unproved_levels(found.text, found.vectors, found.base_text)),
    }  # fmt: skip
    return tagged(response, whole)


@router.post("", response=answers(ok=Applied), summary="Add a version")
@needs("frameworks.write")
def apply(request: Asked, sent: Applying) -> dict[str, object]:
    """Check a text and keep it as the next version; the same text again is the version it already is."""
    version, warnings, new = actions.apply(text=sent.text, vectors=sent.vectors, acting_user=request.user)
    return {"version": _shown(version), "new": new, "warnings": [warning.as_dict() for warning in warnings]}


def _changes(before: Framework, after: Framework) -> list[str]:
    return [one.text for one in difference(before, after, readers_language())]


def _found(framework: str, version: int | None) -> FrameworkVersion:
    try:
        return queries.version(framework, version)
    except Refused:
        raise Missing from None


def _shown(version: FrameworkVersion) -> dict[str, object]:
    return {
        "framework": version.code, "version": version.version, "title": version.title, "digest": version.digest,
        "effective": version.effective, "applied_at": version.applied_at, "applied_by": version.applied_by,
    }  # fmt: skip


def _gap(gap: Gap) -> dict[str, object]:
    return {
        "subject": gap.subject, "scheme": gap.region, "own": gap.own, "standard": _points(gap.base.total),
        "total": _points(gap.other.total), "standard_level": gap.base.level, "level": gap.other.level, "because": list(gap.because),
    }  # fmt: skip


def _points(total: int | None) -> str | None:
    return None if total is None else to_text(total, "points")
