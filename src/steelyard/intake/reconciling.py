"""What a source said beside what the ledger holds: where each amount went, and by month what is late, corrected or missing.

Of a kind and source the money adds up exactly: said in files, less what waits, was known already or was left out, less what
later lines corrected or took out, and with what came one by one, is what the ledger holds. What is left over is unexplained.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from steelyard.calc.facts import FACTS, Kind
from steelyard.calc.units import to_text
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING, NOTHING

from .models import Batch
from .outcome import grains_of

LATE_AFTER = timedelta(days=15)  # after the end of its month
SERIES = 10  # document numbers that make a series
_PREFIX, _NUMBER = r"^(.*?)\d+$", r"(\d+)$"
KINDS = tuple(kind.name for kind in FACTS.values() if kind.flow and kind.date)


@dataclass(frozen=True)
class Account:
    """The money of one source, kind and currency, in ten-thousandths: ``said`` less all the others is ``holds``, and what is not is
    ``unexplained``. Single facts add to ``holds`` what no file said."""

    source: str
    kind: str
    currency: str
    said: int
    waiting: int
    known: int
    left_out: int
    corrected: int
    single: int
    holds: int

    @property
    def unexplained(self) -> int:
        """What the ledger holds and nobody said, or the other way round; 0 unless something is wrong."""
        return self.said - self.waiting - self.known - self.left_out - self.corrected + self.single - self.holds

    def as_dict(self) -> dict[str, Any]:
        """Plain values, money as decimal text."""
        money = ("said", "waiting", "known", "left_out", "corrected", "single", "holds", "unexplained")
        return {name: getattr(self, name) for name in ("source", "kind", "currency")} | {
            name: to_text(getattr(self, name), "money") for name in money
        }


@dataclass(frozen=True)
class Month:
    """What one source told of one month. ``missing``: working days without a row that no report covers; ``gaps``: document
    numbers that a series lacks."""

    source: str
    kind: str
    month: date
    rows: int
    late: int
    corrected: int
    missing: int
    gaps: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {name: getattr(self, name) for name in ("source", "kind", "month", "rows", "late", "corrected", "missing", "gaps")}


def _told() -> list[str]:
    """The kinds that anybody told anything of: a file that held no row that counts has its account too."""
    batches = set(Batch.objects.order_by().values_list("kind", flat=True).distinct())
    return [name for name in KINDS if name in {*batches, *ledger.kinds_held()}]


def accounts() -> list[Account]:
    """Every source, kind and currency; what is unexplained first."""
    found = [account for name in _told() for account in _accounts(FACTS[name])]
    return sorted(found, key=lambda one: (one.unexplained == 0, one.source, one.kind, one.currency))


def _accounts(kind: Kind) -> list[Account]:
    if kind.money_column is None:
        return []
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for source, amounts in Batch.objects.filter(kind=kind.name, status=Batch.COMMITTED).values_list("source", "amounts"):
        for currency, buckets in grains_of(amounts).items():
            own = sums.setdefault((source, currency), {})
            for bucket, value in buckets.items():
                own[bucket] = own.get(bucket, 0) + value
    told, found = _ledger_sums(kind), []
    for key in sorted({*sums, *told}):
        said, waiting, known, left_out = (sums.get(key, {}).get(name, 0) for name in ("in", "quarantined", "duplicates", "filtered"))
        corrected, single, holds = told.get(key, (0, 0, 0))
        found.append(Account(key[0], kind.name, key[1], said, waiting, known, left_out, corrected, single, holds))
    return found


def _ledger_sums(kind: Kind) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Source and currency -> what was taken out of the rows of standing batches, what came one by one, what is held."""
    money = kind.by_name[kind.money_column or ""]
    standing = list(Batch.objects.filter(kind=kind.name, status=Batch.COMMITTED).values_list("pk", flat=True))
    columns = ["source", money.name, "batch", "sign", "reverses_row_id", *([money.currency] if money.currency else [])]
    currency = pl.col(money.currency).fill_null("") if money.currency else pl.lit("")
    signed = pl.col("sign").cast(pl.Int64) * pl.col(money.name).fill_null(0)
    of_file = pl.col("batch").is_in(standing)
    # a row that an undo brought back says nothing new: it makes its reversal good
    anew = (pl.col("sign") > 0) & pl.col("reverses_row_id").is_null()
    keys, sums = ["source", "currency"], ["corrected", "single", "holds"]
    corrected, single = -signed.filter(of_file & ~anew), signed.filter(~of_file)
    each = [one.sum().alias(name) for name, one in zip(sums, (corrected, single, signed), strict=True)]
    found = by_part(kind, columns, lambda rows: rows.with_columns(currency.alias("currency")).group_by(keys).agg(each))
    return {row[:2]: row[2:] for row in found.group_by(keys).agg(pl.col(sums).sum()).iter_rows()}


