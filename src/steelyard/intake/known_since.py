"""Rows refused because a code was unknown that is known by now: they come in by themselves."""

from __future__ import annotations

from steelyard.products import queries as products

from .models import Batch, QuarantinedRow

_CODES = {"unknown_product": ("products", "code"), "unknown_unit": ("units", "unit")}  # problem -> master and its key


def batches() -> list[int]:
    """Committed batches with such a row, the oldest first; one that was read again meanwhile only after its code changed anew."""
    found: set[int] = set()
    for problem, (master, key) in _CODES.items():
        rows = QuarantinedRow.objects.filter(
            state=QuarantinedRow.OPEN, code=problem, others=[], batch__status=Batch.COMMITTED, batch__upload__isnull=False,
            batch__mapping__isnull=False,
        )  # fmt: skip
        asked = set(rows.values_list("found", flat=True).distinct())
        for text in sorted(asked & set(products.listing(master)[key])) if asked else []:
            said = products.version(master, **{key: text})
            mine = rows.filter(found=text).values_list("batch_id", "batch__cut", "batch__read_again")
            found |= {number for number, cut, again in mine.distinct() if said > max(cut or 0, again)}
    return sorted(found)


def any_batch() -> bool:
    """Whether there is anything to read again."""
    return bool(batches())
