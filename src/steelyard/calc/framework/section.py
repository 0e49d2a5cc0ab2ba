"""Typed reading of one mapping of a framework: every key known or refused, every value of its type or reported."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from ..errors import did_you_mean
from ..formula.nodes import DATE, DAYS, NUMBER, PERCENT, TEXT, YES_NO, Type, Value
from ..formula.parse import KEYWORDS
from ..units import Exact
from .document import Entry, Keyed, Listed, Log, Scalar, Tree
from .model import Place

COMMON = ("title", "note", "owner")  # allowed in every definition
NAME = re.compile(r"[^\W\d]\w*")
LANGUAGE = "1"  # the version of the framework language that this installation speaks
_PERCENT = re.compile(r"([-+]?[0-9][0-9_]*(?:\.[0-9]+)?)\s?%")
_DAYS = re.compile(r"([0-9]+) days?")


def exact(number: Fraction | int) -> Exact:
    """The number, as an int where it is whole."""
    return int(number) if Fraction(number).denominator == 1 else Fraction(number)


def constant(node: Scalar) -> tuple[Value, Type] | None:
    """A written value with its type: `12`, `60%`, `14 days`, a date, yes/no or a text; None if empty."""
    if node.quoted or isinstance(node.value, str):
        return (node.raw, TEXT) if node.quoted else _words(node.raw)
    if isinstance(node.value, bool):
        return node.value, YES_NO
    if isinstance(node.value, int | Fraction):
        return exact(node.value), NUMBER
    if isinstance(node.value, date):
        return node.value, DATE
    return None


def _words(raw: str) -> tuple[Value, Type]:
    if found := _PERCENT.fullmatch(raw):
        return exact(Fraction(found[1].replace("_", "")) / 100), PERCENT
    if found := _DAYS.fullmatch(raw):
        return int(found[1]), DAYS
    return raw, TEXT


def shown(node: Tree) -> str:
    """A node as a problem quotes it."""
    if isinstance(node, Scalar):
        return f"`{node.raw}`" if node.raw else "nothing"
    return "a list" if isinstance(node, Listed) else "a mapping"


def number_in(node: Tree, place: Place, log: Log) -> Exact | None:
    """The number written in a node (`12`, `60%`, `14 days`), or None with a problem."""
    if node.broken:
        return None
    value = constant(node) if isinstance(node, Scalar) else None
    if value is not None and value[1].is_number and isinstance(value[0], int | Fraction):
        return value[0]
    log.add("wrong-type", "a number is needed here", place, shown(node), "write for example 12, 2.5 or 60%")
    return None


class Section:
    """One mapping being read. ``what`` names it in messages ("a band")."""

    def __init__(self, node: Tree, path: str, log: Log, what: str, known: Iterable[str]) -> None:
        self.path, self.log, self.what = path, log, what
        self.here = Place(path, node.line, node.column)
        self.broken = node.broken or not isinstance(node, Keyed)
        self.entries: dict[str, Entry] = node.entries if isinstance(node, Keyed) else {}
        self.known = tuple(known)
        if not isinstance(node, Keyed) and not node.broken:
            log.add("wrong-type", f"{what} is a mapping of keys and values", self.here, shown(node), self._keys_hint())
        for key, entry in self.entries.items():
            self._check_key(key, entry, isinstance(node, Keyed) and node.flow)

    def _keys_hint(self) -> str:
        return f"{self.what} has {', '.join(self.known)}" if self.known else ""

    def _check_key(self, key: str, entry: Entry, flow: bool) -> None:
        place = Place(f"{self.path}.{key}".lstrip("."), entry.line, entry.column)
        empty = isinstance(entry.node, Scalar) and entry.node.value is None
        if key in self.known or key in COMMON:
            return
        if flow and empty and key.count(")") > key.count("("):
            return  # the tail of a formula cut by a comma: the open bracket is reported at its beginning
        near = did_you_mean(key, self.known)
        hint = near if near.startswith("did") else self._keys_hint()
        self.log.add("unknown-key", f"`{key}` is not a key of {self.what}", place, f"`{key}`", hint)

    def at(self, key: str) -> Place:
        """The place of a key, or of the section when the key is absent."""
        entry = self.entries.get(key)
        path = f"{self.path}.{key}".lstrip(".")
        return Place(path, entry.line, entry.column) if entry else Place(path, self.here.line, self.here.column)

    def has(self, key: str) -> bool:
        """Whether the key is written with a value."""
        return self.node(key) is not None

    def written(self, key: str) -> bool:
        """Whether the key is written at all, even without a usable value."""
        return key in self.entries

    def node(self, key: str) -> Tree | None:
        """The node under a key; None if absent, empty or already reported as broken."""
        entry = self.entries.get(key)
        if entry is None or entry.node.broken:
            return None
        return None if isinstance(entry.node, Scalar) and entry.node.value is None else entry.node

    def require(self, *keys: str) -> None:
        """Report the keys that must be there and are not."""
        for key in keys:
            known_broken = self.broken or (key in self.entries and self.entries[key].node.broken)
            if not known_broken and (not self.has(key) or self._says_nothing(key)):
                self.log.add("missing-key", f"{self.what} needs `{key}`", self.here, "", self._keys_hint())

    def _says_nothing(self, key: str) -> bool:
        """Whether an empty text or an empty list stands there."""
        node = self.node(key)
        return (isinstance(node, Scalar) and not node.raw.strip()) or (isinstance(node, Listed) and not node.items)

    def scalar(self, key: str) -> Scalar | None:
        """The single value under a key."""
        node = self.node(key)
        if node is None or isinstance(node, Scalar):
            return node
        self.log.add("wrong-type", f"`{key}` takes a single value", self.at(key), shown(node), "write it on one line")
        return None

    def text(self, key: str, default: str = "") -> str:
        """A text, as written."""
        scalar = self.scalar(key)
        return scalar.raw if scalar else default

    def name(self, key: str) -> str:
        """A text that must be given."""
        self.require(key)
        return self.text(key)

    def choice(self, key: str, options: Iterable[str], default: str) -> str:
        """One of several words."""
        value = self.text(key, default)
        options = list(options)
        if value in options:
            return value
        hint = did_you_mean(value, options)
        hint = hint if hint.startswith("did") else f"choose {', '.join(options)}"
        self.log.add("unknown-word", f"`{value}` is not a possible `{key}`", self.at(key), f"`{value}`", hint)
        return default

    def number(self, key: str) -> Exact | None:
        """A number, percentage or duration in days."""
        node = self.node(key)
        return None if node is None else number_in(node, self.at(key), self.log)

    def whole(self, key: str, least: int, most: int) -> int | None:
        """A whole number within limits."""
        value = self.number(key)
        if value is None or (isinstance(value, int) and least <= value <= most):
            return value if isinstance(value, int) else None
        message = f"`{key}` takes a whole number from {least} to {most}"
        self.log.add("wrong-type", message, self.at(key), self.text(key))
        return None

    def yes_no(self, key: str, default: bool) -> bool:
        """`true` or `false`."""
        scalar = self.scalar(key)
        if scalar is None or isinstance(scalar.value, bool):
            return default if scalar is None else bool(scalar.value)
        self.log.add("wrong-type", f"`{key}` takes true or false", self.at(key), shown(scalar))
        return default

    def day(self, key: str) -> date | None:
        """A date."""
        scalar = self.scalar(key)
        if scalar is None or isinstance(scalar.value, date):
            return scalar.value if scalar and isinstance(scalar.value, date) else None
        self.log.add("wrong-type", f"`{key}` takes a date", self.at(key), shown(scalar), "write year-month-day: 2026-01-31")
        return None

    def items(self, key: str) -> list[tuple[Tree, Place]]:
        """The items of a list, each with its place; a single value counts as a list of one."""
        node = self.node(key)
        if node is None:
            return []
        path = f"{self.path}.{key}".lstrip(".")
        if isinstance(node, Listed):
            return [(item, Place(f"{path}.{n}", item.line, item.column)) for n, item in enumerate(node.items, 1)]
        return [(node, Place(path, node.line, node.column))]

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        found = []
        for item, place in self.items(key):
            if isinstance(item, Scalar) and item.value is not None:
                found.append(item.raw)
            elif not item.broken:
                self.log.add("wrong-type", f"`{key}` takes texts", place, shown(item))
        return tuple(found)

    def numbers(self, key: str, count: int) -> tuple[Exact, ...] | None:
        """A list of exactly so many numbers."""
        node = self.node(key)
        if node is None:
            return None
        if not isinstance(node, Listed) or len(node.items) != count:
            self.log.add("wrong-type", f"`{key}` takes a list of {count} numbers", self.at(key), shown(node))
            return None
        values = [number_in(item, place, self.log) for item, place in self.items(key)]
        return tuple(value for value in values if value is not None) if None not in values else None

    def sub(self, key: str, what: str, known: Iterable[str]) -> Section | None:
        """The mapping under a key."""
        node = self.node(key)
        return None if node is None else Section(node, f"{self.path}.{key}".lstrip("."), self.log, what, known)

    def definitions(self, key: str, what: str) -> list[tuple[str, Tree, Place]]:
        """The named definitions under a key: (name, node, place of the name)."""
        node = self.node(key)
        if node is None:
            return []
        if not isinstance(node, Keyed):
            self.log.add("wrong-type", f"`{key}` is a mapping of names to {what}", self.at(key), shown(node))
            return []
        found = []
        for name, entry in node.entries.items():
            place = Place(f"{self.path}.{key}.{name}".lstrip("."), entry.line, entry.column)
            if check_name(name, place, self.log):
                found.append((name, entry.node, place))
        return found


def check_name(name: str, place: Place, log: Log) -> bool:
    """Whether a name can be used in formulas; a problem if not."""
    if NAME.fullmatch(name) and name not in KEYWORDS and len(name) <= 100:
        return True
    hint = "use letters, digits and _, beginning with a letter; `and`, `or`, `not`, `in`, `true`, `false`, `blank` are taken"
    log.add("bad-name", "this is not a name that a formula can use", place, f"`{name}`", hint)
    return False
