"""Phase 1 over ten million lines beside a hand-written Polars query of the same measures; then what follows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from . import data
from .measure import Line, in_own_process, seconds

PARTNERS = 5_000
TOUCHED, MORE = 100, 1_000


def run(quick: bool) -> Iterator[Line]:
    """Cold, after a thousand more lines, and phase 2 of the last quarter with its results saved."""
    from steelyard.ledger import actions as ledger
    from steelyard.scorecards import cache

    user = data.masters(PARTNERS)
    lines_of(1_000_000 if quick else 10_000_000, user)
    by_hand = seconds(lambda: hand_written(), repeat=2)
    cold, peak = in_own_process("benchmarks.scoring:measure")
    rows = f"{sum(item.rows for item in _parts()):,} lines"
    yield Line(
        "phase 1: 30 KPIs, 20 measures, 5,000 partners, 36 months, cold",
        cold / by_hand,
        2.5,
        1.5,
        "x a hand-written query",
        f"{rows}, {cold:.1f} s, by hand {by_hand:.1f} s",
    )
    yield Line("phase 1, cold: memory", peak, 3, 3, "GB", "peak of the process")

    more = data.order_lines(MORE, TOUCHED, seed=99)
    ledger.post("orders", more, source="erp", batch=0, acting_user=user)
    warm = seconds(lambda: measure())
    kept = measure()
    cache.clear()
    anew = measure()
    if any(not one.frame.equals(other.frame) for one, other in zip(kept, anew, strict=True)):
        raise RuntimeError("with and without the cache the figures differ")
    yield Line("the same after 1,000 more lines touching 100 partners", warm / cold, 1 / 20, 1 / 100, "of cold", f"{warm:.2f} s")
    yield from phase_two(cold, user)


def lines_of(count: int, user) -> int:  # type: ignore[no-untyped-def]
    """So many order lines in the ledger, in ten segments; returns how many there are (another benchmark may have added some)."""
    from steelyard.ledger import actions as ledger

    part = count // 10
    for seed in range(sum(item.rows for item in _parts()) // part, 10):
        ledger.post("orders", data.order_lines(part, PARTNERS, seed=10 + seed), source="erp", batch=0, acting_user=user)
    return sum(item.rows for item in _parts())


def _parts():  # type: ignore[no-untyped-def]
    from steelyard.ledger.queries import parts

    return parts("orders")


def warm() -> None:
    """What any process does once: import the code."""
    from steelyard.scorecards import measuring  # noqa: F401 - the import is the work


def measure():  # type: ignore[no-untyped-def]
    """Phase 1 at every month for every partner."""
    from steelyard.calc.framework.read import read
    from steelyard.calc.measures.plan import plan
    from steelyard.calc.periods import FiscalCalendar
    from steelyard.calc.points import Points, readings_of
    from steelyard.calc.resolve import Resolver
    from steelyard.ledger.queries import head
    from steelyard.partners.queries import histories
    from steelyard.scorecards.measuring import Memory

    framework, problems = read((Path(__file__).parent / "thirty.yaml").read_text(encoding="utf-8"))
    if framework is None:
        raise RuntimeError(str(problems[0]))
    calendar = FiscalCalendar("standard")
    months = calendar.periods("month", date(2021, 1, 1), date(2023, 12, 31))
    codes = data.codes("P", PARTNERS)
    points = Points([(code,) for _ in months for code in codes], [month.as_of for month in months for _ in codes])
    return Memory(plan(framework, calendar, readings_of(framework)), Resolver(histories()), head()).measure(points)


def phase_two(cold: float, user) -> Iterator[Line]:  # type: ignore[no-untyped-def]
    """KPIs, points, levels and explanations of every partner for a period, saved as a run."""
    from steelyard.calc import kpis, scorecards
    from steelyard.frameworks import actions as frameworks
    from steelyard.frameworks.queries import framework as framework_of
    from steelyard.scorecards import actions, scoring
    from steelyard.scorecards.measuring import read

    version, _, _ = frameworks.apply(text=(Path(__file__).parent / "thirty.yaml").read_text(encoding="utf-8"), acting_user=user)
    inputs = scoring.gather(framework_of(version), version.digest, "2023-12")
    points = scoring.subjects(inputs)
    readings = read(inputs.framework, inputs.calendar, inputs.histories, inputs.cut, points)

    def second() -> None:
        values = kpis.compute(inputs.framework, points, readings)
        cards = scorecards.compute(inputs.framework, points, values, readings)
        actions.save(scoring.Scored(inputs, points, readings, cards), version.pk, user)

    taken = seconds(second)
    yield Line("phase 2 for all partners of a period, results saved", taken / cold, 1 / 4, 1 / 10, "of cold", f"{taken:.2f} s")


def hand_written() -> pl.DataFrame:
    """The same twenty measures by month, as one would write them for this one occasion: no cache, no reversals."""
    from steelyard.calc.conversion import daily_ratios
    from steelyard.partners.queries import histories

    known = histories()
    lines = pl.scan_parquet(
        [Path(part.segment.path) if Path(part.segment.path).is_absolute() else _home() / part.segment.path for part in _parts()]
    )
    partners = known.partners.lazy().select(party="code", partner=pl.int_range(pl.len(), dtype=pl.Int32))
    top = known.categories.lazy().select(category="code", top=pl.coalesce("parent", "code"))
    products = known.products.lazy().join(top, on="category").select("strategic", "must_stock", "top", product="code")
    ratios = daily_ratios(known.rates, None, "EUR", list(data.CURRENCIES), data.FIRST, date(2023, 12, 31)).lazy()
    rows = lines.join(partners, on="party").join(products, on="product").join(ratios, on=["currency", "date"])
    rows = rows.with_columns(
        amount=_converted("amount"), cost=_converted("cost"), month=pl.col("date").dt.year() * 12 + pl.col("date").dt.month()
    )
    amount, kind = pl.col("amount"), pl.col("kind")
    on_time = pl.col("shipped_on") <= pl.col("promised_on")
    return (
        rows.group_by("partner", "month")
        .agg(
            net=amount.sum(),
            cost=pl.col("cost").sum(),
            units=pl.col("quantity").sum(),
            lines=pl.len(),
            instruments=amount.filter(pl.col("top") == "instruments").sum(),
            strategic=amount.filter(pl.col("strategic")).sum(),
            must_stock=amount.filter(pl.col("must_stock")).sum(),
            returned=amount.filter(kind == "return").sum(),
            return_lines=(kind == "return").sum(),
            free_units=pl.col("quantity").filter(kind == "free goods").sum(),
            on_time=on_time.sum(),
            late=(~on_time).sum(),
            margin=(amount - pl.col("cost")).sum(),
            large=(amount >= 10_000_000).sum(),
            sold=amount.filter(kind == "sale").sum(),
            average_line=amount.mean(),
            documents=pl.col("document").n_unique(),
            customers=pl.col("end_customer").n_unique(),
            articles=pl.col("product").n_unique(),
            strategic_customers=pl.col("end_customer").filter(pl.col("strategic")).n_unique(),
        )
        .collect()
    )


def _home() -> Path:
    from django.conf import settings

    return Path(settings.STEELYARD_HOME)


def _converted(column: str) -> pl.Expr:
    wide = pl.col(column).cast(pl.Int128) * pl.col("numerator")
    quotient = wide // pl.col("denominator")
    twice = (wide - quotient * pl.col("denominator")) * 2
    up = (twice > pl.col("denominator")) | ((twice == pl.col("denominator")) & (quotient % 2 == 1))
    return (quotient + up.cast(pl.Int128)).cast(pl.Int64)
