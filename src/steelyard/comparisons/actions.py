"""Every write of comparisons: compare a workbook, share a part with its partner, take that back, retire a comparison."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.calc.comparison.comparing import compare as compute
from steelyard.calc.errors import Problem, Refused
from steelyard.frameworks.queries import framework as framework_of
from steelyard.intake import store
from steelyard.intake.actions import receive, shown
from steelyard.jobs.actions import enqueue
from steelyard.ledger.scope import Scope
from steelyard.scorecards.queries import published

from . import queries, telling
from .gathering import Gathered, gather
from .models import Comparison, Part, Retirement, Share
from .workbook.mapping import read_workbook_mapping
from .workbook.reading import Workbook, read_workbook

if TYPE_CHECKING:
    from steelyard.accounts.models import User
    from steelyard.jobs.models import Job
    from steelyard.scorecards.models import Run


LONGEST = 500  # characters of a note or reason


@dataclass(frozen=True)
class Held:
    """A workbook held against a run, not kept yet."""

    summary: dict[str, Any]
    parts: tuple[tuple[str, str, bool, dict[str, Any]], ...]  # subject, name, equal, told


def held(data: bytes, name: str, *, mapping: str, run: Run, scope: Scope) -> Held:
    """What a comparison says, without keeping it: the same function whoever asks."""
    framework = framework_of(run.framework)
    how = read_workbook_mapping(mapping, framework)
    workbook = read_workbook(data, name, how, framework)
    gathered = gather(workbook, how, run, None if scope.everything else scope.partners)
    if not gathered.asked.published:
        raise Refused(_nothing(gathered, workbook))
    found = compute(gathered.asked)
    whole = telling.summary(found, gathered, workbook)
    names = gathered.named.names
    parts = tuple(
        (one.subject, names.get(one.subject, one.subject), one.equal, telling.part(one, found, gathered)) for one in found.subjects
    )
    return Held(whole, parts)


def _nothing(gathered: Gathered, workbook: Workbook) -> list[Problem]:
    said = ", ".join(f"`{text}`" for text, _, _ in gathered.unknown[:5]) or "no figures"
    hint = "map the column of partners, or write `source:` whose keys they are"
    return [
        Problem("nothing-to-compare", "the workbook has no figure of anybody who was scored", "workbook", said, hint),
        *workbook.problems[:20],
    ]


def compare(*, data: bytes, name: str, mapping: str, run: Run, acting_user: User, scope: Scope) -> Comparison:
    """Hold a workbook against a run and keep what came of it. The same workbook, mapping and run again are the same comparison."""
    upload = receive(data, name=name, acting_user=acting_user)
    once = _once(upload.sha256, mapping, run, scope)
    kept = Comparison.objects.filter(once=once).first()
    if kept is not None:
        return kept
    told = held(data, name, mapping=mapping, run=run, scope=scope)
    try:
        with transaction.atomic():
            return _keep(told, upload.sha256, name, mapping, run, once, acting_user, scope)
    except IntegrityError:
        return Comparison.objects.get(once=once)


def _keep(told: Held, sha256: str, name: str, mapping: str, run: Run, once: str, acting_user: User, scope: Scope) -> Comparison:
    made = Comparison.objects.create(
        name=shown(name), sha256=sha256, mapping=mapping, mapping_sha256=hashlib.sha256(mapping.encode()).hexdigest(), run=run,
        framework=run.framework.code, period=run.period, whole=scope.everything, summary=told.summary,
        result_sha256=telling.digest(told.summary, [(subject, part) for subject, _, _, part in told.parts]), once=once,
        created_at=timezone.now(), created_by=acting_user.username, created_by_name=acting_user.name,
    )  # fmt: skip
    is_partner = framework_of(run.framework).subject == ("partner",)
    Part.objects.bulk_create(
        Part(comparison=made, subject=subject, partner=subject if is_partner else "", name=called[:300], equal=equal, told=part)
        for subject, called, equal, part in told.parts
    )
    after = {
        "file": made.name, "sha256": sha256, "run": run.run_id, "cut": run.cut, "partners": told.summary["subjects"],
        "equal": told.summary["equal"], "result": made.result_sha256,
    }  # fmt: skip
    record(action="comparison made", subject=queries.record_of(made), after=after, acting_user=acting_user)
    return made


def _once(sha256: str, mapping: str, run: Run, scope: Scope) -> str:
    """The name of the same order: bytes, mapping, run, what its maker sees; anew once the former was retired."""
    seen = "everything" if scope.everything else ",".join(sorted(scope.partners))
    return hashlib.sha256("\x1e".join((sha256, mapping, run.run_id, seen, _retired(sha256, mapping, run))).encode()).hexdigest()


def _retired(sha256: str, mapping: str, run: Run) -> str:
    """How often the same was compared and retired."""
    return str(Retirement.objects.filter(comparison__sha256=sha256, comparison__mapping=mapping, comparison__run=run).count())


@transaction.atomic
def order(*, sha256: str, name: str, mapping: str, run: Run, acting_user: User) -> Job:
    """Have a large workbook compared by the worker; its bytes are stored already."""
    from .tasks import compare_workbook

    store.path_of(sha256).stat()  # before anything is promised
    arguments = {"sha256": sha256, "name": name, "mapping": mapping, "run": run.run_id, "acting_user": acting_user.username}
    same = (sha256, mapping, run.run_id, acting_user.username, _retired(sha256, mapping, run))
    key = hashlib.sha256("\x1e".join(same).encode()).hexdigest()
    job = enqueue(compare_workbook, arguments, key=f"comparison {key}")
    record(action="comparison ordered", subject=f"file:{sha256[:12]}", after={"job": job.pk, "run": run.run_id}, acting_user=acting_user)
    return job


def order_new(*, data: bytes, name: str, mapping: str, run: Run, acting_user: User) -> Job:
    """The same for a workbook that is not stored yet."""
    upload = receive(data, name=name, acting_user=acting_user)
    return order(sha256=upload.sha256, name=shown(name), mapping=mapping, run=run, acting_user=acting_user)


@transaction.atomic
def retire(*, comparison: int, acting_user: User, scope: Scope, reason: str = "") -> Comparison:
    """Take a comparison out of the lists; what was shared of it ends. It stays in the trail, and can be made again."""
    reason = _short(reason, "reason")
    found = queries.comparison(comparison, scope)
    if not (scope.everything or found.created_by == acting_user.username):
        raise Refused(Problem("not-yours", "only who made a comparison, or who sees all partners, retires it", hint="ask its maker"))
    Comparison.objects.select_for_update().get(pk=found.pk)  # two who press at once retire it once
    if not Retirement.objects.filter(comparison=found).exists():
        Retirement.objects.create(comparison=found, reason=reason, retired_at=timezone.now(), retired_by=acting_user.username)
        ended = Share.objects.filter(part__comparison=found, revoked_at=None)
        shares = ended.update(revoked_at=timezone.now(), revoked_by=acting_user.username)
        record(
            action="comparison retired",
            subject=queries.record_of(found),
            after={"shares ended": shares},
            acting_user=acting_user,
            reason=reason,
        )
    return found


def _short(text: str, where: str) -> str:
    """A note or reason as it is kept; refused if it is too long, for nobody's words are cut."""
    text = text.strip()
    if len(text) > LONGEST:
        raise Refused(Problem("too-long", f"at most {LONGEST} characters", where, f"{len(text)} characters", "make it shorter"))
    return text


