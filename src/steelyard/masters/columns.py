"""A master's columns and filters as a list page shows them."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from steelyard.calc.facts.kind import Column as Declared
from steelyard.ui.listing import Column, Filter
from steelyard.ui.unchanged import unchanged

from .catalogue import Catalogue
from .keys import key_path
from .master import Master
from .seen import Limit
from .titles import column_title

_KINDS: dict[str, Any] = {"yes/no": "yes_no"}
_FEW = 30  # values of a column that a filter offers as choices
_BY_CHOICE = frozenset({"type", "region", "category", "country", "source", "territory", "method", "unit", "quote", "base", "role"})


def url_of(master: Master, row: Any) -> str:
    """The page of a row."""
    return reverse("masters:one", args=(master.name, key_path(getattr(row, name) for name in master.key)))


def columns_of(master: Master, hidden: frozenset[str] = frozenset()) -> tuple[Column, ...]:
    """Key first, then values, then from when to when."""
    first = "name" if "name" in master.values else master.key[0]
    found = [shown(declared, master, leads=declared.name == first) for declared in master.columns if declared.name not in hidden]
    found.sort(key=lambda column: column.name != first)
    if master.dated:
        found += [Column("valid_from", column_title("valid_from"), "date", shown=False, phone=False),
                  Column("valid_to", column_title("valid_to"), "date", shown=False, phone=False, value=_last_day)]  # fmt: skip
    return tuple(found)


def shown(declared: Declared, master: Master, *, leads: bool = False) -> Column:
    """One declared column."""
    kind = _KINDS.get(declared.type, declared.type)
    link = (lambda row: url_of(master, row)) if leads else None
    phone = True if leads or declared.name in ("status", "rate", "factor") else None
    usual = not (declared.name == master.tree and "territory" in master.values)
    return Column(declared.name, column_title(declared.name), kind, link=link, exact=True, phone=phone, shown=usual)


def _last_day(row: Any) -> Any:
    return row.valid_to - timedelta(days=1) if row.valid_to else None


def _values(catalogue: Catalogue, master: Master, name: str, limits: tuple[Limit, ...]) -> tuple[Any, ...]:
    """The first values of a column, one more than a filter offers."""
    rows = catalogue.queries.records(master.name, limits).order_by(name).values_list(name, flat=True)
    return tuple(rows.distinct()[: _FEW + 1])


def filters_of(catalogue: Catalogue, master: Master, limits: tuple[Limit, ...], hidden: frozenset[str] = frozenset()) -> tuple[Filter, ...]:
    """Choices where a column has few values; an exact value where it refers to something; days."""
    found = []
    for declared in master.columns:
        title = column_title(declared.name)
        if declared.name in hidden:
            continue
        if declared.choices:
            found.append(Filter(declared.name, title, [(choice, choice.capitalize()) for choice in declared.choices]))
        elif declared.type == "yes/no":
            found.append(Filter(declared.name, title, [("yes", _("Yes")), ("no", _("No"))]))
        elif declared.type == "date":
            found.append(Filter(declared.name, title, kind="dates"))
        elif declared.name in _BY_CHOICE or declared.name in master.references:
            values = unchanged(("values", master.name, declared.name, limits), partial(_values, catalogue, master, declared.name, limits))
            choices = [(value, value) for value in values if value]
            if len(values) > _FEW:
                found.append(Filter(declared.name, title, kind="exact"))
            elif len(choices) > 1:
                found.append(Filter(declared.name, title, choices))
    return tuple(found)
