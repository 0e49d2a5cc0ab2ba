"""Which partner the parties of a file mean: by exact name, and by the model while it is certified; the rest waits as unmatched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.ledger.actions import committing
from steelyard.partners.actions import remember_matches
from steelyard.partners.queries import known_parties

from ..asking import Proposal, proposals
from ..exact import match
from ..known import match_names
from ..models import ModelMatch
from ..models_in_use import accepting
from ..unmatched import unmatched

if TYPE_CHECKING:
    from steelyard.accounts.models import User

BY_MODEL = "names matched by the model"  # in the audit trail


@dataclass(frozen=True)
class Found:
    """Party key -> partner, by exact name and by the model; and how many rows mean nobody yet."""

    rows: int = 0
    by_name: Mapping[str, str] = field(default_factory=dict)
    by_model: Mapping[str, Proposal] = field(default_factory=dict)
    model: str = ""  # which one that was
    digest: str = ""

    @property
    def partners(self) -> dict[str, str]:
        return dict(self.by_name) | {party: one.partner for party, one in self.by_model.items()}


def match_waiting(*, acting_user: User, by_model: bool = True) -> dict[str, dict[str, str]]:
    """Match what waits, now that masters or the model know more; source -> party key -> partner, in one commit.

    Looked up before the ledger is locked: many names take the model a while, in which single facts go live.
    """
    waiting = unmatched().partition_by("source", as_dict=True)
    found = {str(source): match_parties(parties, source=str(source), by_model=by_model) for (source,), parties in waiting.items()}
    with committing(acting_user=acting_user, note="matched by name"):
        kept = [source for source, one in found.items() if remember_found(one, source=source, acting_user=acting_user)]
    return {source: found[source].partners for source in kept}


def match_parties(parties: pl.DataFrame | None, *, source: str, by_model: bool = True) -> Found:
    """Whom the parties mean (party, party_name, rows) about which nothing was decided; nothing is written.

    ``by_model``: no, where somebody asked for exact names alone.
    """
    if parties is None or not parties.height:
        return Found()
    found = match(parties["party"].unique().to_list(), source=source)
    named = {party: one.partner for party, one in found.items() if one.method == "name" and one.partner}
    left = parties.filter(~pl.col("party").is_in(list(found)))
    if left.height and left["party_name"].null_count() < left.height:
        bearers = match_names(left["party_name"].drop_nulls().unique().to_list())
        meant = left.with_columns(
            pl.col("party_name")
            .replace_strict(list(bearers), list(bearers.values()), default=None, return_dtype=pl.String)
            .alias("partner")
        )
        # a key whose names mean two partners, or mean one here and nobody there, is left to a person
        agreed = meant.group_by("party").agg(pl.col("partner").n_unique().alias("different"), pl.col("partner").first())
        named |= dict(agreed.filter((pl.col("different") == 1) & pl.col("partner").is_not_null()).select("party", "partner").iter_rows())
        left = left.filter(~pl.col("party").is_in(list(named)))
    model = accepting() if by_model and left.height else None
    if model is None:
        return Found(int(left["rows"].sum()), named)
    accepted = proposals(_called(left), model)
    left = left.filter(~pl.col("party").is_in(list(accepted)))
    return Found(int(left["rows"].sum()), named, accepted, model.label, model.model.digest)


def _called(parties: pl.DataFrame) -> dict[str, list[str]]:
    """Key -> its names; a key without any is called by itself."""
    own = parties.group_by("party").agg(pl.col("party_name").drop_nulls().unique().sort())
    return {party: names or [party] for party, names in own.iter_rows()}


def remember_found(found: Found, *, source: str, acting_user: User, note: str = "") -> bool:
    """One history row for each match; what somebody decided since it was looked up stands. False if there was nothing to write."""
    decided = known_parties(list(found.partners), source=source)
    by_name = {party: partner for party, partner in found.by_name.items() if party not in decided}
    by_model = {party: one for party, one in found.by_model.items() if party not in decided}
    if by_name:
        remember_matches(source=source, matches=by_name, method="name", acting_user=acting_user, note=note)
    if by_model:
        remember_matches(
            source=source, matches={party: one.partner for party, one in by_model.items()}, method="model", acting_user=acting_user,
            note=f"{note}: matched by {found.model}".removeprefix(": "),
            certainty={party: (one.probability, one.margin) for party, one in by_model.items()},
        )  # fmt: skip
        now = timezone.now()
        ModelMatch.objects.bulk_create(
            ModelMatch(source=source, party=party, digest=found.digest, made_at=now, **vars(one)) for party, one in by_model.items()
        )
        told = {"model": found.model, "digest": found.digest, "matches": {party: one.partner for party, one in by_model.items()}}
        record(action=BY_MODEL, subject=f"aliases:{source}"[:250], after=told, acting_user=acting_user)
    return bool(by_name or by_model)
