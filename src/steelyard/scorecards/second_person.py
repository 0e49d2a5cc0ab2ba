"""Who cannot publish a run because it is their own work: whoever scored it, and whoever rated in its period since it was last public."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from steelyard.calc.errors import Problem
from steelyard.calc.measures.live import live_rows
from steelyard.ledger.queries import EVERYTHING, commits, facts

from .models import Publication, Run

if TYPE_CHECKING:
    from steelyard.accounts.models import User

HINT = "somebody else publishes it: --as USER"


def own_work(run: Run, acting_user: User, subject: str = "") -> list[Problem]:
    """Why a run, or one subject of it, takes somebody else to publish; nothing if it does not.

    Runs that follow the data are scored by the installation itself: then the person behind a changed score is whoever rated.
    """
    found = []
    if acting_user.username == run.created_by:
        who = f"{acting_user.username} scored this run"
        found.append(Problem("second-person", "publishing takes a second person", found=who, hint=HINT))
    own = _rated_by(run, acting_user.username, subject)
    if own:
        who = f"{acting_user.username} rated {', '.join(own[:3])}{f' and {len(own) - 3} more' if len(own) > 3 else ''}"
        found.append(Problem("second-person", "what somebody rated takes a second person to publish", found=who, hint=HINT))
    return found


def _rated_by(run: Run, username: str, subject: str) -> list[str]:
    """The partners whose ratings of the period this person gave or brought in, as far as they are not public yet."""
    names = ["row_id", "date", "party", "rated_by", "sign", "reverses_row_id", "commit_seq"]
    rows = live_rows(facts("ratings", cut=run.cut, scope=EVERYTHING, columns=names))
    rows = rows.filter(pl.col("date") >= run.period_start, pl.col("date") < run.period_end)
    told = rows.select("party", "rated_by", "commit_seq").unique().collect()
    actors = {number: commit.actor for number, commit in commits(told["commit_seq"]).items()}
    public = public_cuts(run)
    own = {
        party
        for party, rated_by, cut in told.iter_rows()
        if username in (rated_by, actors.get(cut)) and cut > max(public.get("", -1), public.get(party, -1))
    }
    return sorted(own & {subject} if subject else own)


def public_cuts(run: Run) -> dict[str, int]:
    """Subject (blank: all) -> the newest cut at which the period was made public for it."""
    rows = Publication.objects.filter(framework_code=run.framework.code, period=run.period).order_by("run__cut")
    return dict(rows.values_list("subject", "run__cut"))
