"""The rows behind a figure as a list: every row of its window, whether it counts, which rule excluded it, what it adds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest
from django.utils.translation import gettext as _

from steelyard.calc.facts import Kind
from steelyard.calc.lists.listing import row_kind
from steelyard.calc.measures.listing import listed_as
from steelyard.calc.units import DECIMALS
from steelyard.intake.titles import kind_title
from steelyard.ui.listing import Column, Empty, Filter, Listing, Query, Rows

from . import opening
from .cards import Card
from .spelling import Shown

SHOWN = 5  # columns of the fact's own at first; all others are one click away
KINDS = {"text": "text", "date": "date", "yes/no": "yes_no"} | {name: name for name in DECIMALS}
_PARTY = ("party", "party_name")  # the page says whose rows they are
_LATER = {"representative", "reported_territory", "unit", "cost", "note", "source_kind"}  # of less use than the others

Link = Callable[[str, int], str | None]


def frame_of(card: Card, shown: Shown) -> pl.DataFrame:
    """Every row of a reading, in the order of their days."""
    return opening.rows(card.run, card.subject, shown.reading)


def listing(request: HttpRequest, card: Card, shown: Shown, *, link: Link, per: int = 25, without: Collection[str] = ()) -> Listing:
    """The rows of a reading with search, filters by outcome and by rule, sum, pages and files of all of them.

    ``without``: columns that this reader does not have: neither shown nor in files, sorted by, or searched.
    """
    measure = card.framework.measures[shown.evidence.selector.measure]
    frame, kind = frame_of(card, shown), row_kind(card.framework, measure)
    to_row: Link = (lambda _kind, _row: None) if measure.list else link  # a line of a list is no row of its own
    counted_first = frame.sort("counted", descending=True, maintain_order=True)
    rows = counted_first.with_columns(in_currency=pl.lit(card.framework.currency)).to_dicts()
    source = Rows(rows)
    reasons = [(reason, reason) for reason in shown.evidence.excluded]
    filters = [Filter("counted", _("Counted"), (("yes", _("Counted")), ("no", _("Not counted"))))]
    if reasons:
        filters.append(Filter("reason", _("Rule"), reasons))
    adds = shown.unit in DECIMALS and frame["contribution"].dtype.is_numeric()

    def totals(query: Query) -> Mapping[str, Any]:
        listed = source.everything(query)
        return {"contribution": sum(row["contribution"] or 0 for row in listed), "in_currency": card.framework.currency} if adds else {}

    return Listing(
        request,
        name=f"{card.subject}-{shown.name}".replace(" ", "-"),
        title=shown.title,
        columns=tuple(column for column in _columns(kind, frame, shown, to_row, without) if column.name not in without),
        source=source,
        filters=filters,
        search=("line", *(name for name in _texts(kind) if name not in without)),
        empty=Empty(_("No rows in this window"), shown.blank or ""),
        per=per,
        totals=totals,
        dense=True,
        caption=_("Rows behind %(title)s") % {"title": shown.title},
    )


def moved_listing(request: HttpRequest, card: Card, shown: Shown, frame: pl.DataFrame, *, link: Link) -> Listing:
    """The rows that a cause moved in a reading: each as above, with what it added before and what it adds now."""
    measure = card.framework.measures[shown.evidence.selector.measure]
    kind = row_kind(card.framework, measure)
    to_row: Link = (lambda _kind, _row: None) if measure.list else link
    rows = frame.with_columns(in_currency=pl.lit(card.framework.currency)).to_dicts()
    own = [column for column in _columns(kind, frame, shown, to_row, ()) if column.name not in ("contribution", "counted")] if rows else []
    unit = shown.unit if shown.unit in DECIMALS else "text"
    money = {"currency": "in_currency", "digits": 2} if unit == "money" else {}
    titles = {"before": _("Added before"), "after": _("Adds now"), "moved": _("Moved")}
    told = [Column(name, title, unit, phone=name == "moved", **money) for name, title in titles.items()]  # type: ignore[arg-type]
    source = Rows(rows)

    def totals(query: Query) -> Mapping[str, Any]:
        listed = source.everything(query)
        return {"moved": sum(row["moved"] or 0 for row in listed), "in_currency": card.framework.currency}

    return Listing(
        request,
        name=f"{card.subject}-why-{shown.name}".replace(" ", "-"),
        title=shown.title,
        columns=(*own, *told),
        source=source,
        search=("line", *_texts(kind)) if rows else (),
        empty=Empty(_("No row changed"), ""),
        per=100,
        totals=totals if unit in DECIMALS else None,
        dense=True,
        caption=_("Rows behind %(title)s") % {"title": shown.title},
    )


def _columns(kind: Kind, frame: pl.DataFrame, shown: Shown, link: Link, without: Collection[str]) -> tuple[Column, ...]:
    key = [name for name in kind.key if name not in (*_PARTY, kind.date, *without)] or [name for name in kind.key if name not in without]
    columns = [Column("line", _("Row"), value=lambda row: _said(row, key, kind), link=lambda row: link(kind.name, row["row_id"]), sub=None)]
    if kind.date:
        columns.append(Column(kind.date, _("Date"), "date"))
    room = SHOWN
    for column in kind.columns:
        name = listed_as(kind, column.name)
        if column.name == kind.date or column.name in key or name not in frame.columns:
            continue
        seen = room > 0 and column.name not in _LATER.union(_PARTY) and column.type != "price" and not column.name.endswith("currency")
        seen = seen and _says_something(frame[name])
        room -= seen
        digits = 0 if column.type == "number" and _whole(frame[name]) else None
        short = "scorecards/parts/short.html" if column.type == "text" and _is_short(frame[name]) else None
        kind_of = KINDS[column.type]
        columns.append(
            Column(name, _title(column.name), kind_of, currency=column.currency, shown=seen, digits=digits, template=short)  # type: ignore[arg-type]
        )
    unit = shown.unit if shown.unit in DECIMALS else "text"
    columns += [
        Column(
            "contribution", _("Adds"), unit, phone=True,  # type: ignore[arg-type]
            currency="in_currency" if unit == "money" else None, digits=2 if unit == "money" else None,
        ),
        Column("counted", _("Counted"), "yes_no", template="scorecards/parts/counted.html"),
        Column("reason", _("Rule"), shown=False),
        Column("source", _("Source"), shown=False),
        Column("batch", _("Batch"), "count", shown=False),
        Column("source_row", _("Row of the file"), "count", shown=False),
    ]  # fmt: skip
    return tuple(columns)


def _says_something(values: pl.Series) -> bool:
    """Whether any row has a value in a column."""
    known = values.drop_nulls()
    return bool((known != "").any()) if known.dtype == pl.String else not known.is_empty()


def _is_short(texts: pl.Series) -> bool:
    """Whether a column holds codes rather than sentences, so that its cells need not wrap."""
    longest = texts.str.len_chars().max()
    return isinstance(longest, int) and longest <= 16


def _whole(numbers: pl.Series) -> bool:
    """Whether every number of a column is a whole one."""
    return not (numbers.drop_nulls() % 10 ** DECIMALS["number"] != 0).any()


def _said(row: Mapping[str, Any], key: list[str], kind: Kind) -> str:
    """What tells a row from the others: its document and line, or whatever its kind is known by."""
    parts = [_key_said(name, value) for name in key if (value := row.get(listed_as(kind, name))) not in (None, "")]
    return " · ".join(parts) or f"{row['source']} {row['source_row'] or row['row_id']}"


def _key_said(name: str, value: Any) -> str:
    """A key as text; what a report is about is a kind of fact, with a name."""
    return _(str(kind_title(value))) if name == "report" else str(value)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _texts(kind: Kind) -> list[str]:
    return [listed_as(kind, column.name) for column in kind.columns if column.type == "text"]
