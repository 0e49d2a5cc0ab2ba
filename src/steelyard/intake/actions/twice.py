"""Decide about sales that two systems tell of: which source counts, or that they are two different sales."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.calc.errors import Missing, Problem, Refused, did_you_mean
from steelyard.calc.masters import TOLD_OF_PARTNERS
from steelyard.partners import actions as partners

from .. import twice
from ..models import DifferentSales

if TYPE_CHECKING:
    from collections.abc import Collection

    from steelyard.accounts.models import User
    from steelyard.masters.actions import Loaded


def declare_authority(
    *, kind: str, source: str, partner: str = "", first_day: date | None = None, last_day: date | None = None, acting_user: User,
    reason: str = "",
) -> Loaded:  # fmt: skip
    """From a day on the facts of this kind count from this source alone ("": from every source), for a partner or (blank) for all.

    No fact is rewritten: rows of other sources are left out when they are read, and listed with that reason.
    """
    if kind not in TOLD_OF_PARTNERS:
        raise Refused(Problem("unknown_kind", "no such kind of fact", "kind", f"`{kind}`", did_you_mean(kind, TOLD_OF_PARTNERS)))
    told = twice.sources(kind)
    if source and source not in told:  # a slip of the pen would leave everything of this kind out of every score
        hint = did_you_mean(source, told) or "bring its first file in before"
        raise Refused(Problem("unknown_source", "no fact of this kind came from this source", "source", f"`{source}`", hint))
    row = {"kind": kind, "partner": partner, "source": source, "valid_from": first_day, "valid_to": last_day}
    schema = dict.fromkeys(("kind", "partner", "source"), pl.String) | {"valid_from": pl.Date, "valid_to": pl.Date}
    return partners.load("authorities", pl.DataFrame([row], schema=schema), acting_user=acting_user, note=reason)


@transaction.atomic
def keep_both(
    *,
    kind: str,
    partner: str,
    first: str,
    second: str,
    rows: Collection[tuple[int, int]] | None = None,
    acting_user: User,
    reason: str = "",
) -> int:
    """These pairs of a group (None: all of it) are two sales each, and both count; how many were decided."""
    every = twice.pairs(kind, partner, first, second)
    if not every:
        raise Missing
    found = [pair for pair in every if rows is None or (pair.first["row_id"], pair.second["row_id"]) in rows]
    now = timezone.now()
    DifferentSales.objects.bulk_create([
        DifferentSales(
            kind=kind, partner=partner, day=pair.day, first_source=first, first_key=pair.first["key_hash"],
            first_ordinal=pair.first["ordinal"], second_source=second, second_key=pair.second["key_hash"],
            second_ordinal=pair.second["ordinal"], actor=acting_user.username, decided_at=now,
        )
        for pair in found
    ], batch_size=500)  # fmt: skip
    if found:
        subject = f"different sales:{kind} / {partner} / {first} / {second}"[:250]
        record(action="different sales", subject=subject, after={"pairs": len(found)}, acting_user=acting_user, reason=reason)
    return len(found)


@transaction.atomic
def look_again(*, kind: str, partner: str, first: str, second: str, acting_user: User, reason: str = "") -> int:
    """Take the decisions of a group back: its pairs are listed again. How many there were; `Missing` if none."""
    held = DifferentSales.objects.filter(kind=kind, partner=partner, first_source=first, second_source=second)
    count = held.delete()[0]
    if not count:
        raise Missing
    subject = f"different sales:{kind} / {partner} / {first} / {second}"[:250]
    record(action="different sales taken back", subject=subject, after={"pairs": count}, acting_user=acting_user, reason=reason)
    return count
