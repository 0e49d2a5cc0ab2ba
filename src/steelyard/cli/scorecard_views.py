"""How scorecards look on a terminal: ranking, explanation tree, rows, waterfall."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from steelyard.calc.change import Waterfall
from steelyard.calc.explanation import Evidence, Explanation
from steelyard.calc.facts import FACTS, Kind
from steelyard.calc.framework.model import Framework
from steelyard.calc.lists.listing import row_kind
from steelyard.calc.measures.listing import listed_as
from steelyard.calc.measures.natural import unit_of
from steelyard.calc.next_level import NextLevel
from steelyard.calc.units import DECIMALS, to_text
from steelyard.frameworks.queries import framework as framework_of
from steelyard.scorecards import firm, queries, words
from steelyard.scorecards.cards import Card
from steelyard.scorecards.overrides.queries import of_run as overrides_of_run
from steelyard.ui.escaping import protected

from .output import data, print_json, printable, say, table
from .overrides import named as override_named

if TYPE_CHECKING:
    from steelyard.scorecards.models import Override, Result, Run

SHOWN = 25


def items_of(run: Run) -> list[dict[str, Any]]:
    """The machine-readable result of a run: one entry per subject, in order of code."""
    framework = framework_of(run.framework)
    frame = queries.items(run)
    levels, beside = {result.subject: result for result in run.results.all()}, overrides_of_run(run)
    found = []
    for codes, rows in frame.group_by(list(framework.subject), maintain_order=True):
        code = " x ".join(str(part) for part in codes)
        result = levels[code]
        found.append(
            {
                "subject": {"kind": " x ".join(framework.subject), "code": code},
                "total": None if result.total is None else to_text(result.total, "points"),
                "grade": result.level,
                "passes": result.passes,
                "no_data": result.no_data or None,
                "override": override_named(beside[code]) if code in beside else None,
                "period": {"label": run.period, "start": run.period_start, "end": run.period_end, "running": run.is_running},
                "items": [_item(row) for row in rows.iter_rows(named=True) if row["kpi"] is not None],
            }
        )
    return found


def _item(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "kpi": row["kpi"],
        "value": row["value_text"],
        "numerator": row["numerator"],
        "denominator": row["denominator"],
        "target": None if row["target"] is None else to_text(row["target"], row["unit"]),
        "points": None if row["points"] is None else to_text(row["points"], "points"),
        "weight": row["total_weight"],
        "contribution": None if row["total_contribution"] is None else to_text(row["total_contribution"], "points"),
        "counted": row["counted"],
        "excluded": json.loads(row["excluded"]) if row["excluded"] else {},
        "no_data": {"policy": row["no_data"], "reason": row["no_data_reason"]} if row["no_data"] or row["no_data_reason"] else None,
    }


CSV_HEAD = (
    "subject", "period", "total", "grade", "passes", "kpi", "value", "numerator", "denominator", "target", "points", "weight",
    "contribution", "counted", "excluded", "no_data", "override",
)  # fmt: skip


def csv_rows(run: Run) -> Iterator[list[object]]:
    """One row per subject and item with the same figures as `--json`; no text is a formula to a spreadsheet."""
    for entry in items_of(run):
        whole = (entry["subject"]["code"], run.period, entry["total"], entry["grade"], entry["passes"])
        for item in entry["items"] or [{}]:
            left_out = "; ".join(f"{rows}: {reason}" for reason, rows in item.get("excluded", {}).items())
            no_data = item.get("no_data")
            missing, override = no_data and f"{no_data['policy']}: {no_data['reason']}", entry["override"]
            instead = override and f"{override['level'] or override['points']} until {override['expires']}: {override['reason']}"
            row = [*whole, *(item.get(name) for name in CSV_HEAD[5:14]), left_out, missing, instead]
            yield [protected(cell) if isinstance(cell, str) else cell for cell in row]


def ranking_view(run: Run) -> None:
    """The subjects of a run, best first."""
    results, beside = queries.results(run), overrides_of_run(run)
    rows = [
        (place, result.subject, short(result.total), result.level or "–", _note(result, beside.get(result.subject)))
        for place, result in enumerate(results, start=1)
    ]
    state = " · still running" if run.is_running else ""
    table(
        ("#", "Subject", "Total", "Grade", "Note"),
        rows[:SHOWN],
        title=f"{run.framework.title or run.framework.code} · {run.period}{state}",
        right=("#", "Total"),
    )
    if len(rows) > SHOWN:
        say(f"… and {len(rows) - SHOWN} more (--json or --csv FILE for all)")
    say(f"run {run.run_id[:12]} · framework v{run.framework.version} · cut {run.cut} · data known to {run.known_through}")


def _note(result: Result, override: Override | None) -> str:
    why = result.limited_by or result.no_data
    return why if override is None else "; ".join(part for part in (why, words.overridden(override)) if part)


def short(points: int | None) -> str:
    """Points with one decimal, for people."""
    if points is None:
        return "–"
    tenths = (abs(points) + 50_000) // 100_000
    return f"{'-' if points < 0 and tenths else ''}{tenths // 10}.{tenths % 10}"


def spoken(text: object, unit: str) -> str:
    """An exact value as people write it: `0.3285` percent is `32.85 %`; thousands are set apart."""
    if text is None:
        return "no data"
    if unit not in DECIMALS:
        return str(text)
    exact = Fraction(str(text)) * (100 if unit == "percent" else 1)
    decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
    shown = round(decimal, 6)
    sign = "" if shown == decimal else "≈ "
    return f"{sign}{shown.normalize():,f}{' %' if unit == 'percent' else ''}"


def explanation_view(told: queries.Told, node: Explanation) -> None:
    """A tree: title, value, points, what it adds; below a KPI its measures with rows counted and excluded."""
    view = Tree(
        Text(f"{told.subject} · {told.run.framework.title or told.run.framework.code} · {told.run.period} · {_line(node)}", style="bold")
    )
    _grow(view, node, told.inputs.framework)
    data().print(view)
    say(f"run {told.run.run_id[:12]} · cut {told.run.cut} · every part adds up: {'yes' if told.tree.adds_up() else 'NO'}")


def _grow(branch: Tree, node: Explanation, framework: Framework) -> None:
    for part in node.parts:
        _grow(branch.add(Text(printable(_line(part)))), part, framework)
    for evidence in node.evidence:
        unit = unit_of(framework.measures[evidence.selector.measure])
        value = spoken(evidence.value, unit) if evidence.blank is None else f"no data ({evidence.blank})"
        excluded = "".join(f" · {left_out:,} not counted: {reason}" for reason, left_out in evidence.excluded.items())
        rows = f"{counted(evidence.counted)} from {evidence.first_day or 'the first'} to {evidence.last_day or 'the last'}"
        branch.add(Text(f"{evidence.name} = {value} · {rows}{excluded}", style="dim"))


def counted(rows: int) -> str:
    """So many rows, in words."""
    return f"{rows:,} row" if rows == 1 else f"{rows:,} rows"


def _line(node: Explanation) -> str:
    parts = [node.title or node.name]
    if "kpi" in node.details:
        unit = str(node.details["unit"])
        target = f" (target {spoken(node.details['target'], unit)})" if node.details.get("target") else ""
        parts.append(f"{spoken(node.details.get('value'), unit)}{target}")
    if node.details.get("no_data_reason"):
        parts.append(f"{node.details.get('no_data') or 'not scored'}: {node.details['no_data_reason']}")
    if node.points is not None:
        parts.append(f"{short(node.points)} points")
    if node.contribution is not None and node.kind in ("section", "item", "line"):
        parts.append(f"adds {short(node.contribution)}")
    return " · ".join(str(part) for part in parts)


def rows_view(told: queries.Told, node: Explanation, listed: Sequence[tuple[Evidence, pl.DataFrame]], as_json: bool) -> None:
    """The rows of every measure a KPI reads, and that they add up to it."""
    framework = told.inputs.framework
    found: list[dict[str, Any]] = []
    essential: dict[str, list[str]] = {}
    for evidence, rows in listed:
        unit = unit_of(framework.measures[evidence.selector.measure])
        kind = row_kind(framework, framework.measures[evidence.selector.measure])
        units: dict[str, str] = {listed_as(kind, column.name): column.type for column in kind.columns if column.type in DECIMALS}
        units |= {"value": unit, "contribution": unit} if unit in DECIMALS else {}
        spoken = [{name: _cell(value, units.get(name)) for name, value in row.items()} for row in rows.iter_rows(named=True)]
        essential[evidence.name] = _essential(kind)
        total = to_text(int(rows["contribution"].sum() or 0), unit) if unit in DECIMALS else None
        found.append(
            {
                "measure": evidence.name,
                "fact": kind.name,
                "value": evidence.value,
                "blank": evidence.blank,
                "adds_up_to": total,
                "counted": evidence.counted,
                "excluded": dict(evidence.excluded),
                "rows": spoken,
            }
        )
    if as_json:
        print_json({"subject": told.subject, "kpi": node.details.get("kpi"), "value": node.details.get("value"), "measures": found})
        return
    for measure in found:
        value = measure["value"] or measure["blank"]
        say(f"{measure['measure']} = {value}: {counted(measure['counted'])} counted, which add up to {measure['adds_up_to']}")
        spoken_rows: list[dict[str, Any]] = measure["rows"]
        wanted = [name for name in essential[measure["measure"]] if any(row.get(name) not in (None, "") for row in spoken_rows)]
        shown = [[row[name] for name in wanted] for row in spoken_rows]
        table(wanted, shown, right=("value", "contribution", "amount", "quantity", "source_row", "batch"))


def _essential(kind: Kind) -> list[str]:
    """The columns that tell a row from others (of a line of a list all), and what it did; `--json` has all of them."""
    named = dict.fromkeys((*kind.key, kind.date, kind.money_column, "party_name"))
    if FACTS.get(kind.name) is not kind:
        named = dict.fromkeys(kind.by_name)
    return [
        "source",
        "batch",
        "source_row",
        *(listed_as(kind, name) for name in named if name),
        "value",
        "counted",
        "reason",
        "contribution",
    ]


def _cell(value: Any, unit: str | None) -> Any:
    if unit is None or not isinstance(value, int) or isinstance(value, bool):
        return value
    return to_text(value, unit)


def waterfall_view(subject: str, before: Run, after: Run, waterfall: Waterfall) -> None:
    """Start, steps with bars, end."""
    same = before.period == after.period
    first, last = (f"{run.period}, cut {run.cut}" if same else run.period for run in (before, after))
    data().print(Text(f"{subject} · {first} → {last}", style="bold"))
    view = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name, side in (("Step", "left"), ("Cause", "left"), ("Points", "right"), ("", "left")):
        view.add_column(name, justify=side)  # type: ignore[arg-type]
    view.add_row(first, "", short(waterfall.start), "")
    largest = max((abs(step.amount) for step in waterfall.steps), default=1)
    for step in waterfall.steps:
        bar = ("+" if step.amount > 0 else "−") * max(1, round(20 * abs(step.amount) / largest))
        view.add_row(Text(printable(step.title)), step.cause, ("+" if step.amount > 0 else "") + to_text(step.amount, "points"), bar)
    view.add_row(last, "", short(waterfall.end), "")
    data().print(view)
    if waterfall.note:
        say(waterfall.note)
    steps = sum(step.amount for step in waterfall.steps)
    start, moved, end = (to_text(amount, "points") for amount in (waterfall.start, steps, waterfall.end))
    say(f"start {start} + steps {moved} = end {end}")


def next_view(card: Card, missing: NextLevel | None) -> None:
    """What is missing for the level above, alone and together."""
    say(words.headline(card, missing))
    if missing is None:
        return
    rows = [(way.what, way.now, f"+{way.gain}", "enough alone" if way.enough else "at most") for way in words.ways(card, missing)]
    table(("KPI", "Now", "Points", ""), rows, title=f"One at a time, for {missing.title or missing.level}", right=("Points",))
    found = words.together(card, missing)
    say(f"The least that was found to be enough: {found}" if missing.together else found)


def firm_rows(run: Run) -> list[dict[str, Any]]:
    """Every subject with its total: grade, whether that is firm, the likely places; best first."""
    found = firm.of_run(run)
    ranked = [result for result in queries.results(run) if result.total is not None]
    places = firm.places(run, tuple(result.subject for result in ranked))
    return [
        {
            "subject": result.subject,
            "total": to_text(result.total or 0, "points"),
            "grade": result.level,
            "firmness": found.grade(result.subject),
            "share_of_draws": found.shares.get(result.subject),
            "likely": [place.low, place.high] if (place := places[result.subject]).told else None,
            "of": place.field,
        }
        for result in ranked
    ]


def firm_view(run: Run) -> None:
    """The same as a table."""
    rows = [
        (row["subject"], short(int(Fraction(row["total"]) * 10**6)), row["grade"] or "–", row["firmness"] or "–", _likely(row))
        for row in firm_rows(run)
    ]
    table(("Subject", "Total", "Grade", "Grade is", "Likely place"), rows, title=f"{run.framework.code} · {run.period}", right=("Total",))
    say("firm: nine of ten draws from the ranges of the KPIs give this grade")


def _likely(row: dict[str, Any]) -> str:
    return "not enough to rank" if row["likely"] is None else f"{row['likely'][0]} to {row['likely'][1]} of {row['of']}"
