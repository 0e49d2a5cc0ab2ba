"""Who may do what: permissions by role, in one table. What they may do it *to* is the scope's to say (`partners.scopes`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext_noop as _

if TYPE_CHECKING:
    from .models import User

PERMISSIONS = {
    "account": _("use an own account: password, language, tokens, sign-out"),
    "staff": _("open the staff pages: home, search"),
    "scores.read": _("open overviews, rankings, partners and scorecards"),
    "scores.score": _("score a period"),
    "scores.publish": _("publish what somebody else scored"),
    "overrides.propose": _("propose overrides of scores, and withdraw them"),
    "overrides.approve": _("approve or refuse overrides that somebody else proposed"),
    "tasks.close": _("close tasks that frameworks opened"),
    "orders.read": _("open orders and other facts"),
    "intake.read": _("open batches and refused rows"),
    "intake.write": _("bring in files, undo batches, match names"),
    "masters.read": _("open partners, territories, products and other master data"),
    "masters.write": _("change master data"),
    "frameworks.read": _("open frameworks"),
    "frameworks.write": _("add framework versions"),
    "reviews.read": _("open reviews"),
    "reviews.open": _("open and close review cycles"),
    "reviews.rate": _("rate and submit a review"),
    "reviews.approve": _("approve or return what somebody else submitted"),
    "comparisons.read": _("open comparisons with workbooks"),
    "comparisons.write": _("compare a workbook, share and retire comparisons"),
    "questions.read": _("open questions about numbers"),
    "questions.ask": _("question a number"),
    "questions.answer": _("answer questions"),
    "people.read": _("open people, roles and scopes"),
    "people.write": _("add and change people, roles and scopes"),
    "settings.read": _("open calendars, currencies, health"),
    "settings.write": _("change the company's settings"),
    "audit.read": _("open the audit trail"),
    "portal.read": _("open the partner's own pages"),
    "portal.ask": _("question an own number"),
    "portal.acknowledge": _("acknowledge an own scorecard"),
    "portal.people": _("manage the partner's own users"),
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
    "reviews.read", "questions.read", "questions.ask", "comparisons.read",
})  # fmt: skip
_PORTAL = frozenset({"account", "portal.read", "portal.ask"})

ROLES: dict[str, Role] = {
    "administrator": Role(
        _("Administrator"), _("manages people, roles, scopes and settings"), "staff", True,
        _READS | {"people.write", "settings.write"},
    ),
    "operator": Role(
        _("Channel operations"), _("defines standards, loads data, runs cycles"), "staff", True,
        _READS | {
            "scores.score", "scores.publish", "overrides.propose", "overrides.approve", "tasks.close",
            "intake.write", "masters.write", "frameworks.write", "settings.write",
            "reviews.open", "reviews.rate", "reviews.approve", "questions.ask", "questions.answer", "comparisons.write",
        },
    ),
    "leadership": Role(
        _("Sales leadership"), _("sees everything, publishes and approves"), "staff", True,
        (_READS - {"people.read", "settings.read"})
        | {
            "scores.publish", "overrides.propose", "overrides.approve", "reviews.approve", "questions.ask", "questions.answer",
            "comparisons.write",
        },
    ),
    "partner_manager": Role(
        _("Partner manager"), _("prepares and runs reviews of the partners in scope"), "staff", False,
        _CHANNEL | {"overrides.propose", "tasks.close", "reviews.rate", "reviews.approve", "questions.answer", "comparisons.write"},
    ),
    "representative": Role(_("Sales representative"), _("looks after the partners in scope"), "staff", False, _CHANNEL | {"tasks.close"}),
    "partner_administrator": Role(
        _("Partner administrator"), _("the partner's own: scorecards, acknowledgement, users"), "partner", False,
        _PORTAL | {"portal.acknowledge", "portal.people"},
    ),
    "partner_user": Role(_("Partner user"), _("the partner's own scorecards and questions"), "partner", False, _PORTAL),
    "auditor": Role(_("Auditor"), _("reads everything, writes nothing"), "staff", True, _READS),
    "system": Role(_("The installation"), _("acts where no person does"), "program", True, frozenset(PERMISSIONS)),
}  # fmt: skip


def permissions_of(user: User) -> frozenset[str]:
    """Everything this user may do; nothing for the deactivated and for roles that are gone.

    Who comes with an API token may do what both the roles and the token allow.
    """
    if not user.is_active:
        return frozenset()
    allowed: frozenset[str] = frozenset().union(*(ROLES[role].permissions for role in user.roles if role in ROLES))
    return allowed if user.token is None else allowed & frozenset(user.token.scopes)


def may(user: User, permission: str) -> bool:
    """Whether the user may do it at all; to what is the scope's to say."""
    if permission not in PERMISSIONS:
        raise KeyError(permission)
    return permission in permissions_of(user)


def side_of(user: User) -> Side | None:
    """Which pages are this user's home: the staff's or the partner's; None without a known role."""
    sides = {ROLES[role].side for role in user.roles if role in ROLES}
    return "staff" if "staff" in sides else next(iter(sides), None)
