"""Commands about people: who they are, what they may do, what they see, their passwords and tokens."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from django.utils import timezone

from steelyard.accounts import actions, queries
from steelyard.accounts.permissions import ROLES
from steelyard.calc.errors import Problem, Refused

from .output import print_json, say, table
from .people import AsUser, acting

if TYPE_CHECKING:
    from steelyard.accounts.models import User

app = typer.Typer(no_args_is_help=True, help="People and programs that act here.")
Roles = Annotated[list[str], typer.Option("--role", help=f"{', '.join(ROLES)}; say it again for several.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit trail.")]
Email = Annotated[str | None, typer.Option(help="Where links to set a password go.")]
Language = Annotated[str | None, typer.Option(help="Language of pages and e-mails: en, de; blank is the browser's.")]
Sees = Annotated[
    list[str] | None, typer.Option("--sees", help="KIND:CODE, such as territory:EU, partner:P1 or representative:E1; again for several.")
]
Kind = Annotated[str, typer.Argument(help="territory, partner or representative")]
Code = Annotated[str, typer.Argument(help="the code of what they see")]


def register(root: typer.Typer) -> None:
    """Add the group to the command line."""
    root.add_typer(app, name="user")


@app.command(
    epilog="Example: steelyard user add carla --name 'Carla Conti' --role partner_manager --sees territory:EU --email carla@example.com"
)
def add(
    username: str,
    name: Annotated[str, typer.Option(help="Full name.")],
    role: Roles,
    email: Email = None,
    language: Language = None,
    sees: Sees = None,
    as_user: AsUser = None,
) -> None:
    """Add a person. They sign in once they have a password: `steelyard user password`, or a link by e-mail."""
    user = actions.add_user(
        username=username, name=name, roles=role, email=email or "", language=language or "",
        grants=[_granted(text) for text in sees or []], acting_user=acting(as_user),
    )  # fmt: skip
    say(f"Added {user.username} ({', '.join(user.roles)}).")


@app.command("list", epilog="Example: steelyard user list --json")
def listing(search: str = "", as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List everybody, also who is deactivated."""
    granted = queries.everybody_in_force(timezone.localdate())
    people = [
        {
            "username": user.username, "name": user.name, "email": user.email, "roles": user.roles, "active": user.is_active,
            "sees": ["everything"] if _sees_everything(user) else [f"{grant.kind}:{grant.key}" for grant in granted.get(user.pk, [])],
        }
        for user in queries.users(search=search)
    ]  # fmt: skip
    if as_json:
        print_json(people)
        return
    rows = (
        (one["username"], one["name"], ", ".join(one["roles"]), ", ".join(one["sees"]), "yes" if one["active"] else "no") for one in people
    )
    table(["username", "name", "roles", "sees", "active"], rows)


@app.command(epilog="Example: steelyard user change anna --role operator --role leadership")
def change(
    username: str,
    name: Annotated[str | None, typer.Option(help="Full name.")] = None,
    role: Annotated[list[str] | None, typer.Option("--role", help="The roles from now on, all of them.")] = None,
    email: Email = None,
    language: Language = None,
    reason: Reason = "",
    as_user: AsUser = None,
) -> None:
    """Change what is said of a person, or their roles; what is not given stays."""
    told = {"name": name, "roles": role or None, "email": email, "language": language, "reason": reason}
    user = actions.change_user(username=username, **told, acting_user=acting(as_user))  # type: ignore[arg-type]
    say(f"{user.username}: {user.name} ({', '.join(user.roles)}).")


@app.command(epilog="Example: steelyard user deactivate anna --reason left")
def deactivate(username: str, reason: Reason = "", as_user: AsUser = None) -> None:
    """From now on this person can no longer act; what they did keeps their name."""
    actions.deactivate_user(username=username, acting_user=acting(as_user), reason=reason)
    say(f"Deactivated {username}.")


@app.command(epilog="Example: steelyard user reactivate anna")
def reactivate(username: str, reason: Reason = "", as_user: AsUser = None) -> None:
    """Let a person back in, with the roles and grants they had."""
    actions.reactivate_user(username=username, acting_user=acting(as_user), reason=reason)
    say(f"Reactivated {username}.")


@app.command(epilog="Example: steelyard user grant carla territory EU --from 2026-01-01")
def grant(
    username: str,
    kind: Kind,
    code: Code,
    since: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day; at once if not given.")] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day; for good if not given.")] = None,
    reason: Reason = "",
    as_user: AsUser = None,
) -> None:
    """Let a person see a partner, a territory with all below it, or a representative's partners."""
    wanted = _granted(f"{kind}:{code}")
    days = {"valid_from": since.date() if since else None, "valid_to": until.date() + timedelta(days=1) if until else None}
    actions.grant(username=username, kind=wanted.kind, key=wanted.key, **days, acting_user=acting(as_user), reason=reason)
    say(f"{username} sees {kind} {code}.")


@app.command(epilog="Example: steelyard user revoke carla territory EU")
def revoke(username: str, kind: Kind, code: Code, reason: Reason = "", as_user: AsUser = None) -> None:
    """From now on a person no longer sees what was granted."""
    found = [one for one in queries.grants(queries.person(username)) if (one.kind, one.key, one.revoked_at) == (kind, code, None)]
    if not found:
        raise Refused(Problem("no-grant", "this was not granted, or is revoked already", "grant", f"{kind}:{code}", "steelyard user list"))
    for one in found:
        actions.revoke(username=username, grant=one.pk, acting_user=acting(as_user), reason=reason)
    say(f"{username} no longer sees {kind} {code} by a grant.")


@app.command(epilog="Example: steelyard user password anna")
def password(username: str, as_user: AsUser = None) -> None:
    """Set a person's password, typed twice, or one line from standard input. Everywhere they are signed out."""
    if sys.stdin.isatty():
        secret = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
    else:
        secret = sys.stdin.readline().rstrip("\r\n")
    actions.change_user(username=username, password=secret, acting_user=acting(as_user))
    say(f"The password of {username} is set.")


@app.command(epilog="Example: steelyard user token anna nightly --scope scores.read --days 90")
def token(
    username: str,
    name: Annotated[str, typer.Argument(help="Which program uses it.")],
    scope: Annotated[list[str], typer.Option("--scope", help="A permission it may use; say it again for several.")],
    days: Annotated[int, typer.Option(min=1, max=365, help="How long it works.")] = 90,
) -> None:
    """Make an API token that acts as a person. The secret is printed this once."""
    ends = timezone.now() + timedelta(days=days)
    made, secret = actions.make_token(name=name, scopes=scope, expires_at=ends, acting_user=queries.user(username))
    say(f"Token {made.prefix} for {username}, until {ends:%Y-%m-%d}:")
    print(secret)  # noqa: T201  alone on a line of standard output, for a program to read


def _sees_everything(user: User) -> bool:
    """Whether a role shows somebody everything; nobody who is deactivated sees anything."""
    return user.is_active and any(ROLES[role].sees_everything for role in user.roles if role in ROLES)


def _granted(text: str) -> actions.Granted:
    """KIND:CODE, checked against the masters."""
    from steelyard.partners.scopes import check_grant

    kind, _, key = text.partition(":")
    check_grant(kind, key)
    return actions.Granted(kind, key)
