"""Which model matches names now, and whether it may accept by itself: its certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from steelyard.calc.matching.certainty import LEAST_LABELS, LEAST_PRECISION, certified, lower_bound, needed
from steelyard.calc.matching.model import Model, from_data
from steelyard.partners import queries as partners

from .models import MatchCheck, MatchingModel
from .shipped import shipped

WINDOW = 2_000  # the newest checks that count
SHIPPED = "shipped"


@dataclass(frozen=True)
class InUse:
    """The model that is asked now. ``version``: its number, or ``shipped``."""

    model: Model
    version: str
    unseen_right: int = 0
    unseen_wrong: int = 0
    since: datetime | None = None  # when it was made: what was said before may be among what it began with

    @property
    def label(self) -> str:
        """As it stands beside what it matched."""
        return f"model {self.version} ({self.model.digest[:12]})"


@dataclass(frozen=True)
class Certificate:
    """Whether the model may accept by itself, and the figures that say so."""

    on: bool
    why: str
    version: str
    digest: str
    labels: int  # names that people decided
    right: int
    wrong: int
    bound: float  # the precision that these show at least, one-sided 95%
    needed: int  # more audits without an error until it may
    accept_from: float
    automatic: int  # matches of models that stand
    least: int = LEAST_LABELS  # decisions of people that it takes

    @property
    def checked(self) -> int:
        """How many of its matches people have said something about."""
        return self.right + self.wrong


def in_use() -> InUse:
    """The newest version that this release can use; else the one that came with it."""
    newest = MatchingModel.objects.filter(in_use=True).order_by("-pk").first()
    if newest is not None and (model := from_data(newest.data)).usable:
        return InUse(model, str(newest.pk), newest.unseen_right, newest.unseen_wrong, newest.made_at)
    return InUse(shipped(), SHIPPED)


def accepting() -> InUse | None:
    """The model that may accept by itself; None while it is not certified."""
    labels = people_decided()
    if labels < LEAST_LABELS:
        return None
    chosen = in_use()
    right, wrong = _checked_with_unseen(chosen)
    return chosen if certified(right, wrong, labels) else None


def certificate() -> Certificate:
    """Whether the model may accept by itself, and why."""
    chosen, labels = in_use(), people_decided()
    right, wrong = _checked_with_unseen(chosen)
    on = certified(right, wrong, labels)
    if labels < LEAST_LABELS:
        why = f"people have decided {labels:,} names; it takes {LEAST_LABELS}"
    elif not on:
        why = f"{right + wrong:,} matches were checked, {wrong} of them wrong: that shows less than {LEAST_PRECISION:.0%}"
    else:
        why = f"{right + wrong:,} matches were checked, {wrong} of them wrong"
    more = max(needed(wrong) - right - wrong, LEAST_LABELS - labels, 0)
    automatic = partners.decided_by_method().get("model", 0)
    return Certificate(
        on, why, chosen.version, chosen.model.digest, labels, right, wrong, lower_bound(right, wrong), more, chosen.model.accept_from,
        automatic,
    )  # fmt: skip


def people_decided() -> int:
    """How many decisions of people stand: each says whom a name means."""
    return partners.decided_by_method().get("person", 0)


def checked(digest: str, since: datetime | None = None) -> tuple[int, int]:
    """Of the newest checks of a model, made since then, how many said right, and wrong; the last word about a name counts."""
    last: dict[tuple[str, str], bool] = {}
    mine = MatchCheck.objects.filter(digest=digest, **({} if since is None else {"made_at__gt": since}))
    for source, party, right in mine.order_by("pk").values_list("source", "party", "right"):
        last.pop((source, party), None)
        last[source, party] = right
    said = list(last.values())[-WINDOW:]
    return sum(said), len(said) - sum(said)


def _checked_with_unseen(chosen: InUse) -> tuple[int, int]:
    right, wrong = checked(chosen.model.digest, chosen.since)
    return right + chosen.unseen_right, wrong + chosen.unseen_wrong
