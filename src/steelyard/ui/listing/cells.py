"""One row as cells: what each column shows of it, in the reader's language, every text escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from steelyard.calc.units import DECIMALS, Blank

from .. import formats
from ..templatetags import ui as tags
from .columns import Column, field

NOTHING = SafeString("")
_SHORT = 24  # characters that are not broken


@dataclass(frozen=True)
class Cell:
    """What stands in one place of the table. ``under``: lines below it on a phone."""

    html: str
    column: Column
    first: bool
    phone: bool
    below: str = ""
    under: Sequence[tuple[Any, str]] = ()
    short: bool = False

    @property
    def markup(self) -> SafeString:
        """The cell of the table. Built here and not in a template: a page has some thousands of them."""
        below = format_html('<span class="sub">{}</span>', self.below) if self.below else NOTHING
        pairs = format_html_join("", '<span class="pair"><span class="sr-only">{}: </span>{}</span>', self.under)
        under = format_html('<span class="sub phone-only">{}</span>', pairs) if self.under else NOTHING
        return format_html('<td class="{}">{}{}{}</td>', self.classes, self.html, below, under)

    @property
    def classes(self) -> str:
        """Right for numbers, not broken for what is short, gone from phones where it goes below the first."""
        words = (
            "r" if self.column.numeric else "",
            "nw" if self.short or self.column.kind in ("date", "moment", "grade", "yes_no") else "",
            "mut" if self.column.kind == "text" and not self.first and self.column.link is None else "",
            "" if self.phone else "desk",
        )
        return " ".join(word for word in words if word)


def cells_of(row: Any, shown: Sequence[Column], every: Mapping[str, Column], phone: frozenset[str]) -> list[Cell]:
    """The cells of a row; what has no column on a phone goes below the first one, but for drawings (what is not exported)."""
    rendered = {column.name: render(column, row, every) for column in shown}
    beside = [column for column in shown if column.name not in phone and column.exported]
    under = [(column.title, rendered[column.name]) for column in beside if not _blank(column, row)]
    return [
        Cell(
            opened(column, row, rendered[column.name], first=not place), column, not place, column.name in phone,
            below(column, row, every), () if place else under,
            bool(place) and column.kind == "text" and len(rendered[column.name]) <= _SHORT,
        )
        for place, column in enumerate(shown)
    ]  # fmt: skip


def _blank(column: Column, row: Any) -> bool:
    return column.template is None and column.plain(row) is None


def below(column: Column, row: Any, every: Mapping[str, Column]) -> str:
    """The small line under a cell."""
    under = every.get(column.sub or "")
    return NOTHING if under is None or _blank(under, row) else render(under, row, every)


def opened(column: Column, row: Any, html: str, *, first: bool) -> str:
    """The cell as a link, where it leads somewhere."""
    url = column.link(row) if column.link else None
    kind = "nm" if first or not column.numeric else "open"
    return format_html('<a class="{}" href="{}">{}</a>', kind, url, html) if url else html


def render(column: Column, row: Any, every: Mapping[str, Column]) -> str:
    """One value as people read it."""
    value = column.read(row)
    if column.template:
        return render_to_string(column.template, {"row": row, "value": value, "column": column})
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
        return conditional_escape(formats.amount(value, column.kind, digits=digits, currency=_currency(column, row, every)))
    return _spoken(value)


def _spoken(value: Any) -> str:
    """Days, moments, yes and no, text."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return tags.moment(value)
    if isinstance(value, date):
        return tags.day(value)
    return conditional_escape(value)


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
