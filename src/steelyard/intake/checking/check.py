"""The check: a raw table and a mapping -> lines as stored, and for every row that cannot be read all its problems."""

from __future__ import annotations

from collections.abc import Mapping as Keyed
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import polars as pl

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.facts import Column, Kind

from ..mappings import Mapping
from ..reading import RawTable
from . import amounts, rules
from .cells import Found, in_cells
from .columns import OWN_HEADERS, Bound, bind, rules_for
from .dates import read_dates
from .findings import Finding, Read
from .marked import marks_heeded
from .numbers import NumberFormat, read_numbers
from .products import find_products
from .rows import blank_rows, ended, filtered_rows, total_rows, unpivoted
from .suspicions import suspicions
from .texts import find_unknown, read_texts, read_yes_no
from .totals import controlled, refuse_other_than

_FEW = 1_000  # rows of a table whose columns are not worth threads
FUTURE_TOLERANCE = timedelta(days=1)
PROBLEM_SCHEMA = {
    "position": pl.UInt32,
    "column": pl.String,
    "found": pl.String,
    "code": pl.String,
    "message": pl.String,
    "hint": pl.String,
}


@dataclass(frozen=True, slots=True)
class References:
    """What the masters know; None: nothing is known yet, so everything is accepted with a remark."""

    products: frozenset[str] | None = None
    units: frozenset[str] | None = None
    today: date = date.max
    gtins: Keyed[str, str] = field(default_factory=dict)  # trade item number with 14 digits -> product, "" if several have it


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows of a file, each in one place.

    ``lines``: good rows as stored, with ``source_row``; ``positions``: their places in the raw table.
    ``problems``: position, column, found, code, message, hint; all problems of every other row.
    """

    kind: Kind
    table: RawTable
    lines: pl.DataFrame
    positions: pl.Series
    problems: pl.DataFrame
    blank: int
    filtered: dict[str, int]  # reason -> rows
    amounts: amounts.Amounts
    notes: tuple[Problem, ...] = ()
    corrected: pl.DataFrame = field(default_factory=pl.DataFrame)  # batch, row of the quarantined rows that lines correct
    bad: pl.DataFrame = field(default_factory=pl.DataFrame)  # the other rows as far as they were read, with their position
    repeated: int = 0  # rows that were settled when the same bytes came before, and are not among lines or problems
    repeated_unreadable: int = 0
    repeated_amounts: dict[str, int] = field(default_factory=dict)
    written: Keyed[str, str] = field(default_factory=dict)  # our column -> its header as written in the file

    @property
    def rows_in(self) -> int:
        """Every row below the header."""
        return self.table.rows + self.repeated_unreadable

    @property
    def read(self) -> list[str]:
        """The kind's columns that were filled, in its order."""
        return [name for name in self.kind.schema if name in self.lines.columns]

    @property
    def quarantined(self) -> int:
        """Rows with a problem."""
        return self.problems["position"].n_unique() + len(self.table.unreadable)


