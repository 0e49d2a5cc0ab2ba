"""The columns of a list of facts, from the kind's own declaration: what tells a row from others stands in front."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from steelyard.calc.facts import FACTS, Kind
from steelyard.calc.facts import Column as FactColumn
from steelyard.ui.listing import Column, Filter

KINDS = {"date": "date", "yes/no": "yes_no"}


def title_of(name: str) -> str:
    """A column's name as people write it: `end_customer` is "End customer"."""
    return name.replace("_", " ").capitalize()


def columns(kind: Kind, link: Callable[[Any], str | None]) -> tuple[Column, ...]:
    """Every column of the kind and where the row came from; the essential ones shown, the others to be chosen."""
    own = {column.name: column for column in kind.columns}
    shown = _shown(kind)
    front = [own[name] for name in shown]
    rest = [column for column in kind.columns if column.name not in shown]
    first = front[0].name if front else ""
    listed = [_column(column, link if column.name == first else None, column.name in shown) for column in (*front, *rest)]
    origin = [
        Column("source", _("Source"), shown=True, phone=False),
        Column("batch", _("Batch"), "count", shown=False),
        Column("source_row", _("Row of the file"), "count", shown=False),
        Column("row_id", _("Row number"), "text", shown=False),
    ]
    return (*listed, *origin)


def _shown(kind: Kind) -> list[str]:
    """Whose, key, date, what, how much: at most eight."""
    wanted = [
        "document",
        kind.date,
        *kind.key,
        "party_name",
        "party",
        "product",
        "end_customer",
        "quantity",
        kind.money_column,
        "value",
        "kind",
    ]
    found = [name for name in dict.fromkeys(wanted) if name and name in kind.by_name and name != "line"]
    return found[:8]


def _report(row: Any) -> str:
    """Which kind of data was reported, by its title."""
    return _(FACTS[row["report"]].title) if row["report"] in FACTS else row["report"]


def _column(column: FactColumn, link: Callable[[Any], str | None] | None, shown: bool) -> Column:
    return Column(
        column.name,
        title_of(column.name),
        KINDS.get(column.type, column.type),  # type: ignore[arg-type]
        link=link,
        shown=shown,
        currency=column.currency,
        hint=column.meaning,
        value=_report if column.name == "report" else None,
        exact=column.type == "number",
        phone=True if link or column.type == "money" else None,
    )


def filters(kind: Kind, sources: list[str]) -> tuple[Filter, ...]:
    """Days, source and the columns with a fixed choice; product and customer by their keys.

    `kind` of an address names the kind of fact, so a line's own is `line_kind`.
    """
    chosen = [
        Filter(
            "line_kind" if column.name == "kind" else column.name,
            title_of(column.name),
            [(choice, choice) for choice in column.choices],
            column=column.name,
        )
        for column in kind.columns
        if column.choices
    ]
    exact = [Filter(name, title_of(name), kind="exact") for name in ("product", "end_customer") if name in kind.by_name]
    days = [Filter(kind.date, title_of(kind.date), kind="dates")] if kind.date else []
    origin = [Filter("source", _("Source"), [(name, name) for name in sources]), Filter("batch", _("Batch"), kind="exact")]
    return (*days, *exact, *chosen, *origin)


def search_in(kind: Kind) -> tuple[str, ...]:
    """Where a search looks."""
    return tuple(name for name in ("document", "party", "party_name", "product", "end_customer") if name in kind.by_name)
