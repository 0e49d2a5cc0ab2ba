"""YAML -> credit rule, and back: every problem with its line, and the same text for the same rule."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..errors import Problem, did_you_mean
from ..framework.document import Keyed, Listed, Log, Scalar, Tree, load
from ..framework.model import Place
from ..framework.section import NAME, constant, shown
from .rule import LONGEST, LOOK_BACK, METHODS, PERSONS, ROLES, Rule

_KEYS = ("credit", "title", "method", "counts", "look_back", "persons", "person_types", "shares", "first", "last", "note")
_ONE = Fraction(1)


def read_rule(text: str) -> tuple[Rule | None, list[Problem]]:
    """Read one rule; None when a problem is an error."""
    log = Log("credit")
    tree = load(text, log).tree
    if tree is None or not isinstance(tree, Keyed):
        if not log.failed:
            log.add("credit-rule", "a credit rule is `key: value` lines", Place("file", 1, 1))
        return None, log.problems
    rule = _Reader(log, tree).rule()
    return (None if log.failed else rule), log.problems


def write_rule(rule: Rule) -> str:
    """The rule as YAML that `read_rule` reads back."""
    lines = [f"credit: {rule.name}", f"title: {_quoted(rule.title)}", f"method: {rule.method}"]
    if rule.method not in ("ordering", "roles"):
        lines.append(f"counts: [{', '.join(rule.counts)}]")
    if rule.method != "ordering":
        lines += [f"look_back: {rule.look_back} days", f"persons: {rule.persons}"]
    if rule.person_types:
        lines.append(f"person_types: [{', '.join(_quoted(one) for one in rule.person_types)}]")
    if rule.method == "position":
        lines += [f"first: {_percent(rule.first)}", f"last: {_percent(rule.last)}"]
    if rule.method == "roles":
        lines += ["shares:", *(f"  {role}: {_percent(rule.shares.get(role, Fraction(0)))}" for role in ROLES)]
    if rule.note:
        lines.append(f"note: {_quoted(rule.note)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return "'" + " ".join(text.split()).replace("'", "''") + "'"


def _percent(share: Fraction) -> str:
    return f"{_decimal(share * 100)}%"


def _decimal(number: Fraction) -> str:
    for places in range(13):
        if (number * 10**places).denominator == 1:
            digits = f"{int(number * 10**places):0{places + 1}d}"
            return f"{digits[:-places]}.{digits[-places:]}" if places else digits
    raise ValueError(f"{number} does not end within twelve decimals")


class _Reader:
    """Reads the keys of one rule; every method notes its problem and gives something usable."""

    def __init__(self, log: Log, tree: Keyed) -> None:
        self.log, self.tree = log, tree
        for key, entry in tree.entries.items():
            if key not in _KEYS:
                self.report("unknown-key", "a credit rule has no such key", key, entry.node, did_you_mean(key, _KEYS))

    def rule(self) -> Rule:
        method: Any = self.choice("method", METHODS, "ordering")
        name = self.text("credit")
        if not NAME.fullmatch(name.replace("-", "_")) or len(name) > 100:
            self.log.add("credit-rule", "a rule has a name of letters, digits, - and _", Place("credit", self.tree.line, 1), f"`{name}`")
        roles: Any = self.texts("counts", ROLES) or (("ordered",) if method == "ordering" else ROLES)
        shares = self.shares() if method == "roles" else {}
        first, last = self.share("first", Fraction(2, 5)), self.share("last", Fraction(2, 5))
        if first + last > 1:
            self.log.add(
                "credit-rule", "first and last have more than 100% together", Place("first", self.tree.line, 1), _percent(first + last)
            )
        return Rule(
            name, self.text("title") or name, method, tuple(role for role in ROLES if role in roles), self.days(),
            str(self.choice("persons", PERSONS, "person")), self.texts("person_types"), shares, first, last, self.text("note"),
        )  # fmt: skip

    def report(self, code: str, message: str, key: str, node: Tree, hint: str = "") -> None:
        self.log.add(code, message, Place(key, node.line, node.column), shown(node), hint)

    def node(self, key: str) -> Tree | None:
        return self.tree.entries[key].node if key in self.tree.entries else None

    def text(self, key: str) -> str:
        node = self.node(key)
        if node is None:
            return ""
        if not isinstance(node, Scalar):
            self.report("credit-rule", "this is a text", key, node)
            return ""
        return " ".join(node.raw.split())[:500]

    def choice(self, key: str, known: tuple[str, ...], usual: str) -> str:
        node = self.node(key)
        if node is None:
            return usual
        found = node.raw if isinstance(node, Scalar) else ""
        if found not in known:
            self.report("credit-rule", "this is one of a few words", key, node, f"write {', '.join(known)}")
            return usual
        return found

    def texts(self, key: str, known: tuple[str, ...] = ()) -> tuple[str, ...]:
        node = self.node(key)
        if node is None:
            return ()
        if not isinstance(node, Listed) or not all(isinstance(item, Scalar) for item in node.items):
            self.report("credit-rule", "this is a list of words", key, node, "write [one, two]")
            return ()
        found = tuple(item.raw for item in node.items if isinstance(item, Scalar))
        for item, word in zip(node.items, found, strict=True):
            if known and word not in known:
                self.report("credit-rule", "there is no such role", key, item, f"write {', '.join(known)}")
        return found

    def share(self, key: str, usual: Fraction) -> Fraction:
        node = self.node(key)
        return usual if node is None else self.part(key, node)

    def part(self, key: str, node: Tree) -> Fraction:
        """A share from 0 to 1, exactly as written: `40%`, `0.4`."""
        value = constant(node) if isinstance(node, Scalar) else None
        number = value[0] if value else None
        if isinstance(number, bool) or not isinstance(number, int | Fraction) or not 0 <= number <= 1:
            self.report("credit-rule", "a share is a number from 0% to 100%", key, node, "write 40%")
            return Fraction(0)
        if (Fraction(number) * 10**6).denominator != 1:
            self.report("credit-rule", "a share has at most four decimals of a percent", key, node, "write 33.3333%")
            return Fraction(0)
        return Fraction(number)

    def shares(self) -> dict[str, Fraction]:
        node = self.node("shares")
        if not isinstance(node, Keyed):
            self.log.add(
                "credit-rule",
                "sharing by role says the share of each role",
                Place("shares", self.tree.line, 1),
                "nothing",
                "write shares: with a line for each role",
            )
            return {}
        found = {role: self.part(role, entry.node) for role, entry in node.entries.items()}
        for role, entry in node.entries.items():
            if role not in ROLES:
                self.report("credit-rule", "there is no such role", role, entry.node, f"write {', '.join(ROLES)}")
        if sum(found.values()) != _ONE:
            total = _percent(sum(found.values(), Fraction(0)))
            self.log.add("credit-rule", "the shares of the roles are 100% together", Place("shares", node.line, node.column), total)
        return {role: found[role] for role in ROLES if found.get(role)}

    def days(self) -> int:
        node = self.node("look_back")
        if node is None:
            return LOOK_BACK
        value = constant(node) if isinstance(node, Scalar) else None
        number = value[0] if value else None
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= LONGEST:
            self.report("credit-rule", "a look-back is a number of days", "look_back", node, "write 90 days")
            return LOOK_BACK
        return number
