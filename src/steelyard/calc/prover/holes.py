"""Table holes: keys that partners have and a table does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..formula.nodes import Call, Literal, Name, Value
from ..formula.tables import look_up
from ..framework.formulas import walk
from ..framework.model import Framework, Place, Table
from ..points import formulas_of
from ..units import Blank
from .backtest import Backtest
from .card import Card
from .findings import Findings, written


def check_holes(card: Card, framework: Framework, backtest: Backtest, findings: Findings) -> None:
    """Report each key that subjects have and no row answers, for tables that are read by attributes and say nothing else."""
    for table, arguments in dict.fromkeys(_lookups(framework)):
        if framework.tables[table].otherwise is not None:
            continue
        missing = _missing(card, framework.tables[table], arguments, backtest)
        for key, count in missing.most_common():
            who = ", ".join(f"{name} {value}" for name, value in zip(framework.tables[table].by, key, strict=True))
            message = f"table {table} has no row for ({', '.join(key)})"
            found = f"{count} {'subject has' if count == 1 else 'subjects have'} {who} ({backtest.period})"
            given = ", ".join(
                f"{part.name}: {written(value)}" for part, value in zip(arguments, key, strict=True) if isinstance(part, Name)
            )
            witness = f"given: {{attributes: {{{given}}}}}"
            findings.add("table-hole", message, Place(f"tables.{table}"), found, "add the row, or `else`", witness=witness)


def _lookups(framework: Framework) -> Iterator[tuple[str, tuple[Name | Literal, ...]]]:
    """(table, keys) of every lookup by attributes and written texts."""
    for formula in formulas_of(framework):
        for part in walk(formula.tree):
            if isinstance(part, Call) and part.function in framework.tables:
                keys = part.arguments
                plain = tuple(key for key in keys if isinstance(key, Name | Literal))
                if len(plain) == len(keys) == len(framework.tables[part.function].by):
                    yield part.function, plain


def _missing(card: Card, table: Table, arguments: tuple[Name | Literal, ...], backtest: Backtest) -> Counter[tuple[str, ...]]:
    columns: list[list[Value]] = []
    for part in arguments:
        if isinstance(part, Literal):
            columns.append([part.value] * len(backtest.subjects))
        elif part.name in backtest.attributes:
            columns.append(list(backtest.attributes[part.name]))
        else:
            return Counter()
    found = look_up(table, columns, [card.day] * len(backtest.subjects))
    keys = zip(*columns, strict=True)
    return Counter(
        tuple(str(part) for part in key)
        for key, value in zip(keys, found, strict=True)
        if isinstance(value, Blank) and not any(isinstance(part, Blank) for part in key)
    )
