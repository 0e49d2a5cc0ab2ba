"""The rows and master data that a vector writes down, as facts are stored.

A row belongs to the vector's subject unless it names another ``partner`` (then a peer). ``sign: -1`` takes back an
equal row. Numbers are exact; money without a currency is in the framework's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from ..attributes import MASTERS as OWN
from ..errors import did_you_mean
from ..facts import FACTS, SYSTEM_COLUMNS, Column, Kind
from ..formula.nodes import Type, Value
from ..framework.document import Keyed, Log, Scalar, Tree
from ..framework.model import Framework, Place
from ..framework.section import Section, constant, shown
from ..masters import MASTERS
from ..units import DECIMALS, INT64_MAX, Blank, from_grain, to_grain
from .model import SUBJECT, Rows

GIVEN_MASTERS = ("products", "partners", "categories", "rates")
_ALIASES = {"partner": "party"}


def read_facts(framework: Framework, given: Section, subject: str) -> Rows:
    """The rows of each kind of fact, as stored."""
    facts = given.sub("facts", "`facts`", FACTS)
    if facts is None:
        return {}
    found: dict[str, tuple[dict[str, Any], ...]] = {}
    for name in facts.entries:
        kind = FACTS.get(name)
        if kind is not None:
            rows = [_row(kind, item, place, facts, {"sign"}) for item, place in facts.items(name)]
            found[name] = tuple(_whole(kind, row, number, subject, framework) for number, row in enumerate(rows, start=1))
            strangers = any(row.get("party", subject) != subject for row in rows)
            if strangers and subject == SUBJECT:
                facts.log.add("no-subject", "the rows name partners, and nobody says whose card it is", facts.at(name),
                              hint="write `subject:` beside `facts:`")  # fmt: skip
    return found


def read_masters(given: Section, framework: Framework) -> Rows:
    """The master data that a vector needs, as stored; what the company records of its own in natural units."""
    masters = given.sub("masters", "`masters`", GIVEN_MASTERS)
    if masters is None:
        return {}
    own = {OWN[master]: types for master, types in framework.attributes.items()}
    kinds = [MASTERS[name] for name in GIVEN_MASTERS if name in masters.entries]
    return {
        kind.name: tuple(_row(kind, item, place, masters, set(), own.get(kind.name, {})) for item, place in masters.items(kind.name))
        for kind in kinds
    }


def _row(
    kind: Kind, item: Tree, place: Place, section: Section, others: set[str], own: Mapping[str, Type] = MappingProxyType({})
) -> dict[str, Any]:
    """The columns that one row writes down."""
    row: dict[str, Any] = {}
    if not isinstance(item, Keyed):
        section.log.add("wrong-type", f"a row of {kind.name} is a mapping of columns to values", place, shown(item))
        return row
    for written, entry in item.entries.items():
        at = Place(f"{place.path}.{written}", entry.line, entry.column)
        name = _ALIASES.get(written, written) if kind.family == "fact" else written
        if name in others:
            row[name] = -1 if isinstance(entry.node, Scalar) and entry.node.value == -1 else 1
        elif name in kind.by_name:
            row[name] = _stored(kind.by_name[name], entry.node, at, section)
        elif name in own:
            row[name] = given_value(name, own[name].kind, entry.node, at, section.log)
        else:
            known = {**kind.by_name, **own}
            section.log.add(
                "unknown-column", f"{kind.family} `{kind.name}` has no column `{written}`", at, hint=did_you_mean(written, known)
            )
    if kind.date and kind.date not in item.entries:  # it would lie in no window, and silently count nowhere
        section.log.add("missing-key", f"a row of {kind.name} needs `{kind.date}`", place, hint="write year-month-day: 2026-01-31")
    return row


def given_value(name: str, kind: str, node: Tree, place: Place, log: Log) -> Value:
    """The value that a vector gives to an attribute; a problem if it is not of the attribute's type."""
    if isinstance(node, Scalar) and node.value is None and not node.quoted:
        return Blank("given as blank")
    written = constant(node) if isinstance(node, Scalar) else None
    if written is not None and kind == "text" and isinstance(node, Scalar):
        return node.raw
    if written is not None and (written[1].kind == kind or (kind == "number" and written[1].is_number)):
        return written[0]
    log.add("wrong-type", f"`{name}` is {kind}", place, shown(node), _HINTS.get(kind, "write a number"))
    return Blank("not a value")


def _stored(column: Column, node: Tree, place: Place, section: Section) -> Any:
    if isinstance(node, Scalar) and (node.value is None and not node.quoted):
        return None
    if not isinstance(node, Scalar):
        section.log.add("wrong-type", f"`{column.name}` takes a single value", place, shown(node))
        return None
    if column.type == "text":
        if column.choices and node.raw not in column.choices:
            hint = did_you_mean(node.raw, column.choices)
            section.log.add("unknown-word", f"`{column.name}` takes one of a few words", place, shown(node), hint)
        return node.raw
    if column.type == "date" and isinstance(node.value, date):
        return node.value
    if column.type == "yes/no" and isinstance(node.value, bool):
        return node.value
    written = constant(node)
    if column.type in DECIMALS and written is not None and written[1].is_number and isinstance(written[0], int | Fraction):
        return _in_grain(written[0], column, node, place, section)
    section.log.add("wrong-type", f"`{column.name}` is {column.type}", place, shown(node), _HINTS.get(column.type, "write a number"))
    return None


def _in_grain(value: int | Fraction, column: Column, node: Scalar, place: Place, section: Section) -> int:
    """The number as it is stored: like a file's, never rounded and never too large."""
    stored = to_grain(value, column.type)
    if from_grain(stored, column.type) != value:
        message = f"`{column.name}` keeps {DECIMALS[column.type]} decimals"
        section.log.add("too-many-decimals", message, place, shown(node), "write the number as it is kept")
    if abs(stored) > INT64_MAX:
        section.log.add("too-large", f"`{column.name}` is too large to be kept", place, shown(node), "check the number and its unit")
        return 0
    return stored


_HINTS = {"date": "write year-month-day: 2026-01-31", "yes/no": "write true or false"}


def _whole(kind: Kind, row: Mapping[str, Any], number: int, subject: str, framework: Framework) -> dict[str, Any]:
    """The row with every column of its kind."""
    whole: dict[str, Any] = dict.fromkeys(kind.schema | SYSTEM_COLUMNS)
    whole |= {"row_id": number, "sign": 1, "source": "", "source_row": number}
    if "party" in kind.by_name:
        whole["party"] = subject
    elif "representative" in framework.subject and "representative" in kind.by_name:
        whole["representative"] = subject
    whole |= row
    for priced in kind.columns:
        if priced.currency and whole[priced.name] is not None and whole[priced.currency] is None:
            whole[priced.currency] = framework.currency
    return whole
