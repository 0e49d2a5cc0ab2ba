"""Which credit rules there are, and which one is in force since when: those that come with the product, and one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from steelyard.calc.credit.reading import read_rule, write_rule
from steelyard.calc.credit.rule import BY_NAME, ORDERING, STANDARD, Rule
from steelyard.calc.errors import Missing, Refused
from steelyard.calc.framework.document import digest

from ..models import CreditChoice, CreditRule


@dataclass(frozen=True)
class Known:
    """A rule as it is kept. Version 0 comes with the product and cannot be changed."""

    rule: Rule
    version: int
    text: str
    made_by: str = ""
    made_at: datetime | None = None
    reason: str = ""

    @property
    def code(self) -> str:
        """How it is named in addresses and commands."""
        return self.rule.name

    @property
    def label(self) -> str:
        """How one version of it is named."""
        return f"{self.code} v{self.version}" if self.version else self.code

    @property
    def digest(self) -> str:
        """What everything computed by it rests on."""
        return digest(self.text)


def every() -> list[Known]:
    """The newest version of each rule: those that come with the product first, then one's own by name."""
    own = {row.code: _known(row) for row in CreditRule.objects.all()}  # in the order of their versions
    return [*(_standard(rule) for rule in STANDARD), *(own[code] for code in sorted(own))]


def versions(code: str) -> list[Known]:
    """Every version of a rule, the newest first. `Missing` if there is none."""
    if code in BY_NAME:
        return [_standard(BY_NAME[code])]
    found = [_known(row) for row in CreditRule.objects.filter(code=code).order_by("-version")]
    if not found:
        raise Missing
    return found


def rule_named(code: str, version: int | None = None) -> Known:
    """One version of a rule, the newest if none is named. `Missing` if there is none."""
    for found in versions(code):
        if version is None or found.version == version:
            return found
    raise Missing


def choices() -> list[CreditChoice]:
    """Which rule was put in force when, by whom and why, the newest first."""
    return list(CreditChoice.objects.order_by("-pk"))


def in_force() -> tuple[Known, CreditChoice | None]:
    """The rule in force; without a choice it is the ordering partner's."""
    choice = CreditChoice.objects.order_by("-pk").first()
    return (_standard(ORDERING), None) if choice is None else (rule_named(choice.code, choice.version), choice)


def _standard(rule: Rule) -> Known:
    return Known(rule, 0, write_rule(rule))


def _known(row: CreditRule) -> Known:
    rule, problems = read_rule(row.text)
    if rule is None:  # a text that an earlier version of the product could read
        raise Refused(problems)
    return Known(rule, row.version, row.text, row.made_by, row.made_at, row.reason)
