"""Every write of approvals: entering a password again, taking a step, changing a workflow."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from steelyard.accounts.permissions import PERMISSIONS, may
from steelyard.accounts.queries import user as user_named
from steelyard.audit.actions import record as write_audit
from steelyard.calc.errors import Conflict, Problem, Refused, did_you_mean

from . import queries, signing
from .models import Signature, Step, Transition, WrongPassword
from .signing import Confirmed
from .workflows import Rule, declared

if TYPE_CHECKING:
    from steelyard.accounts.models import User


def confirm_password(*, acting_user: User, password: str) -> Confirmed:
    """The person is who they say: to be asked for right before a signature, outside the transaction that it signs.

    A wrong password is counted even though what it was meant to sign does not happen.
    """
    now = timezone.now()
    wrong = WrongPassword.objects.filter(username=acting_user.username, at__gt=now - signing.WITHIN).count()
    if wrong >= signing.MOST_WRONG:
        hint = "wait a quarter of an hour"
        raise Refused(Problem("too-many-passwords", "too many wrong passwords", "password", hint=hint))
    if not acting_user.check_password(password):
        with transaction.atomic():
            WrongPassword.objects.create(username=acting_user.username, at=now)
            write_audit(
                action="signature refused", subject=f"user:{acting_user.username}", acting_user=acting_user, reason="wrong password"
            )
        raise Refused(Problem("wrong-password", "this is not your password", "password", hint="enter the password you sign in with"))
    return Confirmed(acting_user.username, now)


def take(
    *,
    workflow: str,
    record: str,
    state: str,
    verb: str,
    content: Mapping[str, Any],
    acting_user: User,
    confirmed: Confirmed | None = None,
    reason: str = "",
    worked_on_by: Collection[str] = (),
) -> Step:
    """Take one step of a record that the caller has locked, inside the caller's transaction; the audit entry is written here.

    ``content`` is what the step is taken on; its hash stands in the step and in the signature. ``worked_on_by``: whoever had a
    hand in it besides those who put it up for decision. The caller then sets the record's state to ``step.to``.
    """
    table = queries.workflow(workflow)
    rule = next((one for one in table.rules if (one.state, one.verb) == (state, verb)), None)
    if rule is None:
        raise Conflict(_not_possible(record, state, verb))
    person = user_named(acting_user.username)  # read again: they may have been deactivated since they opened the page
    made = queries.makers(record, table.makes) if rule.second_person else set()
    problems = _objections(rule, person, made, worked_on_by, confirmed, reason)
    if problems:
        raise Refused(problems)
    before = Step.objects.filter(record=record).order_by("-number").first()
    last_maker = Step.objects.filter(record=record, verb=table.makes).order_by("-number").first() if rule.second_person else None
    now = timezone.now()
    try:
        with transaction.atomic():
            step = Step.objects.create(
                record=record, number=before.number + 1 if before else 1, workflow=workflow, verb=verb, state=state, to=rule.to,
                made_by=person.username, made_by_name=person.name, made_at=now, maker=last_maker.made_by if last_maker else "",
                reason=reason, version_hash=signing.version_hash(content),
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict(_not_possible(record, state, verb)) from error
    if rule.signed:
        _sign(step, rule, person.name)
    write_audit(
        action=f"{workflow}.{verb}",
        subject=record,
        before={"state": state},
        after={"state": rule.to, "version": step.version_hash, **content},
        acting_user=person,
        reason=reason[:500],
    )
    return step


def _objections(
    rule: Rule, person: User, made: set[str], worked_on_by: Collection[str], confirmed: Confirmed | None, reason: str
) -> list[Problem]:
    """Why this person may not take this step so."""
    found = []
    if not may(person, rule.permission):
        found.append(
            Problem("not-allowed", "your role does not allow this", found=", ".join(person.roles), hint=PERMISSIONS[rule.permission])
        )
    if rule.second_person and person.username in {*made, *worked_on_by}:
        who = f"{person.username} {'submitted' if person.username in made else 'worked on'} this"
        found.append(Problem("second-person", "this takes a second person", found=who, hint="somebody else decides"))
    if rule.reason_needed and not reason.strip():
        found.append(Problem("no-reason", "a reason is needed", "reason", hint="say what has to change"))
    if rule.signed:
        fresh = confirmed is not None and confirmed.username == person.username and timezone.now() - confirmed.at <= signing.FRESH
        if not fresh:
            found.append(Problem("not-signed", "this takes a signature", "password", hint="enter your password again"))
    return found


def _sign(step: Step, rule: Rule, name: str) -> None:
    told: dict[str, Any] = {
        "record": step.record, "signer": step.made_by, "name": name, "signed_at": step.made_at.astimezone(UTC), "meaning": rule.meaning,
    }  # fmt: skip
    sealed = signing.seal(**told, number=step.number, version=step.version_hash)
    Signature.objects.create(step=step, version_hash=step.version_hash, seal=sealed, **told)


def _not_possible(record: str, state: str, verb: str) -> Problem:
    """Says who was quicker, where somebody was."""
    last = Step.objects.filter(record=record).order_by("-number").first()
    who = f"{last.made_by_name}: {last.verb}, {last.made_at:%Y-%m-%d %H:%M} UTC" if last else f"it is {state}"
    return Problem("step-not-possible", f"it is {state}: `{verb}` is no longer possible", found=who, hint="look at it again")


@transaction.atomic
def set_workflow(*, workflow: str, rules: Sequence[Rule], acting_user: User, reason: str = "") -> None:
    """Put the company's own table in the place of the shipped one; no rules at all go back to it."""
    shipped = declared(workflow)
    problems = [
        Problem("unknown-permission", "there is no such permission", rule.verb, rule.permission, did_you_mean(rule.permission, PERMISSIONS))
        for rule in rules
        if rule.permission not in PERMISSIONS
    ]
    reached = {shipped.first, *(rule.to for rule in rules)}
    problems += [
        Problem("unreachable-state", "no step leads to this state", rule.verb, rule.state, "add the step that leads there")
        for rule in rules
        if rule.state not in reached
    ]
    if rules and shipped.makes not in {rule.verb for rule in rules}:
        problems.append(Problem("nothing-submitted", f"a step `{shipped.makes}` is needed", hint="a second person is told from it"))
    if problems:
        raise Refused(problems)
    before = [asdict(rule) for rule in queries.workflow(workflow).rules]
    Transition.objects.filter(workflow=workflow).delete()
    Transition.objects.bulk_create(Transition(workflow=workflow, **asdict(rule)) for rule in rules)
    after = [asdict(rule) for rule in queries.workflow(workflow).rules]
    write_audit(
        action="workflow changed", subject=f"workflow:{workflow}", before={"rules": before}, after={"rules": after},
        acting_user=acting_user, reason=reason,
    )  # fmt: skip
