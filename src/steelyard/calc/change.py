"""Why a score changed: an exact waterfall from one result of a subject to another.

Start + steps = end, to the last digit. `why` works from the stored items of two results. Each leaf's change is split by
replacing one thing after the other, in this order, so that the steps telescope:

1. value    the data: the KPI's new value under the old rule (a denominator that is a target stays as it was)
2. target   the new target in the denominator
3. rule     a changed definition: KPI, measures, settings or points rule
4. gate     what gates, caps and given points of the leaf took or gave
5. weight   the new weights as written, with the old pattern of missing items
6. no data  weight that moved because an item lost or gained its data; or this item's own loss or gain
7. choice   another item of `best` or `worst` was taken
8. rounding the last digit, where shares were rounded

What a cap, floor, scale or gate of a section takes or gives is a step of that section. `chain` does the same for a
sequence of recomputed results, when the caller can recompute with one cause changed at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from .change_leaves import Side, leaf_steps
from .framework.model import Framework
from .units import to_text

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One cause at one node: how much it moved the total, in the grain of points."""

    node: str
    title: str
    cause: str
    amount: int
    text: str = ""


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
        steps = [
            {"node": step.node, "title": step.title, "cause": step.cause, "amount": to_text(step.amount, "points"), "text": step.text}
            for step in self.steps
        ]
        return {
            "start": to_text(self.start, "points"),
            "end": to_text(self.end, "points"),
            "note": self.note,
            "steps": steps,
            "by_cause": {cause: to_text(amount, "points") for cause, amount in self.by_cause().items()},
        }


def why(before: pl.DataFrame, after: pl.DataFrame, framework_before: Framework, framework_after: Framework) -> Waterfall:
    """The change of one subject's total between two results, from its rows of the two items frames."""
    old = Side(framework_before, _by_node(before))
    new = Side(framework_after, _by_node(after))
    steps = [step for step in _steps(old, new) if step.amount]
    return Waterfall(_total(old.rows), _total(new.rows), tuple(steps), _note(old.rows, new.rows))


def chain(results: Sequence[tuple[str, pl.DataFrame]]) -> Waterfall:
    """A waterfall by cause through recomputed results: each entry names what was changed since the one before it.

    The cause of the first entry is not read. Every step says which item moved; what items do not explain stands at
    the section whose cap, gate or rounding did.
    """
    if not results:
        raise ValueError("a chain needs at least one result")
    steps: list[Step] = []
    rows = [_by_node(frame) for _, frame in results]
    for (cause, _), old, new in zip(results[1:], rows, rows[1:], strict=False):
        before, after = _parts(old), _parts(new)
        for key in [*after, *(key for key in before if key not in after)]:
            amount = after.get(key, 0) - before.get(key, 0)
            if amount:
                node, name = key
                row = new.get(node) or old[node]
                steps.append(Step(node, row["title"], cause, amount, name))
    return Waterfall(_total(rows[0]), _total(rows[-1]), tuple(steps), _note(rows[0], rows[-1]))


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


def _lines(row: Row | None) -> dict[str, tuple[str, int]]:
    """What a section's caps and gates moved in the total: name -> text, amount."""
    if row is None or not row["notes"] or row["kind"] == "item":
        return {}
    lines: dict[str, tuple[str, int]] = {}
    for line in json.loads(row["notes"]).get("lines", ()):
        text, amount = lines.get(line["name"], ("", 0))
        lines[line["name"]] = (line["text"] if not text else f"{text}; {line['text']}", amount + line["total_contribution"])
    return lines


def _parts(rows: Mapping[str, Row]) -> dict[tuple[str, str], int]:
    """Everything the total is made of: leaves and section lines. They add up to the total."""
    parts: dict[tuple[str, str], int] = {}
    for node, row in rows.items():
        if row["kind"] == "item" or (row["kind"] == "total" and row["kpi"]):
            parts[node, ""] = row["total_contribution"] or 0
        for name, (_, amount) in _lines(row).items():
            parts[node, name] = amount
    return parts


def _steps(old: Side, new: Side) -> Iterator[Step]:
    nodes = [*new.rows, *(node for node in old.rows if node not in new.rows)]
    for node in nodes:
        before, after = old.rows.get(node), new.rows.get(node)
        title = (after or before or {})["title"]
        for cause, amount, text in _of_leaf(node, old, new):
            yield Step(node, title, cause, amount, text)
        lines_before, lines_after = _lines(before), _lines(after)
        for name in [*lines_after, *(name for name in lines_before if name not in lines_after)]:
            text, amount = lines_after.get(name, ("", 0))
            text_before, amount_before = lines_before.get(name, ("", 0))
            cause = "gate" if name == "gate" else name.replace("_", " ")
            yield Step(node, title, cause, amount - amount_before, text or f"no longer {text_before}")


def _of_leaf(node: str, old: Side, new: Side) -> Iterator[tuple[str, int, str]]:
    before, after = _leaf(old.rows.get(node)), _leaf(new.rows.get(node))
    if before is None and after is None:
        return
    start = 0 if before is None else before["total_contribution"] or 0
    end = 0 if after is None else after["total_contribution"] or 0
    if before is None or after is None:
        yield "rule", end - start, "the item is new" if before is None else "the item is gone"
        return
    moved = Fraction(0)
    rounded = 0
    for cause, amount, text in leaf_steps(node, old, new):
        moved += amount
        step = round(moved) - rounded
        rounded += step
        yield cause, step, text
    yield "rounding", end - start - rounded, "shares are rounded to the last digit"


def _leaf(row: Row | None) -> Row | None:
    return row if row is not None and row["kpi"] else None
