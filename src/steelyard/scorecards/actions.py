"""Every write of scorecards: score a period, publish it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from steelyard.audit.actions import record
from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.over_time.needs import looks_back
from steelyard.calc.receipts.document import total_hash
from steelyard.calc.receipts.readings import readings_frame
from steelyard.frameworks.queries import framework as framework_of
from steelyard.frameworks.queries import version as version_of
from steelyard.frameworks.vectors import unvectored
from steelyard.jobs.actions import cancelled, enqueue, report
from steelyard.ledger.queries import head

from . import files, issuing, queries
from .earlier import in_force
from .models import Publication, Result, RolledUp, Run
from .scoring import Inputs, Scored, day_of, gather, gathered, score
from .second_person import own_work
from .tasks import publish_run, score_period
from .to_do import open_tasks

if TYPE_CHECKING:
    from steelyard.accounts.models import User
    from steelyard.frameworks.models import FrameworkVersion
    from steelyard.jobs.models import Job


def run(*, framework: str, period: str, acting_user: User, cut: int | None = None, version: int | None = None) -> Run:
    """Score all subjects of a period at a cut. The same inputs are the same run, which is computed and saved once."""
    chosen = _version(framework, version, period, cut)
    inputs = gather(framework_of(chosen), chosen.digest, period, cut)
    existing = Run.objects.filter(run_id=inputs.run_id).first()
    if existing is not None and queries.is_whole(existing):
        return existing
    _issue_earlier(inputs, acting_user)
    return save(score(inputs), chosen.pk, acting_user)


def _issue_earlier(inputs: Inputs, acting_user: User) -> None:
    """Receipts for earlier runs of a former version: what rests on them names them."""
    without = Run.objects.filter(run_id__in={one.run_id for one in inputs.earlier}, receipts_sha256="")
    for kept in without.select_related("framework").order_by("period_start"):
        save(score(gathered(kept)), kept.framework_id, acting_user)


def _version(code: str, number: int | None, period: str, cut: int | None) -> FrameworkVersion:
    """The version asked for, else the newest that is effective on the period's as-of date."""
    newest = version_of(code, number)
    if number is not None:
        return newest
    return version_of(code, on=day_of(framework_of(newest), period, cut))


def save(scored: Scored, framework_version: int, acting_user: User) -> Run:
    """Keep a computed run: its files, one row per subject with its receipt, one audit entry."""
    inputs = scored.inputs
    base = f"runs/{inputs.framework.code}/{inputs.run_id}"
    frames = issuing.frames_of(scored)
    about: dict[str, Any] = {
        "framework_id": framework_version,
        "period": inputs.period.label,
        "period_start": inputs.period.start,
        "period_end": inputs.period.end,
        "cut": inputs.cut,
        "known_through": inputs.known_through,
        "inputs": inputs.digests,
        "earlier": [one.as_dict() for one in inputs.earlier],
        "review_days": {name: [day.isoformat() for day in days] for name, days in inputs.cycles.items()},
        "subjects": len(scored.points),
        "items_path": f"{base}.items.parquet",
        "items_sha256": files.write(f"{base}.items.parquet", frames.items),
        "readings_path": f"{base}.readings.parquet",
        "readings_sha256": files.write(f"{base}.readings.parquet", frames.readings),
        "peers_sha256": "" if frames.peers.is_empty() else files.write(f"{base}.peers.parquet", frames.peers),
        "created_at": timezone.now(),
        "created_by": acting_user.username,
    }
    unsaved = Run(run_id=inputs.run_id, **about)
    receipts = issuing.issue(unsaved, scored, frames)
    wholes = issuing.issue_wholes(unsaved, scored, receipts)
    about["receipts_sha256"] = total_hash(issuing.numbers(receipts, wholes))
    with transaction.atomic():
        saved, created = Run.objects.get_or_create(run_id=inputs.run_id, defaults=about)
        if not created:
            _must_agree(saved, about["items_sha256"], about["readings_sha256"])
            return _with_receipts(saved, about, receipts, wholes, acting_user)
        Result.objects.bulk_create(_results(saved, scored, receipts))
        for row in wholes:
            row.run = saved
        RolledUp.objects.bulk_create(wholes)
        opened = open_tasks(saved, scored.cards)
        after = {"framework": str(saved.framework), "period": saved.period, "cut": saved.cut, "subjects": saved.subjects}
        record(
            action="scorecards.run",
            subject=f"run {saved.run_id[:12]}",
            after={**after, "items": saved.items_sha256, "receipts": saved.receipts_sha256, **({"tasks": opened} if opened else {})},
            acting_user=acting_user,
        )
    return saved


