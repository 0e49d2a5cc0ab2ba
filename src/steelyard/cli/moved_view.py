"""The rows that each cause of a change moved, on a terminal."""

from __future__ import annotations

from typing import Any

from steelyard.calc.explanation import Explanation
from steelyard.calc.facts.kind import Column
from steelyard.calc.lists.listing import row_kind
from steelyard.calc.measures.listing import listed_as
from steelyard.calc.measures.natural import unit_of
from steelyard.calc.points import Reading
from steelyard.calc.units import DECIMALS, to_text
from steelyard.scorecards import moved
from steelyard.scorecards.tracing import Trace

from .output import print_json, say, table


def moved_view(found: Trace, node: Explanation, as_json: bool) -> None:
    """Per measure and cause: the rows with what each added before, adds now, and the difference."""
    told = [one for evidence in node.evidence for one in _moved(found, Reading(evidence.selector.measure, evidence.selector.window))]
    if as_json:
        print_json({"subject": found.subject, "kpi": node.details.get("kpi"), "moved": told})
        return
    if not told:
        say("No row changed.")
    for one in told:
        rows: list[dict[str, Any]] = one["rows"]
        say(f"{one['measure']}, {one['cause']}: {len(rows):,} {'row' if len(rows) == 1 else 'rows'} changed, by {one['moved'] or 'no sum'}")
        wanted = [name for name in rows[0] if any(row[name] not in (None, "") for row in rows)]
        table(wanted, [[row[name] for name in wanted] for row in rows], right=moved.ADDED)


def _moved(found: Trace, reading: Reading) -> list[dict[str, Any]]:
    framework = found.chain[0].state.framework
    if reading.measure not in framework.measures:
        return []
    measure = framework.measures[reading.measure]
    kind, unit = row_kind(framework, measure), unit_of(measure)
    named = dict.fromkeys((*kind.key, kind.date or "", "party", kind.money_column or ""))
    key = [kind.by_name[name] for name in named if name in kind.by_name]
    listed = []
    for cause in moved.CAUSES:
        rows = moved.rows(found, cause, reading)
        if rows.is_empty():
            continue
        told = [
            {"source": row["source"]}
            | {column.name: _said(row[listed_as(kind, column.name)], column) for column in key}
            | {name: to_text(row[name], unit) if isinstance(row[name], int) and unit in DECIMALS else None for name in moved.ADDED}
            for row in rows.iter_rows(named=True)
        ]
        total = to_text(int(rows["moved"].sum() or 0), unit) if unit in DECIMALS else None
        listed.append({"measure": str(reading), "cause": cause, "moved": total, "rows": told})
    return listed


def _said(value: Any, column: Column) -> Any:
    return to_text(value, column.type) if column.type in DECIMALS and isinstance(value, int) else value
