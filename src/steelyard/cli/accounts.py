"""Commands about people: user add, list, change, deactivate."""

from __future__ import annotations

from typing import Annotated

import typer

from steelyard.accounts import actions, queries

from .output import print_json, say, table
from .people import AsUser, acting

app = typer.Typer(no_args_is_help=True, help="People and programs that act here.")
Roles = Annotated[list[str], typer.Option("--role", help=f"{', '.join(queries.ROLES)}; say it again for several.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit trail.")]


def register(root: typer.Typer) -> None:
    """Add the group to the command line."""
    root.add_typer(app, name="user")


@app.command(epilog="Example: steelyard user add anna --name 'Anna Amstutz' --role operator")
def add(username: str, name: Annotated[str, typer.Option(help="Full name.")], role: Roles, as_user: AsUser = None) -> None:
    """Add a person."""
    user = actions.add_user(username=username, name=name, roles=role, acting_user=acting(as_user))
    say(f"Added {user.username} ({', '.join(user.roles)}).")


@app.command("list", epilog="Example: steelyard user list --json")
def listing(search: str = "", as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List everybody, also who is deactivated."""
    people = queries.users(search=search)
    if as_json:
        print_json([{"username": user.username, "name": user.name, "roles": user.roles, "active": user.is_active} for user in people])
        return
    rows = ((user.username, user.name, ", ".join(user.roles), "yes" if user.is_active else "no") for user in people)
    table(["username", "name", "roles", "active"], rows)


@app.command(epilog="Example: steelyard user change anna --role operator --role leadership")
def change(
    username: str,
    name: Annotated[str | None, typer.Option(help="Full name.")] = None,
    role: Annotated[list[str] | None, typer.Option("--role", help="The roles from now on, all of them.")] = None,
    reason: Reason = "",
    as_user: AsUser = None,
) -> None:
    """Change the name or the roles of a person; what is not given stays."""
    user = actions.change_user(username=username, name=name, roles=role or None, acting_user=acting(as_user), reason=reason)
    say(f"{user.username}: {user.name} ({', '.join(user.roles)}).")


@app.command(epilog="Example: steelyard user deactivate anna --reason left")
def deactivate(username: str, reason: Reason = "", as_user: AsUser = None) -> None:
    """From now on this person can no longer act; what they did keeps their name."""
    actions.deactivate_user(username=username, acting_user=acting(as_user), reason=reason)
    say(f"Deactivated {username}.")
