"""One row as cells: what each column shows of it, in the reader's language, every text escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from steelyard.calc.units import DECIMALS, Blank

from .. import formats
from ..escaping import escaped
from ..templatetags import ui as tags
from .columns import NUMERIC, Column, Kind, field

NOTHING = SafeString("")
_SHORT = 34  # characters that are not broken


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of the table. ``under``: lines below it on a phone, each escaped already."""

    html: str
    column: Column
    first: bool
    phone: bool
    below: str = ""
    under: str = ""
    short: bool = False

    @property
    def markup(self) -> SafeString:
        """The cell of the table. Built here and not in a template: a page has some thousands of them."""
        below = f'<span class="sub">{self.below}</span>' if self.below else ""
        under = f'<span class="sub phone-only">{self.under}</span>' if self.under else ""
        return SafeString(f'<td class="{self.classes}">{escaped(self.html)}{below}{under}</td>')

    @property
    def classes(self) -> str:
        """Right for numbers, not broken for what is short, gone from phones where it goes below the first."""
        return _classes(self.column.kind, self.column.link is not None, self.first, self.phone, self.short)


@cache
def _classes(kind: Kind, linked: bool, first: bool, phone: bool, short: bool) -> str:
    words = (
        "r" if kind in NUMERIC else "",
        "nw" if short or kind in ("date", "moment", "grade", "yes_no") else "",
        "mut" if kind == "text" and not first and not linked else "",
        "" if phone else "desk",
    )
    return " ".join(word for word in words if word)


def cells_of(row: Any, shown: Sequence[Column], every: Mapping[str, Column], phone: frozenset[str]) -> list[Cell]:
    """The cells of a row; what has no column on a phone goes below the first one, but for drawings (what is not exported)."""
    rendered = [render(column, row, every) for column in shown]
    beside = [
        f'<span class="pair"><span class="sr-only">{escaped(column.title)}: </span>{html}</span>'
        for column, html in zip(shown, rendered, strict=True)
        if column.name not in phone and column.exported and not _blank(column, row)
    ]
    return [
        Cell(
            opened(column, row, html, first=not place), column, not place, column.name in phone,
            below(column, row, every) if column.sub else "", "" if place else "".join(beside),
            bool(place) and column.kind == "text" and len(html) <= _SHORT,
        )
        for place, (column, html) in enumerate(zip(shown, rendered, strict=True))
    ]  # fmt: skip


def _blank(column: Column, row: Any) -> bool:
    return column.template is None and column.drawn is None and column.plain(row) is None


def below(column: Column, row: Any, every: Mapping[str, Column]) -> SafeString:
    """The small line under a cell."""
    under = every.get(column.sub or "")
    return NOTHING if under is None or _blank(under, row) else render(under, row, every)


def opened(column: Column, row: Any, html: SafeString, *, first: bool) -> SafeString:
    """The cell as a link, where it leads somewhere."""
    url = column.link(row) if column.link else None
    kind = "nm" if first or not column.numeric else "open"
    return SafeString(f'<a class="{kind}" href="{escaped(url)}">{html}</a>') if url else html


def render(column: Column, row: Any, every: Mapping[str, Column]) -> SafeString:
    """One value as people read it, escaped."""
    value = column.read(row)
    if column.drawn:
        return column.drawn(row, value)
    if column.template:
        return SafeString(render_to_string(column.template, {"row": row, "value": value, "column": column}))
    if isinstance(value, Blank):
        return tags.figure(value)
    if value is None or value == "":
        return tags.figure(None) if column.kind != "text" else NOTHING
    if column.kind == "delta":
        return tags.delta(value, column.unit, column.good, _currency(column, row, every), column.digits)
    if column.kind == "grade":
        return tags.grade(value, column.levels(row) if callable(column.levels) else column.levels)
    if column.kind in DECIMALS and isinstance(value, int):
        digits = formats.places(value, column.kind) if column.exact else column.digits
        return escaped(formats.amount(value, column.kind, digits=digits, currency=_currency(column, row, every)))
    return _spoken(value)


def _spoken(value: Any) -> SafeString:
    """Days, moments, yes and no, text."""
    if isinstance(value, bool):
        return escaped(_("yes") if value else _("no"))
    if isinstance(value, datetime):
        return tags.moment(value)
    if isinstance(value, date):
        return tags.day(value)
    return escaped(value)


def _currency(column: Column, row: Any, every: Mapping[str, Column]) -> str:
    if not column.currency:
        return ""
    beside = every.get(column.currency)
    return str((beside.read(row) if beside else field(row, column.currency)) or "")


def on_phones(shown: Sequence[Column]) -> frozenset[str]:
    """The columns that stay columns on a phone: those that say so; else the first and up to two that are short."""
    if any(column.phone for column in shown):
        return frozenset(column.name for place, column in enumerate(shown) if column.phone or not place)
    short = [column.name for column in shown[1:] if column.phone is None and (column.numeric or column.kind == "grade")]
    return frozenset([shown[0].name, *short[:2]])
