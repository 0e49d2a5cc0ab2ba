"""Why a score changed: an exact waterfall from one result of a subject to another.

Start + steps = end, to the last digit. `chain` takes a sequence of results, each computed with one more thing replaced than
the one before (`causes` says which, `scorecards/tracing.py` computes them), and says what each replacement did to every
item. What items do not explain stands at the section whose cap, gate or rounding did.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from .units import to_text

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """What one cause did at one node: how much it moved the total, in the grain of points.

    ``before`` and ``after`` are the KPI's value as stored, where it moved; ``rows`` how many rows more it counts.
    ``text`` is what a cap, gate or rounding says of itself.
    """

    node: str
    title: str
    cause: str
    amount: int
    text: str = ""
    kpi: str = ""
    unit: str = ""
    before: int | str | None = None
    after: int | str | None = None
    rows: int = 0

    @property
    def value_moved(self) -> bool:
        """Whether the KPI has another value than before this step."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Start + steps = end. A result without a total counts as 0 here; ``note`` then says so."""

    start: int
    end: int
    steps: tuple[Step, ...]
    note: str = ""

    def __post_init__(self) -> None:
        if self.start + sum(step.amount for step in self.steps) != self.end:
            raise ArithmeticError("the steps of a waterfall do not add up")

    def by_cause(self) -> dict[str, int]:
        """How much each cause moved the total."""
        amounts: dict[str, int] = {}
        for step in self.steps:
            amounts[step.cause] = amounts.get(step.cause, 0) + step.amount
        return amounts

    def by_node(self) -> dict[str, int]:
        """How much each item moved the total."""
        amounts: dict[str, int] = {}
        for step in self.steps:
            amounts[step.node] = amounts.get(step.node, 0) + step.amount
        return amounts

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON; amounts as exact text."""
        return {
            "start": to_text(self.start, "points"),
            "end": to_text(self.end, "points"),
            "note": self.note,
            "steps": [_plain(step) for step in self.steps],
            "by_cause": {cause: to_text(amount, "points") for cause, amount in self.by_cause().items()},
        }


def _plain(step: Step) -> dict[str, object]:
    told: dict[str, object] = {"node": step.node, "title": step.title, "cause": step.cause, "amount": to_text(step.amount, "points")}
    if step.value_moved:
        told |= {name: spelled(value, step.unit) for name, value in (("before", step.before), ("after", step.after))}
        told["unit"] = step.unit
    return told | {"rows": step.rows, "text": step.text}


def spelled(value: int | str | None, unit: str) -> str | None:
    """A stored value as exact text."""
    return to_text(value, unit) if isinstance(value, int) else value


def chain(results: Sequence[tuple[str, pl.DataFrame]]) -> Waterfall:
    """A waterfall by cause through results of one subject: each entry names what was replaced since the one before it.

    The frames are rows of the items frame. The cause of the first entry is not read.
    """
    if not results:
        raise ValueError("a chain needs at least one result")
    steps: list[Step] = []
    rows = [_by_node(frame) for _, frame in results]
    for (cause, _), old, new in zip(results[1:], rows, rows[1:], strict=False):
        steps += _between(cause, old, new)
    return Waterfall(_total(rows[0]), _total(rows[-1]), tuple(steps), _note(rows[0], rows[-1]))


def _between(cause: str, old: Mapping[str, Row], new: Mapping[str, Row]) -> list[Step]:
    before, after = _parts(old), _parts(new)
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        (_, earlier), (text, now) = before.get(key, ("", 0)), after.get(key, ("", 0))
        if now != earlier:
            found.append(_step(cause, key[0], now - earlier, text or before.get(key, ("", 0))[0], old.get(key[0]), new.get(key[0])))
    return found


def _step(cause: str, node: str, amount: int, text: str, old: Row | None, new: Row | None) -> Step:
    row = new or old
    assert row is not None
    if text or not row["kpi"]:
        return Step(node, row["title"], cause, amount, text)
    before, after = (None if side is None else _value(side) for side in (old, new))
    counted = sum(sign * (side["counted"] or 0) for side, sign in ((old, -1), (new, 1)) if side is not None)
    return Step(node, row["title"], cause, amount, "", row["kpi"], row["unit"], before, after, counted)


def _value(row: Row) -> int | str | None:
    found: int | str | None = row["value_text"] if row["unit"] == "text" else row["value"]
    return found


def _by_node(frame: pl.DataFrame) -> dict[str, Row]:
    return {row["node"]: row for row in frame.iter_rows(named=True) if row["kind"] != "kpi"}


def _total(rows: Mapping[str, Row]) -> int:
    return sum(row["points"] or 0 for row in rows.values() if row["kind"] == "total")


def _note(old: Mapping[str, Row], new: Mapping[str, Row]) -> str:
    missing = [
        f"{name}: {row['no_data_reason'] or 'no value'}"
        for name, rows in (("before", old), ("after", new))
        for row in rows.values()
        if row["kind"] == "total" and row["points"] is None
    ]
    return f"no total {'; '.join(missing)}; it counts as 0 here" if missing else ""


def _lines(row: Row) -> dict[str, tuple[str, int]]:
    """What a section's caps and gates moved in the total: name -> text, amount."""
    if not row["notes"] or row["kind"] == "item":
        return {}
    lines: dict[str, tuple[str, int]] = {}
    for line in json.loads(row["notes"]).get("lines", ()):
        text, amount = lines.get(line["name"], ("", 0))
        lines[line["name"]] = (line["text"] if not text else f"{text}; {line['text']}", amount + line["total_contribution"])
    return lines


def _parts(rows: Mapping[str, Row]) -> dict[tuple[str, str], tuple[str, int]]:
    """Everything the total is made of: leaves and section lines, with their texts. They add up to the total."""
    parts: dict[tuple[str, str], tuple[str, int]] = {}
    for node, row in rows.items():
        if row["kind"] == "item" or (row["kind"] == "total" and row["kpi"]):
            parts[node, ""] = ("", row["total_contribution"] or 0)
        for name, (text, amount) in _lines(row).items():
            parts[node, name] = (text or name, amount)
    return parts
