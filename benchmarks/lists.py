"""Phase 2 of a programme made of lists beside the life-science default: readings, KPIs, points and levels of every partner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from steelyard.calc import kpis, scorecards
from steelyard.calc.facts import FACTS, SYSTEM_COLUMNS
from steelyard.calc.framework.model import Framework
from steelyard.calc.framework.read import read
from steelyard.calc.measures.evaluate import column_of, measure_all
from steelyard.calc.measures.partial import reduce
from steelyard.calc.measures.plan import plan
from steelyard.calc.measures.spans import Cube
from steelyard.calc.periods import FiscalCalendar
from steelyard.calc.points import Points, readings_of
from steelyard.calc.resolve import PARTNER_COLUMNS, Histories, Resolver

from .measure import Line, seconds

FRAMEWORKS = Path(__file__).parents[1] / "src/steelyard/frameworks"
LIFE_SCIENCE = FRAMEWORKS / "examples/life-science.yaml"
LISTS = FRAMEWORKS / "programmes/microsoft_modern_work.yaml"
MONTHS, TENANTS, LINES = 24, 4, 24  # months of history; tenants and order lines of each partner
END = date(2025, 6, 30)
WORDS: dict[str, list[str]] = {
    "association": ["CPOR", "DPOR", "CSP"], "workload": ["mail", "meetings"], "grade": ["basic", "intermediate", "advanced", "ISO 13485"],
    "metric": ["sell in", "sell through"], "question": ["cooperation"], "severity": ["low", "high"], "currency": ["EUR"],
    "report": ["sell_through", "inventory"],
}  # fmt: skip


def run(quick: bool) -> Iterator[Line]:
    """Both frameworks over facts drawn for the same partners."""
    count = 5_000 if quick else 50_000
    codes = [f"P{number:05d}" for number in range(count)]
    resolver = Resolver(_histories(codes))
    (by_lists, found), (by_rows, _) = (_phase_two(path, codes, resolver) for path in (LISTS, LIFE_SCIENCE))
    yield Line(
        f"phase 2: tenants and workloads at two dates each, {count:,} partners", by_lists / by_rows, 3, 1, "x the life-science default",
        f"{by_lists:.1f} s, life science {by_rows:.1f} s; {found:,} rows of phase 1",
    )  # fmt: skip


def _phase_two(path: Path, codes: list[str], resolver: Resolver) -> tuple[float, int]:
    framework, problems = read(path.read_text(encoding="utf-8"))
    if framework is None:
        raise RuntimeError(str(problems[0]))
    wanted = readings_of(framework)
    todo = plan(framework, FiscalCalendar("standard"), wanted)
    frames = {fact: _facts(fact, codes) for fact in {scan.fact for scan in todo.scans}}
    partials = {scan.name: reduce(todo, scan, resolver, frames[scan.fact].lazy(), frames[scan.fact].height) for scan in todo.scans}
    cube = Cube(todo, resolver, {name: partial for name, partial in partials.items() if partial is not None})
    points = Points([(code,) for code in codes], [END] * len(codes), {"type": ["dealer"] * len(codes), "status": ["active"] * len(codes)})

    def second() -> None:
        _scored(framework, cube, points)

    kept = [frame.height for partial in cube.partials.values() for frame in (partial.sums, *partial.keyed.values())]
    return seconds(second, repeat=2), sum(kept)


def _scored(framework: Framework, cube: Cube, points: Points) -> None:
    measured = measure_all(cube, points, readings_of(framework))
    readings = {one.reading: column_of(cube, points, one) for one in measured}
    values = kpis.compute(framework, points, readings)
    scorecards.compute(framework, points, values, readings)


def _facts(name: str, codes: list[str]) -> pl.DataFrame:
    """Facts of one kind for every partner: monthly reports of a few tenants, or some lines each."""
    kind, draw = FACTS[name], np.random.default_rng(len(name))
    each = MONTHS * TENANTS if name in ("seats", "usage", "usage_growth") else LINES
    size = len(codes) * each
    number = np.arange(size)
    month = number % MONTHS if each > LINES else draw.integers(0, MONTHS, size)
    day = (np.datetime64("2023-07") + month).astype("datetime64[D]") + draw.integers(0, 28, size)
    columns: dict[str, pl.Series] = {}
    for column in kind.columns:
        if column.name == "party":
            values = pl.Series(np.repeat(np.array(codes), each))
        elif column.name == "tenant":
            values = pl.Series(np.array([f"t{one}" for one in range(TENANTS)])[number // MONTHS % TENANTS])
        elif column.type == "date":
            values = pl.Series(day + (draw.integers(0, 60, size) if column.name != kind.date else 0)).cast(pl.Date)
        elif column.type == "yes/no":
            values = pl.Series(draw.integers(0, 2, size) == 1)
        elif column.name in WORDS or column.choices:
            words = np.array(WORDS.get(column.name) or column.choices)
            values = pl.Series(words[draw.integers(0, len(words), size)])
        elif column.type == "text":
            values = pl.Series(np.array([f"{column.name} {one}" for one in range(40)])[draw.integers(0, 40, size)])
        else:
            values = pl.Series(draw.integers(0, 400, size) * (1 if column.type == "count" else 10_000))
        columns[column.name] = values.cast(column.dtype).alias(column.name)
    frame = pl.DataFrame(columns)
    system = {"row_id": pl.int_range(size, dtype=pl.Int64, eager=True), "sign": pl.repeat(1, size, dtype=pl.Int8, eager=True)}
    unsaid = [column for column in SYSTEM_COLUMNS if column not in system]
    rest = {column: pl.Series([None], dtype=SYSTEM_COLUMNS[column]).new_from_index(0, size) for column in unsaid}
    rest["source"] = pl.repeat("erp", size, eager=True)
    return frame.with_columns(**system, **rest)


def _histories(codes: list[str]) -> Histories:
    validity: dict[str, pl.DataType] = {"valid_from": pl.Date(), "valid_to": pl.Date()}

    def nothing(*names: str) -> pl.DataFrame:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String()) | validity)

    columns = ("code", *PARTNER_COLUMNS, "territory")
    partners = pl.DataFrame({"code": codes}).with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in columns if name != "code")
    partners = partners.with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in validity.items())
    return Histories(
        partners=partners,
        aliases=nothing("source", "party", "partner", "method"),
        territories=nothing("code", "name", "parent"),
        representatives=nothing("code", "name", "manager"),
        assignments=nothing("representative", "territory", "partner"),
        categories=nothing("code", "name", "parent"),
        products=nothing("code", "name", "category", "unit", "status").with_columns(
            pl.lit(None, dtype=pl.Boolean).alias("strategic"), pl.lit(None, dtype=pl.Boolean).alias("must_stock")
        ),
        rates=pl.DataFrame(schema={"source": pl.String, "base": pl.String, "quote": pl.String, "date": pl.Date, "rate": pl.String}),
    )
