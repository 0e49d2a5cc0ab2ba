"""What the pages and the document of a scorecard hold, beyond the card itself: sentences, charts, tables, addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from steelyard.calc.change import Waterfall
from steelyard.ledger.scope import Scope

from . import firm, limits, standing_words, standings, words
from .cards import Card, Line, next_level, traced, why
from .history import Past
from .moved import CAUSES as told_by_rows

SHOWN_WAYS = 5


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom a card is about, and where they stand among those that the reader sees."""

    name: str
    city: str | None = None
    country: str | None = None
    territory: str | None = None
    representative: str | None = None
    code: str | None = None
    rank: int | None = None
    ranked: int = 0
    likely: firm.Place | None = None


@dataclass(frozen=True, slots=True)
class Caused:
    """What one cause did to an item, and where its rows are listed: ``url`` is empty where rows do not tell."""

    cause: str
    amount: int
    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What one item did to the total since the period before, cause by cause."""

    node: str
    title: str
    amount: int
    causes: tuple[Caused, ...]


def whose(card: Card, *, scope: Scope) -> Whose:
    """The subject by name and place; its rank only where the reader sees others too."""
    (seen,) = standings.of_runs(card.framework.code, [card.run], scope=scope)
    row = seen.frame.filter(pl.col("subject") == card.subject).row(0, named=True) if card.subject in seen.frame["subject"] else {}
    totals = seen.frame["total"].drop_nulls()
    rank = likely = None
    if card.total is not None and totals.len() > 1:
        rank = 1 + int((totals > card.total).sum())
        likely = firm.places(card.run, tuple(seen.ranked["subject"])).get(card.subject)
    return Whose(
        row.get("name") or card.subject, row.get("city"), row.get("country"), row.get("territory_name") or row.get("territory"),
        row.get("representative_name") or row.get("representative"), row.get("code"), rank, totals.len(), likely,
    )  # fmt: skip


def told(
    card: Card,
    *,
    open_kpi: Callable[[str], str | None] = lambda kpi: None,
    open_step: Callable[[str, str], str | None] = lambda kpi, cause: None,
    by_cause: bool = False,
) -> dict[str, Any]:
    """Everything that the parts of a scorecard's page need; ``by_cause`` tells a change by cause, which takes some computing."""
    missing, waterfall = next_level(card), traced(card) if by_cause else why(card)
    said = words.ways(card, missing) if missing else []
    linked = [{"way": way, "url": open_kpi(way.kpi)} for way in said]
    return {
        "card": card,
        "headline": words.headline(card, missing),
        "firm": words.firmness(firm.of_run(card.run).grade(card.subject)),
        "grade_is_firm": firm.of_run(card.run).grade(card.subject) == firm.FIRM,
        "missing": missing,
        "lacking": words.limit(missing.missing, "points") if missing and missing.missing else "",
        "together": words.together(card, missing) if missing else "",
        "ways": linked[:SHOWN_WAYS],
        "more_ways": linked[SHOWN_WAYS:],
        "levels": card.levels,
        "level_names": limits.names(card.framework),
        "former_total": card.before.total if card.before else None,
        "sections": [{"section": section, "rows": _rows(card, section.lines, open_kpi)} for section in card.sections],
        "beside": _rows(card, card.beside, open_kpi),
        "broken": [gate for gate in card.requirements if not gate.holds],
        "waterfall": waterfall,
        "moved": moved(card, waterfall, open_step),
        "causes": _causes(waterfall) if by_cause else [],
        "largest_cause": max((abs(amount) for _name, amount in _causes(waterfall)), default=0),
        "largest": max((abs(item.amount) for item in moved(card, waterfall)), default=0),
        "rates": _rates(card),
        "held": standing_words.held(card),
        "over_time": standing_words.overall(card),
        "whole": standing_words.whole(card),
    }


def moved(card: Card, waterfall: Waterfall | None, open_step: Callable[[str, str], str | None] = lambda kpi, cause: None) -> list[Moved]:
    """What each item did, gains first; the causes add up to the item, the items to the change."""
    if waterfall is None:
        return []
    found: dict[str, list[Caused]] = {}
    titles: dict[str, str] = {}
    for step in waterfall.steps:
        node = step.node if step.kpi else f"{step.node}: {step.text}"
        url = open_step(step.kpi, step.cause) if step.kpi and step.cause in told_by_rows else None
        found.setdefault(node, []).append(Caused(words.cause(step.cause), step.amount, words.step(step, card.framework.currency), url))
        titles[node] = step.title if step.kpi else f"{step.title}: {step.text}"
    items = [Moved(node, titles[node], sum(one.amount for one in steps), tuple(steps)) for node, steps in found.items()]
    return sorted((item for item in items if item.amount), key=lambda item: -item.amount)


def _causes(waterfall: Waterfall | None) -> list[tuple[str, int]]:
    """How much each cause moved the total, largest first."""
    amounts: dict[str, int] = {}
    for name, amount in (waterfall.by_cause() if waterfall else {}).items():
        amounts[words.cause(name)] = amounts.get(words.cause(name), 0) + amount
    return sorted(((name, amount) for name, amount in amounts.items() if amount), key=lambda pair: -abs(pair[1]))


def _rows(card: Card, lines: tuple[Line, ...], open_kpi: Callable[[str], str | None]) -> list[dict[str, Any]]:
    currency = card.framework.currency
    return [
        {
            "line": line,
            "url": open_kpi(line.kpi),
            "no_data": words.no_data(line.no_data),
            "best": words.between(line, currency),
            "interval": words.interval(firm.interval(card.run, card.subject, line.kpi), line.unit, currency),
        }
        for line in lines
    ]


def _rates(card: Card) -> str:
    """Whose rates money was converted at."""
    return card.framework.convert.rates or ""


def history(card: Card) -> list[Past]:
    """The periods of the chart, oldest first."""
    return [period for period in card.past if period.is_former]