def by_part(kind: Kind, columns: list[str], summed: Callable[[pl.LazyFrame], pl.LazyFrame]) -> pl.DataFrame:
    """What ``summed`` makes of each piece of a kind's facts, one below the other: a page never holds all facts at once."""
    nothing = ledger.facts(kind.name, scope=NOTHING, columns=columns)
    return pl.concat([summed(nothing).collect(), *(summed(part.scan(columns)).collect() for part in ledger.parts(kind.name))])


def months(kind_name: str = "", source: str = "") -> list[Month]:
    """Every month that a source told of, the newest first."""
    found = [month for name in _told() if kind_name in ("", name) for month in _months(FACTS[name], source)]
    return sorted(found, key=lambda one: (-one.month.toordinal(), one.source, one.kind))


def _months(kind: Kind, source: str) -> list[Month]:
    day = kind.date or "date"
    own = pl.lit(True) if not source else pl.col("source") == source
    keys, sign = ["source", "month"], pl.col("sign").cast(pl.Int64)

    def monthly(rows: pl.LazyFrame) -> pl.LazyFrame:
        return rows.filter(own, pl.col(day).is_not_null()).with_columns(pl.col(day).dt.month_start().alias("month"))

    def counted(rows: pl.LazyFrame) -> pl.LazyFrame:
        grouped = monthly(rows).group_by(*keys, pl.col(day).alias("day"), "commit_seq")
        return grouped.agg(sign.filter(sign > 0).sum().alias("told"), -sign.filter(sign < 0).sum().alias("corrected"))

    frame = by_part(kind, ["source", day, "sign", "commit_seq"], counted)
    if frame.is_empty():
        return []
    known = {seq: commit.made_at.date() for seq, commit in ledger.commits(frame["commit_seq"].unique().to_list()).items()}
    since = pl.col("commit_seq").replace_strict(known, return_dtype=pl.Date)
    told = frame.group_by(keys).agg(
        (pl.col("told") - pl.col("corrected")).sum().alias("rows"), pl.col("corrected").sum(),
        pl.col("told").filter(since > pl.col("month").dt.month_end() + LATE_AFTER).sum().alias("late"),
        pl.col("day").filter(pl.col("told") > 0).unique().alias("days"),
    )  # fmt: skip
    gaps = told.select(keys).clear().with_columns(pl.lit(0).alias("gaps"))
    if "document" in kind.by_name:
        gaps = _gaps(by_part(kind, ["source", day, "sign", "document"], lambda rows: _numbered(monthly(rows))), keys)
    told = told.join(gaps, on=keys, how="left")
    covered = _covered(kind.name)
    last = frame.group_by("source").agg(pl.col("day").min().alias("first"), pl.col("day").max().alias("last"))
    bounds = {row["source"]: (row["first"], row["last"]) for row in last.iter_rows(named=True)}
    return [
        Month(
            row["source"], kind.name, row["month"], row["rows"], row["late"], row["corrected"],
            _missing(row["month"], set(row["days"]) | covered.get(row["source"], set()), bounds[row["source"]]), row["gaps"] or 0,
        )
        for row in told.iter_rows(named=True)
    ]  # fmt: skip


def _numbered(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The document numbers of each month, each once, beside what stands before their last digits."""
    prefix, number = (pl.col("document").str.extract(part) for part in (_PREFIX, _NUMBER))
    named = rows.filter(pl.col("sign") > 0).select(
        pl.col("source").cast(pl.Categorical), "month", prefix.cast(pl.Categorical).alias("prefix"), number.alias("number")
    )
    return named.filter(pl.col("number").str.len_bytes() <= 18).with_columns(pl.col("number").cast(pl.Int64)).unique()


def _gaps(short: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Numbers that the series of a month lack: of documents alike before their last digits, where most of the series is there."""
    series = short.group_by(*keys, "prefix").agg(
        pl.col("number").n_unique().alias("there"), (pl.col("number").max() - pl.col("number").min() + 1).alias("wide")
    )
    whole = series.filter((pl.col("there") >= SERIES) & (pl.col("wide") <= 2 * pl.col("there").cast(pl.Int64)))
    return whole.group_by(keys).agg((pl.col("wide") - pl.col("there").cast(pl.Int64)).sum().alias("gaps")).cast({"source": pl.String})


def _covered(kind: str) -> dict[str, set[date]]:
    """Source -> days that a report of everybody covers, so that nothing is missing there."""
    names = ["source", "report", "party", "date", "until", "sign"]
    rows = ledger.facts("coverage", scope=EVERYTHING, columns=names).filter((pl.col("report") == kind) & pl.col("party").is_null())
    net = rows.group_by("source", "date", "until").agg(pl.col("sign").cast(pl.Int64).sum()).filter(pl.col("sign") > 0).collect()
    days: dict[str, set[date]] = {}
    for source, first, last in net.select("source", "date", "until").iter_rows():
        days.setdefault(source, set()).update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return days


def _missing(month: date, told: set[date], bounds: tuple[date, date]) -> int:
    """Mondays to Fridays of the month, from the source's first day to its last, of which nothing is told."""
    first, last = max(month, bounds[0]), min((month + timedelta(days=31)).replace(day=1) - timedelta(days=1), bounds[1])
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(1 for one in days if one.weekday() < 5 and one not in told)
