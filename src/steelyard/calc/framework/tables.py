"""Tables: versioned lookups by text keys (docs/reference/framework-language.md)."""

from __future__ import annotations

import re
from datetime import date

from ..formula.nodes import COUNT, DAYS, MONEY, NUMBER, PERCENT, POINTS, TEXT, Call, Literal, Type, Value
from ..units import Blank, Exact
from .context import Context
from .document import Scalar, Tree
from .formulas import walk
from .model import Place, Table, TableRow
from .section import Section, constant, shown

UNITS: dict[str, Type] = {
    "count": COUNT, "number": NUMBER, "percent": PERCENT, "points": POINTS, "money": MONEY, "days": DAYS, "text": TEXT,
}  # fmt: skip


def read_tables(context: Context, top: Section) -> None:
    """All tables of the framework, into the context."""
    for name, node, place in top.definitions("tables", "tables"):
        if not context.declare(name, "table", place):
            continue
        section = Section(node, place.path, context.log, "a table", ("by", "unit", "rows", "else"))
        section.require("by", "rows")
        by = section.texts("by")
        if {"value", "from"} & set(by) or len(set(by)) != len(by):
            hint = "`value` and `from` have a meaning of their own; name each key once"
            context.log.add("bad-name", "these cannot be the keys of a table", section.at("by"), ", ".join(by), hint)
        values = _Values(context, section)
        rows = tuple(row for item, at in section.items("rows") if (row := _row(context, item, at, by, values)))
        _unique(context, section, rows)
        otherwise = values.otherwise(name)
        kind = values.type()
        context.tables[name] = Table(name, by, rows, kind, otherwise, section.text("title"))
        context.table_types[name] = (len(by), kind)


class _Values:
    """The values of one table: all of one type, which the `unit` may name."""

    def __init__(self, context: Context, section: Section) -> None:
        self.context, self.section = context, section
        self.unit = self._unit()
        self.found: list[tuple[Type, Place]] = []

    def _unit(self) -> Type | None:
        text = self.section.text("unit")
        if not text or text in UNITS:
            return UNITS.get(text)
        if re.fullmatch("[A-Z]{3}", text) and text == (self.context.currency or text):
            return MONEY
        if re.fullmatch("[A-Z]{3}", text):
            message = f"the table is in {text}, the framework in {self.context.currency}"
            self.context.log.add("mixed-units", message, self.section.at("unit"), f"`{text}`", "write the values in one currency")
            return MONEY
        hint = f"choose a currency or {', '.join(UNITS)}"
        self.context.log.add("unknown-word", f"`{text}` is not a unit", self.section.at("unit"), f"`{text}`", hint)
        return None

    def read(self, node: Tree, place: Place) -> Value | None:
        if node.broken:
            return None
        value = constant(node) if isinstance(node, Scalar) else None
        if value is None:
            self.context.log.add("wrong-type", "a table holds single values", place, shown(node))
            return None
        self.found.append((value[1], place))
        return value[0]

    def otherwise(self, name: str) -> Value | None:
        node = self.section.node("else")
        if node is None:
            return None
        if isinstance(node, Scalar) and node.raw == "blank" and not node.quoted:
            return Blank(f"table {name} has no such row")
        return self.read(node, self.section.at("else"))

    def type(self) -> Type:
        """The common type; values that do not fit it are reported."""
        kinds = {kind for kind, _ in self.found}
        wanted = self.unit or (next(iter(kinds)) if len(kinds) == 1 else None)
        if wanted is None:
            wanted = NUMBER if kinds and all(kind.is_number for kind in kinds) else (self.found[0][0] if self.found else NUMBER)
        for kind, place in self.found:
            if kind != wanted and not (kind.is_number and wanted.is_number):
                message = f"this value is {kind.kind}, the table holds {wanted.kind}"
                self.context.log.add("compare-kinds", message, place, hint="one table, one kind of value")
        return wanted


def _row(context: Context, item: Tree, place: Place, by: tuple[str, ...], values: _Values) -> TableRow | None:
    section = Section(item, place.path, context.log, "a row of the table", (*by, "from", "value"))
    section.require(*by, "value")
    node = section.node("value")
    if section.broken or node is None:
        return None
    keys = tuple(section.text(name) for name in by)
    value = values.read(node, section.at("value"))
    return None if value is None else TableRow(keys, value, section.day("from"))


def _unique(context: Context, section: Section, rows: tuple[TableRow, ...]) -> None:
    seen: dict[tuple[tuple[str, ...], date | None], int] = {}
    for number, row in enumerate(rows, 1):
        first = seen.setdefault((row.keys, row.since), number)
        if first != number:
            since = f" from {row.since}" if row.since else ""
            message = f"({', '.join(row.keys)}){since} has two rows"
            context.log.add("duplicate-row", message, section.at("rows"), f"rows {first} and {number}", "keep one of them")


def check_holes(context: Context, tree: object, place: Place) -> None:
    """Report lookups written with a key that no row of the table has, where the table has no `else`."""
    for call in walk(tree):  # type: ignore[arg-type]
        if not isinstance(call, Call) or call.function not in context.tables:
            continue
        table = context.tables[call.function]
        given = [part.value if isinstance(part, Literal) else None for part in call.arguments[: len(table.by)]]
        if table.otherwise is not None or all(key is None for key in given):
            continue
        if not any(all(key in (None, held) for key, held in zip(given, row.keys, strict=False)) for row in table.rows):
            wanted = ", ".join(str(key) if key is not None else "…" for key in given)
            message = f"table {table.name} has no row for ({wanted})"
            context.log.add("table-hole", message, place, f"`{call.function}` with {wanted}", "add the row or `else`")


def largest(table: Table) -> Exact | None:
    """The largest number a table can give, if it holds numbers."""
    values = [row.value for row in table.rows] + ([table.otherwise] if table.otherwise is not None else [])
    numbers = [value for value in values if isinstance(value, int) or hasattr(value, "denominator")]
    return max(numbers, default=None)  # type: ignore[type-var, return-value]
