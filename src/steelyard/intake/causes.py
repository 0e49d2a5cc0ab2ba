"""Why rows of a file would be refused, grouped by reason: how many rows, which texts how often, and what would put them right."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from .checking import Checked
from .mappings import Mapping
from .mappings.model import ColumnRule
from .reading.table import shown_row
from .understanding.patch import flow

MOST = 40  # groups
TEXTS = 6  # texts of a group
_PATCHES = {  # reasons that one word in the mapping puts right, for all rows
    "negative_without_return": ({"negatives": "allowed"}, "Read negative rows as returns"),
    "total_row": ({"totals": "drop"}, "Leave rows of totals out"),
}
_LETTERS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "S": "5", "B": "8"})


def grouped(checked: Checked, problems: pl.DataFrame) -> list[dict[str, Any]]:
    """The reasons, the most frequent first; a row with two reasons is in both."""
    numbers = checked.table.source_rows
    found: list[dict[str, Any]] = []
    if problems.height:
        key = ["code", "message", "column"]
        for (code, message, column), group in problems.group_by(key, maintain_order=True):
            texts = group.group_by("found", maintain_order=True).agg(pl.len().alias("rows"), pl.col("hint").first())
            texts = texts.sort("rows", descending=True, maintain_order=True).head(TEXTS)
            first = [shown_row(numbers[at]) for at in group["position"].unique(maintain_order=True).head(3)]
            found.append({
                "code": code, "message": message, "column": column, "rows": group["position"].n_unique(), "first": first,
                "kinds": group["found"].n_unique(), "texts": texts.rows(named=True), "hint": group["hint"][0],
            })  # fmt: skip
    for one in checked.table.unreadable[:MOST]:
        same = next((each for each in found if each["code"] == one.problem.code and not each["column"]), None)
        if same is None:
            same = {
                "code": one.problem.code, "message": one.problem.message, "column": "", "rows": 0, "first": [], "kinds": 0, "texts": [],
                "hint": one.problem.hint,
            }  # fmt: skip
            found.append(same)
        same["rows"] += 1
        same["first"] = [*same["first"], shown_row(one.source_row)][:3]
    return sorted(found, key=lambda each: -each["rows"])[:MOST]


def bad_rows(problems: pl.DataFrame) -> dict[str, int]:
    """For each header, how many rows have a problem in it."""
    if not problems.height:
        return {}
    return dict(problems.group_by("column").agg(pl.col("position").n_unique()).iter_rows())


def span(checked: Checked) -> dict[str, Any]:
    """The days of the good rows, and how many partners they are of."""
    lines, day = checked.lines, checked.kind.date
    told: dict[str, Any] = {"first_day": "", "last_day": "", "parties": 0, "party": ""}
    if day in lines.columns and lines.height and lines[day].null_count() < lines.height:
        told |= {"first_day": str(lines[day].min()), "last_day": str(lines[day].max())}
    if "party" in lines.columns:
        parties = lines["party"].drop_nulls().unique()
        told |= {"parties": parties.len(), "party": str(parties[0]) if parties.len() == 1 else ""}
    return told


def with_fixes(causes: list[dict[str, Any]], mapping: Mapping, types: dict[str, str]) -> list[dict[str, Any]]:
    """The same reasons with what may be done: a word of the mapping, or one text read as another; ``types`` by our column."""
    return [{**cause, **_fix(cause, mapping, types)} for cause in causes]


def _fix(cause: dict[str, Any], mapping: Mapping, types: dict[str, str]) -> dict[str, Any]:
    if cause["code"] in _PATCHES:
        patch, label = _PATCHES[cause["code"]]
        return {"patch": flow(patch), "label": label, "field": "", "texts": []}
    ours = next((name for name, rule in mapping.columns.items() if rule.header is not None and rule.header == cause["column"]), "")
    if not ours or cause["code"] in ("conflict", "cell_too_long"):
        return {"patch": "", "label": "", "field": "", "texts": cause["texts"]}
    drop = {}
    if cause["code"] == "unknown_product" and cause["kinds"] > TEXTS:
        drop = {"patch": flow({"columns": {ours: None}}), "label": "Leave this column out"}
    texts = [{**one, "becomes": becomes(one["found"], types.get(ours, "text"), one["hint"] or cause["hint"])} for one in cause["texts"]]
    return {"patch": "", "label": ""} | drop | {"field": ours, "texts": texts}


def becomes(text: str, unit: str, hint: str) -> str:
    """What a text was likely meant to be; blank where nothing is likely."""
    near = re.search(r"(?:did you mean|nearest:|near:)\s*`?([^`,;?]+)`?", hint)
    if near:
        return near[1].strip()
    if unit == "date":
        return _turned(text)
    if unit not in ("text", "yes/no"):
        digits = text.strip().translate(_LETTERS)
        if digits != text.strip() and re.fullmatch(r"[-+]?[\d.,]+", digits):
            return digits
        grouped = re.fullmatch(r"(\D?)(\d{1,3}),(\d+)\.(\d{2})", text.strip())
        return f"{grouped[2]}{grouped[3]}.{grouped[4]}" if grouped else ""
    return ""


def _turned(text: str) -> str:
    """A day whose month and day changed places."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.strip())
    if found is None:
        return ""
    try:
        return date(int(found[1]), int(found[3]), int(found[2])).isoformat()
    except ValueError:
        return ""


def read_as(mapping: Mapping, column: str, text: str, becomes_text: str | None) -> Mapping:
    """The mapping that reads one text of a column as another, in every row; None takes that back."""
    rule = mapping.columns.get(column)
    if rule is None:
        return mapping
    values = dict(rule.values or {})
    if becomes_text is None:
        values.pop(text, None)
    else:
        values[text] = becomes_text
    changed = replace(rule, values=values or None, otherwise=_otherwise(rule, values))
    return replace(mapping, columns={**mapping.columns, column: changed})


def _otherwise(rule: ColumnRule, values: dict[str, str]) -> Any:
    """A column without a table of values keeps the texts that nobody named."""
    if not values:
        return "refuse"
    return rule.otherwise if rule.values else "keep"
