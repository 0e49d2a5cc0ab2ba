"""Which column of the file fills which of ours: by the mapping, or by its header; then its texts, translated."""

from __future__ import annotations

from collections.abc import Mapping as Keyed
from dataclasses import dataclass, replace

import polars as pl

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.facts import Kind

from ..mappings import ColumnRule, Lookup, Mapping
from ..reading import Dialect, RawTable, read
from ..reading.headers import plain
from .findings import Finding, kept
from .several import form_of, joined, multiplied

OWN_HEADERS = ("steelyard_batch", "steelyard_row", "steelyard_problem", "steelyard_hint")
SPACES = " \u00a0\u202f\u2007\u3000\ufeff"
_PROTECTED = r"^'('*[=+\-@\t\r])"  # how exports write texts that a spreadsheet would take for a formula


@dataclass(frozen=True, slots=True)
class Bound:
    """One of our columns: its texts (null is blank), where they stand in the file, and how they are written."""

    texts: pl.Series
    rule: ColumnRule
    header: str  # as written in the file; the constant's name where there is none
    types: pl.Series | None = None
    raw: pl.Series | None = None  # the texts as in the file, where they were translated
    findings: tuple[Finding, ...] = ()


def rules_for(table: RawTable, mapping: Mapping, kind: Kind) -> tuple[dict[str, ColumnRule], list[Problem]]:
    """The mapping's rules, or those found by headers; refuses unknown headers and required columns that are absent, once."""
    rules = dict(mapping.columns)
    if mapping.unpivot:
        for name in (mapping.unpivot.name, mapping.unpivot.value):
            if name in kind.by_name:
                rules.setdefault(name, ColumnRule(header=name))
    if not mapping.columns:
        rules |= _by_header(table.headers, kind, rules)
    problems = _unknown_headers(table, rules, mapping)
    if mapping.currency:
        for column in kind.columns:
            if column.refers_to == "currency" and column.name not in rules and column.name == "currency":
                rules[column.name] = ColumnRule(constant=mapping.currency)
    problems += _absent(kind, rules, table, bool(mapping.columns))
    if problems:
        problems += _header_elsewhere(table, kind, {header for rule in mapping.columns.values() for header in rule.headers})
        raise Refused(problems)
    used = headers_used(rules, mapping)
    extra = [header for header in table.headers if header not in used and not header.startswith("(column ")]
    if not extra or mapping.extra == "ignore":
        return rules, []
    note = Problem("extra_columns", "columns of the file that are not read", "", ", ".join(f"`{header}`" for header in extra),
                   "name them under `columns:`, or write `extra: ignore`", "warning")  # fmt: skip
    if mapping.extra == "refuse":
        raise Refused(Problem("extra_columns", note.message, "", note.found, "name them under `columns:`"))
    return rules, [note]


def headers_used(rules: Keyed[str, ColumnRule], mapping: Mapping) -> set[str]:
    """Every header that something reads: our columns, the filters, and those of our own that come back."""
    return {header for rule in rules.values() for header in rule.headers} | {one.column for one in mapping.where} | set(OWN_HEADERS)


def rules_found(headers: tuple[str, ...], mapping: Mapping, kind: Kind) -> dict[str, ColumnRule]:
    """What fills each of our columns, as far as the headers tell: for people who look at a file, so nothing is refused."""
    rules = dict(mapping.columns) or _by_header(headers, kind, {})
    found = {}
    for name, rule in rules.items():
        written = None if rule.header is None else as_written(rule.header, headers)
        if rule.header is None or written is not None:
            found[name] = replace(rule, header=written)
    if mapping.currency and "currency" in kind.by_name and "currency" not in found:
        found["currency"] = ColumnRule(constant=mapping.currency)
    return found


def _header_elsewhere(table: RawTable, kind: Kind, asked: set[str]) -> list[Problem]:
    """Whether another of the first rows looks more like the header than the one that was taken."""
    words = asked or {name for column in kind.columns for name in (column.name, *column.synonyms)}
    wanted = {plain(word) for word in words}
    rows = [len(wanted & {plain(cell or "") for cell in row}) for row in table.frame.head(30).iter_rows()]
    best = max(rows, default=0)
    if best < 2 or best <= len(wanted & set(map(plain, table.headers))):
        return []
    row = table.source_rows[rows.index(best)]
    return [Problem("header_elsewhere", f"row {row} looks like the header", "", "", f"write `header: {row}` into the mapping")]


