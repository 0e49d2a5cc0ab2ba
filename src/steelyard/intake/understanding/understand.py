"""Understand a file: complete a mapping with all that the bytes, the last file and the masters tell, and ask for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.facts import Kind

from ..checking.columns import OWN_HEADERS, as_written
from ..checking.rows import total_rows, unpivoted
from ..mappings import KINDS, ColumnRule, Mapping
from ..reading import RawTable, read
from ..reading.beginning import beginnings, cut_after_a_line
from ..reading.table import shown_row
from . import questions
from .columns import Match, match
from .findings import Finding, Known, Question, Understanding
from .tables import SEPARATORS, choose_header, choose_sheet, end_of
from .values import Profile, profiles
from .words import Vocabulary
from .writing import as_read, examples, written


def understand(data: bytes, name: str, given: Mapping, known: Known | None = None) -> Understanding:
    """What the file says to somebody who knows this mapping (empty: nothing yet) and this much of the house.

    What the mapping says holds and is not asked again. The proposal is the mapping with what was found added.
    """
    known, kind = known or Known(), KINDS[given.kind]
    words = Vocabulary(kind)
    try:
        found, dialect = beginnings(data, name, given.dialect)
    except Refused as refused:
        return Understanding(given, problems=tuple(refused.problems))
    mapping, told, asked = replace(given, dialect=dialect), _of_bytes(given, dialect.separator, dialect.encoding), list[Question]()
    if found:
        one, more, ask = choose_sheet(found, dialect, words)
        told, asked = told + more, asked + ask
        if len(found) > 1 and dialect.sheet is None and not ask:
            mapping = replace(mapping, dialect=replace(mapping.dialect, sheet=one.sheet))
        with_header, more, ask = choose_header(one, mapping, words)
        told, asked = told + more, asked + ask
        mapping = replace(mapping, dialect=with_header)
    sheets = tuple(each.sheet for each in found if each.sheet)
    if asked:  # which table it is comes first: columns of another one would mislead
        return Understanding(given, tuple(told), tuple(asked), sheets=sheets)
    try:
        table = read(cut_after_a_line(data), name, mapping.dialect)
        table = unpivoted(table, mapping, kind)
    except Refused as refused:
        return Understanding(_forgotten(mapping, given), tuple(told), tuple(asked), tuple(refused.problems), sheets=sheets)
    return _of_table(table, _forgotten(mapping, given), given, kind, known, words, told, asked, name, sheets)


def _forgotten(mapping: Mapping, given: Mapping) -> Mapping:
    """Without what is found anew in every file as surely: the separator, and UTF-8."""
    encoding = given.dialect.encoding or (mapping.dialect.encoding if mapping.dialect.encoding not in ("utf-8", None) else None)
    if encoding and encoding.startswith("utf"):
        encoding = given.dialect.encoding
    return replace(mapping, dialect=replace(mapping.dialect, encoding=encoding, separator=given.dialect.separator))


def _of_bytes(given: Mapping, separator: str | None, encoding: str | None) -> list[Finding]:
    told = []
    if encoding:
        said = given.dialect.encoding
        sure = "certain" if said or encoding.startswith("utf") else "likely"
        why = (
            "as the mapping says"
            if said
            else "every byte fits"
            if sure == "certain"
            else "it is not UTF-8; look whether the letters are right"
        )
        told.append(Finding("encoding", encoding, why, sure))  # type: ignore[arg-type]
    if separator:
        why = "as the mapping says" if given.dialect.separator else "it cuts most rows into the same number of cells"
        told.append(Finding("separator", SEPARATORS.get(separator, separator), why))
    return told


def _of_table(
    table: RawTable, mapping: Mapping, given: Mapping, kind: Kind, known: Known, words: Vocabulary, told: list[Finding],
    asked: list[Question], name: str, sheets: tuple[str, ...],
) -> Understanding:  # fmt: skip
    columns = [one for one in profiles(table) if one.header not in OWN_HEADERS]
    by_header = {one.header: one for one in columns}
    mapping, ask = _still_there(mapping, kind, columns, table.headers, known)
    asked += ask
    pending = {question.key.removeprefix("column ") for question in ask}
    matches = {field: one for field, one in match(kind, columns, mapping, known, words).items() if field not in pending}
    for field, one in matches.items():
        if one.sure == "likely":  # a likely column is asked, so that saying something else does not make it certain
            asked.append(questions.likely(kind.by_name[field], one.header, one.why, columns, {other.header for other in matches.values()}))
            pending.add(field)
    matches = {field: one for field, one in matches.items() if field not in pending}
    rules = dict(mapping.columns) | {field: ColumnRule(header=one.header) for field, one in matches.items()}
    mapping = replace(mapping, columns={column.name: rules[column.name] for column in kind.columns if column.name in rules})
    mapping, ask = _as_written(kind, mapping, by_header)
    told += _encoding_examples(told, table)
    asked += ask
    for column in kind.columns:
        if column.required and column.name not in mapping.columns and column.name not in pending:
            if column.refers_to == "currency" and mapping.currency:
                continue
            asked.append(questions.for_column(kind, column, columns, mapping, known, name))
    asked += _currency(kind, columns, mapping, known)
    if given.ends == "file" and (end := end_of(table)) is not None:
        told.append(end)
        mapping = replace(mapping, ends="blank row")
    mapping, more = _totals(table, mapping, kind, by_header)
    told += more
    told += _columns_told(kind, mapping, given, matches, by_header)
    hopeless = [question for question in asked if not question.choices and not question.free]
    if hopeless:
        hint = "send a file that has it, or say what else is in this one"
        problems = tuple(
            Problem(one.code, f"no column of the file could be it: {one.text.lower()}", "", one.found, hint) for one in hopeless
        )
        return Understanding(mapping, tuple(told), (), problems, table.headers, {}, sheets)
    samples = {one.header: one.examples() for one in columns}
    return Understanding(mapping, tuple(told), tuple(asked), (), table.headers, samples, sheets)


def _still_there(
    mapping: Mapping, kind: Kind, columns: Sequence[Profile], headers: tuple[str, ...], known: Known
) -> tuple[Mapping, list[Question]]:
    """The mapping without what this file has not, and a question for each: renamed columns, constants said for each file."""
    kept, asked = dict(mapping.columns), []
    used = {as_written(header, headers) for rule in kept.values() for header in rule.headers}
    free = [header for header in headers if header not in used]
    for name, rule in mapping.columns.items():
        lost = [header for header in rule.headers if as_written(header, headers) is None]
        if lost:
            asked.append(questions.renamed(kind.by_name[name], lost[0], columns, known, free))
            del kept[name]
        elif rule.each_file and not known.seen:
            asked.append(questions.said_anew(kind.by_name[name], rule.constant or ""))
            del kept[name]
    if not mapping.columns:  # found by headings last time: what was filled then and is not now
        words = Vocabulary(kind)
        for name, old in known.filled.items():
            if as_written(old, headers) is None and name in kind.by_name and name not in {words.named(header) for header in headers}:
                fresh = [header for header in headers if header not in known.headers]
                if fresh:
                    asked.append(questions.renamed(kind.by_name[name], old, columns, known, fresh))
    return replace(mapping, columns=kept), asked


def _as_written(kind: Kind, mapping: Mapping, by_header: dict[str, Profile]) -> tuple[Mapping, list[Question]]:
    """Decimal marks and orders of dates: where all columns agree they are said once, for the file."""
    rules, asked = dict(mapping.columns), []
    for name, rule in mapping.columns.items():
        profile = by_header.get(as_written(rule.header, tuple(by_header)) or "") if rule.header is not None else None
        if profile is None or rule.values or rule.lookup:
            continue
        rules[name], question = written(kind.by_name[name], rule, profile, mapping)
        asked += [question] if question else []
    marks = {rule.decimal for name, rule in rules.items() if rule.decimal and rule != mapping.columns[name]}
    orders = {rule.date_order for name, rule in rules.items() if rule.date_order and rule != mapping.columns[name]}
    if len(marks) == 1 and not any(question.code == "ambiguous_decimal" for question in asked):
        mapping = replace(mapping, decimal=marks.pop())
        rules = {name: replace(rule, decimal=mapping.columns[name].decimal) for name, rule in rules.items()}
    if len(orders) == 1 and not any(question.code == "ambiguous_date_order" for question in asked):
        mapping = replace(mapping, date_order=orders.pop())
        rules = {name: replace(rule, date_order=mapping.columns[name].date_order) for name, rule in rules.items()}
    return replace(mapping, columns=rules), asked


def _currency(kind: Kind, columns: Sequence[Profile], mapping: Mapping, known: Known) -> list[Question]:
    """Amounts whose kind does not require a currency still need one."""
    amount = kind.by_name.get(kind.money_column or "")
    if amount is None or amount.name not in mapping.columns or amount.currency is None or mapping.currency:
        return []
    column = kind.by_name[amount.currency]
    return [] if column.required or column.name in mapping.columns else [questions.currency(column, kind, columns, mapping, known)]


def _encoding_examples(told: list[Finding], table: RawTable) -> list[Finding]:
    """Words with letters beyond ASCII, for an encoding that is only likely."""
    at = next((index for index, one in enumerate(told) if one.what == "encoding" and one.sure == "likely"), None)
    if at is None:
        return []
    words: list[str] = []
    for series in table.frame.head(2000):
        words += series.str.extract_all(r"\w*[^\x00-\x7f\s]+\w*").explode().drop_nulls().unique(maintain_order=True).head(5).to_list()
    told[at] = replace(told[at], examples=tuple((word, word) for word in list(dict.fromkeys(words))[:5]))
    return []


def _totals(table: RawTable, mapping: Mapping, kind: Kind, by_header: dict[str, Profile]) -> tuple[Mapping, list[Finding]]:
    """Rows of totals: left out where each equals what stands above it, and is then a control of the sum."""
    needed = [mapping.columns[name] for name in (*kind.key, kind.date or "") if name in mapping.columns and kind.by_name[name].required]
    needed += [mapping.columns["party"]] if "party" in mapping.columns else []
    headers = [header for rule in needed for header in rule.headers if header in table.headers]
    if not headers or mapping.unpivot:
        return mapping, []
    texts = [table.frame.get_column(f"c{table.headers.index(header)}").str.strip_chars().replace({"": None}) for header in headers]
    totals = total_rows(table, texts)
    if not totals.any():
        return mapping, []
    rows = ", ".join(shown_row(row) for row in table.source_rows.filter(totals).head(5))
    equal = _control_sums(table, mapping, kind, totals)
    if equal and mapping.totals != "drop":
        mapping = replace(mapping, totals="drop")
    why = (
        "each equals the sum of the rows above it; left out"
        if equal
        else "they do not equal the rows above them; they will be refused, to be looked at"
    )
    if mapping.totals == "drop" and not equal:
        why = "as the mapping says, they are left out"
    return mapping, [Finding("totals", f"{totals.sum()} rows", f"rows {rows}: {why}", "certain" if equal else "likely")]


def _control_sums(table: RawTable, mapping: Mapping, kind: Kind, totals: pl.Series) -> bool:
    """Whether every total is the sum of all rows before it, or of those since the total before."""
    rule = mapping.columns.get(kind.money_column or "")
    if rule is None or rule.header not in table.headers:
        return False
    place = f"c{table.headers.index(rule.header)}"
    texts = table.frame.get_column(place).str.strip_chars().replace({"": None})
    values = as_read(kind.by_name[kind.money_column or ""], rule, texts, table.types.get(place), mapping).values
    everything = since = 0
    for value, total in zip(values, totals, strict=True):
        if not total:
            everything, since = everything + (value or 0), since + (value or 0)
        elif value not in (everything, since):
            return False
        else:
            since = 0
    return True


def _columns_told(kind: Kind, mapping: Mapping, given: Mapping, matches: dict[str, Match], by_header: dict[str, Profile]) -> list[Finding]:
    told = []
    for name, rule in mapping.columns.items():
        if name in matches:
            one = matches[name]
            shown = examples(kind.by_name[name], rule, by_header[one.header], mapping)
            told.append(Finding(f"column {name}", f"“{one.header}”", one.why, one.sure, shown))
        elif rule.header is not None:
            profile = by_header.get(as_written(rule.header, tuple(by_header)) or "")
            shown = examples(kind.by_name[name], rule, profile, mapping) if profile and not rule.lookup else ()
            told.append(Finding(f"column {name}", f"“{rule.header}”", "as the mapping says", "certain", shown))
        else:
            filled = (
                f"always “{rule.constant}”"
                if rule.constant is not None
                else f" {'×' if rule.product else '+'} ".join(f"“{header}”" for header in rule.headers)
            )
            told.append(Finding(f"column {name}", filled, "as the mapping says"))
    return told
