"""One row of facts, opened: what its source said, where it came from, whom it means and why, which scores it counts in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from steelyard.calc.errors import Missing, Refused
from steelyard.calc.facts import FACTS, Kind
from steelyard.calc.lookups import FOR_EVER
from steelyard.calc.measures.plan import window_of
from steelyard.calc.points import Reading, readings_in, readings_of
from steelyard.calc.resolve import Resolver
from steelyard.frameworks.queries import framework as framework_of
from steelyard.intake import queries as intake
from steelyard.ledger.scope import Scope
from steelyard.partners import belonging
from steelyard.partners.facts import visible_facts

from . import choosing, opening
from .models import Run
from .queries import published

PERIODS = 4  # how many periods from the row's own on are looked at: trailing windows reach that far


@dataclass(frozen=True)
class Meant:
    """Whom a row means on its date: the partner and by which decision, who is credited, where."""

    partner: str | None
    name: str | None
    how: str  # decision, alias, code, nobody
    method: str
    representative: str | None
    representative_how: str  # row, assigned, nobody
    territory: str | None


@dataclass(frozen=True)
class CountsIn:
    """One reading of one scorecard that this row is part of, counted or not."""

    run: Run
    subject: str
    measure: str
    window: str | None
    kpis: tuple[tuple[str, str], ...]  # (code, title)
    counted: bool
    reason: str | None


@dataclass(frozen=True)
class OneFact:
    """A row, whole."""

    kind: Kind
    values: dict[str, Any]
    row: int
    live: bool
    said_later: list[dict[str, Any]]  # the other rows of the same line, oldest first: what was corrected
    batch: Any  # intake's batch, or None for what did not come in a file
    meant: Meant
    counts_in: list[CountsIn]

    @property
    def day(self) -> date | None:
        """The business date."""
        return self.values[self.kind.date] if self.kind.date else None


def one_fact(kind_name: str, row: int, *, scope: Scope) -> OneFact:
    """The row of this number, if the scope sees it; else `Missing`."""
    if kind_name not in FACTS or not 0 <= row < 2**63:
        raise Missing
    kind = FACTS[kind_name]
    seen = visible_facts(kind_name, scope=scope).filter((pl.col("row_id") == row) & (pl.col("sign") > 0)).collect()
    if seen.is_empty():
        raise Missing
    values = seen.row(0, named=True)
    line = _same_line(kind, values, scope)
    meant = _meant(kind, values)
    return OneFact(
        kind=kind,
        values=values,
        row=row,
        live=row not in {other["reverses_row_id"] for other in line},
        said_later=[other for other in line if other["row_id"] != row and other["sign"] > 0],
        batch=_batch(values["batch"]),
        meant=meant,
        counts_in=list(_counts_in(kind, values, meant, scope)),
    )


def _same_line(kind: Kind, values: dict[str, Any], scope: Scope) -> list[dict[str, Any]]:
    """Every row with the key of this one: itself, what it replaced or was replaced by, and the reversals."""
    same = [pl.col(name).eq_missing(pl.lit(values[name], dtype=kind.schema[name])) for name in kind.key]
    same += [pl.col("source") == values["source"], pl.col("ordinal") == values["ordinal"]]
    return visible_facts(kind.name, scope=scope).filter(pl.all_horizontal(same)).sort("row_id").collect().to_dicts()


def _batch(number: int) -> Any:
    try:
        return intake.batch(number) if number else None
    except Refused:
        return None


def _meant(kind: Kind, values: dict[str, Any]) -> Meant:
    party, source = values.get("party"), values["source"]
    if "party" not in kind.by_name or party is None:
        return Meant(None, None, "nobody", "", values.get("representative"), "row", None)
    resolver = Resolver(belonging.histories_of([party]))
    day = values[kind.date] if kind.date else None
    found = _on(resolver.parties([source]).filter((pl.col("party") == party) & (pl.col("source") == source)), day)
    partner = found["partner"] if found else None
    aliases = resolver.histories.aliases.filter(pl.col("party") == party)
    own, every = aliases.filter(pl.col("source") == source), aliases.filter(pl.col("source").fill_null("") == "")
    how = "decision" if own.height else "alias" if every.height else "code" if partner else "nobody"
    method = next((frame["method"][0] or "" for frame in (own, every) if frame.height), "")
    said = values.get("representative")
    known = said is not None and said in resolver.codes["representative"]
    credited = said if known else found.get("assigned") if found else None
    theirs = _on(resolver.representatives().filter(pl.col("representative") == credited), day) if credited else None
    territory = (theirs or {}).get("rep_territory") or (found or {}).get("own_territory")
    name = (found or {}).get("partner.name")
    return Meant(partner, name, how if partner else "nobody", method, credited, "row" if known else "assigned", territory)


def _on(frame: pl.DataFrame, day: date | None) -> dict[str, Any] | None:
    """The interval that holds the day (without a day: the last)."""
    moment = pl.lit(day or FOR_EVER)
    holds = (pl.col("valid_from").is_null() | (pl.col("valid_from") <= moment)) & (
        pl.col("valid_to").is_null() | (moment < pl.col("valid_to")) | (pl.col("valid_to") == FOR_EVER)
    )
    rows = frame.filter(holds).to_dicts()
    return rows[-1] if rows else None


def _counts_in(kind: Kind, values: dict[str, Any], meant: Meant, scope: Scope) -> Iterator[CountsIn]:
    """The readings whose days hold this row, of the scorecards in force for its period and the next ones."""
    day = values[kind.date] if kind.date else None
    chosen = choosing.choose(scope=scope)
    if meant.partner is None or day is None or chosen is None:
        return
    for one in chosen.frameworks:
        known = choosing.choose(one.code, scope=scope)
        periods = [period for period in known.periods if period.end > day][-PERIODS:] if known else []
        for period in reversed(periods):
            publication = published(one.code, period.label, meant.partner)
            run = publication.run if publication else choosing.exactly(one.code, period.label, scope=scope).run
            yield from _readings(run, kind, values, meant.partner, day)


def _readings(run: Run, kind: Kind, values: dict[str, Any], subject: str, day: date) -> Iterator[CountsIn]:
    framework = framework_of(run.framework)
    if framework.subject != ("partner",) or values["row_id"] is None:
        return
    inputs = opening.opened(run).inputs
    for reading in sorted(readings_of(framework), key=str):
        measure = framework.measures[reading.measure]
        start, end = inputs.calendar.window(window_of(framework, measure, reading.window), inputs.as_of, framework.grain)
        if measure.fact != kind.name or not start <= day < end:
            continue
        rows = opening.rows(run, subject, reading).filter(pl.col("row_id") == values["row_id"])
        if rows.height:
            yield CountsIn(
                run,
                subject,
                measure.title or reading.measure,
                reading.window,
                _kpis(framework, reading),
                rows["counted"][0],
                rows["reason"][0],
            )


def _kpis(framework: Any, reading: Reading) -> tuple[tuple[str, str], ...]:
    return tuple((code, kpi.title or code) for code, kpi in framework.kpis.items() if reading in readings_in(framework, kpi.formula.tree))
