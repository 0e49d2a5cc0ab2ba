"""Where the good lines of a file land: facts in the ledger, masters in the app that owns them. Preview and commit alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING

import polars as pl

from steelyard.calc.errors import Problem
from steelyard.company import actions as company
from steelyard.ledger import actions as ledger
from steelyard.ledger import classify as classifying
from steelyard.partners import actions as partners
from steelyard.products import actions as products

from ..checking import Checked, by_currency
from ..checking.check import PROBLEM_SCHEMA

if TYPE_CHECKING:
    from steelyard.accounts.models import User

OWNERS: dict[str, ModuleType] = {
    "partners": partners, "affiliations": partners, "aliases": partners, "territories": partners, "representatives": partners,
    "assignments": partners, "authorities": partners, "attributes": partners, "attribute_values": partners, "products": products,
    "categories": products, "units": products, "rates": company,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Landed:
    """What became (or would become) of the good lines; ``problems`` as in `Checked`, for lines that go to quarantine now."""

    accepted: int
    restated: int
    duplicates: int
    quarantined: int = 0
    reversed: int = 0
    sums: dict[str, dict[str, int]] = field(default_factory=dict)  # bucket -> currency -> ten-thousandths
    problems: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PROBLEM_SCHEMA))
    parties: pl.DataFrame | None = None  # party, party_name, rows: of the accepted lines


def replaced_scope(checked: Checked, first: tuple[str, ...], days: tuple[object, object] | None) -> ledger.Replaces | None:
    """The scope that a file with ``replaces`` is the whole truth for: the days it covers, and its parties if it says so."""
    date = checked.kind.date
    if not first or date is None or not checked.lines.height:
        return None
    column = checked.lines.get_column(date)
    low, high = days or (column.min(), column.max())
    parties = None
    if "partner" in first and "party" in checked.lines.columns:
        parties = frozenset(checked.lines.get_column("party").drop_nulls().unique())
    return ledger.Replaces(low, high, parties)  # type: ignore[arg-type]


def left_in_place(rows: int) -> Problem:
    """The warning that a file which replaces its scope took nothing out, because rows of it were refused."""
    message, hint = "lines that are no longer in the file were left in place", "correct the file and send it whole"
    return Problem("nothing_replaced", message, "", f"{rows:,} rows of it were refused", hint, "warning")


def of_facts(checked: Checked, found: ledger.Classified) -> Landed:
    """Sort classified lines into their buckets."""
    status = found.lines.get_column("status")
    accepted = status.is_in([classifying.NEW, classifying.RESTATED])
    repeated = status.is_in([classifying.DUPLICATE, classifying.OUTDATED])
    conflict = status == classifying.CONFLICT
    kind, lines = checked.kind, checked.lines
    every = bool(accepted.all())
    masks = {"accepted": accepted, "duplicates": repeated, "quarantined": conflict}
    sums = {
        name: by_currency(kind, lines if every and name == "accepted" else lines.filter(mask)) for name, mask in masks.items() if mask.any()
    }
    return Landed(
        int(accepted.sum()), found.count(classifying.RESTATED), int(repeated.sum()), int(conflict.sum()), found.gone.len(), sums,
        _conflicts(checked, conflict), _parties(lines if every else lines.filter(accepted)),
    )  # fmt: skip


def _conflicts(checked: Checked, conflict: pl.Series) -> pl.DataFrame:
    if not conflict.any():
        return pl.DataFrame(schema=PROBLEM_SCHEMA)
    key = [name for name in checked.kind.key if name in checked.lines.columns]
    rows = checked.lines.filter(conflict).select(*key, "source_row").with_columns(checked.positions.filter(conflict))
    others = pl.col("source_row").unique().sort().head(6).cast(pl.String).implode().list.join(", ").over(key)
    return rows.select(
        "position", pl.lit(", ".join(key)).alias("column"),
        pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in key], separator=" / ").alias("found"),
        pl.lit("conflict").alias("code"), pl.lit("two rows of the file have one key and different content").alias("message"),
        pl.format("rows {}: keep one of them", others).alias("hint"),
    )  # fmt: skip


def _parties(lines: pl.DataFrame) -> pl.DataFrame | None:
    if "party" not in lines.columns:
        return None
    names = pl.col("party_name") if "party_name" in lines.columns else pl.lit(None, dtype=pl.String)
    return lines.group_by("party", names.alias("party_name")).len("rows").drop_nulls("party")


def of_master(checked: Checked, *, write: bool, acting_user: User, batch: int, note: str) -> Landed:
    """Check, then load or preview, with the app that owns the master; its problems go to quarantine."""
    owner, name = OWNERS[checked.kind.name], checked.kind.name
    frame = checked.lines.with_columns(pl.col("source_row").cast(pl.Int64))
    good, found = owner.check(name, frame)
    places = dict(zip(frame["source_row"], checked.positions, strict=True))
    told = [(places[row], problem) for row, problem in found]
    rows = [(place, *_as_written(checked, place, problem), problem.code, problem.message, problem.hint) for place, problem in told]
    problems = pl.DataFrame(rows, schema=PROBLEM_SCHEMA, orient="row").sort("position", maintain_order=True)
    if not good.height:
        return Landed(0, 0, 0, frame.height, problems=problems)
    loaded = owner.load(name, good, acting_user=acting_user, batch=batch, note=note) if write else owner.preview(name, good)
    accepted = loaded.new + loaded.changed
    return Landed(accepted, loaded.changed, good.height - accepted, frame.height - good.height, problems=problems)


def _as_written(checked: Checked, row: int, problem: Problem) -> tuple[str, str]:
    """The column and the text of a problem as they stand in the file; the owner of a master knows only what was read."""
    header = checked.written.get(problem.where, problem.where)
    if header not in checked.table.headers:
        return header, problem.found
    raw = checked.table.frame.item(row, checked.table.headers.index(header))
    return header, (raw or "").strip() or problem.found
