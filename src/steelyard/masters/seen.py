"""Which rows of a master a reader may see, where they say something about partners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from django.db.models import Q


@dataclass(frozen=True)
class Limit:
    """Only rows whose column holds one of these codes; ``or_blank``: also rows that name none."""

    column: str
    codes: frozenset[str]
    or_blank: bool = False

    @property
    def allowed(self) -> list[str]:
        """The values that pass, in normal form."""
        return [*sorted(self.codes), *([""] if self.or_blank else [])]


def as_condition(limits: Sequence[Limit]) -> Q:
    """The limits as a condition on a table."""
    condition = Q()
    for limit in limits:
        condition &= Q(**{f"{limit.column}__in": limit.allowed})
    return condition


def only(frame: pl.DataFrame, limits: Sequence[Limit]) -> pl.DataFrame:
    """The rows of a frame, in normal or in catalogue form, that pass all limits."""
    for limit in limits:
        frame = frame.filter(pl.col(limit.column).fill_null("").is_in(limit.allowed))
    return frame
