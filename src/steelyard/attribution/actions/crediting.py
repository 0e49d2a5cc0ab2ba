"""Every write of credit rules: a new version, and which rule is in force. Neither changes a fact or a published score.

Both hold the ledger's lock, though they add nothing to it: so of two people at once the second sees what the first wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.calc.credit.reading import read_rule
from steelyard.calc.credit.rule import BY_NAME
from steelyard.calc.errors import Conflict, Problem, Refused
from steelyard.calc.framework.document import digest
from steelyard.ledger.actions import committing

from ..credit import rules
from ..models import CreditChoice, CreditRule

if TYPE_CHECKING:
    from steelyard.accounts.models import User

IN_FORCE = "credit rule put in force"
ADDED = "credit rule added"


def add_credit_rule(*, text: str, acting_user: User, reason: str = "") -> tuple[CreditRule, bool]:
    """Check a rule and keep it as its next version; the same text again is the version it already is.

    Returns the version, and whether it is new. Raises `Refused` with every problem found.
    """
    rule, problems = read_rule(text)
    if rule is None:
        raise Refused(problems)
    if rule.name in BY_NAME:
        hint = "give yours another name"
        raise Refused(Problem("credit-rule", "a rule of this name comes with the product", "credit", f"`{rule.name}`", hint))
    fingerprint = digest(text)
    with committing(acting_user=acting_user, note=ADDED):
        existing = CreditRule.objects.filter(code=rule.name, digest=fingerprint).first()
        if existing is not None:
            return existing, False
        latest = CreditRule.objects.filter(code=rule.name).order_by("-version").first()
        kept = CreditRule.objects.create(
            code=rule.name, version=latest.version + 1 if latest else 1, title=rule.title, text=text, digest=fingerprint,
            made_at=timezone.now(), made_by=acting_user.username, reason=reason,
        )  # fmt: skip
        before = {"version": latest.version, "digest": latest.digest} if latest else None
        after = {"version": kept.version, "digest": fingerprint}
        record(action=ADDED, subject=f"credit rule {kept}", before=before, after=after, reason=reason, acting_user=acting_user)
    return kept, True


def choose_credit_rule(*, code: str, version: int | None = None, acting_user: User, reason: str, instead_of: str | None = None) -> bool:
    """Put a rule in force from now on, its newest version unless one is named. False if it is in force already.

    ``instead_of``: the label of the rule that its chooser saw in force; a conflict if it is another by now.
    """
    if not reason.strip():
        raise Refused(Problem("no_reason", "a rule is put in force with a reason", "reason", "", "write why, in a sentence"))
    with committing(acting_user=acting_user, note=IN_FORCE):
        wanted, (now, choice) = rules.rule_named(code, version), rules.in_force()
        if (wanted.code, wanted.version) == (now.code, now.version):
            return False
        if instead_of is not None and instead_of != now.label:
            raise Conflict(_chosen_meanwhile(now.label, choice.made_by if choice else ""))
        CreditChoice.objects.create(
            code=wanted.code, version=wanted.version, made_at=timezone.now(), made_by=acting_user.username, reason=reason.strip()
        )
        before, after = {"rule": now.label}, {"rule": wanted.label}
        record(action=IN_FORCE, subject=f"credit rule {wanted.label}", before=before, after=after, reason=reason, acting_user=acting_user)
    return True


def _chosen_meanwhile(label: str, by: str) -> Problem:
    found = f"{label}, by {by}" if by else label
    return Problem("chosen_meanwhile", "another rule was put in force meanwhile", "rule", found, "look at it again, then choose")
