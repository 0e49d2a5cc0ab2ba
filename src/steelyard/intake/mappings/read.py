"""YAML -> Mapping: every problem with its line and column, none hidden by another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.facts import FACTS, Kind
from steelyard.calc.framework.document import Entry, Keyed, Listed, Log, Scalar, Tree, load
from steelyard.calc.framework.model import Place
from steelyard.calc.masters import MASTERS
from steelyard.calc.units import to_grain

from ..reading import Dialect
from .model import ColumnRule, Control, Covers, Factor, Filter, Lookup, Mapping, Unpivot

KINDS: dict[str, Kind] = {**FACTS, **MASTERS}
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "\\t": "\t"}
_LINE_ENDS = {"crlf": "\r\n", "lf": "\n", "cr": "\r"}
_COLUMN_KEYS = (
    "from", "constant", "join", "product", "values", "otherwise", "lookup", "times", "decimal", "thousands", "date_order", "date_format",
    "days", "each_file",
)  # fmt: skip
_FILLED_BY = ("from", "constant", "join", "product")  # one of these


def kind_named(name: str) -> Kind:
    """A kind of fact or master; refused with the nearest name."""
    if name not in KINDS:
        raise Refused(Problem("unknown_kind", "no such kind of data", "kind", f"`{name}`", did_you_mean(name, KINDS)))
    return KINDS[name]


def read_mapping(text: str) -> tuple[Mapping | None, list[Problem]]:
    """Read a mapping file; None when a problem is an error."""
    log = Log()
    tree = load(text, log).tree
    if tree is not None and not isinstance(tree, Keyed):
        log.add("not_a_mapping", "a mapping file is `key: value` lines", Place("file", tree.line, tree.column))
    if not isinstance(tree, Keyed):
        return None, log.problems
    mapping = _Reader(log).mapping(tree)
    return (None if log.failed else mapping), log.problems


def read_part(tree: Keyed, kind: Kind, log: Log) -> Mapping:
    """A mapping that stands as a part of another file, of a kind that the caller knows; its problems go to the log."""
    return _Reader(log, kind).mapping(tree)


class _Reader:
    """Reads one tree; every method notes its problems in the log and gives a usable value."""

    def __init__(self, log: Log, given: Kind | None = None) -> None:
        self.log = log
        self.given = given

    def mapping(self, tree: Keyed) -> Mapping:
        readers: dict[str, Callable[[Tree], Any]] = {
            "kind": self.kind, "source": self.text, "sheet": self.text, "header": self.header, "names": self.texts,
            "encoding": self.text, "separator": self.separator, "quote": self.quote, "line_end": self.line_end,
            "decimal": self.one_of(".", ","), "thousands": self.text, "date_order": self.one_of("YMD", "DMY", "MDY"),
            "blank_words": self.texts, "currency": self.text, "columns": lambda node: node, "where": self.filters,
            "unpivot": self.unpivot, "scope": self.scope, "totals": self.one_of("drop", "quarantine"),
            "negatives": self.one_of("warn", "allowed", "refused"), "covers": self.covers, "control": self.control,
            "extra": self.one_of("warn", "ignore", "refuse"), "ends": self.one_of("file", "blank row"),
            "bring_in": self.one_of("ask", "at once"), "amount_check": self.one_of("warn", "refuse", "ignore"), "tolerance": self.tolerance,
            "merged": self.one_of("refuse", "fill", "blank"), "hidden": self.one_of("read", "drop"),
        }  # fmt: skip
        found = self.fields(tree, readers, "", required=() if self.given else ("kind",))
        kind = self.given or KINDS.get(found.get("kind", ""))
        columns = self.columns(found["columns"], kind) if "columns" in found else {}
        last, rows = found.get("header", (1, 1))
        dialect = Dialect(
            found.get("encoding"), found.get("separator"), found.get("quote", '"'), found.get("line_end"), found.get("sheet"),
            last, found.get("names", ()), rows,
        )  # fmt: skip
        if dialect.names and dialect.header:
            self.problem(
                "bad_names", "`names` is for files without a header", tree.entries["names"].node, "names", hint="write `header: none` too"
            )
        rest = {
            name: found[name]
            for name in (
                "source",
                "decimal",
                "thousands",
                "date_order",
                "currency",
                "unpivot",
                "totals",
                "negatives",
                "covers",
                "control",
                "extra",
                "ends",
                "bring_in",
                "amount_check",
                "tolerance",
                "merged",
                "hidden",
            )
            if name in found
        }
        return Mapping(
            kind=found.get("kind", ""), columns=columns, dialect=dialect, blank_words=found.get("blank_words", ()),
            where=found.get("where", ()), replaces=found.get("scope", ()), **rest,
        )  # fmt: skip

    def fields(self, tree: Tree, readers: dict[str, Callable[[Tree], Any]], path: str, required: Iterable[str] = ()) -> dict[str, Any]:
        """The known keys of a mapping, read; unknown and missing ones are problems."""
        if not isinstance(tree, Keyed):
            self.problem("not_a_mapping", "expected `key: value`", tree, path)
            return {}
        values = {}
        for key, entry in tree.entries.items():
            if key not in readers:
                where = Place(f"{path}.{key}".strip("."), entry.line, entry.column)
                self.log.add("unknown_key", "no such key", where, f"`{key}`", did_you_mean(key, readers))
                continue
            value = readers[key](entry.node)
            if value is not None or key == "quote":
                values[key] = value
        for key in required:
            if key not in tree.entries:
                self.problem("missing_key", f"`{key}` is missing", tree, path)
        return values

    def problem(self, code: str, message: str, node: Tree | Entry, path: str, found: str = "", hint: str = "") -> None:
        self.log.add(code, message, Place(path, node.line, node.column), found, hint)

    def text(self, node: Tree) -> str | None:
        if not isinstance(node, Scalar):
            self.problem("not_a_text", "expected one text", node, "")
            return None
        return node.raw

    def texts(self, node: Tree) -> tuple[str, ...]:
        if isinstance(node, Listed):
            return tuple(text for item in node.items if (text := self.text(item)) is not None)
        text = self.text(node)
        return () if text is None else (text,)

    def one_of(self, *choices: str) -> Callable[[Tree], str | None]:
        def read(node: Tree) -> str | None:
            text = self.text(node)
            if text is not None and text not in choices:
                self.problem("not_a_choice", "not one of the choices", node, "", f"`{text}`", f"one of {', '.join(choices)}")
                return None
            return text

        return read

    def kind(self, node: Tree) -> str | None:
        text = self.text(node)
        if text is not None and text not in KINDS:
            self.problem("unknown_kind", "no such kind of data", node, "kind", f"`{text}`", did_you_mean(text, KINDS))
            return None
        return text

    def header(self, node: Tree) -> tuple[int, int] | None:
        """The last row of the header, and how many rows it has."""
        rows = [self.text(item) or "" for item in (node.items if isinstance(node, Listed) else (node,))]
        if rows == ["none"]:
            return 0, 1
        numbers = [int(row) if row.isascii() and row.isdigit() and len(row) < 7 else 0 for row in rows]
        if not rows or numbers != list(range(max(numbers[0], 1), max(numbers[0], 1) + len(numbers))):
            hint = "write `header: 1`, or `header: [3, 4]` where it has two rows"
            self.problem("bad_header", "the row of the header, or none", node, "header", f"`{', '.join(rows)}`", hint)
            return None
        return numbers[-1], len(numbers)

    def separator(self, node: Tree) -> str | None:
        text = self.text(node)
        return None if not text else _SEPARATORS.get(text.lower(), text)

    def line_end(self, node: Tree) -> str | None:
        text = self.text(node)
        return None if not text else _LINE_ENDS.get(text.lower(), text)

    def quote(self, node: Tree) -> str | None:
        text = self.text(node)
        if text is not None and len(text) > 1 and text != "none":
            self.problem("bad_quote", "one character, or none", node, "quote", f"`{text}`")
        return None if text in (None, "none", "") else text

    def columns(self, node: Tree, kind: Kind | None) -> dict[str, ColumnRule]:
        if not isinstance(node, Keyed):
            self.problem("not_a_mapping", "expected `our column: their column`", node, "columns")
            return {}
        rules = {}
        for name, entry in node.entries.items():
            if kind is not None and name not in kind.by_name:
                where = Place(f"columns.{name}", entry.line, entry.column)
                self.log.add("unknown_column", f"{kind.name} has no such column", where, f"`{name}`", did_you_mean(name, kind.by_name))
                continue
            rules[name] = self.column(entry.node, f"columns.{name}")
        return rules

    def column(self, node: Tree, path: str) -> ColumnRule:
        if isinstance(node, Scalar):
            return ColumnRule(header=node.raw)
        readers: dict[str, Callable[[Tree], Any]] = {
            "from": self.text, "constant": self.text, "join": self.texts, "product": self.product,
            "values": self.values, "otherwise": self.one_of("refuse", "keep", "blank"),
            "lookup": self.lookup, "times": self.times, "decimal": self.one_of(".", ","), "thousands": self.text,
            "date_order": self.one_of("YMD", "DMY", "MDY"), "date_format": self.text,
            "days": self.whole, "each_file": self.yes_no,
        }  # fmt: skip
        found = self.fields(node, readers, path)
        if sum(key in found for key in _FILLED_BY) != 1 and not (isinstance(node, Keyed) and node.broken):
            self.problem(
                "bad_column", "a column has one of `from`, `constant`, `join` and `product`", node, path, hint="{from: THEIR COLUMN, ...}"
            )
        found["header"] = found.pop("from", None)
        return ColumnRule(**found)

    def product(self, node: Tree) -> tuple[Factor, ...]:
        factors = []
        for item in node.items if isinstance(node, Listed) else (node,):
            if isinstance(item, Scalar):
                factors.append(Factor(item.raw))
            elif header := self.fields(item, {"one_minus": self.text}, "product", required=("one_minus",)).get("one_minus"):
                factors.append(Factor(header, one_minus=True))
        if len(factors) < 2:
            self.problem(
                "bad_product", "a product has two factors or more", node, "product", hint="[PRICE, QUANTITY, {one_minus: DISCOUNT}]"
            )
        return tuple(factors)

    def whole(self, node: Tree) -> int | None:
        text = self.text(node) or ""
        try:
            return int(text)
        except ValueError:
            self.problem("not_a_number", "a whole number", node, "", f"`{text}`")
            return None

    def yes_no(self, node: Tree) -> bool:
        text = self.text(node)
        if text not in ("yes", "no", "true", "false"):
            self.problem("not_a_choice", "not one of the choices", node, "", f"`{text}`", "yes or no")
        return text in ("yes", "true")

    def values(self, node: Tree) -> dict[str, str] | None:
        if not isinstance(node, Keyed):
            self.problem("not_a_mapping", "expected `their text: our text`", node, "values")
            return None
        return {key: text for key, entry in node.entries.items() if (text := self.text(entry.node)) is not None}

    def lookup(self, node: Tree) -> Lookup | None:
        chain: list[Lookup] = []

        def value(tree: Tree) -> str | None:
            if isinstance(tree, Scalar):
                return tree.raw
            inner = self.fields(tree, {"column": self.text, "lookup": self.lookup}, "lookup.value", required=("column", "lookup"))
            if "lookup" in inner:
                chain.append(inner["lookup"])
            return inner.get("column")

        readers: dict[str, Callable[[Tree], Any]] = {"file": self.text, "key": self.text, "value": value, "names": self.texts}
        found = self.fields(node, readers, "lookup", required=("file", "key", "value"))
        if not {"file", "key", "value"} <= set(found):
            return None
        return Lookup(found["file"], found["key"], found["value"], chain[0] if chain else None, found.get("names", ()))

    def times(self, node: Tree) -> Fraction | None:
        text = self.text(node) or ""
        try:
            return Fraction(Decimal(text))
        except (InvalidOperation, ValueError, OverflowError):
            self.problem("not_a_number", "a factor is a number", node, "times", f"`{text}`")
            return None

    def tolerance(self, node: Tree) -> str | None:
        text = (self.text(node) or "").replace(" ", "")
        if not re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,6})?%?", text):
            self.problem("not_a_number", "a tolerance is an amount or a percentage", node, "tolerance", f"`{text}`", "write `0.05` or `1%`")
            return None
        return text

    def filters(self, node: Tree) -> tuple[Filter, ...]:
        items = node.items if isinstance(node, Listed) else (node,)
        tests = ("is", "is_not", "in", "not_in")
        filters = []
        for index, item in enumerate(items, start=1):
            path = f"where.{index}"
            readers: dict[str, Callable[[Tree], Any]] = {"column": self.text, "reason": self.text, **dict.fromkeys(tests, self.texts)}
            found = self.fields(item, readers, path, required=("column",))
            given = [test for test in tests if test in found]
            if len(given) != 1:
                self.problem("bad_filter", "a filter has one of is, is_not, in, not_in", item, path)
            elif "column" in found:
                filters.append(Filter(found["column"], given[0], found[given[0]], found.get("reason", "")))  # type: ignore[arg-type]
        return tuple(filters)

    def unpivot(self, node: Tree) -> Unpivot | None:
        readers: dict[str, Callable[[Tree], Any]] = {"columns": self.texts, "name": self.text, "value": self.text}
        found = self.fields(node, readers, "unpivot", required=("columns", "name", "value"))
        if set(found) != {"columns", "name", "value"}:
            return None
        return Unpivot(() if found["columns"] == ("rest",) else found["columns"], found["name"], found["value"])

    def scope(self, node: Tree) -> tuple[str, ...]:
        if isinstance(node, Scalar):
            if node.raw != "lines":
                self.problem("bad_scope", "`lines`, or `{replaces: [source, partner, period]}`", node, "scope", f"`{node.raw}`")
            return ()
        replaces: tuple[str, ...] = self.fields(node, {"replaces": self.texts}, "scope", required=("replaces",)).get("replaces", ())
        if not set(replaces) <= {"source", "partner", "period"} or not {"source", "period"} <= set(replaces):
            self.problem(
                "bad_scope", "a file replaces `[source, period]` or `[source, partner, period]`", node, "scope", f"{list(replaces)}"
            )
            return ()
        return replaces

    def covers(self, node: Tree) -> Covers | None:
        readers: dict[str, Callable[[Tree], Any]] = {"report": self.text, "from": self.day, "until": self.day, "party": self.text}
        found = self.fields(node, readers, "covers", required=("report", "from", "until"))
        if not {"report", "from", "until"} <= set(found):
            return None
        if found["report"] not in FACTS:
            self.problem(
                "unknown_kind", "no such kind of fact", node, "covers.report", f"`{found['report']}`", did_you_mean(found["report"], FACTS)
            )
        if found["until"] < found["from"]:
            self.problem("period", "the last day is before the first", node, "covers", f"{found['from']} until {found['until']}")
        return Covers(found["report"], found["from"], found["until"], found.get("party", ""))

    def control(self, node: Tree) -> Control | None:
        found = self.fields(node, {"rows": self.whole, "amount": self.money}, "control")
        if isinstance(node, Keyed) and not node.entries:
            self.problem("not_a_mapping", "`rows`, `amount` or both", node, "control")
        return Control(found.get("rows"), found.get("amount")) if found else None

    def money(self, node: Tree) -> int | None:
        text = (self.text(node) or "").replace(" ", "")
        if not re.fullmatch(r"-?[0-9]{1,14}(?:\.[0-9]{1,4})?", text):
            self.problem("not_a_number", "an amount has at most four decimals", node, "", f"`{text}`", "write `45210.50`")
            return None
        return to_grain(Decimal(text), "money")

    def day(self, node: Tree) -> date | None:
        text = self.text(node) or ""
        try:
            if len(text) == 10:
                return date.fromisoformat(text)
            hint = "a day is written YYYY-MM-DD"
        except ValueError:
            hint = "there is no such day"
        if not (isinstance(node, Scalar) and node.broken):
            self.problem("bad_date", hint, node, "", f"`{text}`")
        return None
