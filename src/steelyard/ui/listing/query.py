"""What the address asks of a list, and how it is read: anything unknown or hostile becomes the default and a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from .columns import Column, Filter

SIZES = (25, 50, 100, 250)
LONGEST = 200  # characters of a search


@dataclass(frozen=True)
class Query:
    """What a source is asked for: rows that contain ``search``, pass ``filters``, sorted.

    Filter values: text of a choice or a search, (first, last) of dates with None for open.
    """

    columns: Mapping[str, Column]
    search: str = ""
    search_in: Sequence[str] = ()
    filters: Mapping[str, Any] = field(default_factory=dict)
    declared: Mapping[str, Filter] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether it asks for less than everything."""
        return bool(self.search or any(self.filters[name] != self.declared[name].default for name in self.filters))


@dataclass(frozen=True)
class Asked:
    """The query, which columns and which page are shown, and what of the address could not be followed."""

    query: Query
    chosen: tuple[str, ...]
    page: int
    size: int
    selected: tuple[str, ...]
    notes: tuple[str, ...]


def clean(text: str) -> str:
    """Text of an address without control characters (some databases refuse them), no longer than anybody types."""
    return "".join(sign for sign in text if sign.isprintable())[:LONGEST].strip()


def asked(
    parameters: QueryDict, columns: Sequence[Column], filters: Sequence[Filter], search_in: Sequence[str], sort: str, size: int
) -> Asked:
    """Read the address."""
    notes: list[str] = []
    by_name = {column.name: column for column in columns}
    values = {wanted.name: value for wanted in filters if (value := _filter(wanted, parameters, notes)) not in ("", None)}
    order = _sort(parameters.get("sort", ""), by_name, notes) or sort
    query = Query(
        by_name,
        clean(parameters.get("q", "")),
        search_in,
        values,
        {one.name: one for one in filters},
        order.lstrip("-"),
        order.startswith("-"),
    )
    return Asked(
        query, _columns(parameters, columns, notes), _whole(parameters.get("page", ""), 1, 10**9, 1, _("page"), notes),
        _size(parameters.get("per", ""), size, notes), tuple(clean(key) for key in parameters.getlist("selected")[:10_000]), tuple(notes),
    )  # fmt: skip


def _told(notes: list[str], what: str, found: str) -> None:
    notes.append(_("This list has no %(what)s “%(found)s”; it shows the default.") % {"what": what, "found": clean(found)[:60]})


def _sort(text: str, columns: Mapping[str, Column], notes: list[str]) -> str:
    name = text.removeprefix("-")
    if not text or (name in columns and columns[name].sortable):
        return text
    _told(notes, _("order by"), text)
    return ""


def _columns(parameters: QueryDict, columns: Sequence[Column], notes: list[str]) -> tuple[str, ...]:
    """The first column always; then those asked for, in the list's order."""
    usual = tuple(column.name for column in columns if column.shown)
    wanted = [name for text in parameters.getlist("columns")[:200] for name in text.split(",")[:200] if name]
    if not wanted:
        return usual
    known = {column.name for column in columns}
    for name in list(dict.fromkeys(wanted)):
        if name not in known:
            _told(notes, _("column"), name)
            break
    found = tuple(column.name for place, column in enumerate(columns) if not place or column.name in wanted)
    return found if known & set(wanted) else usual


def _whole(text: str, least: int, most: int, usual: int, what: str, notes: list[str]) -> int:
    if not text:
        return usual
    if text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most:
        return int(text)
    _told(notes, what, text)
    return usual


def _size(text: str, usual: int, notes: list[str]) -> int:
    if text and text not in map(str, (*SIZES, usual)):
        _told(notes, _("page size"), text)
        return usual
    return int(text) if text else usual


def _filter(wanted: Filter, parameters: QueryDict, notes: list[str]) -> Any:
    if wanted.kind == "dates":
        return _dates(wanted, parameters, notes)
    text = clean(parameters.get(wanted.name, wanted.default))
    if wanted.kind in ("text", "exact") or not text:
        return text or (wanted.default if wanted.required else "")
    if text not in {str(value) for value, _label in wanted.choices}:
        _told(notes, str(wanted.title), text)
        return wanted.default
    return text


def _dates(wanted: Filter, parameters: QueryDict, notes: list[str]) -> tuple[date | None, date | None] | None:
    days: list[date | None] = []
    for end in ("from", "to"):
        text = clean(parameters.get(f"{wanted.name}_{end}", ""))
        try:
            days.append(date.fromisoformat(text) if text else None)
        except ValueError:
            _told(notes, str(wanted.title), text)
            days.append(None)
    return (days[0], days[1]) if any(days) else None
