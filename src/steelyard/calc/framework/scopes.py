"""What a formula may name, place by place (docs/reference/framework-language.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..attributes import Own
from ..facts import Kind
from ..formula.nodes import COUNT, DATE, DAYS, LEVEL, MONEY, NUMBER, PERCENT, TEXT, YES_NO, Type
from ..formula.scope import NameScope
from ..masters import MASTERS
from .context import Context
from .windows import READY_WINDOWS

COLUMN_TYPES: dict[str, Type] = {
    "text": TEXT, "date": DATE, "yes/no": YES_NO, "count": COUNT, "number": NUMBER, "money": MONEY, "price": MONEY,
    "percent": PERCENT, "days": DAYS,
}  # fmt: skip

# attributes of a partner and of a product that rows and subjects reach, valid on the row's or the as-of date
PARTNER = ("code", "name", "type", "parent", "country", "region", "status", "city")
PRODUCT = {"name": TEXT, "category": TEXT, "status": TEXT, "strategic": YES_NO, "must_stock": YES_NO}
_MASTER_OF = {"partner": "partners", "representative": "representatives", "territory": "territories"}


def built_in() -> frozenset[str]:
    """What attributes of the company's own cannot be called: what subjects have, or rows of a partner or a product."""
    return frozenset({*subject_attributes(tuple(_MASTER_OF), {}), *PARTNER, *PRODUCT, "code", "unit", "valid_from", "valid_to"})


def subject_attributes(subject: tuple[str, ...], own: Own) -> dict[str, Type]:
    """The attributes of the subject, the company's own too, and the subject's own codes."""
    found: dict[str, Type] = {}
    for part in subject:
        found[part] = TEXT
        for column in MASTERS[_MASTER_OF[part]].columns if part in _MASTER_OF else ():
            found.setdefault(column.name, COLUMN_TYPES[column.type])
    return found | (dict(own.get("partner", {})) if "partner" in subject else {})


def attributes_of(subject: tuple[str, ...], own: Own) -> dict[str, Type]:
    """What may be said of a subject beside what is measured: its attributes, and those of the partners whose rows it has."""
    return subject_attributes(("partner",), own) | subject_attributes(subject, own)


def row_columns(kind: Kind, own: Own) -> dict[str, Type]:
    """The columns a row formula may name: the fact's own, and what its keys resolve to on the row's date."""
    columns = {"partner": TEXT, "territory": TEXT, "representative": TEXT}
    columns |= {f"partner.{name}": TEXT for name in PARTNER if name != "code"}
    columns |= {f"partner.{name}": column for name, column in own.get("partner", {}).items()}
    if "product" in kind.by_name:
        columns["category"] = TEXT
        columns |= {f"product.{name}": column for name, column in {**PRODUCT, **own.get("product", {})}.items()}
    if kind.date:
        columns["month"] = DATE  # the first day of the fiscal month
    return columns | {column.name: COLUMN_TYPES[column.type] for column in kind.columns}


def _settings(context: Context) -> dict[str, Type]:
    return {name: kind for name, kind in context.types.items() if context.kinds.get(name) == "setting"}


def row_scope(context: Context, names: Mapping[str, Type], functions: frozenset[str]) -> NameScope:
    """For `where` and values of measures, and for columns of lists: what the row has, tables, curves, settings."""
    return NameScope(
        names=_settings(context) | dict(names), tables=context.table_types, curves=frozenset(context.curves), functions=functions
    )


def attribute_scope(context: Context, *, tables: bool = True) -> NameScope:
    """For `applies_to`, weights and points per unit: attributes of the subject, settings, tables."""
    names = context.attributes | {"as_of": DATE} | _settings(context)
    return NameScope(names=names, tables=context.table_types if tables else {})


def kpi_scope(context: Context) -> NameScope:
    """For KPIs: measures through windows, other KPIs, attributes, settings, tables, curves and peers."""
    return NameScope(
        names=context.attributes | {"as_of": DATE} | context.types,
        measures=frozenset(name for name, kind in context.kinds.items() if kind == "measure"),
        windows=frozenset(READY_WINDOWS) | frozenset(context.windows),
        tables=context.table_types,
        curves=frozenset(context.curves),
        functions=frozenset({"plain", "peers", "earlier"}),
    )


def tree_scope(
    context: Context, nodes: frozenset[str], *, items: bool, level: bool = False, days: bool = False, earlier: bool = True
) -> NameScope:
    """For gates, levels and triggers: everything a KPI sees, and the tree.

    ``items``: whether the node combines others. ``level``: whether the level earned is known by now. ``days`` and
    ``earlier``: whether single days, and earlier results, may be asked about.
    """
    scope = kpi_scope(context)
    return NameScope(
        names=dict(scope.names) | ({"level": LEVEL} if level else {}),
        measures=scope.measures,
        windows=scope.windows,
        tables=scope.tables,
        curves=scope.curves,
        functions=frozenset({"plain", "tree", *(["earlier"] if earlier else []), *(["days"] if days else [])}),
        levels=context.level_names,
        nodes=nodes,
        items=items,
    )


def rollup_scope(context: Context, nodes: frozenset[str]) -> NameScope:
    """For the levels of a roll-up: settings, tables and `parts(rule)`, whose rule sees what a part's triggers see."""
    part = tree_scope(context, nodes, items=True, level=True, earlier=False)
    return replace(attribute_scope(context), names={"as_of": DATE} | _settings(context), functions=frozenset({"plain", "parts"}), part=part)
