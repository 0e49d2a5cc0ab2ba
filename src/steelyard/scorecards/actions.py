"""Every write of scorecards: score a period, publish it."""

from __future__ import annotations

import hashlib
import os
from datetime import date
from pathlib import Path

import polars as pl
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from steelyard.accounts.models import User
from steelyard.audit.actions import record
from steelyard.calc.errors import Problem, Refused
from steelyard.frameworks.queries import framework as framework_of
from steelyard.frameworks.queries import version as version_of

from .models import Publication, Result, Run
from .scoring import SEPARATOR, Scored, gather, score


def run(*, framework: str, period: str, acting_user: User, cut: int | None = None, version: int | None = None) -> Run:
    """Score all subjects of a period at a cut. The same inputs are the same run, which is computed and saved once."""
    chosen = version_of(framework, version)
    inputs = gather(framework_of(chosen), chosen.digest, period, cut)
    existing = Run.objects.filter(run_id=inputs.run_id).first()
    if existing is not None and (Path(settings.STEELYARD_HOME) / existing.items_path).exists():
        return existing
    return save(score(inputs), chosen.pk, acting_user)


def save(scored: Scored, framework_version: int, acting_user: User) -> Run:
    """Keep a computed run: its items as one file, one row per subject, one audit entry."""
    inputs = scored.inputs
    path, digest = _write_items(inputs.framework.code, inputs.run_id, scored.cards.items_frame())
    with transaction.atomic():
        saved, created = Run.objects.get_or_create(
            run_id=inputs.run_id,
            defaults={
                "framework_id": framework_version,
                "period": inputs.period.label,
                "period_start": inputs.period.start,
                "period_end": min(inputs.period.end, date.max),
                "cut": inputs.cut,
                "known_through": inputs.known_through,
                "inputs": inputs.digests,
                "subjects": len(scored.points),
                "items_path": path,
                "items_sha256": digest,
                "created_at": timezone.now(),
                "created_by": acting_user.username,
            },
        )
        if not created:
            if saved.items_sha256 != digest:
                raise Refused(Problem("not-reproduced", f"{saved} was scored before and came out differently", found=digest, hint="run `steelyard verify`; the former file had " + saved.items_sha256))  # fmt: skip
            return saved
        Result.objects.bulk_create(
            Result(run=saved, subject=SEPARATOR.join(outcome.subject), total=outcome.total, level=outcome.level, passes=outcome.passes, no_data=outcome.reason or "")
            for outcome in scored.cards.results()
        )
        record(action="scorecards.run", subject=f"run {saved.run_id[:12]}", after={"framework": str(saved.framework), "period": saved.period, "cut": saved.cut, "subjects": saved.subjects, "items": digest}, acting_user=acting_user)  # fmt: skip
    return saved


def _write_items(code: str, run_id: str, items: pl.DataFrame) -> tuple[str, str]:
    """Write the items durably under the run's name; returns the path within the home and the SHA-256 of its bytes."""
    relative = f"runs/{code}/{run_id}.parquet"
    target = Path(settings.STEELYARD_HOME) / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(f".{os.getpid()}.part")
    items.write_parquet(temporary, compression="zstd", statistics=True)
    with temporary.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        os.fsync(stream.fileno())
    temporary.replace(target)
    return relative, digest


@transaction.atomic
def publish(*, framework: str, period: str, acting_user: User, cut: int | None = None, reason: str = "") -> Publication:
    """Make a run public. It takes a second person: not the one who scored it, nor who applied the framework."""
    runs = Run.objects.filter(framework__code=framework, period=period)
    if cut is not None:
        runs = runs.filter(cut=cut)
    chosen = runs.order_by("-cut", "-created_at").first()
    if chosen is None:
        raise Refused(Problem("nothing-to-publish", "this period has not been scored", found=f"{framework} {period}", hint=f"run `steelyard score {framework} --period {period}`"))  # fmt: skip
    if acting_user.username == chosen.created_by:
        raise Refused(Problem("second-person", "publishing takes a second person", found=f"{acting_user.username} scored this run", hint="somebody else publishes it: --as USER"))  # fmt: skip
    if chosen.is_running:
        raise Refused(Problem("still-running", "the period is not over in the data", found=f"data known to {chosen.known_through}, period ends before {chosen.period_end}", hint="publish when it is"))  # fmt: skip
    latest = Publication.objects.filter(framework_code=framework, period=period).order_by("-pk").first()
    if latest is not None and latest.run_id == chosen.pk:
        return latest
    published = Publication.objects.create(
        run=chosen, framework_code=framework, period=period, published_at=timezone.now(), published_by=acting_user.username, reason=reason
    )
    record(
        action="scorecards.publish", subject=f"{framework} {period}", acting_user=acting_user, reason=reason,
        before={"run": latest.run.run_id} if latest else None, after={"run": chosen.run_id, "cut": chosen.cut, "scored_by": chosen.created_by},
    )  # fmt: skip
    return published
