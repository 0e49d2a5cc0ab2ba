"""A workbook's bytes and its mapping -> its figures, lines, targets and rates, each with the place where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.framework.model import Framework
from steelyard.calc.units import DECIMALS
from steelyard.intake.checking.numbers import NumberFormat, read_numbers
from steelyard.intake.mappings import Mapping

from .cells import COMPUTED, Part, coarse_of, exact, read_part
from .kinds import LEVEL, PARTS, POINTS, TOTAL, WEIGHT, totals_kind
from .mapping import WorkbookMapping


@dataclass(frozen=True, slots=True)
class Said:
    """One published value: of whom (as written), of what, in the grain of its unit."""

    subject: str
    item: str
    value: int
    coarse: int
    place: str


@dataclass(frozen=True)
class Workbook:
    """Everything that was read. ``rates``: (currency, day or None) -> their rate."""

    figures: tuple[Said, ...] = ()
    points: tuple[Said, ...] = ()
    weights: tuple[Said, ...] = ()
    levels: tuple[tuple[str, str], ...] = ()
    lines: Part | None = None
    targets: Part | None = None
    rates: dict[tuple[str, object], Decimal] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    read: tuple[tuple[str, str, int, int], ...] = ()  # what was read: part, sheet, rows, hidden rows
    dropped: int = 0  # rows of totals, and those that the mapping leaves out
    blank: int = 0
    unread: int = 0  # rows that cannot be read


def read_workbook(data: bytes, name: str, mapping: WorkbookMapping, framework: Framework) -> Workbook:
    """Read every sheet that the mapping names; refuses with all problems that concern a sheet as a whole."""
    parts: dict[str, Part] = {}
    refused: list[Problem] = []
    wanted = {**({"totals": mapping.totals} if mapping.totals else {}), **mapping.parts}
    for part, own in wanted.items():
        try:
            parts[part] = read_part(data, name, own, totals_kind(framework) if part == "totals" else PARTS[part])
        except Refused as problems:
            refused += problems.problems
    if refused:
        raise Refused(refused)
    found = tuple(problem for part in parts.values() for problem in part.problems)
    told = tuple((part, own.sheet, own.rows.height, int(own.rows["hidden"].sum())) for part, own in parts.items())
    totals = parts.get("totals")
    figures, points, weights = _figures(totals, mapping.totals, framework) if totals and mapping.totals else ((), (), ())
    levels = _levels(totals) if totals else ()
    rates = _rates(parts["rates"], mapping.parts["rates"]) if "rates" in parts else {}
    counts = [sum(getattr(part, name) for part in parts.values()) for name in ("dropped", "blank", "unread")]
    return Workbook(figures, points, weights, levels, parts.get("lines"), parts.get("targets"), rates, found, told, *counts)


Many = tuple[Said, ...]


def _figures(part: Part, mapping: Mapping, framework: Framework) -> tuple[Many, Many, Many]:
    """Values, points and weights of every subject."""
    names = [kpi.name for kpi in framework.kpis.values() if kpi.unit != "text"]
    values = (
        [said for item in (*names, TOTAL) for said in _column(part, item, item)]
        if "kpi" not in part.headers
        else _long(part, mapping, framework)
    )
    points = [said for item in names for said in _column(part, f"{item}{POINTS}", item)]
    weights = [said for item in names for said in _column(part, f"{item}{WEIGHT}", item)]
    return tuple(values), tuple(points), tuple(weights)


def _column(part: Part, column: str, item: str) -> list[Said]:
    if column not in part.coarse:
        return []
    rows = part.rows.filter(pl.col(column).is_not_null()).select("subject", column, "source_row")
    computed = item == TOTAL or part.kind.by_name[column].type == "percent"
    coarse = max(part.coarse[column], COMPUTED if computed else 0)
    return [Said(subject, item, value, coarse, part.place(column, row)) for subject, value, row in rows.iter_rows()]


def _long(part: Part, mapping: Mapping, framework: Framework) -> list[Said]:
    """One row per subject and KPI: the values of each KPI are read in its own unit."""
    titles = {(kpi.title or kpi.name).casefold(): kpi.name for kpi in framework.kpis.values()}
    found: list[Said] = []
    for (text,), rows in part.rows.filter(pl.col("kpi").is_not_null()).group_by("kpi", maintain_order=True):
        item = text if text in framework.kpis or text == TOTAL else titles.get(str(text).casefold(), str(text))
        if item not in framework.kpis and item != TOTAL:
            raise Refused(
                Problem(
                    "unknown-kpi",
                    "the framework has no such KPI",
                    part.place("kpi", rows["source_row"][0]),
                    f"`{text}`",
                    did_you_mean(item, framework.kpis),
                )
            )
        unit = "number" if item == TOTAL else {"points": "number"}.get(framework.kpis[item].unit, framework.kpis[item].unit)
        if unit not in DECIMALS:
            continue
        read = read_numbers(rows["value"], unit, NumberFormat(mapping.decimal, mapping.thousands), part.headers.get("value", "value"))
        if read.refusals or read.findings:
            problems = read.refusals or [
                Problem(one.code, one.message, part.place("value", rows.filter(one.mask)["source_row"][0]), hint=one.hint)
                for one in read.findings
            ]
            raise Refused(problems)
        coarse = coarse_of(read.values, unit)
        found += [
            Said(subject, item, value, coarse, part.place("value", row))
            for subject, value, row in zip(rows["subject"], read.values, rows["source_row"], strict=True)
            if value is not None
        ]
    return found


def _levels(part: Part) -> tuple[tuple[str, str], ...]:
    rows = part.rows.filter(pl.col(LEVEL).is_not_null()).select("subject", LEVEL)
    return tuple((subject, level) for subject, level in rows.iter_rows())


def _rates(part: Part, mapping: Mapping) -> dict[tuple[str, object], Decimal]:
    found: dict[tuple[str, object], Decimal] = {}
    for currency, day, text, row in part.rows.select("currency", "date", "rate", "source_row").iter_rows():
        rate = exact(text, mapping.decimal)
        if rate is None:
            raise Refused(
                Problem("not-a-rate", "a currency rate is a number above 0", part.place("rate", row), f"`{text}`", "correct the cell")
            )
        if found.setdefault((currency, day), rate) != rate:
            raise Refused(
                Problem(
                    "two-rates",
                    "one currency has two rates for one day",
                    part.place("rate", row),
                    f"{currency} {day or ''}",
                    "keep one of them",
                )
            )
    return found
