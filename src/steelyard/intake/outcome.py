"""What an import did, or would do: counts that add up, sums that add up, and what to look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from steelyard.calc.errors import Problem
from steelyard.calc.units import to_text

from . import limits
from .difference import Difference
from .mappings import Mapping
from .models import BUCKETS, Batch

Amounts = dict[str, dict[str, int]]  # currency -> in, accepted, quarantined, duplicates, filtered -> ten-thousandths
MONEY_BUCKETS = ("accepted", "quarantined", "duplicates", "filtered")


class NotConserved(AssertionError):
    """A row or an amount got lost on the way: nothing is written."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of one file. ``batch`` is None for a preview.

    ``already`` names the batch that had loaded the same bytes; what is then quarantined waits since that batch.
    """

    name: str
    kind: str
    source: str
    batch: int | None
    rows_in: int
    accepted: int
    restated: int
    quarantined: int
    duplicates: int
    blank: int
    filtered: int
    unmatched: int
    amounts: Amounts
    cut: int
    reversed: int = 0
    already: int | None = None
    filters: dict[str, int] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()
    examples: tuple[Problem, ...] = ()  # the first problems of quarantined rows
    preview: dict[str, list[str]] = field(default_factory=dict)  # our column -> how its first cells are read
    causes: tuple[dict[str, Any], ...] = ()  # of a preview: why rows would be refused, grouped by reason
    bad: dict[str, int] = field(default_factory=dict)  # of a preview: header -> rows with a problem in it
    span: dict[str, Any] = field(default_factory=dict)  # of a preview: days and partners of the good rows
    understood: Mapping | None = None  # where nobody had said how to read it: how it was read
    difference: Difference | None = None  # of a preview of facts: what it would change of what stands

    def assert_conserved(self) -> None:
        """Every row and every amount of the file is in exactly one bucket."""
        rows = sum(getattr(self, bucket) for bucket in BUCKETS)
        if rows != self.rows_in:
            raise NotConserved(f"{self.name}: {self.rows_in} rows in, {rows} accounted for")
        for currency, sums in self.amounts.items():
            if sums["in"] != sum(sums[bucket] for bucket in MONEY_BUCKETS):
                raise NotConserved(f"{self.name}: amounts in {currency or 'no currency'} do not add up: {sums}")

    def as_dict(self) -> dict[str, Any]:
        """The outcome for ``--json``."""
        counts = ("rows_in", "accepted", "restated", "quarantined", "duplicates", "blank", "filtered", "unmatched")
        told: dict[str, Any] = {"batch": self.batch, **{name: getattr(self, name) for name in counts}}
        told["amounts"] = amounts_text(self.amounts)
        told["cut"] = self.cut
        told |= {"file": self.name, "kind": self.kind, "source": self.source, "already_loaded": self.already is not None}
        told["reversed"] = self.reversed
        if self.difference is not None:
            told["difference"] = self.difference.as_dict()
        told["warnings"] = [note.as_dict() for note in self.notes]
        return told


def shown_text(text: str) -> str:
    """A cell as a message repeats it: of a long one its beginning."""
    return text if len(text) <= limits.SHOWN else f"{text[: limits.SHOWN]}… ({len(text):,} characters)"


def amounts_text(amounts: Amounts) -> dict[str, dict[str, str]]:
    """Sums as decimal text."""
    return {currency: {bucket: to_text(value, "money") for bucket, value in sums.items()} for currency, sums in amounts.items()}


def grains_of(amounts: dict[str, dict[str, str]]) -> Amounts:
    """Decimal text, as batches keep it, as sums in grains."""
    return {currency: {bucket: _grains(text) for bucket, text in sums.items()} for currency, sums in amounts.items()}


def buckets(**sums: dict[str, int]) -> Amounts:
    """Sums by bucket -> sums by currency, 0 where a bucket has none."""
    currencies = sorted({currency for bucket in sums.values() for currency in bucket})
    return {currency: {name: sums[name].get(currency, 0) for name in sums} for currency in currencies}


def of_batch(batch: Batch, *, cut: int, settled: bool = False) -> Outcome:
    """What sending the same bytes again does: nothing; every row that was accepted is a duplicate now.

    ``settled``: so is every row that was quarantined, because a later file brought it right.
    """
    repeated = batch.accepted + batch.duplicates + (batch.quarantined if settled else 0)
    amounts: Amounts = {}
    for currency, sums in batch.amounts.items():
        stored = grains_of({currency: sums})[currency]
        stored |= {"accepted": 0, "duplicates": stored["accepted"] + stored["duplicates"]}
        if settled:
            stored |= {"quarantined": 0, "duplicates": stored["duplicates"] + stored["quarantined"]}
        amounts[currency] = stored
    return Outcome(
        batch.name, batch.kind, batch.source, batch.pk, batch.rows_in, 0, 0, 0 if settled else batch.quarantined, repeated, batch.blank,
        batch.filtered, 0, amounts, cut, already=batch.pk, filters=batch.filters,
    )  # fmt: skip


def _grains(text: str) -> int:
    from decimal import Decimal

    return int(Decimal(text).scaleb(4))
