"""Commands about overrides: proposed by one person, approved by another, beside a score that stays."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from steelyard.calc.units import to_text
from steelyard.ledger.scope import Scope

from .output import print_json, say, table
from .people import AsUser, acting

if TYPE_CHECKING:
    from steelyard.scorecards.models import Override

app = typer.Typer(no_args_is_help=True, help="Overrides of scores: with a reason, a second person and a last day.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="Number of the override.")]
Reason = Annotated[str, typer.Option(help="Why.")]


def register(root: typer.Typer) -> None:
    """Add the group to the command line."""
    root.add_typer(app, name="overrides")


def _scope(user: Any) -> Scope:
    from steelyard.partners.scopes import scope_of

    return scope_of(user)


@app.command("list", epilog="Example: steelyard overrides list --as dora")
def list_(user: AsUser = None, as_json: AsJson = False) -> None:
    """Every override, the newest first."""
    from steelyard.scorecards.overrides.queries import listed

    found = listed(scope=_scope(acting(user)))
    if as_json:
        print_json([_told(one) for one in found])
        return
    rows = [
        (one.pk, one.framework_code, one.subject, one.period, one.expires, _what(one), one.state, one.proposed_by, one.decided_by)
        for one in found
    ]
    table(("Number", "Framework", "Subject", "From", "Last day", "Instead", "State", "Proposed by", "Decided by"), rows)


@app.command(epilog='Example: steelyard overrides propose life-science N01 2026-Q3 --level B --reason "the plant burnt down" --as anna')
def propose(
    framework: str,
    subject: str,
    period: str,
    reason: Reason,
    level: Annotated[str, typer.Option(help="The level instead of the earned one.")] = "",
    points: Annotated[str | None, typer.Option(help="Or the points instead of the score.")] = None,
    expires: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last as-of date; default: the period's last day.")] = None,
    user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Put a level or points up for approval by somebody else; until then nothing changes."""
    from steelyard.scorecards.overrides.actions import propose as action
    from steelyard.scorecards.overrides.queries import points_of

    who = acting(user)
    made = action(
        framework=framework, subject=subject, period=period, reason=reason, level=level, acting_user=who, scope=_scope(who),
        points=None if points is None else points_of(points), expires=expires.date() if expires else None,
    )  # fmt: skip
    _say(made, as_json)


@app.command(epilog="Example: steelyard overrides approve 3 --as ben")
def approve(number: Number, user: AsUser = None, as_json: AsJson = False) -> None:
    """Let it count, as a second person."""
    from steelyard.scorecards.overrides.actions import approve as action

    who = acting(user)
    _say(action(override=number, acting_user=who, scope=_scope(who)), as_json)


@app.command(epilog='Example: steelyard overrides refuse 3 --reason "no evidence" --as ben')
def refuse(number: Number, reason: Reason, user: AsUser = None, as_json: AsJson = False) -> None:
    """Say no, with a reason."""
    from steelyard.scorecards.overrides.actions import refuse as action

    who = acting(user)
    _say(action(override=number, reason=reason, acting_user=who, scope=_scope(who)), as_json)


@app.command(epilog='Example: steelyard overrides withdraw 3 --reason "the insurer paid" --as anna')
def withdraw(number: Number, reason: Reason, user: AsUser = None, as_json: AsJson = False) -> None:
    """End it, with a reason."""
    from steelyard.scorecards.overrides.actions import withdraw as action

    who = acting(user)
    _say(action(override=number, reason=reason, acting_user=who, scope=_scope(who)), as_json)


def named(one: Override) -> dict[str, object]:
    """An override as the machine-readable result of a run names it."""
    return {name: value for name, value in _told(one).items() if name in ("override", "level", "points", "reason", "expires")}


def beside(one: Override) -> str:
    """What stands beside a score, as a line below it."""
    return f"overridden: {_what(one)} until {one.expires} (number {one.pk}: {one.reason})"


def _what(one: Override) -> str:
    return one.level or to_text(one.points or 0, "points")


def _say(one: Override, as_json: bool) -> None:
    if as_json:
        print_json(_told(one))
    else:
        say(f"override {one.pk} of {one.subject} in {one.framework_code} {one.period}: {_what(one)}, {one.state}, until {one.expires}")


def _told(one: Override) -> dict[str, object]:
    return {
        "override": one.pk, "framework": one.framework_code, "subject": one.subject, "period": one.period, "starts": one.starts,
        "expires": one.expires, "level": one.level or None, "points": None if one.points is None else to_text(one.points, "points"),
        "reason": one.reason, "state": one.state, "proposed_by": one.proposed_by, "decided_by": one.decided_by or None,
        "withdrawn_by": one.withdrawn_by or None, "withdrawn_reason": one.withdrawn_reason or None,
    }  # fmt: skip
