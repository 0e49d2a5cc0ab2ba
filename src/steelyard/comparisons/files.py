"""A comparison as a workbook, one sheet for each kind of difference, and as JSON. Values only, no formulas."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from steelyard.calc.units import DECIMALS, to_text
from steelyard.ledger.scope import Scope
from steelyard.ui.spreadsheets import Table, write_book

from . import queries, words
from .models import Part
from .queries import Seen

_LEAVES = {
    "subject": pl.String, "name": pl.String, "reason": pl.String, "amount": pl.Int64, "document": pl.String, "line": pl.String,
    "their_row": pl.Int64, "their_date": pl.Date, "their_amount": pl.Int64, "their_currency": pl.String, "their_rate": pl.String,
    "their_value": pl.Int64, "hidden": pl.Boolean, "our_date": pl.Date, "our_amount": pl.Int64, "our_currency": pl.String,
    "our_value": pl.Int64, "our_territory": pl.String, "our_rule": pl.String, "our_source": pl.String, "our_batch": pl.Int64,
    "our_source_row": pl.Int64,
}  # fmt: skip
_UNITS = dict.fromkeys(("amount", "their_amount", "their_value", "our_amount", "our_value"), "money") | dict.fromkeys(
    ("their_row", "our_batch", "our_source_row"), "count"
)
_TITLES = {
    "subject": "Code", "name": "Name", "reason": "Reason", "amount": "From theirs to ours", "document": "Document", "line": "Line",
    "their_row": "Row in the workbook", "their_date": "Their date", "their_amount": "Their amount", "their_currency": "Their currency",
    "their_rate": "Their rate", "their_value": "Counted by them", "hidden": "Hidden row",
    "our_date": "Our date", "our_amount": "Our amount",
    "our_currency": "Our currency", "our_value": "Worth here", "our_territory": "Credited territory", "our_rule": "Left out by",
    "our_source": "Source", "our_batch": "Batch", "our_source_row": "Row in its file",
}  # fmt: skip


def item_title(seen: Seen) -> tuple[str, str]:
    """The figure that the headline speaks of: its title and unit."""
    figures = (figure for part in seen.parts for figure in part.told["figures"] if figure["item"] == seen.summary["main"])
    first = next(figures, None)
    return (first["title"], first["unit"]) if first else (seen.summary["main"], "number")


def book(seen: Seen, scope: Scope) -> bytes:
    """The comparison as XLSX: summary, figures, steps, and a sheet of lines for each cause."""
    told = [(part, queries.told(part, scope)) for part in seen.parts]
    tables = [_summary(seen), _figures(told), _steps(told)]
    causes = dict.fromkeys(reason["cause"] for _, one in told for reason in one["reasons"])
    tables += [_cause(cause, told) for cause in causes]
    return write_book(tables)


def book_of_part(part: Part, told: dict[str, Any]) -> bytes:
    """One partner's own part as XLSX."""
    own = [(part, told)]
    causes = dict.fromkeys(reason["cause"] for reason in told["reasons"])
    return write_book([_about(part), _figures(own), _steps(own), *(_cause(cause, own) for cause in causes)])


Told = list[tuple[Part, dict[str, Any]]]


def _summary(seen: Seen) -> Table:
    comparison, summary = seen.comparison, seen.summary
    title, unit = item_title(seen)
    rows = [
        ("Workbook", comparison.name), ("SHA-256", comparison.sha256), ("Framework", str(comparison.run.framework)),
        ("Period", comparison.period), ("Cut", str(comparison.run.cut)), ("Run", comparison.run.run_id),
        ("Compared", f"{comparison.created_at:%Y-%m-%d %H:%M} UTC by {comparison.created_by_name}"),
        ("Outcome", words.headline(summary, title, unit)),
        *((words.title(one["cause"]), _reason_said(one, summary["currency"])) for one in summary["reasons"]),
        *(("Left out", said) for said in [words.left_out(summary)] if said),
        *(("Not compared", f"{text}: {why}, {count} rows") for text, why, count in summary["unknown"]),
        *(("Not read", f"{one['where']}: {one['message']} {one['found']}") for one in summary["problems"]),
    ]  # fmt: skip
    return Table("Summary", pl.DataFrame(rows, schema={"what": pl.String, "said": pl.String}, orient="row"), titles=("What", "Says"))


