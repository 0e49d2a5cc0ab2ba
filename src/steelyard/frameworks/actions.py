"""Every write to frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.calc.errors import Problem, Refused
from steelyard.calc.framework.document import digest, fingerprint

from . import house
from .models import FrameworkVersion
from .vectors import failures

if TYPE_CHECKING:
    from steelyard.accounts.models import User


@transaction.atomic
def apply(*, text: str, acting_user: User, vectors: str | None = None) -> tuple[FrameworkVersion, list[Problem], bool]:
    """Check a framework text and keep it as the next version; the same text again is the version it already is.

    ``vectors`` must all hold, and are kept with the version; with a text that is a version already they take the place of
    its vectors. None leaves them as they are. Returns the version, warnings, and whether it is new. Raises `Refused` with
    every problem found.
    """
    framework, problems = house.read_here(text)
    if framework is None:
        raise Refused(problems)
    if vectors is not None and (failed := failures(text, vectors)):
        raise Refused(failed)
    named = fingerprint(text, framework.base)
    existing = FrameworkVersion.objects.select_for_update().filter(code=framework.code, digest=named).first()
    if existing is not None:
        _keep_vectors(existing, vectors, acting_user)
        return existing, problems, False
    latest = FrameworkVersion.objects.select_for_update().filter(code=framework.code).order_by("-version").first()
    version = FrameworkVersion.objects.create(
        code=framework.code,
        version=latest.version + 1 if latest else 1,
        title=framework.title,
        text=text,
        digest=named,
        vectors=vectors or "",
        base=house.newest_of(framework.extends) if framework.extends else None,
        effective=framework.effective,
        applied_at=timezone.now(),
        applied_by=acting_user.username,
    )
    before = {"version": latest.version, "digest": latest.digest} if latest else None
    record(
        action="framework.apply",
        subject=f"framework {version}",
        before=before,
        after={
            "version": version.version,
            "digest": named,
            **({"vectors": digest(vectors)} if vectors else {}),
            **({"base": str(version.base)} if version.base else {}),
        },
        acting_user=acting_user,
    )
    return version, [*problems, *house.unfit_regions(version)], True


def _keep_vectors(version: FrameworkVersion, vectors: str | None, acting_user: User) -> None:
    """Other vectors for a version that is there; what they were stays in the trail as their fingerprint."""
    if vectors is None or digest(vectors) == digest(version.vectors):
        return
    before, version.vectors = version.vectors, vectors
    version.save(update_fields=["vectors"])
    record(
        action="framework.vectors",
        subject=f"framework {version}",
        before={"vectors": digest(before)} if before else None,
        after={"vectors": digest(vectors)},
        acting_user=acting_user,
    )
