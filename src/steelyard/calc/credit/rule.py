"""A credit rule: which touches of an order line count, and how they share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Role = Literal["referred", "influenced", "ordered"]
Method = Literal["ordering", "first", "last", "linear", "position", "roles"]

ROLES: tuple[Role, ...] = ("referred", "influenced", "ordered")  # in the order in which they happen on one day
METHODS: tuple[Method, ...] = ("ordering", "first", "last", "linear", "position", "roles")
PERSONS = ("person", "organisations")
LOOK_BACK = 90  # days
LONGEST = 3_660


@dataclass(frozen=True, slots=True)
class Rule:
    """How a line is shared.

    ``counts``: the roles whose touches count; where a line has none of them, the ordering partner has it whole.
    ``persons``: whether what a person earns stays with the person or goes on, in equal parts, to the organisations that
    the person belongs to on the day of the order. ``person_types``: which partners count as influencing persons (none
    named: whoever the affiliations call a person). ``shares``: of each role, for the method ``roles``; ``first`` and
    ``last``: of the ends, for the method ``position``.
    """

    name: str
    title: str
    method: Method
    counts: tuple[Role, ...] = ROLES
    look_back: int = LOOK_BACK
    persons: str = "person"
    person_types: tuple[str, ...] = ()
    shares: Mapping[str, Fraction] = field(default_factory=dict)
    first: Fraction = Fraction(2, 5)
    last: Fraction = Fraction(2, 5)
    note: str = ""


ORDERING = Rule("ordering", "Ordering partner", "ordering", counts=("ordered",), note="Whoever placed the order has all of it.")

STANDARD: tuple[Rule, ...] = (
    ORDERING,
    Rule("first", "First touch", "first", note="Whoever had a part in it first has all of it: the earliest referral, else who influenced."),
    Rule(
        "last", "Last touch before the order", "last", counts=("referred", "influenced"),
        note="Whoever had a part in it last before the order has all of it.",
    ),
    Rule("linear", "Linear", "linear", note="Every touch has an equal share, the order itself is one of them."),
    Rule("position", "By position, 40/20/40", "position", note="First and last touch have 40% each, those between share 20%."),
    Rule(
        "roles", "By role, 60/30/10", "roles",
        shares={"ordered": Fraction(3, 5), "referred": Fraction(3, 10), "influenced": Fraction(1, 10)},
        note="Each role has its share; that of a role nobody had goes to the others in proportion.",
    ),
)  # fmt: skip
BY_NAME = {rule.name: rule for rule in STANDARD}
