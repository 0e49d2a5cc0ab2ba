"""The read behind the list of partners: who they are now, and how each stood in the newest published period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from steelyard.ledger.scope import Scope
from steelyard.scorecards import limits
from steelyard.scorecards.choosing import Chosen, choose
from steelyard.scorecards.directory import directory
from steelyard.scorecards.overrides.queries import of_run
from steelyard.scorecards.standings import standings
from steelyard.ui.unchanged import unchanged

from .choices import NOWHERE, choices, territories

if TYPE_CHECKING:
    from steelyard.scorecards.models import Override

__all__ = ["NOWHERE", "Partners", "partners"]


@dataclass(frozen=True)
class Partners:
    """The rows, the period their scores are of, and the choices there are."""

    frame: pl.DataFrame
    chosen: Chosen | None
    levels: list[str]
    active: int
    territories: list[tuple[str, str]]
    beside: dict[str, Override]  # what overrides a score, by subject

    def choices(self, column: str, named: str | None = None) -> list[tuple[str, str]]:
        """The values of a column with their names, as far as rows have them."""
        return choices(self.frame, column, named)


def partners(*, scope: Scope) -> Partners:
    """Every partner the scope sees; scores are those of the framework published last, if it scores partners alone."""
    return unchanged(("partners", scope.everything or scope.partners), lambda: _partners(scope))


def _partners(scope: Scope) -> Partners:
    frame, chosen = directory(scope=scope), choose(scope=scope)
    levels: list[str] = []
    none = {"subject": pl.String, "total": pl.Int64, "level": pl.String, "change": pl.Int64}
    scores = pl.DataFrame(schema={"code": pl.String, **none})
    if chosen is not None:
        told = standings(chosen, scope=scope)
        levels = limits.names(told.framework)
        if told.framework.subject == ("partner",):
            scores = told.frame.select("code", *none)
    frame = frame.join(scores, on="code", how="left", maintain_order="left")
    active = frame.filter(pl.col("status").fill_null("active") == "active").height
    beside = of_run(chosen.run) if chosen is not None else {}
    return Partners(frame, chosen, levels, active, territories(frame), beside)
