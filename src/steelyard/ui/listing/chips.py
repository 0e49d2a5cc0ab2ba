"""Filters as chips that read as a sentence: "Status active", "Ordered from 1 Jan 2025"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..escaping import escaped
from ..formats import day
from .columns import Filter

if TYPE_CHECKING:
    from .listing import Listing

CURRENT = ' aria-current="true"'


@dataclass(frozen=True)
class Option:
    """One value of a filter: the address that takes it."""

    label: Any
    url: str
    current: bool

    @property
    def line(self) -> str:
        """As a line of a menu."""
        return f'<li><a href="{escaped(self.url)}"{CURRENT if self.current else ""}>{escaped(self.label)}</a></li>'


@dataclass(frozen=True)
class Chip:
    """A filter as it stands. ``parameters``: what of the address is its own. ``first``, ``last``: dates as a form has them."""

    filter: Filter
    told: str
    options: tuple[Option, ...] = ()
    off: str = ""
    parameters: tuple[str, ...] = ()
    text: str = ""
    first: str = ""
    last: str = ""

    @cached_property
    def lines(self) -> SafeString:
        """The options as lines of a menu; there may be hundreds."""
        return SafeString("".join([option.line for option in self.options]))


def chip_of(wanted: Filter, listing: Listing) -> Chip:
    """The chip of a filter, with the addresses behind it."""
    value = listing.query.filters.get(wanted.name)
    if wanted.kind == "dates":
        return _dates(wanted, listing, value)
    off = "" if wanted.required or not value else listing.url(page=None, **{wanted.name: None if not wanted.default else ""})
    if wanted.kind in ("text", "exact"):
        return Chip(wanted, value or "", (), off, (wanted.name,), value or "")
    labels = {str(key): label for key, label in wanted.choices}
    options = tuple(Option(label, listing.url(page=None, **{wanted.name: key}), key == value) for key, label in labels.items() if key != "")
    return Chip(wanted, str(labels.get(value or "", "")), options, off, (wanted.name,), value or "")


def _dates(wanted: Filter, listing: Listing, value: Any) -> Chip:
    names = (f"{wanted.name}_from", f"{wanted.name}_to")
    first, last = value or (None, None)
    told = " ".join([
        *([_("from %(day)s") % {"day": day(first)}] if first else []), *([_("to %(day)s") % {"day": day(last)}] if last else []),
    ])  # fmt: skip
    off = listing.url(page=None, **dict.fromkeys(names)) if value else ""
    return Chip(wanted, told, (), off, names, "", first.isoformat() if first else "", last.isoformat() if last else "")
