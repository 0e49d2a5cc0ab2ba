"""Who cannot publish a run because it is their own work: whoever scored it, whoever rated in its period since it was last public, and,
where nobody but the installation scored it, whoever changed the data since then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from steelyard.accounts.queries import SYSTEM_USERNAME
from steelyard.calc.errors import Problem
from steelyard.calc.lists.planning import facts_read
from steelyard.calc.measures.live import live_rows
from steelyard.frameworks.queries import framework as framework_of
from steelyard.ledger.queries import EVERYTHING, commits, commits_by, facts

from .models import Publication, Run

if TYPE_CHECKING:
    from steelyard.accounts.models import User

HINT = "somebody else publishes it: --as USER"


def own_work(run: Run, acting_user: User, subject: str = "", prepared_by: str = "") -> list[Problem]:
    """Why a run, or one subject of it, takes somebody else to publish; nothing if it does not.

    Runs that follow the data are scored by the installation itself: then the people behind a changed score are whoever rated
    and whoever brought data in. What ``prepared_by``, another person, looked at and put up for approval has its two people.
    """
    if acting_user.username == run.created_by:
        who = f"{acting_user.username} scored this run"
        return [Problem("second-person", "publishing takes a second person", found=who, hint=HINT)]
    own = _rated_by(run, acting_user.username, subject)
    if own:
        who = f"{acting_user.username} rated {', '.join(own[:3])}{f' and {len(own) - 3} more' if len(own) > 3 else ''}"
        return [Problem("second-person", "what somebody rated takes a second person to publish", found=who, hint=HINT)]
    if run.created_by == SYSTEM_USERNAME and prepared_by in ("", acting_user.username):
        brought = _brought_in(run, acting_user.username, subject)
        if brought:
            who = f"{acting_user.username} brought in {', '.join(brought)}"
            return [Problem("second-person", "what somebody brought in takes a second person to publish", found=who, hint=HINT)]
    return []


def _brought_in(run: Run, username: str, subject: str) -> list[str]:
    """What this person changed since it was last public: kinds of facts that the run reads, and master data.

    Ratings are looked at partner by partner, above.
    """
    read = facts_read(framework_of(run.framework)) | {"coverage"}
    public = public_cuts(run)
    since = max(public.get("", 0), public.get(subject, 0))
    changed: set[str] = set()
    for commit in commits_by(username, after=since, until=run.cut):
        changed |= read & set(commit.facts)
        changed |= {"master data"} if commit.histories else set()
    return sorted(changed - {"ratings"})


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