def _results(run: Run, scored: Scored, receipts: Mapping[str, str]) -> list[Result]:
    """One row per subject."""
    found = []
    for row in scored.cards.results().iter_rows(named=True):
        subject = files.SEPARATOR.join(row[name] for name in scored.inputs.framework.subject)
        reasons = {"no_data": row["no_total_reason"] or "", "limited_by": row["level_limited_by"] or ""}
        told = {"total": row["total"], "level": row["level"], "passes": row["passes"], **reasons}
        over_time = {name: row[name] for name in ("overall", "standing", "standing_since")}
        found.append(Result(run=run, subject=subject, receipt=receipts.get(subject, ""), **told, **over_time))
    return found


def _with_receipts(saved: Run, about: Mapping[str, Any], receipts: Mapping[str, str], wholes: Iterable[RolledUp], acting_user: User) -> Run:
    """A run that was scored before; one that has no receipts yet, because a former version saved it, gets them."""
    if saved.receipts_sha256:
        return saved
    saved.peers_sha256, saved.receipts_sha256 = about["peers_sha256"], about["receipts_sha256"]
    saved.save(update_fields=["peers_sha256", "receipts_sha256"])
    kept = list(saved.results.all())
    for row in kept:
        row.receipt = receipts[row.subject]
    Result.objects.bulk_update(kept, ["receipt"], batch_size=500)
    for whole in wholes:
        saved.rolled_up.filter(subject=whole.subject).update(receipt=whole.receipt)
    after = {"receipts": saved.receipts_sha256}
    record(action="scorecards.receipts", subject=f"run {saved.run_id[:12]}", after=after, acting_user=acting_user)
    return saved


def _must_agree(saved: Run, items: str, readings: str) -> None:
    """A run that was scored before must come out the same, byte for byte."""
    if (saved.items_sha256, saved.readings_sha256) != (items, readings):
        raise Refused(
            Problem(
                "not-reproduced",
                f"{saved} was scored before and came out differently",
                found=items,
                hint=f"run `steelyard verify`; the former file had {saved.items_sha256}",
            )
        )


def publish(
    *,
    framework: str,
    period: str,
    acting_user: User,
    cut: int | None = None,
    version: int | None = None,
    subject: str = "",
    reason: str = "",
    prepared_by: str = "",
) -> Publication:
    """Make a run public, whole or for one subject.

    It takes a second person, and a second calculation: from the facts alone, without the cache. A run that was computed
    again once and whose files are still what came out then is not computed a third time. ``prepared_by``: somebody who looked
    at this subject's score and put it up for this approval.
    """
    chosen = _to_publish(framework, period, cut, version)
    problems = objections(chosen, acting_user, subject, prepared_by=prepared_by)
    if problems:
        raise Refused(problems)
    latest = queries.published(framework, period, subject or None)
    if latest is not None and latest.run_id == chosen.pk:
        return latest
    proved = _prove(chosen)
    if not chosen.receipts_sha256:  # scored by a former version
        chosen = save(score(gathered(chosen)), chosen.framework_id, acting_user)
    with transaction.atomic():
        locked = Run.objects.select_for_update().get(pk=chosen.pk)  # two who publish at once make one entry
        latest = queries.published(framework, period, subject or None)
        if latest is not None and latest.run_id == chosen.pk:
            return latest
        if locked.proved_digest != proved:
            Run.objects.filter(pk=chosen.pk).update(proved_at=timezone.now(), proved_digest=proved)
        published = Publication.objects.create(
            run=chosen,
            framework_code=framework,
            period=period,
            subject=subject,
            published_at=timezone.now(),
            published_by=acting_user.username,
            reason=reason,
        )
        record(
            action="scorecards.publish",
            subject=f"{framework} {period} {subject}".rstrip(),
            acting_user=acting_user,
            reason=reason,
            before={"run": latest.run.run_id} if latest else None,
            after={"run": chosen.run_id, "cut": chosen.cut, "scored_by": chosen.created_by},
        )
    return published


def _prove(chosen: Run) -> str:
    """Compute a run again from the facts alone and refuse what comes out differently; returns the digest of both files."""
    digest = hashlib.sha256(f"{chosen.items_sha256}\n{chosen.readings_sha256}".encode()).hexdigest()
    if chosen.proved_digest == digest:
        paths = ((chosen.items_path, chosen.items_sha256), (chosen.readings_path, chosen.readings_sha256))
        problems = [problem for path, sha256 in paths if (problem := files.check(path, sha256)) is not None]
        if problems:
            raise Refused(problems)
        return digest
    again = score(gathered(chosen), cached=False)
    _must_agree(chosen, files.digest(again.cards.items_frame()), files.digest(readings_frame(again.points, again.readings)))
    return digest


