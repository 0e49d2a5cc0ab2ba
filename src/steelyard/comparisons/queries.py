"""Every read of comparisons. Who sees only some partners sees their parts, and of a comparison no more than these say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from steelyard.calc.errors import Missing
from steelyard.ledger.scope import Scope
from steelyard.scorecards.queries import publications_of, published

from .models import Comparison, Part, Retirement, Share
from .telling import without_others

if TYPE_CHECKING:
    from steelyard.scorecards.models import Publication


def comparisons(scope: Scope, *, retired: bool = False) -> QuerySet[Comparison]:
    """Those with a part in sight, newest first, with how many parts are in sight and how many of them are equal."""
    found = Comparison.objects.select_related("run__framework").filter(retirement__isnull=not retired)
    seen = Q() if scope.everything else Q(parts__partner__in=scope.partners) & ~Q(parts__partner="")
    found = found.annotate(
        seen_parts=Count("parts", filter=seen if not scope.everything else None),
        seen_equal=Count("parts", filter=Q(parts__equal=True) & seen),
    )
    return found if scope.everything else found.filter(seen_parts__gt=0)


def comparison(number: int, scope: Scope) -> Comparison:
    """One comparison with a part in sight, also a retired one; else `Missing`."""
    found = Comparison.objects.select_related("run__framework").filter(pk=number).first()
    if found is None or not (scope.everything or parts(found, scope).exists()):
        raise Missing
    return found


def parts(of: Comparison, scope: Scope) -> QuerySet[Part]:
    """The parts in sight, in the order of the workbook."""
    own = Part.objects.filter(comparison=of).order_by("pk")
    return own if scope.everything else own.filter(partner__in=scope.partners).exclude(partner="")


def part(number: int, subject: str, scope: Scope) -> Part:
    """One part in sight; else `Missing`."""
    found = parts(comparison(number, scope), scope).filter(subject=subject).select_related("comparison__run__framework").first()
    if found is None:
        raise Missing
    return found


def told(of: Part, scope: Scope) -> dict[str, Any]:
    """What a part says to somebody: partners they do not see are not named."""
    return without_others(of.told, None if scope.everything else scope.partners)


def _shares() -> QuerySet[Share]:
    """Every share, with the run that its partner sees now, and the cut of it."""
    comparison = "part__comparison__"
    log = publications_of(OuterRef(f"{comparison}framework"), OuterRef(f"{comparison}period"), OuterRef("partner"))
    found = Share.objects.select_related("part__comparison__run__framework")
    return found.annotate(public_run=Subquery(log.values("run")[:1]), public_cut=Subquery(log.values("run__cut")[:1]))


def cut_since(of: Share) -> int | None:
    """The cut of the run that was published in place of the one that a share compares with; None while that is public."""
    return of.public_cut if of.public_run != of.part.comparison.run_id else None  # type: ignore[attr-defined]


def share(number: int, scope: Scope) -> Share:
    """One share of a partner in sight, also one that was taken back; else `Missing`."""
    found = _shares().filter(pk=number).first()
    if found is None or not (scope.everything or found.partner in scope.partners):
        raise Missing
    return found


def shares(scope: Scope, *, partner: str | None = None, of: Comparison | None = None) -> QuerySet[Share]:
    """The shares in force, newest first."""
    found = _shares().filter(revoked_at=None, part__comparison__retirement=None)
    if not scope.everything:
        found = found.filter(partner__in=scope.partners)
    if partner is not None:
        found = found.filter(partner=partner)
    return found if of is None else found.filter(part__comparison=of)


def shared(number: int, scope: Scope, partner: str) -> Share:
    """A share in force, for the partner's own pages; else `Missing`."""
    found = shares(scope, partner=partner).filter(pk=number).first()
    if found is None:
        raise Missing
    return found


def published_since(of: Part) -> Publication | None:
    """What took the place of the run that was compared, as the partner sees it; None while that run is public, or none is."""
    public = published(of.comparison.framework, of.comparison.period, of.partner)
    return public if public is not None and public.run_id != of.comparison.run_id else None


