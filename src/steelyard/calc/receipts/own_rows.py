"""The rows that belong to one subject: of every kind of fact that a framework reads, with the columns that it reads."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import polars as pl

from ..facts import FACTS
from ..framework.model import Framework
from ..measures.live import live_rows
from ..measures.pipeline import QUANTITIES, country_column, currency_column, look, resolved
from ..measures.plan import Plan, Scan, amount_columns, is_pick, needed_columns
from ..resolve import Resolver

COVERAGE = ("source", "party", "report", "date", "until", "due_on", "received_on")
_CREDITED = {"representative", "territory"}


def columns_read(scan: Scan, framework: Framework) -> list[str]:
    """The columns of the fact that a scan reads: named in formulas, or needed to say whose, when and of what worth a row is."""
    kind, needs = scan.kind, needed_columns(scan, framework)
    names = set(needs) | {name for name in (kind.date, scan.date) if name}
    if any(measure.valid_on for measure in scan.measures):
        names |= {name for name in (kind.valid_from, kind.valid_to) if name}
    names |= {"party"} | {column for measure in scan.measures for column in amount_columns(measure, kind).values()}
    names |= {name for name in (currency_column(scan, framework),) if name}
    if needs & _CREDITED:
        names |= _CREDITED
    if any(name.startswith("product.") or name == "category" for name in needs) or needs & set(QUANTITIES):
        names |= {"product"}
    if needs & set(QUANTITIES):
        names |= {"unit"}
    if "country" in scan.subjects:
        names |= {country_column(kind)}
    picked = ["ordinal"] if any(is_pick(measure) for measure in scan.measures) else []
    return ["source", *picked, *(column.name for column in kind.columns if column.name in names)]


def rows_of(plan: Plan, scans: Sequence[Scan], resolver: Resolver, facts: pl.LazyFrame, subject: tuple[str, ...]) -> pl.DataFrame:
    """The live rows of one kind of fact that any of its scans gives to a subject, as the source said them."""
    read = {name for scan in scans for name in columns_read(scan, plan.framework)}
    names = [name for name in ("source", "ordinal", *scans[0].kind.by_name) if name in read]
    live = live_rows(facts)
    parts = [_of_scan(plan, scan, resolver, live, subject, names) for scan in {scan.subjects: scan for scan in scans}.values()]
    return pl.concat(parts).unique("row_id").drop("row_id")


def _of_scan(
    plan: Plan, scan: Scan, resolver: Resolver, live: pl.LazyFrame, subject: tuple[str, ...], names: Sequence[str]
) -> pl.DataFrame:
    info = look(live, scan, plan.framework)
    if info is None:
        return live.select("row_id", *names).clear().collect()
    said = [pl.col(name).alias(f"said.{name}") for name in names]  # resolution may overwrite what the source said
    rows = resolved(plan, scan, resolver, nw.from_native(live.with_columns(said)), info)
    wanted = []
    for name in scan.subjects:
        code, codes = subject[plan.framework.subject.index(name)], resolver.codes[name]
        wanted.append(nw.col(f"{name}#") == (codes.index(code) if code in codes else -1))
    found = rows.filter(*wanted).select(nw.col("row_id"), *(nw.col(f"said.{name}").alias(name) for name in names))
    return found.collect().to_native()


def coverage_of(resolver: Resolver, facts: pl.LazyFrame, partner: str) -> pl.DataFrame:
    """The reports that a partner sent or owed, and those of sources that report for everybody."""
    rows = live_rows(facts).select(COVERAGE).collect()
    spans = resolver.parties(tuple(sorted(rows["source"].unique()))).select("source", "party", "partner", "valid_from", "valid_to")
    joined = rows.join(spans.filter(pl.col("partner") == partner), on=["source", "party"], how="left")
    day = pl.col("date")
    inside = pl.col("valid_from").is_null() | ((day >= pl.col("valid_from")) & (day < pl.col("valid_to")))
    return joined.filter((pl.col("partner").is_not_null() & inside) | pl.col("party").is_null()).select(COVERAGE)


def as_facts(kind_name: str, rows: pl.DataFrame) -> pl.LazyFrame:
    """Rows of a bundle as the ledger would give them: with every column of the kind that they lack blank, and none reversed."""
    kind = FACTS[kind_name]
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in kind.schema.items() if name not in rows.columns]
    system = [
        pl.int_range(pl.len(), dtype=pl.Int64).alias("row_id"),
        pl.lit(1, dtype=pl.Int8).alias("sign"),
        pl.lit(None, dtype=pl.Int64).alias("reverses_row_id"),
    ]
    return rows.lazy().with_columns(*absent, *system)