def check(
    table: RawTable, mapping: Mapping, kind: Kind, *, files: Keyed[str, bytes] | None = None, references: References | None = None,
    alone: bool = False,
) -> Checked:  # fmt: skip
    """Check every row against the kind; refuses only what concerns the file as a whole, with every such problem.

    ``alone``: each row stands for itself, so a column that is blank everywhere is a problem of its rows.
    """
    references = references or References()
    table, left_out = marks_heeded(table, mapping)
    below = None
    if mapping.ends == "blank row":
        table, below = ended(table)
    table = unpivoted(table, mapping, kind)
    chosen, notes = rules_for(table, mapping, kind)
    bound, clean = bind(table, mapping, chosen, files or {})
    blank = blank_rows(table)
    if mapping.unpivot:
        blank = blank | bound[mapping.unpivot.value].texts.is_null() if mapping.unpivot.value in bound else blank
    reads = _read_all(kind, bound, mapping, table)
    _refuse_whole_file(kind, bound, reads, blank, alone or mapping.ours)
    headers = {one.column: next((h for h in table.headers if h == one.column), one.column) for one in mapping.where}
    left_out += filtered_rows(clean, mapping.where, headers)
    if below is not None and below.len() == blank.len():
        blank = blank & ~below
        left_out.insert(0, ("below the table", below))
    totals = total_rows(
        table, [bound[name].texts for name in (*kind.key, kind.date or "") if name in bound and kind.by_name[name].required]
    )
    if mapping.totals == "drop":
        left_out.append(("totals", totals))
    if mapping.control is not None:
        counted = ~(blank | totals) if below is None or below.len() != blank.len() else ~(blank | totals | below)
        notes += refuse_other_than(mapping.control, kind, reads, table, counted)
    findings = _findings(kind, bound, reads, mapping, references, table)
    if totals.any():
        finding, said = controlled(kind, reads, totals, blank, table.source_rows)
        notes += said
        if mapping.totals != "drop":
            findings["total_row"] = [(table.headers[0], table.frame.get_column("c0"), finding)]
    if not alone:
        notes += suspicions(kind, bound, table)
    done = _sorted_out(kind, table, reads, findings, blank, left_out, clean, [*notes, *_notes(reads, kind, mapping, table)])
    return replace(done, written={name: one.header for name, one in bound.items()})


def _read_all(kind: Kind, bound: Keyed[str, Bound], mapping: Mapping, table: RawTable) -> dict[str, Read]:
    """Every column as stored; side by side where there is much, as columns are independent and Polars lets go of the lock."""
    if table.frame.height < _FEW:
        return {name: _read(kind.by_name[name], one, mapping, table) for name, one in bound.items()}
    with ThreadPoolExecutor(pl.thread_pool_size()) as threads:
        read = threads.map(lambda name: _read(kind.by_name[name], bound[name], mapping, table), bound)
    return dict(zip(bound, read, strict=True))


def _read(column: Column, bound: Bound, mapping: Mapping, table: RawTable) -> Read:
    rule, texts = bound.rule, bound.texts
    if column.type == "date":
        return read_dates(texts, rule.date_order or mapping.date_order, rule.date_format, bound.header, bound.types, rule.days)
    if column.type == "yes/no":
        return read_yes_no(texts)
    if column.type == "text":
        return read_texts(texts, column, table.traits, bound.types)
    thousands = rule.thousands if rule.thousands is not None else mapping.thousands
    form = NumberFormat(rule.decimal or mapping.decimal, thousands, rule.times)
    return read_numbers(texts, column.type, form, bound.header, bound.types)


def _refuse_whole_file(kind: Kind, bound: Keyed[str, Bound], reads: Keyed[str, Read], blank: pl.Series, alone: bool) -> None:
    problems = [problem for read in reads.values() for problem in read.refusals]
    rows = 0 if alone else blank.len() - int(blank.sum())
    for column in kind.columns:
        if column.required and rows and column.name in bound and bound[column.name].texts.null_count() == blank.len():
            hint = "correct the mapping, or the export"
            problems.append(
                Problem(
                    "required_column_empty",
                    "a required column is blank in every row",
                    f"column `{bound[column.name].header}`",
                    f"`{column.name}`",
                    hint,
                )
            )
    if problems:
        raise Refused(problems)


