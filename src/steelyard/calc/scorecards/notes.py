"""What there is to say about a node at a point beyond its numbers, as one small JSON text or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction

from .columns import NodeColumn
from .gates import reason_of
from .levels import LevelColumn


def as_json(value: object) -> str:
    """The one way this package writes JSON, so that equal values have equal bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def notes_of_levels(levels: LevelColumn, count: int, beyond: Sequence[Mapping[str, object]]) -> list[str | None]:
    """The notes of a whole that has no scorecard: its levels, and what lies ``beyond`` this one evaluation."""
    notes = [{**_of_levels(levels, position), **(beyond[position] if beyond else {})} for position in range(count)]
    return [as_json(note) if note else None for note in notes]


def notes_of(column: NodeColumn, levels: LevelColumn | None, count: int, beyond: Sequence[Mapping[str, object]] = ()) -> list[str | None]:
    """The notes of a node at every point; ``levels`` and ``beyond`` (what is said of each point besides) only for the root."""
    notes: list[str | None] = [None] * count
    known: dict[str, str] = {}  # most points of a node have the same few notes
    moved_only = not (column.gates or column.lines or column.chosen is not None or levels is not None or _notable(column))
    if moved_only:
        texts = {id(moved): as_json({"moved": moved}) for moved in column.moved.values()}
        for position, moved in column.moved.items():
            notes[position] = texts[id(moved)]
        return notes
    gates: dict[tuple[bool | None, ...], list[dict[str, object]]] = {}
    for position in range(count):
        note: dict[str, object] = {}
        if column.gates:
            note["gates"] = _gates(column, position, gates)
        if position in column.lines:
            totals = column.line_totals.get(position, [0] * len(column.lines[position]))
            note["lines"] = [
                {"name": line.name, "text": line.text, "contribution": line.amount, "total_contribution": total}
                for line, total in zip(column.lines[position], totals, strict=True)
            ]
        if position in column.moved:
            note["moved"] = column.moved[position]
        if column.chosen is not None and column.chosen[position] is not None:
            note["chosen"] = column.chosen[position]
        if column.kpi is not None:
            note |= _of_kpi(column, position)
        if levels is not None:
            note |= _of_levels(levels, position)
        if beyond:
            note |= beyond[position]
        if note:
            spelled = repr(note)
            notes[position] = known.get(spelled) or known.setdefault(spelled, as_json(note))
    return notes


def _notable(column: NodeColumn) -> bool:
    """Whether there may be something to say about the KPI of a leaf."""
    kpi = column.kpi
    return kpi is not None and (any(kpi.few) or kpi.kpi.range is not None)


def _gates(column: NodeColumn, position: int, known: dict[tuple[bool | None, ...], list[dict[str, object]]]) -> list[dict[str, object]]:
    """Every gate of the node with its outcome; the same list for points with the same outcomes."""
    blank = tuple(outcome.reasons.get(position) for outcome in column.gates)
    key = tuple(outcome.held[position] for outcome in column.gates)
    if key in known and not any(blank):
        return known[key]
    gates: list[dict[str, object]] = []
    for outcome, why in zip(column.gates, blank, strict=True):
        gate = outcome.gate
        entry: dict[str, object] = {"rule": gate.rule.text, "held": outcome.holds(position), "else": gate.otherwise}
        if gate.reason:
            entry["reason"] = reason_of(outcome)
        if gate.otherwise == "at_most":
            entry["level"] = gate.level
        if why:
            entry["blank"] = why
        gates.append(entry)
    if not any(blank):
        known[key] = gates
    return gates


def _of_kpi(column: NodeColumn, position: int) -> dict[str, object]:
    kpi = column.kpi
    note: dict[str, object] = {}
    if kpi is None:
        return note
    if kpi.few and kpi.few[position]:
        note["few"] = True
    limits = kpi.kpi.range
    if limits is None:
        return note
    value = kpi.natural[position]
    if isinstance(value, (int, Fraction)) and not limits[0] <= value <= limits[1]:
        note["unusual"] = True
    return note


def _of_levels(levels: LevelColumn, position: int) -> dict[str, object]:
    note: dict[str, object] = {}
    if levels.levels[position] is not None:
        note["level"] = levels.levels[position]
    if position in levels.limits:
        note["level_limited_by"] = levels.limits[position]
    if position in levels.missing:
        name, missing = levels.missing[position]
        note["next_level"] = {"name": name, "missing": missing}
    return note