@transaction.atomic
def share(*, comparison: int, subject: str, acting_user: User, scope: Scope, note: str = "") -> Share:
    """Let a partner open its own part in the portal; shared again it is the same share. What is not public is not shared."""
    note = _short(note, "note")
    part = queries.part(comparison, subject, scope)
    problem = unshareable(part)
    if problem is not None:
        raise Refused(problem)
    Comparison.objects.select_for_update().get(pk=part.comparison_id)  # nobody retires it meanwhile
    if queries.retirement(part.comparison) is not None:
        hint = "compare the workbook again"
        raise Refused(Problem("comparison-retired", "a comparison that was retired is not shared", found=part.comparison.name, hint=hint))
    current = Share.objects.filter(part=part, revoked_at=None).first()
    if current is not None:
        return current
    made = Share.objects.create(
        part=part, partner=part.partner, note=note, shared_at=timezone.now(), shared_by=acting_user.username,
        shared_by_name=acting_user.name,
    )  # fmt: skip
    record(
        action="comparison shared",
        subject=queries.record_of(part.comparison),
        after={"partner": part.partner, "share": made.pk},
        acting_user=acting_user,
    )
    return made


def unshareable(part: Part) -> Problem | None:
    """Why a part may not be shared; None if it may."""
    if not part.partner:
        return Problem(
            "not-a-partners",
            "only what is about one partner is shared with it",
            found=part.subject,
            hint="send the XLSX to whom it concerns",
        )
    comparison = part.comparison
    public = published(comparison.framework, comparison.period, part.partner)
    if public is None or public.run_id != comparison.run_id:
        hint = "publish this run first; or compare with the run that is published"
        return Problem(
            "not-published",
            "the result that was compared is not what the partner can see",
            found=f"{comparison.framework} {comparison.period}",
            hint=hint,
        )
    return None


@transaction.atomic
def revoke(*, share: int, acting_user: User, scope: Scope, reason: str = "") -> Share:
    """Take a share back: its link leads nowhere from now on."""
    reason = _short(reason, "reason")
    found = queries.share(share, scope)
    changed = Share.objects.filter(pk=found.pk, revoked_at=None).update(revoked_at=timezone.now(), revoked_by=acting_user.username)
    if changed:
        after = {"partner": found.partner, "share": found.pk}
        record(
            action="comparison share revoked",
            subject=queries.record_of(found.part.comparison),
            after=after,
            acting_user=acting_user,
            reason=reason,
        )
    found.refresh_from_db()
    return found