@dataclass(frozen=True, slots=True)
class Seen:
    """A comparison as somebody may see it: counts and reasons of the parts in sight alone."""

    comparison: Comparison
    parts: tuple[Part, ...]
    summary: dict[str, Any]


def seen(number: int, scope: Scope, who: str) -> Seen:
    """A comparison with its parts in sight, and its summary narrowed to them. ``who``: the username of who reads it."""
    found = comparison(number, scope)
    own = tuple(parts(found, scope))
    if scope.everything:
        return Seen(found, own, found.summary)
    narrowed = _narrowed(found.summary, own)
    return Seen(found, own, narrowed if is_own_file(found, scope, who) else narrowed | _NOTHING_OF_THE_FILE)


def is_own_file(of: Comparison, scope: Scope, who: str) -> bool:
    """Whether somebody may read what the workbook says beside the parts in sight: names that mean nobody, rows that cannot be read.

    Its maker may: it is text of their own file. But only while they still see every partner that they saw when it was compared:
    why a name was not compared, and which names were, tells of those.
    """
    if scope.everything:
        return True
    sight = of.summary.get("sight")
    return of.created_by == who and sight is not None and scope.partners.issuperset(sight)


_NOTHING_OF_THE_FILE: dict[str, Any] = {
    "unknown": [], "problems": [], "more_problems": 0, "read": [], "dropped": 0, "blank": 0, "unread": 0,
}  # fmt: skip


def _narrowed(summary: dict[str, Any], own: tuple[Part, ...]) -> dict[str, Any]:
    """The summary of some parts: nothing of the others, not even how many there are."""
    subjects = {part.subject for part in own}
    reasons = []
    for reason in summary["reasons"]:
        inside = [subject for subject in reason["subjects"] if subject in subjects]
        if inside:
            reasons.append({**reason, "subjects": inside, **_own_sum(reason, own)})
    figures = [figure for part in own for figure in part.told["figures"]]
    main = [figure for figure in figures if figure["item"] == summary["main"]]
    opened = [step for figure in main for step in figure["steps"] if step["sure"] == "open"]
    return {
        **summary,
        "subjects": len(own),
        "equal": sum(part.equal for part in own),
        "reasons": reasons,
        "difference": sum(abs(figure["difference"]) for figure in main),
        "unexplained": sum(abs(step["amount"]) for step in opened),
        "open_figures": sum(any(step["sure"] == "open" for step in figure["steps"]) for figure in figures),
    }


def _own_sum(reason: dict[str, Any], own: tuple[Part, ...]) -> dict[str, Any]:
    """Amount and lines of a reason within these parts."""
    same = [one for part in own for one in part.told["reasons"] if (one["cause"], one["key"]) == (reason["cause"], reason["key"])]
    if not same:  # found by search: it is of one subject
        return {}
    lines = {
        str(leaf["theirs"]["row"] if leaf["theirs"] else leaf["ours"] and leaf["ours"]["row_id"]) for one in same for leaf in one["leaves"]
    }
    amounts = [leaf["amount"] for one in same for leaf in one["leaves"]]
    moved = max(sum(one for one in amounts if one > 0), -sum(one for one in amounts if one < 0))
    return {"amount": sum(amounts), "moved": moved, "lines": len(lines)}


def record_of(found: Comparison) -> str:
    """How the trail names it."""
    return f"comparison:{found.pk}"


def mappings_used(scope: Scope) -> list[tuple[str, str]]:
    """The mappings of the last comparisons that this person sees, each once: (its hash, how people know it)."""
    found: dict[str, str] = {}
    for one in comparisons(scope)[:200]:
        found.setdefault(one.mapping_sha256, f"{one.name}, {one.period}")
    return list(found.items())[:20]


def mapping_used(sha256: str, scope: Scope) -> str:
    """The text of a mapping that was used before in sight; else `Missing`."""
    found = comparisons(scope).filter(mapping_sha256=sha256).first()
    if found is None:
        raise Missing
    return found.mapping


def retirement(of: Comparison) -> Retirement | None:
    """When and by whom it was retired; None if it was not."""
    return Retirement.objects.filter(comparison=of).first()
