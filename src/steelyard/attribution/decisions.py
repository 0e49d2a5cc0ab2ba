"""What was decided about names, newest first: one row of history each, with method, probability, margin, who and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db.models import QuerySet

from steelyard.ledger import queries as ledger
from steelyard.partners import queries as partners

from . import waiting


@dataclass(frozen=True)
class Decision:
    """A decision as it was made; ``stands``: nothing else was said about the name since."""

    number: int
    source: str
    party: str
    partner: str
    name: str  # of the partner
    method: str
    probability: int | None
    margin: int | None
    taken_back: bool
    by: str
    at: datetime | None
    why: str
    stands: bool
    title: str = ""  # what the source calls it
    rows: int = 0

    @property
    def key(self) -> str:
        """What selects it in a list."""
        return str(self.number)


def records() -> QuerySet[Any]:
    """The rows of history, for lists that search, filter and page in the database."""
    return partners.alias_history()


def lately(most: int = 8, *, by: str = "") -> list[Decision]:
    """The last decisions of people, of one of them if named; those of one commit about several names are several."""
    found = records().filter(method="person", retracted=False)
    if by:
        numbers = ledger.numbers_of(by, cause="rematched", most=50)
        found = found.filter(commit_seq__in=numbers)
    return told(found.order_by("-pk")[:most])


def people() -> list[str]:
    """Everybody who ever decided something about a name."""
    return ledger.actors_of(partners.ALIASES)


def of_person(found: QuerySet[Any], actor: str) -> QuerySet[Any]:
    """Of these the ones that somebody made."""
    return found.filter(commit_seq__in=ledger.numbers_by(actor))


def standing() -> dict[str, int]:
    """How many decisions stand, by method."""
    return partners.decided_by_method()


def last_of(source: str, party: str) -> Decision | None:
    """What was said last about a key at a source, or at every source."""
    found = told(records().filter(source__in=["", source], party=party).order_by("-pk")[:1])
    return found[0] if found else None


def told(rows: Iterable[Any]) -> list[Decision]:
    """Rows of history as decisions, with who and when from their commits and what hangs on each now."""
    listed = list(rows)
    commits = ledger.commits(row.commit_seq for row in listed)
    names = partners.called({row.partner for row in listed})
    newest = partners.newest_said({(row.source, row.party) for row in listed})
    hanging = _hanging({(row.source, row.party) for row in listed})
    found = []
    for row in listed:
        commit = commits.get(row.commit_seq)
        title, lines = hanging.get((row.source, row.party), (row.party, 0))
        found.append(
            Decision(
                row.pk, row.source, row.party, row.partner, names.get(row.partner, row.partner), row.method, row.probability, row.margin,
                row.retracted, commit.actor if commit else "", commit.made_at if commit else None, commit.note if commit else "",
                newest.get((row.source, row.party)) == row.pk and not row.retracted, title, lines,
            )
        )  # fmt: skip
    return found


def _hanging(keys: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, int]]:
    """(source, key) -> what it is called and its rows; a key of every source has those of all."""
    if not keys:
        return {}
    parties = sorted({party for _source, party in keys})
    rows = waiting.every().filter(pl.col("party").is_in(parties)).select("source", "party", "title", "rows").rows()
    found = {}
    for source, party in keys:
        own = [(title, count) for said_by, named, title, count in rows if named == party and source in ("", said_by)]
        if own:
            found[source, party] = (own[0][0], sum(count for _title, count in own))
    return found
