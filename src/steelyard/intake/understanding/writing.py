"""How texts of a column are written: the decimal mark and the order of dates, found once for a column, or asked; five examples."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from steelyard.calc.facts import Column
from steelyard.calc.units import DECIMALS, to_text

from .. import limits
from ..checking.dates import read_dates
from ..checking.decimals import decide
from ..checking.findings import Read
from ..checking.numbers import NumberFormat, read_numbers
from ..checking.texts import read_yes_no
from ..mappings import ColumnRule, Mapping
from ..reading.table import Cell
from .findings import Choice, Question
from .patch import flow
from .values import Profile

_TURNABLE = r"^\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}"
_MARKS = {".": "a point begins the decimals", ",": "a comma begins the decimals"}
_ORDERS = {"DMY": "the day comes first", "MDY": "the month comes first"}


def written(column: Column, rule: ColumnRule, profile: Profile, mapping: Mapping) -> tuple[ColumnRule, Question | None]:
    """The rule with how its texts are written, where they tell; else the question."""
    texts = profile.texts if profile.types is None else profile.texts.filter(profile.types == int(Cell.TEXT))
    if column.type == "date":
        return _order(column, rule, profile.header, texts, mapping)
    if column.type in ("text", "yes/no") or rule.decimal or mapping.decimal or not texts.str.contains("[.,]").any():
        return rule, None
    mark, problem = decide(texts, profile.header)
    if problem is None:
        return replace(rule, decimal=mark), None
    shown = texts.filter(texts.str.contains("[.,]")).unique(maintain_order=True).head(3).to_list()
    choices = []
    for choice, label in _MARKS.items():
        read = as_read(column, replace(rule, decimal=choice), pl.Series(shown, dtype=pl.String), None, mapping)
        patch = flow({"columns": {column.name: {"decimal": choice}}})
        choices.append(Choice(patch, label, _pairs(shown, told(column, read))))
    text = f"Does a point or a comma begin the decimals in “{profile.header}”?"
    return rule, Question(
        f"decimal {column.name}", "ambiguous_decimal", text, "its texts can be read both ways", tuple(choices), found=", ".join(shown)
    )


def _order(column: Column, rule: ColumnRule, header: str, texts: pl.Series, mapping: Mapping) -> tuple[ColumnRule, Question | None]:
    turnable = texts.filter(texts.str.contains(_TURNABLE))
    if rule.date_order or mapping.date_order or rule.date_format or not turnable.len():
        return rule, None
    if not read_dates(texts, None, None, header).refusals:
        good = {order: _good(turnable, order) for order in ("DMY", "MDY")}
        best = max(good, key=lambda order: good[order])
        return (rule, None) if len(set(good.values())) == 1 else (replace(rule, date_order="DMY" if best == "DMY" else "MDY"), None)
    shown = turnable.unique(maintain_order=True).head(3)
    choices = []
    for order, label in _ORDERS.items():
        read = read_dates(shown, order, None, header)
        choices.append(
            Choice(flow({"columns": {column.name: {"date_order": order}}}), label, _pairs(shown.to_list(), _spelled(read.values)))
        )
    text = f"Does the day or the month come first in “{header}”?"
    dotted = bool(turnable.str.contains(r"^\d{1,2}\.\d{1,2}\.").all())  # 3.4.2026 is hardly ever written by who puts the month first
    return rule, Question(
        f"date_order {column.name}", "ambiguous_date_order", text, "no text of the column tells", tuple(choices),
        choices[0].patch if dotted else "", found=", ".join(shown),
    )  # fmt: skip


def _good(texts: pl.Series, order: str) -> int:
    return texts.len() - read_dates(texts, order, None, "").values.null_count()


def _spelled(days: pl.Series) -> list[str]:
    return ["no such day" if day is None else f"{day.day} {day:%B %Y}" for day in days]


def _pairs(raw: list[str], read: list[str]) -> str:
    return ", ".join(f"{one} → {other}" for one, other in zip(raw, read, strict=False))


def as_read(column: Column, rule: ColumnRule, texts: pl.Series, types: pl.Series | None, mapping: Mapping) -> Read:
    """Texts of one column as the import would read them."""
    header = rule.header or column.name
    if column.type == "date":
        return read_dates(texts, rule.date_order or mapping.date_order, rule.date_format, header, types, rule.days)
    if column.type == "yes/no":
        return read_yes_no(texts)
    if column.type == "text":
        return Read(texts)
    return read_numbers(
        texts, column.type, NumberFormat(rule.decimal or mapping.decimal or ".", mapping.thousands, rule.times), header, types
    )


def told(column: Column, read: Read) -> list[str]:
    """Values as people write them; a dash for what cannot be read."""
    return [
        "–" if value is None else to_text(value, column.type) if isinstance(value, int) and column.type in DECIMALS else str(value)
        for value in read.values
    ]


def examples(column: Column, rule: ColumnRule, profile: Profile, mapping: Mapping) -> tuple[tuple[str, str], ...]:
    """The first five different texts, as they stand and as they are read."""
    frame = pl.DataFrame({"text": profile.texts.head(500)})
    if profile.types is not None:
        frame = frame.with_columns(profile.types.head(500).alias("type"))
    frame = frame.unique("text", keep="first", maintain_order=True).head(limits.EXAMPLES)
    texts = frame["text"]
    mapped = texts if not rule.values else texts.replace(list(rule.values), list(rule.values.values()))
    read = as_read(column, rule, mapped, frame["type"] if "type" in frame.columns else None, mapping)
    return tuple(zip((text[:60] for text in texts), (text[:60] for text in told(column, read)), strict=True))
