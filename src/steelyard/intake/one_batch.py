"""One batch as its page tells it: where every row and every amount went, and why rows were refused. Only reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db.models import Count, Min

from steelyard.calc.facts import FACTS
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING

from . import mappings
from .checking.columns import headers_used, rules_found
from .mappings import KINDS
from .models import Batch, QuarantinedRow
from .outcome import MONEY_BUCKETS
from .titles import column_name

SHOWN = ("accepted", "unmatched", "quarantined", "duplicates", "filtered", "blank")
MARKS = {"accepted": "up", "unmatched": "poi", "quarantined": "er"}  # of the bar; all others are plain
DOTS = {"accepted": "g", "unmatched": "w", "quarantined": "e"}
EXAMPLES = 3
_SCALE = 10_000  # of the bar's width: hundredths of a percent
_LEAST = 60  # so that one row of thousands is seen


@dataclass(frozen=True)
class Share:
    """The rows in one bucket, their amounts by currency (grains), and where they stand on the bar (percent, as text)."""

    bucket: str
    rows: int
    amounts: Sequence[tuple[str, int]]
    mark: str
    dot: str
    at: str = ""
    width: str = ""


@dataclass(frozen=True)
class Cause:
    """Refused rows with the same first problem."""

    code: str
    message: str
    column: str
    hint: str
    rows: int
    open: int
    examples: Sequence[QuarantinedRow]


@dataclass(frozen=True)
class Filled:
    """One of our columns: what of the file fills it, and how it is read."""

    name: str
    title: Any
    header: str
    constant: str
    how: str


def shares(counts: Any, amounts: dict[str, dict[str, int]]) -> list[Share]:
    """Where the rows went, in the order of the bar; they add up to the rows of the file. ``counts``: a batch or an outcome."""
    rows = {name: getattr(counts, name) for name in SHOWN}
    rows["accepted"] -= rows["unmatched"]
    found = []
    for name in SHOWN:
        bucket = "accepted" if name == "unmatched" else name
        own = [] if name == "unmatched" else [(currency, sums[bucket]) for currency, sums in sorted(amounts.items()) if sums.get(bucket)]
        if rows[name]:
            found.append(Share(name, rows[name], own, MARKS.get(name, "t"), DOTS.get(name, "")))
    return _placed(found)


def _placed(found: list[Share]) -> list[Share]:
    total = sum(share.rows for share in found)
    least = [max(_LEAST, share.rows * _SCALE // total) for share in found]
    whole, at, placed = sum(least), 0, []
    for share, size in zip(found, least, strict=True):
        width = size * _SCALE // whole
        gap = 30 if len(found) > 1 else 0
        placed.append(Share(share.bucket, share.rows, share.amounts, share.mark, share.dot, _percent(at), _percent(max(width - gap, 30))))
        at += width
    return placed


def _percent(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def money(amounts: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    """One line for each currency: in, and where it went; ``conserved`` says that it adds up."""
    return [
        {"currency": currency, **sums, "conserved": sums["in"] == sum(sums[bucket] for bucket in MONEY_BUCKETS)}
        for currency, sums in sorted(amounts.items())
    ]


def causes(batch: int) -> list[Cause]:
    """Why rows were refused: by their first problem, so that the rows add up; the most frequent first."""
    mine = QuarantinedRow.objects.filter(batch_id=batch)
    grouped = mine.order_by().values("code", "message", "column").annotate(
        rows=Count("pk"), first=Min("source_row"), hint=Min("hint")
    )  # fmt: skip
    still = mine.filter(state=QuarantinedRow.OPEN).order_by().values_list("code", "message", "column").annotate(Count("pk"))
    open_rows = {tuple(key): count for *key, count in still}
    found = []
    for group in grouped.order_by("-rows", "first")[:50]:
        key = {name: group[name] for name in ("code", "message", "column")}
        examples = list(mine.filter(**key).order_by("state", "source_row")[:EXAMPLES])
        found.append(Cause(**key, hint=examples[0].hint, rows=group["rows"], open=open_rows.get(tuple(key.values()), 0), examples=examples))
    return found


def filled(batch: Batch) -> tuple[list[Filled], list[str]]:
    """Which of our columns was filled with what, and the headers of the file that nothing read."""
    if batch.mapping is None:
        return [], []
    mapping, _problems = mappings.read_mapping(batch.mapping.text)
    kind = KINDS.get(batch.kind)
    if mapping is None or kind is None:
        return [], list(batch.headers)
    rules = rules_found(tuple(batch.headers), mapping, kind)
    lines = [Filled(name, column_name(name), ", ".join(rule.headers), rule.constant or "", _how(rule)) for name, rule in rules.items()]
    used = headers_used(rules, mapping)
    return lines, [header for header in batch.headers if header not in used]


def _how(rule: mappings.ColumnRule) -> str:
    told = [f"decimal {rule.decimal}"] if rule.decimal else []
    told += [rule.date_order] if rule.date_order else []
    told += [rule.date_format] if rule.date_format else []
    told += [f"× {rule.times}"] if rule.times is not None else []
    told += [f"{len(rule.values)} values"] if rule.values else []
    told += [rule.lookup.file] if rule.lookup else []
    return ", ".join(told)


def waiting_now(batch: Batch, parties: pl.DataFrame) -> tuple[int, list[tuple[str, int]]]:
    """Rows of a batch whose party means no partner yet, and their amounts by currency. ``parties``: `unmatched()`."""
    kind = FACTS.get(batch.kind)
    keys = parties.filter(pl.col("source") == batch.source)["party"].unique() if parties.height else pl.Series([], dtype=pl.String)
    if kind is None or "party" not in kind.by_name or not keys.len():
        return 0, []
    amount = kind.money_column
    currency = kind.by_name[amount].currency if amount else None
    columns = ["party", "sign", *([amount, currency] if amount and currency else [])]
    rows = ledger.facts(kind.name, scope=EVERYTHING, columns=[*columns, "batch"])
    mine = rows.filter((pl.col("batch") == batch.pk) & pl.col("party").is_in(keys.implode()))
    sign = pl.col("sign").cast(pl.Int64)
    if currency is None or amount is None:
        return int(mine.select(sign.sum()).collect().item() or 0), []
    sums = mine.group_by(currency).agg(sign.sum().alias("rows"), (sign * pl.col(amount)).sum().alias("sum")).sort(currency).collect()
    return int(sums["rows"].sum()), [(code or "", value) for code, _rows, value in sums.iter_rows()]
