"""Every write to frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.calc.errors import Problem, Refused
from steelyard.calc.framework.document import digest
from steelyard.calc.framework.read import read

from .models import FrameworkVersion

if TYPE_CHECKING:
    from steelyard.accounts.models import User


@transaction.atomic
def apply(*, text: str, acting_user: User) -> tuple[FrameworkVersion, list[Problem], bool]:
    """Check a framework text and keep it as the next version; the same text again is the version it already is.

    Returns the version, warnings, and whether it is new. Raises `Refused` with every problem found.
    """
    framework, problems = read(text)
    if framework is None:
        raise Refused(problems)
    fingerprint = digest(text)
    existing = FrameworkVersion.objects.filter(code=framework.code, digest=fingerprint).first()
    if existing is not None:
        return existing, problems, False
    latest = FrameworkVersion.objects.select_for_update().filter(code=framework.code).order_by("-version").first()
    version = FrameworkVersion.objects.create(
        code=framework.code,
        version=latest.version + 1 if latest else 1,
        title=framework.title,
        text=text,
        digest=fingerprint,
        effective=framework.effective,
        applied_at=timezone.now(),
        applied_by=acting_user.username,
    )
    before = {"version": latest.version, "digest": latest.digest} if latest else None
    record(
        action="framework.apply",
        subject=f"framework {version}",
        before=before,
        after={"version": version.version, "digest": fingerprint},
        acting_user=acting_user,
    )
    return version, problems, True