def _about(part: Part) -> Table:
    """What one part was held against, and whether that is still what the partner sees."""
    comparison, since = part.comparison, queries.published_since(part)
    rows = [
        ("Workbook", comparison.name), ("Framework", str(comparison.run.framework)), ("Period", comparison.period),
        ("Cut", str(comparison.run.cut)), ("Run", comparison.run.run_id), ("Compared", f"{comparison.created_at:%Y-%m-%d %H:%M} UTC"),
    ]  # fmt: skip
    if since is not None:
        said = f"{since.published_at:%Y-%m-%d %H:%M} UTC, cut {since.run.cut}, run {since.run.run_id}: not what this file compares with"
        rows.append(("Published anew", said))
    return Table("About", pl.DataFrame(rows, schema={"what": pl.String, "said": pl.String}, orient="row"), titles=("What", "Says"))


def _reason_said(reason: dict[str, Any], currency: str) -> str:
    return f"{words.sentence(reason)}: {words.amount(reason['amount'], 'money', currency, signed=True)}, {words.sure(reason['sure'])}"


def _figures(told: Told) -> Table:
    rows = [
        (part.subject, part.name, figure["title"], figure["unit"],
         *(_number(figure[side], figure["unit"]) for side in ("theirs", "ours", "difference")),
         "yes" if figure["equal"] else "no", figure["place"])
        for part, one in told for figure in one["figures"]
    ]  # fmt: skip
    names = ("subject", "name", "figure", "unit", "theirs", "ours", "difference", "equal", "place")
    texts = ("Code", "Name", "Figure", "Unit", "Theirs", "Ours", "Difference", "Equal", "Where in the workbook")
    return Table("Figures", _frame(rows, names), _six("theirs", "ours", "difference"), texts)


def _steps(told: Told) -> Table:
    rows = [
        (part.subject, part.name, figure["title"], figure["unit"], words.title(step["cause"]), step["key"], step["detail"],
         _number(step["amount"], figure["unit"]), words.sure(step["sure"]))
        for part, one in told for figure in one["figures"] for step in figure["steps"]
    ]  # fmt: skip
    names = ("subject", "name", "figure", "unit", "cause", "key", "detail", "amount", "sure")
    texts = ("Code", "Name", "Figure", "Unit", "Cause", "About", "Detail", "From theirs to ours", "How sure")
    return Table("Steps", _frame(rows, names), _six("amount"), texts)


def _six(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "percent")  # nine decimals hold every unit


def _number(value: int | None, unit: str) -> int | None:
    """A figure of any unit with nine decimals, so that one column holds them all."""
    return None if value is None else value * 10 ** (DECIMALS["percent"] - DECIMALS[unit])


def _frame(rows: list[tuple[Any, ...]], names: tuple[str, ...]) -> pl.DataFrame:
    numbers = ("theirs", "ours", "difference", "amount")
    return pl.DataFrame(rows, schema={name: pl.Int128 if name in numbers else pl.String for name in names}, orient="row")


def _cause(cause: str, told: Told) -> Table:
    rows = [row for part, one in told for reason in one["reasons"] if reason["cause"] == cause for row in _leaf_rows(part, reason)]
    frame = pl.DataFrame(rows, schema=_LEAVES)
    kept = [name for name in frame.columns if name in ("subject", "name", "reason", "amount") or frame[name].null_count() < frame.height]
    return Table(words.title(cause), frame.select(kept), _UNITS, [_TITLES[name] for name in kept])


