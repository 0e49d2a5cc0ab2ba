"""A delivery as its page tells it: the answer first, then what must be said, what it changes, what is wrong, how it is read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from steelyard.calc.errors import Problem
from steelyard.calc.units import to_text

from . import causes, mappings, one_batch, queries
from .mappings import KINDS, Control, Mapping
from .models import Delivery
from .outcome import grains_of
from .titles import BUCKETS, column_name, kind_title

__all__ = ["column_name", "page", "reads_by_itself"]
SURE = {"certain": "g", "likely": "w", "asked": "w"}
TO_DECIDE = ("told_twice", "control_total_differs")  # warnings that somebody looks at before the rows count
OF_THE_TABLE = ("encoding", "separator", "sheet", "header", "ends", "totals")


@dataclass(frozen=True)
class Counts:
    """The counts of a dry run under the names that a batch has."""

    rows_in: int
    accepted: int
    unmatched: int
    quarantined: int
    duplicates: int
    blank: int
    filtered: int


def page(one: Delivery, told: dict[str, Any], mapping: Mapping) -> dict[str, Any]:
    """Everything that its page shows."""
    understood = told["understood"] or {"findings": [], "questions": [], "samples": {}, "sheets": []}
    outcome, look = told["outcome"], told["look"]
    known = queries.latest_mapping(one.kind, one.source)
    shown: dict[str, Any] = {
        "delivery": one,
        "kind": kind_title(one.kind),
        "reading": mappings.digest(mapping),
        "problems": [Problem(**problem) for problem in told["problems"]],
        "questions": understood["questions"],
        "tables": [finding for finding in understood["findings"] if finding["what"] in OF_THE_TABLE],
        "columns": _columns(understood["findings"], outcome, look),
        "likely": [finding for finding in understood["findings"] if finding["sure"] == "likely"],
        "look": look,
        "unread": [header for header in (look or {}).get("unread", []) if not header.startswith("(column ")],
        "remembered": known,
        "same_mapping": known is not None and known.digest == mappings.digest(mapping),
        "replaced": [
            (name, text, better) for name, rule in mapping.columns.items() for text, better in list((rule.values or {}).items())[:20]
        ]
        if one.mapping
        else [],
        "outcome": None,
        "fact": queries.is_fact(one.kind),
        "scope": _scope(mapping, outcome),
    }
    return shown | (_outcome(outcome, mapping, KINDS[one.kind]) if outcome else {})


def _outcome(outcome: dict[str, Any], mapping: Mapping, kind: Any) -> dict[str, Any]:
    counts = Counts(**{field.name: outcome[field.name] for field in fields(Counts)})
    amounts = grains_of(outcome["amounts"])
    types = {column.name: column.type for column in kind.columns}
    found = causes.with_fixes(outcome["causes"], mapping, types)
    return {
        "outcome": outcome,
        "shares": [(BUCKETS[share.bucket], share) for share in one_batch.shares(counts, amounts)],
        "money": one_batch.money(amounts),
        "notes": [Problem(**note) for note in outcome["notes"]],
        "causes": found,
        "before": queries.find(outcome["already"]) if outcome["already"] else None,
        "filters": sorted(outcome["filters"].items()),
        "difference": _difference(outcome["difference"]),
        "may_bring": outcome["already"] is None and bool(outcome["accepted"] or outcome["quarantined"] or outcome["reversed"]),
    }


def _difference(told: dict[str, Any] | None) -> dict[str, Any] | None:
    """Lines before and after, with the titles of their columns; money of what stands as grains."""
    if told is None:
        return None
    lines = [
        {**line, "changes": [(column_name(name), text, line["after"].get(name, "")) for name, text in line["before"].items()]}
        for line in told["restated"]
    ]
    return {**told, "restated": lines, "money": sorted(grains_of(told["money"]).items())}


def _columns(findings: list[dict[str, Any]], outcome: dict[str, Any] | None, look: dict[str, Any] | None) -> list[dict[str, Any]]:
    """One line for each of our columns that is filled: where from, first values, how many of its cells are right."""
    headers = (look or {}).get("headers", [])
    rows = outcome["rows_in"] - outcome["blank"] - outcome["filtered"] if outcome else 0
    lines = []
    for finding in findings:
        kind, _, name = finding["what"].partition(" ")
        if kind != "column":
            continue
        told = finding["found"]
        header = told[1:-1] if told.startswith("“") and told.count("“") == 1 else told
        bad = outcome["bad"].get(header, 0) if outcome else 0
        lines.append({
            **finding, "name": name, "title": column_name(name), "header": header,
            "letter": _letter(headers.index(header)) if header in headers else "",
            "valid": _percent(rows - bad, rows) if rows else "", "read": [read for _, read in finding["examples"]],
            "raw": [raw for raw, _ in finding["examples"]],
        })  # fmt: skip
    return sorted(lines, key=lambda line: headers.index(line["header"]) if line["header"] in headers else len(headers))


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _percent(part: int, whole: int) -> str:
    """Never 100% while one cell is wrong."""
    tenths = part * 1000 // whole
    return "100%" if part == whole else f"{tenths // 10}.{tenths % 10}%"


def _scope(mapping: Mapping, outcome: dict[str, Any] | None) -> dict[str, Any]:
    """What the form of scope shows: what was said, and beside it what the rows themselves tell."""
    span = (outcome or {}).get("span") or {"first_day": "", "last_day": "", "parties": 0, "party": ""}
    covers, control = mapping.covers, mapping.control or Control()
    return {
        "announced": mapping.control is not None,
        "rows": "" if control.rows is None else control.rows,
        "amount": "" if control.amount is None else to_text(control.amount, "money"),
        "replaces": "partner" if "partner" in mapping.replaces else "source" if mapping.replaces else "lines",
        "first_day": str(covers.first_day) if covers else "", "last_day": str(covers.last_day) if covers else "",
        "party": covers.party if covers else "", "covers": bool(covers), "at_once": mapping.bring_in == "at once", "span": span,
    }  # fmt: skip


def reads_by_itself(told: dict[str, Any]) -> bool:
    """Whether a dry run leaves nothing to say, to look at or to decide: every row is read, and nothing that stands is changed."""
    understood, outcome = told["understood"], told["outcome"]
    if outcome is None or understood is None or any(finding["sure"] != "certain" for finding in understood["findings"]):
        return False
    untouched = not (outcome["quarantined"] or outcome["restated"] or outcome["reversed"])
    untouched = untouched and not any(note["code"] in TO_DECIDE for note in outcome["notes"])
    return untouched and outcome["already"] is None and bool(outcome["accepted"])
