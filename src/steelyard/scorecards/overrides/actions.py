"""Every write of overrides: propose, approve, refuse, withdraw. None of them touches a calculated score."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from steelyard.accounts.permissions import side_of
from steelyard.approvals.actions import take
from steelyard.calc.errors import Missing, Problem, Refused, did_you_mean
from steelyard.calc.units import to_text
from steelyard.company.queries import calendar as calendar_at
from steelyard.company.queries import settings as settings_at
from steelyard.frameworks.queries import framework as framework_of
from steelyard.frameworks.queries import version as version_of
from steelyard.ledger.scope import Scope

from ..models import Override, Result, Run
from . import queries, workflow

if TYPE_CHECKING:
    from steelyard.accounts.models import User
    from steelyard.calc.framework.model import Framework

MOST_DAYS = 366  # an override is an exception: who needs it for longer proposes it again
LONGEST = 2000


@transaction.atomic
def propose(
    *,
    framework: str,
    subject: str,
    period: str,
    reason: str,
    acting_user: User,
    scope: Scope,
    level: str = "",
    points: int | None = None,
    expires: date | None = None,
) -> Override:
    """Put a level, or points (in their grain), up for approval, from the period's first day to ``expires``, by default its last.

    Nothing changes before somebody else approves. Raises `Refused` with every problem; `Missing` outside the scope.
    """
    known = framework_of(version_of(framework))
    partner = queries.partner_of(known.subject, subject)
    if not (scope.everything or (partner and partner in scope.partners)):
        raise Missing
    span = calendar_at(known.calendar or settings_at()["default_calendar"]).period(period)
    until = expires or span.end - timedelta(days=1)
    Run.objects.select_for_update().filter(framework__code=framework).order_by("pk").first()  # of two at once, one sees the other
    problems = [*_what(known, level, points), *_whose(framework, subject), *_when(framework, subject, span.start, until)]
    if not reason.strip() or len(reason) > LONGEST:
        problems.append(Problem("no-reason", "an override needs a reason", "reason", hint=f"say why, in at most {LONGEST} characters"))
    if problems:
        raise Refused(problems)
    made = Override.objects.create(
        framework_code=framework, subject=subject, partner=partner, period=span.label, starts=span.start, expires=until, level=level,
        points=points, reason=reason.strip(), state=workflow.NEW, proposed_by=acting_user.username, proposed_at=timezone.now(),
    )  # fmt: skip
    _step(made, "propose", acting_user, reason.strip())
    return made


def approve(*, override: int, acting_user: User, scope: Scope, note: str = "") -> Override:
    """Let it count, as a second person who is not one of the partner's own people."""
    return _decide(override, "approve", acting_user, scope, note)


def refuse(*, override: int, reason: str, acting_user: User, scope: Scope) -> Override:
    """Say no, with a reason."""
    return _decide(override, "refuse", acting_user, scope, reason)


def withdraw(*, override: int, reason: str, acting_user: User, scope: Scope) -> Override:
    """End it, with a reason: from now on only what was calculated is shown."""
    return _decide(override, "withdraw", acting_user, scope, reason)


@transaction.atomic
def _decide(number: int, verb: str, acting_user: User, scope: Scope, reason: str) -> Override:
    found = Override.objects.select_for_update().filter(pk=number).first()
    if found is None or not queries.sees(found, scope):
        raise Missing
    if verb in ("approve", "refuse") and side_of(acting_user) == "partner":
        raise Refused(Problem("own-partner", "nobody decides on their own partner's score", found=found.partner))
    _step(found, verb, acting_user, reason)
    return found


def _step(override: Override, verb: str, acting_user: User, reason: str) -> None:
    step = take(
        workflow=workflow.NAME, record=override.record, state=override.state, verb=verb, content=queries.told(override),
        acting_user=acting_user, reason=reason,
    )  # fmt: skip
    override.state = step.to
    if verb in ("approve", "refuse"):
        override.decided_by, override.decided_at = step.made_by, step.made_at
    elif verb == "withdraw":
        override.withdrawn_by, override.withdrawn_at, override.withdrawn_reason = step.made_by, step.made_at, reason
    changed = ["decided_by", "decided_at", "withdrawn_by", "withdrawn_at", "withdrawn_reason"]
    override.save(update_fields=["state", *changed])


def _what(framework: Framework, level: str, points: int | None) -> list[Problem]:
    names = [one.name for one in framework.levels]
    if bool(level) == (points is not None):
        return [Problem("override-what", "an override sets a level or points, one of the two", "level", hint="give exactly one")]
    if level and level not in names:
        hint = did_you_mean(level, names)
        return [Problem("unknown-level", f"`{framework.code}` has no such level", "level", level, hint)]
    most = framework.scorecard.out_of if framework.scorecard is not None else None
    if points is not None and (points < 0 or (most is not None and points > most * 10**6)):
        found = to_text(points, "points")
        return [Problem("out-of-limits", f"the score goes from 0 to {most if most is not None else 'no end'}", "points", found)]
    return []


def _whose(framework: str, subject: str) -> list[Problem]:
    scored = Result.objects.filter(run__framework__code=framework)
    if scored.filter(subject=subject).exists():
        return []
    hint = did_you_mean(subject, scored.values_list("subject", flat=True).distinct())
    return [Problem("unknown-subject", f"`{framework}` never scored this", "subject", subject, hint)]


def _when(framework: str, subject: str, starts: date, expires: date) -> list[Problem]:
    if not starts <= expires < starts + timedelta(days=MOST_DAYS):
        hint = f"from {starts} to {starts + timedelta(days=MOST_DAYS - 1)} at most"
        return [Problem("override-expiry", "an override ends within a year of its first day", "expires", str(expires), hint)]
    message, hint = "there is an override for some of these days", "withdraw it first"
    others = queries.touching(framework, subject, starts, expires)
    return [Problem("override-twice", message, "period", f"number {other.pk}, {other.state}", hint) for other in others]
