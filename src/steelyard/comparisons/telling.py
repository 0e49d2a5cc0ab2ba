"""A comparison as plain values, which are stored and never change: a summary, and a part for every subject."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from steelyard.calc.comparison.causes import CERTAIN, OPEN
from steelyard.calc.comparison.comparing import TOTAL, Compared, Comparison
from steelyard.calc.comparison.figures import Figure, Step, is_plain
from steelyard.calc.comparison.lines import Leaf, Ours, Theirs
from steelyard.calc.comparison.reasons import Reason, of_subject
from steelyard.calc.comparison.searching import Candidate

from .gathering import Gathered
from .workbook.reading import Workbook

MOST_PROBLEMS = 200


def summary(found: Comparison, gathered: Gathered, workbook: Workbook) -> dict[str, Any]:
    """Counts, reasons, and what could not be compared."""
    framework = gathered.asked.states.framework
    main = main_item(found, gathered)
    own = [figure for one in found.subjects for figure in one.figures if figure.item == main]
    unexplained = [step for figure in own for step in figure.steps if step.sure == OPEN]
    problems = [problem.as_dict() for problem in workbook.problems]
    return {
        "subjects": len(found.subjects),
        "equal": sum(one.equal for one in found.subjects),
        "reasons": [_reason(reason) for reason in found.reasons]
        + [_found(figure, step) for figure in own for step in figure.steps if step.found],
        "main": main,
        "currency": framework.currency,
        "difference": sum(abs(figure.difference) for figure in own),
        "unexplained": sum(abs(step.amount) for step in unexplained),
        "open_figures": sum(any(step.sure == OPEN for step in figure.steps) for one in found.subjects for figure in one.figures),
        "measure": gathered.measure,
        "first_day": None if gathered.first_day is None else gathered.first_day.isoformat(),
        "last_day": None if gathered.last_day is None else gathered.last_day.isoformat(),
        "unknown": [list(one) for one in gathered.unknown],
        "read": [list(one) for one in workbook.read],
        "problems": problems[:MOST_PROBLEMS],
        "more_problems": max(0, len(problems) - MOST_PROBLEMS),
        "dropped": workbook.dropped,
        "blank": workbook.blank,
        "unread": workbook.unread,
        "sight": None if gathered.named.only is None else sorted(gathered.named.only),  # whom its maker saw; None: everybody
    }


def main_item(found: Comparison, gathered: Gathered) -> str:
    """The figure that a headline speaks of: the plain sum of the lines, else the first amount of money, else the first there is."""
    framework = gathered.asked.states.framework
    items = list(dict.fromkeys(figure.item for one in found.subjects for figure in one.figures if figure.item != TOTAL))
    plain = [item for item in items if gathered.measure and is_plain(framework, item, gathered.measure)]
    money = [item for item in items if framework.kpis[item].unit == "money"]
    return next(iter([*plain, *money, *items]), TOTAL)


def part(one: Compared, found: Comparison, gathered: Gathered) -> dict[str, Any]:
    """What is said of one subject."""
    framework = gathered.asked.states.framework
    titles = {name: kpi.title or name.replace("_", " ") for name, kpi in framework.kpis.items()}
    return {
        "figures": [_figure(figure, titles) for figure in one.figures],
        "reasons": [_own_reason(reason) for reason in of_subject(found.reasons, one.subject)],
        "level": one.level,
        "our_level": one.our_level,
    }


def _figure(figure: Figure, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "item": figure.item,
        "title": titles.get(figure.item, "Total"),
        "unit": figure.unit,
        "theirs": figure.theirs,
        "ours": figure.ours,
        "difference": figure.difference,
        "equal": figure.equal,
        "steps": [_step(step) for step in figure.steps],
        "place": figure.place,
        "note": figure.note,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "cause": step.cause,
        "key": step.key,
        "amount": step.amount,
        "detail": step.detail,
        "sure": step.sure,
        "rows": [row for one in step.found for row in _rows(one)],
    }


def _rows(candidate: Candidate) -> list[dict[str, Any]]:
    if candidate.theirs is not None:
        return [{"amount": candidate.amount, "theirs": _theirs(candidate.theirs), "ours": None}]
    return [{"amount": row.value, "theirs": None, "ours": _ours(row)} for row in candidate.rows]


def _reason(reason: Reason) -> dict[str, Any]:
    first = reason.leaves[0]
    lines = {_line_of(leaf) for leaf in reason.leaves}
    return {
        "cause": reason.cause,
        "key": reason.key,
        "amount": reason.amount,
        "detail": first.detail,
        "moved": max(
            sum(leaf.amount for leaf in reason.leaves if leaf.amount > 0), -sum(leaf.amount for leaf in reason.leaves if leaf.amount < 0)
        ),
        "lines": len(lines),
        "line": _number(first) if len(lines) == 1 else "",
        "hidden": any(leaf.theirs is not None and leaf.theirs.hidden for leaf in reason.leaves),
        "subjects": list(reason.subjects),
        "sure": CERTAIN,
    }


def _line_of(leaf: Leaf) -> tuple[str, object]:
    if leaf.theirs is not None:
        return "theirs", leaf.theirs.row
    return ("ours", leaf.ours.row_id) if leaf.ours is not None else ("subject", leaf.subject)


def _number(leaf: Leaf) -> str:
    side = leaf.theirs or leaf.ours
    return side.line if side is not None else ""


def _found(figure: Figure, step: Step) -> dict[str, Any]:
    rows = [row for one in step.found for row in _rows(one)]
    told = {"cause": step.cause, "key": step.key, "amount": step.amount, "detail": step.detail, "hidden": False}
    told |= {"moved": abs(step.amount), "lines": len(rows), "line": ""}
    return {**told, "subjects": [figure.subject], "sure": step.sure}


def _own_reason(reason: Reason) -> dict[str, Any]:
    return {**_reason(reason), "leaves": [_leaf(leaf) for leaf in reason.leaves]}


def _leaf(leaf: Leaf) -> dict[str, Any]:
    return {
        "amount": leaf.amount,
        "theirs": None if leaf.theirs is None else _theirs(leaf.theirs),
        "ours": None if leaf.ours is None else _ours(leaf.ours),
        "rows": [_ours(row) for row in leaf.ours_rows],
        "detail": leaf.detail,
        "other": leaf.other,
    }


def _theirs(line: Theirs) -> dict[str, Any]:
    return {
        "row": line.row, "document": line.document, "line": line.line, "day": None if line.day is None else line.day.isoformat(),
        "amount": line.amount, "currency": line.currency, "rate": line.rate, "value": line.value, "territory": line.territory,
        "hidden": line.hidden,
    }  # fmt: skip


def _ours(row: Ours) -> dict[str, Any]:
    return {
        "row_id": row.row_id, "subject": row.subject, "document": row.document, "line": row.line,
        "day": None if row.day is None else row.day.isoformat(), "amount": row.amount, "currency": row.currency, "value": row.value,
        "territory": row.territory, "reason": row.reason, "source": row.source, "batch": row.batch, "source_row": row.source_row,
    }  # fmt: skip


def digest(whole: dict[str, Any], parts: Iterable[tuple[str, dict[str, Any]]]) -> str:
    """SHA-256 of everything that was told."""
    text = json.dumps([whole, list(parts)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def without_others(told: dict[str, Any], seen: Sequence[str] | frozenset[str] | None) -> dict[str, Any]:
    """A part as somebody may read it who sees only some partners: others are not named. None: sees everything."""
    if seen is None:
        return told
    reasons = []
    for reason in told["reasons"]:
        leaves = [_masked(leaf, seen) for leaf in reason["leaves"]]
        reasons.append({**reason, "leaves": leaves, "subjects": [subject for subject in reason["subjects"] if subject in seen]})
    return {**told, "reasons": reasons}


def _masked(leaf: dict[str, Any], seen: Sequence[str] | frozenset[str]) -> dict[str, Any]:
    """A leaf without another partner's row: whose it is, what it says and where it came from."""
    ours = leaf["ours"]
    other = leaf["other"] if leaf["other"] in seen else ""
    if ours is None or ours["subject"] in seen:
        return {**leaf, "other": other, "rows": [row for row in leaf["rows"] if row["subject"] in seen]}
    hidden = dict.fromkeys(ours, None) | {"subject": "", "currency": "", "document": "", "line": "", "territory": "", "reason": None}
    return {**leaf, "other": other, "ours": hidden, "rows": []}
