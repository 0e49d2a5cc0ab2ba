"""A workflow as a table: from which state, by which verb, to which state, who may, and whether it takes a second person or a signature.

An app declares the table it ships; a company may put its own rows in the place of it (`actions.set_workflow`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. ``second_person``: whoever made what is decided here may not take the step. ``signed``: by password again."""

    state: str
    verb: str
    to: str
    permission: str
    second_person: bool = False
    signed: bool = False
    reason_needed: bool = False
    meaning: str = ""  # what the signature says


@dataclass(frozen=True, slots=True)
class Workflow:
    """The table of one kind of record. ``makes``: the verb by which somebody puts their work up for decision."""

    name: str
    first: str
    makes: str
    rules: tuple[Rule, ...]

    @property
    def states(self) -> frozenset[str]:
        """Every state a record can be in."""
        return frozenset({self.first, *(rule.state for rule in self.rules), *(rule.to for rule in self.rules)})


_DECLARED: dict[str, Workflow] = {}


def declare(name: str, *, first: str, makes: str, rules: Sequence[Rule]) -> Workflow:
    """Make a workflow known, as it is shipped."""
    _DECLARED[name] = Workflow(name, first, makes, tuple(rules))
    return _DECLARED[name]


def declared(name: str) -> Workflow:
    """A workflow as it is shipped."""
    return _DECLARED[name]