def _by_header(headers: tuple[str, ...], kind: Kind, taken: Keyed[str, ColumnRule]) -> dict[str, ColumnRule]:
    """Exact names first, then synonyms; a header fills one column."""
    free = {plain(header): header for header in headers}
    found: dict[str, ColumnRule] = {}
    for synonyms in (False, True):
        for column in kind.columns:
            if column.name in found or column.name in taken:
                continue
            names = column.synonyms if synonyms else (column.name,)
            match = next((plain(name) for name in names if plain(name) in free), None)
            if match is not None:
                found[column.name] = ColumnRule(header=free.pop(match))
    return {column.name: found[column.name] for column in kind.columns if column.name in found}


def _unknown_headers(table: RawTable, rules: Keyed[str, ColumnRule], mapping: Mapping) -> list[Problem]:
    known = set(table.headers)
    asked = [(f"columns.{name}", header) for name, rule in rules.items() for header in rule.headers]
    asked += [("where", one.column) for one in mapping.where]
    problems = []
    for where, header in asked:
        if header not in known and as_written(header, table.headers) is None:
            hint = did_you_mean(header, known) or f"the file has: {', '.join(table.headers[:30])}"
            problems.append(Problem("no_such_column", "the mapping names a column that the file does not have", where, f"`{header}`", hint))
    return problems


def as_written(header: str, headers: tuple[str, ...]) -> str | None:
    """The header of the file that a mapping means: the same letters, or the same words."""
    if header in headers:
        return header
    same = [written for written in headers if plain(written) == plain(header)]
    return same[0] if len(same) == 1 else None


def _absent(kind: Kind, rules: Keyed[str, ColumnRule], table: RawTable, mapped: bool) -> list[Problem]:
    """Required columns that nothing fills, and amounts without any currency: each said once, for the file."""
    problems = []
    for column in kind.columns:
        if not column.required or column.name in rules:
            continue
        hint = f"name its column under `columns:`; the file has: {', '.join(table.headers[:30])}"
        if column.refers_to == "currency":
            hint = "write `currency: EUR` (or another) into the mapping"
        place = "mapping" if mapped else "file"
        message = f"the required column `{column.name}` ({column.meaning}) is not in the {place}"
        problems.append(Problem("required_column_absent", message, hint=hint))
    money = kind.by_name.get(kind.money_column or "")
    if money and money.name in rules and money.currency and not kind.by_name[money.currency].required and money.currency not in rules:
        hint = "write `currency: EUR` (or another) into the mapping"
        problems.append(Problem("currency_missing", f"the amounts in `{money.name}` have no currency", hint=hint))
    return problems


def clean_texts(table: RawTable, headers: list[str], mapping: Mapping) -> dict[str, pl.Series]:
    """The texts of these headers without spaces around them; blank words are null."""
    names = [f"c{table.headers.index(header)}" for header in headers]
    blanks = ["", *(word.strip(SPACES) for word in mapping.blank_words)]
    expressions = []
    for name in names:
        text = pl.col(name).str.strip_chars(SPACES) if table.traits.spaces else pl.col(name)
        if table.traits.quotes and name not in table.types:
            text = text.str.replace(_PROTECTED, "$1")
        blank = text == "" if len(blanks) == 1 else text.is_in(blanks)
        expressions.append(pl.when(~blank).then(text).alias(name))
    chosen = table.frame.select(expressions) if names else table.frame.select()
    return {header: chosen.get_column(name) for header, name in zip(headers, names, strict=True)}


def bind(
    table: RawTable, mapping: Mapping, rules: Keyed[str, ColumnRule], files: Keyed[str, bytes]
) -> tuple[dict[str, Bound], dict[str, pl.Series]]:
    """Our columns with their texts, and the clean texts of every header used (filters read them too)."""
    written = {header: as_written(header, table.headers) or header for rule in rules.values() for header in rule.headers}
    filtered = [as_written(one.column, table.headers) or one.column for one in mapping.where]
    own = [header for header in OWN_HEADERS[:2] if header in table.headers]
    clean = clean_texts(table, list(dict.fromkeys([*written.values(), *filtered, *own])), mapping)
    types = {header: table.types.get(f"c{table.headers.index(header)}") for header in written.values()}
    bound = {}
    for name, rule in rules.items():
        if rule.headers:
            bound[name] = _translated(_filled(rule, [written[header] for header in rule.headers], clean, types, mapping), files)
        else:
            texts = pl.repeat(rule.constant or None, table.frame.height, dtype=pl.String, eager=True)
            bound[name] = Bound(texts, rule, name)
    return bound, clean


