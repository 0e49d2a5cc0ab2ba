"""Commands about e-mail: what left, what waits, what was given up. What a message says is not told: some open something."""

from __future__ import annotations

from typing import Annotated

import typer

from .output import print_json, say, table
from .people import AsUser, acting

app = typer.Typer(no_args_is_help=True, help="E-mail that the installation sends.")
NAMES = ("number", "written", "to", "subject", "state", "attempts", "sent", "error")


def register(root: typer.Typer) -> None:
    """Add the group to the command line."""
    root.add_typer(app, name="messages")


@app.command("list", epilog="Example: steelyard messages list --state failed")
def listing(
    state: Annotated[str, typer.Option(help="waiting, sent or failed.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List e-mails, newest first."""
    from steelyard.outbox import queries

    rows = [
        (
            one.pk, f"{one.written_at:%Y-%m-%d %H:%M}", one.to, one.subject, one.state, one.attempts,
            f"{one.sent_at:%Y-%m-%d %H:%M}" if one.sent_at else None, one.error,
        )
        for one in queries.messages(states=(state,) if state else ())[:limit]
    ]  # fmt: skip
    print_json([dict(zip(NAMES, row, strict=True)) for row in rows]) if as_json else table(NAMES, rows, right=["number", "attempts"])


@app.command(epilog="Example: steelyard messages retry 31 --as ada")
def retry(message: Annotated[int, typer.Argument(help="Number of the e-mail.")], as_user: AsUser = None) -> None:
    """Deliver an e-mail again that was given up."""
    from steelyard.operations import actions

    actions.retry_message(message=message, acting_user=acting(as_user))
    say(f"E-mail {message} is on its way again.")
