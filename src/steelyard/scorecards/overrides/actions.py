"""Every write of overrides: propose, approve, refuse, withdraw. None of them touches a calculated score."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from steelyard.accounts.permissions import side_of
from steelyard.approvals.actions import take
from steelyard.calc.errors import Conflict, Missing, Problem, Refused, did_you_mean
from steelyard.calc.periods import Period
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
_DONE = {
    "approve": (workflow.APPROVED, "decided_by"), "refuse": (workflow.REFUSED, "decided_by"),
    "withdraw": (workflow.WITHDRAWN, "withdrawn_by"),
}  # fmt: skip


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

    Nothing changes before somebody else approves. Who proposes the same again (a second click) gets the same override.
    Raises `Refused` with every problem; `Missing` outside the scope.
    """
    known = framework_of(version_of(framework))
    partner = queries.partner_of(known.subject, subject)
    if not (scope.everything or (partner and partner in scope.partners)):
        raise Missing
    span = calendar_at(known.calendar or settings_at()["default_calendar"]).period(period)
    until = expires or span.end - timedelta(days=1)
    Run.objects.select_for_update().filter(framework__code=framework).order_by("pk").first()  # of two at once, one sees the other
    others = queries.touching(framework, subject, span.start, until)
    wish = (span.label, until, level, points, reason.strip(), acting_user.username)
    if again := next((one for one in others if one.state == workflow.PROPOSED and _wish(one) == wish), None):
        return again
    scoring = queries.framework_for(framework, subject, span) or known
    problems = [*_what(scoring, level, points), *_whose(known, subject, scope), *_when(known, span, until, others)]
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


def approve(*, override: int, acting_user: User, scope: Scope, note: str = "", seen: str | None = None) -> Override:
    """Let it count, as a second person who is not one of the partner's own people.

    ``seen`` stands for the calculated score that the person was shown: `Conflict` if it was calculated anew since.
    """
    return _decide(override, "approve", acting_user, scope, note, seen)


def refuse(*, override: int, reason: str, acting_user: User, scope: Scope) -> Override:
    """Say no, with a reason."""
    return _decide(override, "refuse", acting_user, scope, reason)


def withdraw(*, override: int, reason: str, acting_user: User, scope: Scope) -> Override:
    """End it, with a reason: from now on only what was calculated is shown."""
    return _decide(override, "withdraw", acting_user, scope, reason)


@transaction.atomic
def _decide(number: int, verb: str, acting_user: User, scope: Scope, reason: str, seen: str | None = None) -> Override:
    """One step. Who took it already (a second click) changes nothing; if somebody else took one meanwhile, `Conflict`."""
    found = Override.objects.select_for_update().filter(pk=number).first()
    if found is None or not queries.sees(found, scope):
        raise Missing
    if verb in ("approve", "refuse") and side_of(acting_user) == "partner":
        raise Refused(Problem("own-partner", "nobody decides on their own partner's score", found=found.partner))
    done, by = _DONE[verb]
    if (found.state, getattr(found, by)) == (done, acting_user.username):
        return found
    if seen is not None:
        _must_be_as(seen, found)
    _step(found, verb, acting_user, reason)
    return found


def _must_be_as(seen: str, override: Override) -> None:
    (now,) = queries.with_calculated([override])
    if seen != now.seen:
        message, hint = "the score was calculated anew since you looked", "look at it again and decide then"
        raise Conflict(Problem("score-moved", message, "calculated", now.seen, hint))


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


def _whose(framework: Framework, subject: str, scope: Scope) -> list[Problem]:
    scored = Result.objects.filter(run__framework__code=framework.code)
    if scored.filter(subject=subject).exists():
        return []
    known = scored.values_list("subject", flat=True).distinct()
    seen = [one for one in known if scope.everything or queries.partner_of(framework.subject, one) in scope.partners]
    return [Problem("unknown-subject", f"`{framework.code}` never scored this", "subject", subject, did_you_mean(subject, seen))]


def _when(framework: Framework, span: Period, expires: date, others: list[Override]) -> list[Problem]:
    if span.grain != framework.grain:
        found, hint = f"{span.label}, a {span.grain}", f"write a {framework.grain}"
        return [Problem("wrong-grain", f"`{framework.code}` scores by {framework.grain}", "period", found, hint)]
    last = span.start + timedelta(days=MOST_DAYS - 1)
    if not span.start <= expires <= last:
        hint = f"from {span.start} to {last} at most"
        return [Problem("override-expiry", "an override ends within a year of its first day", "expires", str(expires), hint)]
    message, hint = "there is an override for some of these days", "withdraw it first"
    return [Problem("override-twice", message, "period", f"number {other.pk}, {other.state}", hint) for other in others]


def _wish(one: Override) -> tuple[str, date, str, int | None, str, str]:
    return (one.period, one.expires, one.level, one.points, one.reason, one.proposed_by)
