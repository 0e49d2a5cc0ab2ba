"""Credit of order lines over REST: the rules, the one in force, how revenue moves under another, one line under all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from steelyard.attribution import actions
from steelyard.attribution.credit import days as periods
from steelyard.attribution.credit import moves as reads
from steelyard.attribution.credit import rules, wording
from steelyard.calc import money
from steelyard.calc.credit.rule import ROLES
from steelyard.calc.scorecards.shares import exact_text
from steelyard.partners import belonging

from .addresses import Number
from .filters import clean
from .gate import Asked, needs
from .paging import Asking, Page, of_rows
from .problems import answers

router = Router(tags=["credit"])


class CreditRuleShown(Schema):
    """A credit rule. Version 0 comes with the product."""

    rule: str = Field(examples=["linear"])
    version: int
    title: str
    text: str = Field(description="as YAML")
    in_force: bool
    made_by: str
    made_at: datetime | None
    reason: str


class RuleSent(Schema):
    """A rule as YAML; kept as the next version of its name."""

    text: str = Field(max_length=20_000, examples=["credit: ours\ntitle: Ours\nmethod: linear\nlook_back: 60 days\n"])
    reason: str = Field("", max_length=2_000)


class RuleKept(Schema):
    """The version it is, and whether it is new."""

    rule: str
    version: int
    fresh: bool


class Choosing(Schema):
    """Which rule shall be in force from now on, and why."""

    rule: str = Field(max_length=100, examples=["linear"])
    version: int | None = None
    reason: str = Field(min_length=1, max_length=2_000)
    instead_of: str | None = Field(None, max_length=120, description="the rule you saw in force; another by now is a conflict")


class Chosen(Schema):
    """Whether that changed anything."""

    changed: bool


class Move(Schema):
    """A partner's revenue under the rule in force and under the other, in the currency it was sold in."""

    partner: str = Field(description="blank: lines of keys that mean no partner yet")
    name: str
    currency: str
    now: str = Field(examples=["1250.00"])
    other: str
    difference: str
    now_lines: int
    other_lines: int


class LineMove(Schema):
    """A line that the partner has a share of under either rule; of an order you do not see, only the share."""

    row: int
    document: str | None
    day: date | None
    ordered_by: str | None
    currency: str
    now: str
    share_now: str = Field(examples=["1/3"])
    other: str
    share_other: str
    difference: str
    why: str


class ShareShown(Schema):
    """Who has which share of a line under a rule, and why."""

    rule: str
    partner: str | None = Field(description="null: a partner you do not see")
    role: str = Field(examples=["referred"])
    share: str = Field(examples=["0.4"])
    part: str
    currency: str
    why: str


@router.get("/rules", response=answers(ok=list[CreditRuleShown]), summary="Credit rules")
@needs("orders.read")
def every(request: Asked) -> list[dict[str, Any]]:
    """The newest version of each, and which one is in force."""
    now, _choice = rules.in_force()
    return [
        {
            "rule": one.code, "version": one.version, "title": one.rule.title, "text": one.text, "in_force": one.label == now.label,
            "made_by": one.made_by, "made_at": one.made_at, "reason": one.reason,
        }
        for one in rules.every()
    ]  # fmt: skip


@router.post("/rules", response=answers(ok=RuleKept), summary="Add a version of a credit rule")
@needs("frameworks.write")
def add(request: Asked, sent: RuleSent) -> dict[str, Any]:
    """Checked and kept; it is not in force until it is chosen."""
    kept, fresh = actions.add_credit_rule(text=sent.text, acting_user=request.user, reason=sent.reason)
    return {"rule": kept.code, "version": kept.version, "fresh": fresh}


@router.post("/in-force", response=answers(ok=Chosen), summary="Put a credit rule in force")
@needs("frameworks.write")
def choose(request: Asked, sent: Choosing) -> dict[str, Any]:
    """Published scores keep counting by the ordering partner: the framework language has no credit rule."""
    changed = actions.choose_credit_rule(
        code=sent.rule, version=sent.version, acting_user=request.user, reason=sent.reason, instead_of=sent.instead_of
    )
    return {"changed": changed}


@router.get("/moves/{rule}", response=answers(ok=Page[Move]), summary="How revenue moves under another rule")
@needs("orders.read")
def moves(request: Asked, paging: Asking, rule: str, period: str = "") -> dict[str, Any]:
    """Per partner and currency; over everything, both rules add up alike."""
    now, _choice = rules.in_force()
    found = reads.moves(now, rules.rule_named(clean(rule)), periods.chosen(clean(period)), scope=request.scope)
    return of_rows(found.sort("partner", "currency").to_dicts(), paging, lambda row: [row["partner"], row["currency"]], _move)


@router.get("/moves/{rule}/lines", response=answers(ok=Page[LineMove]), summary="The lines behind a partner's difference")
@needs("orders.read")
def lines(request: Asked, paging: Asking, rule: str, partner: str = "", period: str = "") -> dict[str, Any]:
    """Each with both shares and the reason."""
    now, _choice = rules.in_force()
    found = reads.lines(clean(partner), now, rules.rule_named(clean(rule)), periods.chosen(clean(period)), scope=request.scope)
    names = belonging.on(timezone.localdate()).names["partner"]
    seen = names if request.scope.everything else {code: names[code] for code in names.keys() & request.scope.partners}
    return of_rows(found.sort("row_id").to_dicts(), paging, lambda row: row["row_id"], lambda row: _line(row, seen))


@router.get("/lines/{row}", response=answers(ok=list[ShareShown]), summary="One order line under every rule")
@needs("orders.read")
def line(request: Asked, row: Number) -> list[dict[str, Any]]:
    """Who touched it, when, and which share each rule gives."""
    known = rules.every()
    _fact, shares = reads.one_line(row, known, scope=request.scope)
    names = belonging.on(timezone.localdate()).names["partner"]
    seen = names if request.scope.everything else {code: names[code] for code in names.keys() & request.scope.partners}
    return [_share(rule.label, one, seen) for rule, parts in zip(known, shares, strict=True) for one in parts.iter_rows(named=True)]


def _move(row: dict[str, Any]) -> dict[str, Any]:
    amounts = {name: money.format(row[name]) for name in ("now", "other", "difference")}
    return {**{name: row[name] for name in ("partner", "currency", "now_lines", "other_lines")}, "name": row["name"] or "", **amounts}


def _line(row: dict[str, Any], seen: dict[str, str]) -> dict[str, Any]:
    amounts = {name: money.format(row[name]) for name in ("now", "other", "difference")}
    return {
        "row": row["row_id"], "document": row["document"], "day": row["date"], "ordered_by": row["ordered_by"], "currency": row["currency"],
        "share_now": row["share_now"] or "0", "share_other": row["share_other"] or "0",
        "why": wording.why(row["why_other"] or row["why_now"], seen), **amounts,
    }  # fmt: skip


def _share(rule: str, one: dict[str, Any], seen: dict[str, str]) -> dict[str, Any]:
    partner = one["partner"] or ""
    return {
        "rule": rule, "partner": partner if partner in seen or not partner else None, "role": ROLES[one["role"]],
        "share": exact_text(one["numerator"], one["denominator"]), "part": money.format(one["part"]), "currency": one["currency"],
        "why": wording.why(reads.reasons([one]), seen),
    }  # fmt: skip