def _findings(
    kind: Kind, bound: Keyed[str, Bound], reads: Keyed[str, Read], mapping: Mapping, references: References, table: RawTable
) -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = {}
    for name, one in bound.items():
        column, read = kind.by_name[name], reads[name]
        raw = one.raw if one.raw is not None else one.texts
        own = [*one.findings, *read.findings]
        if column.required and one.texts.null_count():
            missing = one.texts.is_null()
            for finding in one.findings:  # already said: the look-up or the table of values has nothing for it
                missing = missing & ~finding.mask
            own.append(Finding(missing, "required", "a value is required here", column.meaning))
        if column.refers_to == "product" and references.products and kind.family == "fact":
            own += find_products(read, references.products, references.gtins)
        if column.refers_to == "unit" and references.units and kind.family == "fact":
            own += find_unknown(read.values, references.units, "unit").findings
        found[name] = [(one.header, raw, finding) for finding in own]
    for name, finding in rules.between_columns(
        kind, reads, mapping, references.today + FUTURE_TOLERANCE if references.today != date.max else date.max
    ):
        one = bound[name]
        found[name].append((one.header, one.raw if one.raw is not None else one.texts, finding))
    found |= in_cells(table, {one.header for one in bound.values()})
    return found


def _sorted_out(
    kind: Kind, table: RawTable, reads: Keyed[str, Read], findings: Keyed[str, list[Found]], blank: pl.Series,
    left_out: list[tuple[str, pl.Series]], clean: Keyed[str, pl.Series], notes: list[Problem],
) -> Checked:  # fmt: skip
    """Put every row in exactly one place: blank, filtered, quarantined or good."""
    gone = blank
    filtered: dict[str, int] = {}
    for reason, mask in left_out:
        mine = mask & ~gone
        if mine.any():
            filtered[reason] = filtered.get(reason, 0) + int(mine.sum())
            gone = gone | mine
    bad = pl.repeat(False, blank.len(), dtype=pl.Boolean, eager=True)
    pieces = []
    for found in findings.values():
        for header, texts, finding in found:
            mask = finding.mask & ~gone
            if mask.any():
                bad = bad | mask
                pieces.append(_problem_rows(header, texts, finding, mask))
    problems = pl.concat(pieces).sort("position", maintain_order=True) if pieces else pl.DataFrame(schema=PROBLEM_SCHEMA)
    typed = pl.DataFrame([reads[name].values.alias(name) for name in reads] + [table.source_rows.alias("source_row")])
    counted = amounts.count(kind, typed, bad & ~gone, gone & ~blank)
    good = ~(bad | gone)
    if good.all():
        lines, positions = typed, pl.int_range(typed.height, dtype=pl.UInt32, eager=True)
    else:
        lines, positions = typed.filter(good), good.arg_true().cast(pl.UInt32)
    corrected = pl.DataFrame()
    if all(header in clean for header in OWN_HEADERS[:2]):
        own = {"batch": clean[OWN_HEADERS[0]], "row": clean[OWN_HEADERS[1]]}
        corrected = pl.DataFrame(own).filter(good).select(pl.all().cast(pl.Int64, strict=False)).drop_nulls()
    waiting = (bad & ~gone).arg_true().cast(pl.UInt32).alias("position")
    unread = typed.select(pl.all().gather(waiting)).with_columns(waiting)
    return Checked(
        kind, table, lines, positions.alias("position"), problems, int(blank.sum()), filtered, counted, tuple(notes), corrected, unread
    )


def _problem_rows(header: str, texts: pl.Series, finding: Finding, mask: pl.Series) -> pl.DataFrame:
    places = mask.arg_true().cast(pl.UInt32)
    hints = finding.hints.filter(mask) if finding.hints is not None else pl.repeat("", places.len(), dtype=pl.String, eager=True)
    return pl.DataFrame({"position": places, "found": texts.filter(mask).fill_null(""), "own": hints}).select(
        "position", pl.lit(header).alias("column"), "found", pl.lit(finding.code).alias("code"), pl.lit(finding.message).alias("message"),
        pl.when(pl.col("own") != "").then("own").otherwise(pl.lit(finding.hint)).alias("hint"),
    )  # fmt: skip


def _notes(reads: Keyed[str, Read], kind: Kind, mapping: Mapping, table: RawTable) -> list[Problem]:
    notes = [note for read in reads.values() for note in read.notes]
    return [*notes, *rules.remarks(kind, reads, mapping, table.source_rows)]
