"""Export facts at a cut, or a master, as CSV, XLSX or Parquet (`ui.spreadsheets`); importing the export gives equal data."""

from __future__ import annotations

import polars as pl

from steelyard.calc.facts import Kind
from steelyard.company import queries as company
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING, Scope
from steelyard.partners import queries as partners
from steelyard.products import queries as products
from steelyard.ui import spreadsheets

from .mappings import kind_named

_OWNERS = {
    **dict.fromkeys(("partners", "affiliations", "aliases", "territories", "representatives", "assignments", "authorities"), partners),
    **dict.fromkeys(("attributes", "attribute_values"), partners),
    **dict.fromkeys(("products", "categories", "units"), products), "rates": company,
}  # fmt: skip


def export(kind_name: str, *, form: str = "csv", cut: int | None = None, source: str | None = None, scope: Scope = EVERYTHING) -> bytes:
    """The file's bytes. Facts carry the column ``source`` besides their own."""
    kind = kind_named(kind_name)
    frame = rows(kind, cut=cut, source=source, scope=scope)
    units = {column.name: column.type for column in kind.columns}
    return spreadsheets.write(spreadsheets.Table(kind.title, frame, units), form)


def rows(kind: Kind, *, cut: int | None = None, source: str | None = None, scope: Scope = EVERYTHING) -> pl.DataFrame:
    """Live facts (or the master) as stored, in the order of their key."""
    if kind.family == "master":
        frame: pl.DataFrame = _OWNERS[kind.name].export(kind.name, cut)
        return frame.filter(pl.col("source") == source) if source and kind.name == "rates" else frame
    columns = ["source", *kind.schema]
    facts = ledger.facts(kind.name, cut=cut, scope=scope, columns=[*columns, "ordinal", "sign"])
    if source:
        facts = facts.filter(pl.col("source") == source)
    net = facts.group_by([*columns, "ordinal"]).agg(pl.col("sign").cast(pl.Int64).sum()).filter(pl.col("sign") > 0)
    return net.sort(["source", *kind.key, "ordinal"], nulls_last=False).select(columns).collect()
