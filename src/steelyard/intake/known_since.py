"""Rows refused because a code was unknown that is known by now: they come in by themselves."""

from __future__ import annotations

import polars as pl

from steelyard.calc import gtin
from steelyard.products import queries as products

from .models import Batch, QuarantinedRow

_CODES = {"unknown_product": ("products", "code", "gtin"), "unknown_unit": ("units", "unit", "unit")}  # problem -> master, key, other name


def batches() -> list[int]:
    """Committed batches with such a row, the oldest first; one that was read again meanwhile only after its code changed anew."""
    found: set[int] = set()
    for problem, (master, key, other) in _CODES.items():
        rows = QuarantinedRow.objects.order_by().filter(
            state=QuarantinedRow.OPEN, code=problem, others=[], batch__status=Batch.COMMITTED, batch__upload__isnull=False,
            batch__mapping__isnull=False,
        )  # fmt: skip
        asked = set(rows.values_list("found", flat=True).distinct())
        if not asked:
            continue
        listing = products.listing(master).select(key=key, other=other).cast(pl.String)
        names = {name: code for code, other in listing.iter_rows() for name in (other, code)}
        codes = {text: names[name] for text in asked for name in (gtin.padded(text), text) if name in names}
        said = products.last_said(master, key, sorted(set(codes.values())))
        mine = rows.filter(found__in=sorted(codes)).values_list("batch_id", "batch__read_again", "found").distinct()
        found |= {number for number, again, text in mine if said.get(codes[text], 0) > again}
    return sorted(found)


def any_batch() -> bool:
    """Whether there is anything to read again."""
    return bool(batches())
