"""A KPI opened, for the pages of the company and for the partner's own: its readings, its formula with numbers, what was left out.

Each page says itself where its figures lead: ``to_kpi`` answers the address of a KPI with a query, or None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from steelyard.calc.framework.wording.sentences import sentences
from steelyard.frameworks.reading import readers_language

from . import opening, spelling, words
from .cards import Card, Line
from .spelling import Shown

Address = Callable[[str, Mapping[str, Any]], str | None]


def readings(card: Card, kpi: str, asked: str | None) -> tuple[list[Shown], Shown | None]:
    """Every reading of the KPI, and the one that is asked for: else the first."""
    found = [spelling.shown(card.framework, evidence) for evidence in opening.evidence_of(card.run, card.subject, kpi)]
    return found, next((reading for reading in found if reading.name == asked), found[0] if found else None)


def linked(kpi: str, found: list[Shown], to_kpi: Address) -> list[dict[str, Any]]:
    """Each reading with the address that shows its rows."""
    return [{"reading": reading, "url": to_kpi(kpi, {"reading": reading.name})} for reading in found]


def said(card: Card, line: Line) -> dict[str, Any]:
    """The value in words, rounded and exact, and what having none meant."""
    currency = card.framework.currency
    return {
        "said": words.spoken(line.value, line.unit, currency) if line.value is not None else _("no data"),
        "exact": words.limit(line.value, line.unit, currency) if line.value is not None else "",
        "no_data": words.no_data(line.no_data),
        "best": words.between(line, currency),
    }


def terms(card: Card, line: Line, found: list[Shown], to_kpi: Address) -> list[dict[str, Any]]:
    """The formula with an address for every number that opens."""
    by_reading = {reading.reading: reading for reading in found}
    return [{"term": term, "url": _opens(line, term, to_kpi)} for term in spelling.spelled(card, line, by_reading)]


def _opens(line: Line, term: spelling.Term, to_kpi: Address) -> str | None:
    if term.kpi:
        return to_kpi(term.kpi, {})
    return to_kpi(line.kpi, {"reading": term.reading}) if term.reading else None


def definition(card: Card, line: Line) -> list[str]:
    """What the framework says of the KPI, its points and its measures, in sentences."""
    measures = {evidence.selector.measure for evidence in opening.evidence_of(card.run, card.subject, line.kpi)}
    wanted = {f"kpis.{line.kpi}", *(f"measures.{name}" for name in measures)}
    leaf = f".of.{line.node.rpartition('/')[2]}"
    return [found.text for found in sentences(card.framework, readers_language()) if found.path in wanted or found.path.endswith(leaf)]


def left_out(kpi: str, chosen: Shown | None, to_rows: Address) -> list[dict[str, Any]]:
    """The rules that excluded rows of the reading, with how many and where they are listed."""
    if chosen is None:
        return []
    asked = {"reading": chosen.name, "counted": "no"}
    return [
        {"reason": reason, "rows": rows, "url": to_rows(kpi, {**asked, "reason": reason})}
        for reason, rows in chosen.evidence.excluded.items()
    ]