def _leaf_rows(part: Part, reason: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for leaf in reason["leaves"]:
        theirs, ours = leaf["theirs"] or {}, leaf["ours"] or {}
        yield {
            "subject": part.subject, "name": part.name, "reason": words.sentence(reason), "amount": leaf["amount"],
            "document": theirs.get("document") or ours.get("document"), "line": theirs.get("line") or ours.get("line"),
            "their_row": theirs.get("row"), "their_date": _day(theirs), "their_amount": theirs.get("amount"),
            "their_currency": theirs.get("currency"), "their_rate": theirs.get("rate") or None, "their_value": theirs.get("value"),
            "hidden": theirs.get("hidden"), "our_date": _day(ours), "our_amount": ours.get("amount"), "our_currency": ours.get("currency"),
            "our_value": ours.get("value"), "our_territory": ours.get("territory") or None, "our_rule": ours.get("reason"),
            "our_source": ours.get("source"), "our_batch": ours.get("batch"), "our_source_row": ours.get("source_row"),
        }  # fmt: skip


def _day(side: dict[str, Any]) -> date | None:
    return date.fromisoformat(side["day"]) if side.get("day") else None


def as_json(seen: Seen, scope: Scope, *, parts: bool = True) -> dict[str, Any]:
    """The comparison with exact decimal texts, for programs."""
    comparison, summary = seen.comparison, seen.summary
    unit = item_title(seen)[1]
    return {
        "comparison": comparison.pk,
        "workbook": comparison.name,
        "sha256": comparison.sha256,
        "framework": comparison.framework,
        "version": comparison.run.framework.version,
        "period": comparison.period,
        "cut": comparison.run.cut,
        "run": comparison.run.run_id,
        "equal": words.is_equal(summary),
        "subjects": summary["subjects"],
        "equal_subjects": summary["equal"],
        "figure": summary["main"],
        "currency": summary["currency"],
        "difference": _text(summary["difference"], unit),
        "not_explained": _text(summary["unexplained"], unit),
        "reasons": [{**one, "amount": _text(one["amount"], "money"), "text": words.sentence(one)} for one in summary["reasons"]],
        "unknown": [{"subject": text, "why": why, "rows": rows} for text, why, rows in summary["unknown"]],
        "problems": summary["problems"],
        "unread_rows": summary.get("unread", len(summary["problems"])),
        "dropped_rows": summary.get("dropped", 0),
        "blank_rows": summary.get("blank", 0),
        "parts": [part_json(part, queries.told(part, scope)) for part in seen.parts] if parts else [],
    }


def part_json(part: Part, told: dict[str, Any]) -> dict[str, Any]:
    """One subject's part, amounts as decimal text."""
    return {
        "subject": part.subject,
        "name": part.name,
        "equal": part.equal,
        "level": told["level"] or None,
        "our_level": told["our_level"] or None,
        "figures": [
            {
                **{name: figure[name] for name in ("item", "title", "unit", "equal", "place", "note")},
                **{name: _text(figure[name], figure["unit"]) for name in ("theirs", "ours", "difference")},
                "steps": [
                    {**{name: step[name] for name in ("cause", "key", "detail", "sure")}, "amount": _text(step["amount"], figure["unit"])}
                    for step in figure["steps"]
                ],
            }
            for figure in told["figures"]
        ],
        "reasons": [
            {
                **{name: reason[name] for name in ("cause", "key", "detail", "lines", "hidden", "sure")},
                "amount": _text(reason["amount"], "money"),
                "lines_listed": [_leaf_json(leaf) for leaf in reason["leaves"]],
            }
            for reason in told["reasons"]
        ],
    }


def _leaf_json(leaf: dict[str, Any]) -> dict[str, Any]:
    def side(one: dict[str, Any] | None) -> dict[str, Any] | None:
        return None if one is None else {**one, **{name: _text(one[name], "money") for name in ("amount", "value")}}

    return {
        "amount": _text(leaf["amount"], "money"),
        "theirs": side(leaf["theirs"]),
        "ours": side(leaf["ours"]),
        "other": leaf["other"] or None,
    }


def _text(value: int | None, unit: str) -> str | None:
    return None if value is None else to_text(value, unit) if unit in DECIMALS else str(value)
