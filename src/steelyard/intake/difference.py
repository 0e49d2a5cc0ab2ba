"""What a file changes of what stood: lines it corrects (before and after) and lines it takes out, with the money of each.

The same for a preview, from what was classified, and for a batch, from what its commit wrote.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from steelyard.calc.facts import Kind
from steelyard.calc.units import DECIMALS, to_text
from steelyard.ledger import queries as ledger
from steelyard.ledger import schema
from steelyard.ledger.actions import Classified
from steelyard.ledger.classify import NEW, RESTATED

from .checking import by_currency
from .models import Batch

FIRST = 50  # lines of each that are shown
_SAME = ["key_hash", "ordinal"]
PARTS = ("new", "before", "after", "reversed")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that would no longer stand as it is. ``batch`` and ``source_row``: where it came from; ``before`` holds what it
    says, of a corrected line only what changes, and ``after`` the same columns as the file has them (nothing: it goes)."""

    key: str
    day: str
    party: str
    batch: int
    source_row: int | None
    before: dict[str, str]
    after: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {name: getattr(self, name) for name in ("key", "day", "party", "batch", "source_row", "before", "after")}


@dataclass(frozen=True, slots=True)
class Difference:
    """``money``: currency -> new, before and after (of corrected lines), reversed, change; ten-thousandths. What the ledger
    says afterwards is what it said before plus ``change``."""

    restated_rows: int = 0
    reversed_rows: int = 0
    money: dict[str, dict[str, int]] = field(default_factory=dict)
    restated: tuple[Line, ...] = ()
    reversed: tuple[Line, ...] = ()

    @property
    def changes_something(self) -> bool:
        """Whether anything that stands would be corrected or taken out."""
        return bool(self.restated_rows or self.reversed_rows)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, money as decimal text."""
        money = {currency: {part: to_text(value, "money") for part, value in sums.items()} for currency, sums in self.money.items()}
        lines = {name: [line.as_dict() for line in getattr(self, name)] for name in ("restated", "reversed")}
        return {"restated_rows": self.restated_rows, "reversed_rows": self.reversed_rows, "money": money, **lines}


def of_classified(found: Classified) -> Difference:
    """What posting these lines would change, beside the cut at which they were classified."""
    added = found.of(NEW, RESTATED)
    old = pl.concat([added.get_column("old_row_id").drop_nulls(), found.gone.alias("old_row_id")])
    if not old.len():
        return _told(found.kind, added, added.clear())
    taken = ledger.rows_numbered(found.kind.name, old, _columns(found.kind), cut=found.cut)
    return _told(found.kind, added, taken)


def of_batch(batch: Batch) -> Difference:
    """What a committed batch of facts changed."""
    kind = schema.kind_named(batch.kind)
    if batch.cut is None or not (batch.restated or batch.reversed):
        return Difference()
    rows = ledger.rows_of_commit(kind.name, batch.cut, [*_columns(kind), "sign"])
    return _told(kind, rows.filter(pl.col("sign") > 0), rows.filter(pl.col("sign") < 0))


def _columns(kind: Kind) -> list[str]:
    return [*kind.schema, *_SAME, "batch", "source_row"]


def _told(kind: Kind, added: pl.DataFrame, taken: pl.DataFrame) -> Difference:
    """Lines added beside lines taken out: those with one key are a correction."""
    if not taken.height:
        return Difference(money=_money(new=by_currency(kind, added)))
    corrected, gone = taken.join(added, on=_SAME, how="semi"), taken.join(added, on=_SAME, how="anti")
    after, new = added.join(corrected, on=_SAME, how="semi"), added.join(corrected, on=_SAME, how="anti")
    sums = {name: by_currency(kind, rows) for name, rows in zip(PARTS, (new, corrected, after, gone), strict=True)}
    order = [name for name in dict.fromkeys((kind.date, *kind.key)) if name]
    both = corrected.sort(order).head(FIRST).join(after, on=_SAME, how="left", suffix=":after", maintain_order="left")
    restated = tuple(_line(kind, row, corrected=True) for row in both.iter_rows(named=True))
    gone_lines = tuple(_line(kind, row, corrected=False) for row in gone.sort(order).head(FIRST).iter_rows(named=True))
    return Difference(corrected.height, gone.height, _money(**sums), restated, gone_lines)


def _money(**sums: dict[str, int]) -> dict[str, dict[str, int]]:
    told = {}
    for currency in sorted({currency for each in sums.values() for currency in each}):
        parts = {name: sums.get(name, {}).get(currency, 0) for name in PARTS}
        told[currency] = parts | {"change": parts["new"] + parts["after"] - parts["before"] - parts["reversed"]}
    return told


def _line(kind: Kind, row: dict[str, Any], *, corrected: bool) -> Line:
    place = {*kind.key, kind.date, schema.party_column(kind)}
    if corrected:
        columns = [name for name in kind.schema if row[name] != row[f"{name}:after"]]
    else:
        columns = [name for name in kind.schema if name not in place and row[name] is not None]
    after = {name: _said(kind, name, row[f"{name}:after"]) for name in columns} if corrected else {}
    return Line(
        " / ".join(_said(kind, name, row[name]) for name in kind.key), _said(kind, kind.date, row[kind.date]) if kind.date else "",
        row[schema.party_column(kind)] or "", row["batch"], row["source_row"],
        {name: _said(kind, name, row[name]) for name in columns}, after,
    )  # fmt: skip


def _said(kind: Kind, name: str, value: Any) -> str:
    unit = kind.by_name[name].type
    return "" if value is None else to_text(value, unit) if unit in DECIMALS else str(value)
