"""What checking needs to know of the rest of the house: product and unit codes, look-up files, today."""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone

from steelyard.calc.errors import Refused
from steelyard.calc.facts import Kind
from steelyard.products import queries as products

from .checking import References
from .checking.columns import OWN_HEADERS
from .mappings import KINDS, ColumnRule, Mapping
from .reading import RawTable, read


def known(kind: Kind) -> References:
    """Codes that lines may refer to; None while a master is empty: then everything is accepted."""
    today = timezone.localdate()
    if kind.family == "master":
        return References(today=today)
    refers = {column.refers_to for column in kind.columns}
    codes: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    gtins: dict[str, str] = {}
    if refers & {"product", "unit"}:
        listing = products.listing("products")
        codes = frozenset(listing["code"])
        for number, code in listing.select("gtin", "code").drop_nulls().iter_rows():
            gtins[number] = "" if number in gtins else code
        if "unit" in refers and codes:
            units = frozenset(products.listing("units")["unit"]) | frozenset(listing["unit"].drop_nulls())
    return References(codes or None, units or None, today, gtins)


def lookup_files(mapping: Mapping) -> list[str]:
    """The names of the files that a mapping looks things up in."""
    return sorted({file for rule in mapping.columns.values() if rule.lookup for file in rule.lookup.files()})


def for_own_file(mapping: Mapping, data: bytes) -> Mapping:
    """The mapping for these bytes: rows of quarantine sent again have our own dialect, are long, and replace nothing."""
    if OWN_HEADERS[0].encode() not in data[: data.find(b"\n") + 1]:
        return mapping
    columns = dict(mapping.columns)
    if mapping.unpivot and columns:
        for name in (mapping.unpivot.name, mapping.unpivot.value):
            if name in KINDS[mapping.kind].by_name:
                columns.setdefault(name, ColumnRule(header=name))
    return replace(mapping.for_own_file(), columns=columns, unpivot=None, replaces=(), covers=None)


def own_export(data: bytes, name: str, kind: Kind) -> RawTable | None:
    """The table, if its headers are our own names: what `steelyard export` writes."""
    try:
        table = read(data, name)
    except Refused:
        return None
    return table if _is_ours(table, kind) else None


def for_own_export(mapping: Mapping, table: RawTable, kind: Kind) -> Mapping:
    """The mapping for a table that `steelyard export` wrote: what the ledger holds was checked when it came."""
    return replace(mapping, negatives="allowed") if "source" in table.headers and _is_ours(table, kind) else mapping


def _is_ours(table: RawTable, kind: Kind) -> bool:
    required = {column.name for column in kind.columns if column.required}
    return required <= set(table.headers) <= {"source", *kind.schema}
