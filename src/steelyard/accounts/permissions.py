"""Who may do what: permissions by role, in one table. What they may do it *to* is the scope's to say (`partners.scopes`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .models import User

PERMISSIONS = {
    "account": "use an own account: password, language, tokens, sign-out",
    "staff": "open the staff pages: home, search",
    "scores.read": "open overviews, rankings, partners and scorecards",
    "scores.score": "score a period",
    "scores.publish": "publish what somebody else scored",
    "orders.read": "open orders and other facts",
    "intake.read": "open batches and refused rows",
    "intake.write": "bring in files, undo batches, match names",
    "masters.read": "open partners, territories, products and other master data",
    "masters.write": "change master data",
    "frameworks.read": "open frameworks",
    "frameworks.write": "add framework versions",
    "reviews.read": "open reviews",
    "reviews.open": "open and close review cycles",
    "reviews.rate": "rate and submit a review",
    "reviews.approve": "approve or return what somebody else submitted",
    "questions.read": "open questions about numbers",
    "questions.ask": "question a number",
    "questions.answer": "answer questions",
    "people.read": "open people, roles and scopes",
    "people.write": "add and change people, roles and scopes",
    "settings.read": "open calendars, currencies, health",
    "settings.write": "change the company's settings",
    "audit.read": "open the audit trail",
    "portal.read": "open the partner's own pages",
    "portal.ask": "question an own number",
    "portal.acknowledge": "acknowledge an own scorecard",
    "portal.people": "manage the partner's own users",
}

Side = Literal["staff", "partner", "program"]


@dataclass(frozen=True)
class Role:
    """``sees_everything`` False: only what grants name; without a grant nothing."""

    title: str
    meaning: str
    side: Side
    sees_everything: bool
    permissions: frozenset[str]


_READS = frozenset(name for name in PERMISSIONS if name.endswith(".read") and not name.startswith("portal.")) | {"account", "staff"}
_CHANNEL = frozenset({
    "account", "staff", "scores.read", "orders.read", "masters.read", "frameworks.read",
    "reviews.read", "questions.read", "questions.ask",
})  # fmt: skip
_PORTAL = frozenset({"account", "portal.read", "portal.ask"})

ROLES: dict[str, Role] = {
    "administrator": Role(
        "Administrator", "manages people, roles, scopes and settings", "staff", True,
        _READS | {"people.write", "settings.write"},
    ),
    "operator": Role(
        "Channel operations", "defines standards, loads data, runs cycles", "staff", True,
        _READS | {
            "scores.score", "scores.publish", "intake.write", "masters.write", "frameworks.write", "settings.write",
            "reviews.open", "reviews.rate", "reviews.approve", "questions.ask", "questions.answer",
        },
    ),
    "leadership": Role(
        "Sales leadership", "sees everything, publishes and approves", "staff", True,
        (_READS - {"people.read", "settings.read"}) | {"scores.publish", "reviews.approve", "questions.ask", "questions.answer"},
    ),
    "partner_manager": Role(
        "Partner manager", "prepares and runs reviews of the partners in scope", "staff", False,
        _CHANNEL | {"reviews.rate", "reviews.approve", "questions.answer"},
    ),
    "representative": Role("Sales representative", "looks after the partners in scope", "staff", False, _CHANNEL),
    "partner_administrator": Role(
        "Partner administrator", "the partner's own: scorecards, acknowledgement, users", "partner", False,
        _PORTAL | {"portal.acknowledge", "portal.people"},
    ),
    "partner_user": Role("Partner user", "the partner's own scorecards and questions", "partner", False, _PORTAL),
    "auditor": Role("Auditor", "reads everything, writes nothing", "staff", True, _READS),
    "system": Role("The installation", "acts where no person does", "program", True, frozenset(PERMISSIONS)),
}  # fmt: skip


def permissions_of(user: User) -> frozenset[str]:
    """Everything this user may do; nothing for the deactivated and for roles that are gone."""
    if not user.is_active:
        return frozenset()
    return frozenset().union(*(ROLES[role].permissions for role in user.roles if role in ROLES))


def may(user: User, permission: str) -> bool:
    """Whether the user may do it at all; to what is the scope's to say."""
    if permission not in PERMISSIONS:
        raise KeyError(permission)
    return permission in permissions_of(user)


def side_of(user: User) -> Side | None:
    """Which pages are this user's home: the staff's or the partner's; None without a known role."""
    sides = {ROLES[role].side for role in user.roles if role in ROLES}
    return "staff" if "staff" in sides else next(iter(sides), None)