def _filled(
    rule: ColumnRule, headers: list[str], clean: Keyed[str, pl.Series], types: Keyed[str, pl.Series | None], mapping: Mapping
) -> Bound:
    """The texts that one column of the file brings, or several together."""
    together = ", ".join(headers)
    if rule.join:
        return Bound(joined([clean[header] for header in headers]), rule, together)
    if rule.product:
        form = form_of(rule, mapping.decimal, mapping.thousands)
        texts, shown, findings = multiplied(rule.product, [(clean[header], types[header]) for header in headers], form)
        plain_digits = replace(rule, decimal=".", thousands="")
        return Bound(texts, plain_digits, together, None, shown, tuple(findings))
    return Bound(clean[headers[0]], rule, headers[0], types[headers[0]])


def _translated(bound: Bound, files: Keyed[str, bytes]) -> Bound:
    rule = bound.rule
    if rule.values is None and rule.lookup is None:
        return bound
    texts, findings = bound.texts, list(bound.findings)
    if rule.lookup is not None:
        texts, finding = _looked_up(texts, rule.lookup, files)
        findings += finding
    if rule.values is not None:
        texts, finding = _by_table(texts, rule)
        findings += finding
    types = None
    if bound.types is not None and rule.lookup is None:  # what no table of values named is still what the spreadsheet said
        same = texts.eq_missing(bound.texts)
        types = pl.select(pl.when(same).then(bound.types).otherwise(pl.lit(0, dtype=bound.types.dtype))).to_series()
    return Bound(texts, rule, bound.header, types, bound.texts if bound.raw is None else bound.raw, tuple(findings))


def _by_table(texts: pl.Series, rule: ColumnRule) -> tuple[pl.Series, list[Finding]]:
    values = dict(rule.values or {})
    blank = values.pop("", None)
    found = texts.replace_strict(list(values), list(values.values()), default=None, return_dtype=pl.String)
    strange = (found.is_null() & texts.is_not_null()) & ~texts.is_in(list(values))
    if rule.otherwise == "keep":
        found, strange = pl.select(pl.when(strange).then(texts).otherwise(found)).to_series(), pl.repeat(False, texts.len(), eager=True)
    elif rule.otherwise == "blank":
        strange = pl.repeat(False, texts.len(), eager=True)
    found = kept(found, (found != "").fill_null(False))
    if blank:
        found = pl.select(pl.when(texts.is_null()).then(pl.lit(blank)).otherwise(found)).to_series()
    hint = f"add it to `values:` ({', '.join(list(values)[:10])}), or write `otherwise: keep`"
    return found, [Finding(strange, "value_not_mapped", "the mapping has no value for this text", hint)] if strange.any() else []


def _looked_up(texts: pl.Series, lookup: Lookup, files: Keyed[str, bytes]) -> tuple[pl.Series, list[Finding]]:
    table, several = lookup_table(lookup, files)
    found = texts.replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.String)
    twice = texts.is_in(list(several)).fill_null(False)
    strange = texts.is_not_null() & ~texts.is_in(list(table)) & ~twice
    findings = [
        Finding(strange, "not_in_lookup", f"{lookup.file} has no row with this {lookup.key}", "send a newer look-up file"),
        Finding(twice, "ambiguous_lookup", f"{lookup.file} has several values for this {lookup.key}", "look it up by another column"),
    ]
    findings = [finding for finding in findings if finding.mask.any()]
    if lookup.then is None:
        return found, findings
    further, more = _looked_up(found, lookup.then, files)
    return further, [*findings, *more]


def lookup_table(lookup: Lookup, files: Keyed[str, bytes]) -> tuple[dict[str, str | None], set[str]]:
    """Key -> value of a second file, and the keys that have several values; refused if the file or a column is missing."""
    if lookup.file not in files:
        raise Refused(
            Problem("no_lookup_file", "a look-up file was not sent along", "lookup", f"`{lookup.file}`", "put it beside the data file")
        )
    table = read(files[lookup.file], lookup.file, Dialect(header=0, names=lookup.names) if lookup.names else Dialect())
    for header in (lookup.key, lookup.value):
        if header not in table.headers:
            hint = did_you_mean(header, table.headers)
            raise Refused(Problem("no_such_column", f"{lookup.file} does not have this column", "lookup", f"`{header}`", hint))
    both = clean_texts(table, list(dict.fromkeys([lookup.key, lookup.value])), Mapping(kind=""))
    pairs = pl.DataFrame({"key": both[lookup.key], "value": both[lookup.value]}).drop_nulls("key").unique(maintain_order=True)
    several = set(pairs.filter(pl.col("key").is_duplicated())["key"])
    return {key: value for key, value in pairs.iter_rows() if key not in several}, several
