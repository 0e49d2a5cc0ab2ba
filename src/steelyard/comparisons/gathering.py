"""A workbook and a run -> what `calc.comparison` asks for: subjects by code, their lines with values, our rows, our rates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from steelyard.calc.comparison.comparing import Asked, Target
from steelyard.calc.comparison.effects import Behind
from steelyard.calc.comparison.lines import Ours, Sheet, Theirs
from steelyard.calc.comparison.pairing import plain_key
from steelyard.calc.comparison.searching import NEAR
from steelyard.calc.comparison.states import States
from steelyard.calc.errors import Problem, Refused
from steelyard.calc.facts import FACTS
from steelyard.calc.formula.nodes import Name, names_in
from steelyard.calc.framework.model import Framework, Measure
from steelyard.calc.measures.listing import list_everywhere
from steelyard.calc.measures.pipeline import currency_column
from steelyard.calc.measures.plan import Scan, window_of
from steelyard.calc.points import Points, Reading, ReadingColumn
from steelyard.ledger.queries import EVERYTHING, facts
from steelyard.scorecards import opening, stored
from steelyard.scorecards.files import SEPARATOR
from steelyard.scorecards.opening import Opened
from steelyard.scorecards.scoring import subjects as subjects_of

from .published import cards, from_lines, levels, published
from .rates import Rates
from .subjects import Named
from .workbook.mapping import WorkbookMapping
from .workbook.reading import Workbook

if TYPE_CHECKING:
    from steelyard.scorecards.models import Run

PLACES = {"territory", "reported_territory", "representative", "partner.region", "partner.territory", "partner.country"}


@dataclass(frozen=True)
class Gathered:
    """What is asked, and what of the workbook could not be asked: subjects that are not known or not scored, with their rows."""

    asked: Asked
    named: Named
    unknown: tuple[tuple[str, str, int], ...] = ()  # as written, why, rows
    measure: str = ""
    first_day: date | None = None
    last_day: date | None = None
    notes: tuple[Problem, ...] = field(default=())


def gather(workbook: Workbook, mapping: WorkbookMapping, run: Run, only: frozenset[str] | None) -> Gathered:
    """``only``: the partners whom the person who compares may see; all others are as unknown as those that are not there."""
    opened = opening.opened(run)
    states = _states(run, opened)
    named = Named(opened, frozenset(states.places), mapping.source, only)
    figures = published(workbook.figures, named, opened.inputs.framework)
    measure = _measure(workbook, mapping, opened)
    targets = _targets(workbook, mapping, states, named) if workbook.targets else ()
    asked = Asked(states, figures, targets=targets, cards=cards(workbook, named), levels=levels(workbook, named))
    first = last = None
    if measure is not None:
        asked, first, last = _with_lines(asked, workbook, mapping, opened, measure, named, run.cut)
    return Gathered(asked, named, named.unknown(), measure.name if measure else "", first, last)


def _states(run: Run, opened: Opened) -> States:
    """The subjects as the run scored them, with what it read, from its files."""
    framework = opened.inputs.framework
    everybody = subjects_of(opened.inputs)
    scored = set(run.results.values_list("subject", flat=True))
    places = [place for place, codes in enumerate(everybody.subjects) if SEPARATOR.join(codes) in scored]
    points: Points = everybody.take(places)
    subjects = [SEPARATOR.join(codes) for codes in points.subjects]
    columns: dict[Reading, ReadingColumn] = {}
    for place, subject in enumerate(subjects):
        frame = stored.readings(run, subject)
        counted = dict(zip(zip(frame["measure"], frame["window"], strict=True), frame["counted"], strict=True))
        for reading, value in stored.values(framework, frame).items():
            column = columns.setdefault(reading, ReadingColumn([0] * len(subjects), [0] * len(subjects)))
            column.values[place] = value
            column.counted[place] = counted[reading.measure, reading.window]
    return States(framework, points, columns, {subject: place for place, subject in enumerate(subjects)}, opening.past(run))


def _measure(workbook: Workbook, mapping: WorkbookMapping, opened: Opened) -> Measure | None:
    """What the lines add up to: as the mapping says, else the amount of documents that a published KPI is the plain sum of."""
    framework = opened.inputs.framework
    fitting = [measure for scan in opened.plan.scans for measure in scan.measures if _fits(measure)]
    if mapping.measure:
        if all(measure.name != mapping.measure for measure in fitting):
            hint = (
                f"one of {', '.join(measure.name for measure in fitting)}" if fitting else "the framework adds up no amounts of documents"
            )
            raise Refused(
                Problem(
                    "not-of-lines", "lines are compared for a sum of amounts of documents", "lines.measure", f"`{mapping.measure}`", hint
                )
            )
        return framework.measures[mapping.measure]
    items = {said.item for said in workbook.figures}
    plain = [kpi.formula.tree for kpi in framework.kpis.values() if kpi.name in items]
    ranked = sorted(fitting, key=lambda measure: (Name(0, measure.name) not in plain, measure.fact != "orders", bool(measure.where)))
    return ranked[0] if ranked else None


def _fits(measure: Measure) -> bool:
    kind = FACTS[measure.fact]
    is_sum = measure.aggregate == "sum" and measure.type.kind == "money" and not measure.once_per and not measure.valid_on
    return is_sum and "document" in kind.by_name and kind.date is not None


def _targets(workbook: Workbook, mapping: WorkbookMapping, states: States, named: Named) -> tuple[Target, ...]:
    part, framework = workbook.targets, states.framework
    assert part is not None
    known = [
        reading.measure for reading in states.readings if reading.window is None and framework.measures[reading.measure].fact == "targets"
    ]
    measure = mapping.target_measure or (sorted(known)[0] if known else "")
    if measure not in known:
        raise Refused(
            Problem(
                "no-targets",
                "the framework reads no such target",
                "targets.measure",
                f"`{measure}`",
                f"one of {', '.join(sorted(known))}" if known else "leave the sheet of targets out",
            )
        )
    rows = part.rows.select("subject", "amount", "source_row").iter_rows()
    return tuple(Target(code, measure, amount, part.place("amount", row)) for subject, amount, row in rows if (code := named.code(subject)))


def _with_lines(
    asked: Asked, workbook: Workbook, mapping: WorkbookMapping, opened: Opened, measure: Measure, named: Named, cut: int
) -> tuple[Asked, date, date]:
    """The lines of both sides, and what is behind them."""
    framework, scan = opened.inputs.framework, opened.plan.scan_of(measure.name)
    as_of, own = opened.inputs.as_of, Reading(measure.name)
    spans = {
        reading: opened.inputs.calendar.window(
            window_of(framework, framework.measures[reading.measure], reading.window), as_of, framework.grain
        )
        for reading in {*asked.states.readings, own}
    }
    start, end = spans[own]
    part = workbook.lines
    subjects = frozenset(one.subject for one in asked.published)
    if part is not None and mapping.totals is None:
        subjects = frozenset(code for text in part.rows["subject"].unique() if (code := named.code(text)))
    documents = {plain_key(text) for text in part.rows["document"].drop_nulls()} if part is not None else None
    listed = _listed(opened, measure, scan, cut, start, end, documents)
    reach = subjects | {""}
    ours = _ours(listed, opened, measure, scan, (start, end), subjects if documents is None else reach, documents or set())
    rates = Rates(opened, workbook, ours)
    theirs = _theirs(workbook, mapping, named, framework, rates) if part is not None else ()
    sheet = None
    if part is not None:
        located = frozenset(rule.reason for rule in measure.where if names_in(rule.formula.tree) & PLACES)
        sheet = Sheet(subjects, framework.currency, mapping.first_day, mapping.last_day, located, rates=rates.texts())
    excluded = _excluded(opened, measure, cut, start, end, documents) if part is not None else {}
    behind = Behind(measure, spans, own, excluded)
    more = {"sheet": sheet, "theirs": theirs, "ours": ours, "behind": behind}
    figures = list(asked.published) if mapping.totals is not None else from_lines(theirs, framework, measure.name)
    return Asked(asked.states, figures, targets=asked.targets, cards=asked.cards, levels=asked.levels, **more), start, end  # type: ignore[arg-type]


def _scanned(fact: str, day: str, cut: int, start: date, end: date, documents: set[str] | None) -> pl.LazyFrame:
    """The facts that matter: of the period, and beyond it either those near it or those that the workbook names."""
    everything = facts(fact, cut=cut, scope=EVERYTHING)
    if documents is None:
        return everything.filter(pl.col(day).is_between(start - NEAR, end + NEAR, closed="left"))
    plain = pl.col("document").str.to_lowercase().str.replace_all(r"\s", "").str.strip_chars_start("0")
    inside = pl.col(day).is_between(start, end, closed="left")
    return everything.filter(inside | plain.is_in(sorted(documents)))


def _listed(opened: Opened, measure: Measure, scan: Scan, cut: int, start: date, end: date, documents: set[str] | None) -> pl.DataFrame:
    day = scan.date or scan.kind.date or "date"
    return list_everywhere(opened.plan, opened.resolver, _scanned(measure.fact, day, cut, start, end, documents), measure)


def _excluded(opened: Opened, measure: Measure, cut: int, start: date, end: date, documents: set[str] | None) -> dict[str, dict[int, str]]:
    """Of every measure of the same facts, the rows that one of its rules leaves out."""
    found = {}
    for scan in opened.plan.scans:
        for other in scan.measures if scan.fact == measure.fact else ():
            if other.where and other.name != measure.name:
                rows = _listed(opened, other, scan, cut, start, end, documents).filter(pl.col("reason").is_not_null())
                found[other.name] = dict(zip(rows["row_id"], rows["reason"], strict=True))
    return found


def _ours(
    listed: pl.DataFrame,
    opened: Opened,
    measure: Measure,
    scan: Scan,
    span: tuple[date, date],
    subjects: frozenset[str],
    documents: set[str],
) -> tuple[Ours, ...]:
    framework = opened.inputs.framework
    money = measure.value.tree.name if measure.value is not None and isinstance(measure.value.tree, Name) else ""
    currency = currency_column(scan, framework)
    if framework.convert.policy != "line date" and currency and set(listed[currency].drop_nulls()) - {framework.currency}:
        message = "lines are compared where each is converted on its own day"
        raise Refused(
            Problem("not-by-line", message, "framework", f"convert: {framework.convert.policy}", "compare without the sheet of lines")
        )
    day = scan.date or scan.kind.date or "date"
    whose = pl.concat_str([pl.col(f"credited.{name}").fill_null("") for name in scan.subjects], separator=SEPARATOR)
    rows = listed.select(
        "row_id", whose.alias("subject"), pl.col("value").fill_null(0).alias("value"),
        pl.col(day).is_between(span[0], span[1], closed="left").alias("inside"), "reason", "document",
        pl.col("line").fill_null("") if "line" in listed.columns else pl.lit("").alias("line"), pl.col(day).alias("day"),
        pl.col(money).alias("amount") if money in listed.columns else pl.lit(None, dtype=pl.Int64).alias("amount"),
        (pl.col(currency).fill_null("") if currency else pl.lit("")).alias("currency"),
        pl.col("credited.territory").fill_null("").alias("territory"), "source", "batch", "source_row",
    )  # fmt: skip
    wanted = pl.col("subject").is_in(sorted(subjects))
    if documents:
        plain = pl.col("document").str.to_lowercase().str.replace_all(r"\s", "").str.strip_chars_start("0")
        wanted = wanted | plain.is_in(sorted(documents))
    return tuple(Ours(**row) for row in rows.filter(wanted).iter_rows(named=True))


def _theirs(workbook: Workbook, mapping: WorkbookMapping, named: Named, framework: Framework, rates: Rates) -> tuple[Theirs, ...]:
    """The workbook's lines; what each was counted for is what it says, else its amount by its rate, by the workbook's, by ours."""
    part = workbook.lines
    assert part is not None
    mark = mapping.parts["lines"].decimal
    found = []
    for row in part.rows.iter_rows(named=True):
        currency, rate = row["currency"] or framework.currency, rates.theirs(row["rate"], mark, row["currency"], row["date"])
        value, coarse = row["value"], part.coarse.get("value", 0)
        if value is None and row["amount"] is not None:
            value, coarse = row["amount"], part.coarse.get("amount", 0)
            if currency != framework.currency:
                value, coarse = rates.converted(row["amount"], coarse, rate, currency, row["date"])
        if value is None:
            message = "a line has neither an amount nor what it was counted for"
            raise Refused(Problem("line-without-amount", message, part.place("amount", row["source_row"]), "", "map `amount` or `value`"))
        found.append(
            Theirs(
                row["source_row"], named.code(row["subject"]), value, row["document"] or "", row["line"] or "", row["date"], row["amount"],
                currency, "" if rate is None else f"{rate:f}", row["territory"] or "", row["hidden"], coarse,
            )
        )  # fmt: skip
    return tuple(found)
