"""Commands about tasks that triggers opened: the same actions as the pages."""

from __future__ import annotations

from typing import Annotated

import typer

from .output import print_json, say, table
from .people import AsUser, acting

tasks = typer.Typer(invoke_without_command=True, help="Tasks that frameworks opened: what is to be done, until when.")


def register(root: typer.Typer) -> None:
    """Add the group to the command line."""
    root.add_typer(tasks, name="tasks")


@tasks.callback(epilog="Example: steelyard tasks --all --json")
def listing(
    context: typer.Context,
    closed: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    as_user: AsUser = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List open tasks, the soonest due first."""
    if context.invoked_subcommand is not None:
        return
    from steelyard.partners.scopes import scope_of
    from steelyard.scorecards import to_do

    scope = scope_of(acting(as_user))
    found = to_do.tasks(scope=scope) if closed else to_do.open_now(scope=scope)
    names = ("number", "framework", "period", "subject", "trigger", "what", "due", "closed by", "reason")
    rows = [(t.pk, t.framework_code, t.period, t.subject, t.trigger, t.what, t.due_on, t.closed_by, t.reason) for t in found]
    print_json([dict(zip(names, row, strict=True)) for row in rows]) if as_json else table(names, rows, right=["number"])


@tasks.command(epilog="Example: steelyard tasks close 12 --reason 'a plan is agreed' --as carla")
def close(
    number: Annotated[int, typer.Argument(help="Number of the task.")],
    reason: Annotated[str, typer.Option(help="What was done, or why nothing is.")],
    as_user: AsUser = None,
) -> None:
    """Close a task with a reason."""
    from steelyard.partners.scopes import scope_of
    from steelyard.scorecards import to_do

    user = acting(as_user)
    task = to_do.close(task=number, reason=reason, scope=scope_of(user), acting_user=user)
    say(f"Closed: {task}.")