def follow(*, acting_user: User) -> list[Run]:
    """Score again, at the newest cut, every period that was scored and not published since the data moved on.

    A period is open until it is published as a whole; what is public stays until somebody publishes again. One that cannot be
    scored stops no other: `Refused` comes after all of them, with the problems of each.
    """
    found: list[Run] = []
    problems: list[Problem] = []
    open_periods = queries.open_periods(head())
    for done, (framework, period) in enumerate(open_periods):
        report(done, len(open_periods))
        if cancelled():
            break
        try:
            found.append(run(framework=framework, period=period, acting_user=acting_user))
        except Refused as refused:
            problems += [replace(one, where=f"{framework} {period}: {one.where}".removesuffix(": ")) for one in refused.problems]
    report(len(open_periods), len(open_periods))
    if problems:
        raise Refused(problems)
    return found


@transaction.atomic
def order_score(*, framework: str, period: str, acting_user: User) -> Job:
    """Have a period scored by the worker; refused at once where it cannot be."""
    chosen = _version(framework, None, period, None)
    gather(framework_of(chosen), chosen.digest, period)
    job = enqueue(score_period, {"framework": framework, "period": period, "acting_user": acting_user.username})
    record(action="scorecards.score ordered", subject=f"{framework} {period}", after={"job": job.pk}, acting_user=acting_user)
    return job


@transaction.atomic
def order_publication(*, run: Run, reason: str, acting_user: User, subject: str = "") -> Job:
    """Have a run published by the worker, which computes it again first; refused at once where it may not be."""
    problems = objections(run, acting_user, subject)
    if problems:
        raise Refused(problems)
    wanted = {"framework": run.framework.code, "period": run.period, "cut": run.cut, "version": run.framework.version, "subject": subject}
    job = enqueue(publish_run, {**wanted, "reason": reason, "acting_user": acting_user.username})
    after = {"job": job.pk, "run": run.run_id, **({"subject": subject} if subject else {})}
    name = f"{run.framework.code} {run.period}"
    record(action="scorecards.publish ordered", subject=name, after=after, acting_user=acting_user, reason=reason)
    return job


def _to_publish(framework: str, period: str, cut: int | None, version: int | None) -> Run:
    """The run that is meant: of the newest version scored and the newest cut, unless told."""
    runs = Run.objects.select_related("framework").filter(framework__code=framework, period=period)
    if cut is not None:
        runs = runs.filter(cut=cut)
    if version is not None:
        runs = runs.filter(framework__version=version)
    chosen = runs.order_by("-framework__version", "-cut", "-created_at").first()
    if chosen is None:
        hint = f"run `steelyard score {framework} --period {period}`"
        raise Refused(Problem("nothing-to-publish", "this period has not been scored so", found=f"{framework} {period}", hint=hint))
    return chosen


def objections(chosen: Run, acting_user: User, subject: str = "", *, prepared_by: str = "") -> list[Problem]:
    """What speaks against a person publishing a run, or one subject of it; nothing if nothing does."""
    found = []
    if subject and not chosen.results.filter(subject=subject).exists():
        hint = did_you_mean(subject, chosen.results.values_list("subject", flat=True))
        found.append(Problem("unknown-subject", f"{chosen} did not score this", found=subject, hint=hint or "score the period again"))
    found += own_work(chosen, acting_user, subject, prepared_by)
    if chosen.is_running:
        known = f"data known to {chosen.known_through}, period ends before {chosen.period_end}"
        found.append(Problem("still-running", "the period is not over in the data", found=known, hint="publish when it is"))
    found += _older(chosen, subject) + _unread(chosen)
    found += unvectored(chosen.framework.text, chosen.framework.vectors, chosen.framework.base_text)
    for name in settings.PUBLICATION_OBJECTIONS:
        found += import_string(name)(run=chosen, subject=subject)
    return found


def _unread(chosen: Run) -> list[Problem]:
    """Earlier periods published since it was scored: it looked back on nothing there, and once published would say so for ever."""
    framework = framework_of(chosen.framework)
    if framework.earlier != "as published" or not looks_back(framework):
        return []
    inputs = gathered(chosen)
    read = {one.period for one in inputs.earlier if not one.subject}
    now = in_force(framework, inputs.looks_back, inputs.as_of) if inputs.looks_back else ()
    missed = [one.period for one in now if not one.subject and one.period not in read]
    told = "it looks back on periods that were published after it was scored"
    return [Problem("unread-periods", told, str(chosen), ", ".join(missed), "score the period again, then publish that")] if missed else []


def _older(chosen: Run, subject: str) -> list[Problem]:
    """A run never takes the place of a newer one: what was corrected since would be undone unnoticed."""
    latest = queries.published(chosen.framework.code, chosen.period, subject or None)
    if latest is None or latest.run.cut <= chosen.cut:
        return []
    told = f"cut {latest.run.cut} of version {latest.run.framework.version}, published by {latest.published_by}; this is cut {chosen.cut}"
    return [Problem("older-run", "a newer run is in force", found=told, hint="score the period again and publish that")]
