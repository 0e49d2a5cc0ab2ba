"""Commands about sales that two systems tell of."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .output import print_json, say, table
from .people import AsUser, acting

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Kind = Annotated[str, typer.Option(help="Kind of fact.")]
Partner = Annotated[str, typer.Option(help="Code of the partner.")]
First = Annotated[str, typer.Option(help="One system, as listed.")]
Second = Annotated[str, typer.Option(help="The other, as listed.")]

twice = typer.Typer(no_args_is_help=True, help="Sales that two systems tell of. Which one counts: `steelyard authorities add`.")


def register(root: typer.Typer) -> None:
    """Add the commands to the command line."""
    twice.command("list", epilog="Example: steelyard twice list --json")(list_groups)
    twice.command("show", epilog="Example: steelyard twice show --partner ALP --first erp --second shop")(show_pairs)
    twice.command("different", epilog="Example: steelyard twice different --partner ALP --first erp --second shop")(decide_different)
    twice.command("again", epilog="Example: steelyard twice again --partner ALP --first erp --second shop")(look_again)
    root.add_typer(twice, name="twice")


def list_groups(as_json: Json = False) -> None:
    """Partners of whom two systems tell alike: how many sales, and what counts twice."""
    from steelyard.intake.twice import groups

    found = [group.as_dict() for group in groups()]
    if as_json:
        print_json(found)
        return
    head = ["kind", "partner", "first", "second", "pairs", "sure", "since", "until"]
    rows = [[*(str(one[name]) for name in head), ", ".join(f"{value} {code}" for code, value in one["at_stake"].items())] for one in found]
    table([*head, "counts twice"], rows, right=["pairs", "sure", "counts twice"])


def show_pairs(kind: Kind = "orders", partner: Partner = "", first: First = "", second: Second = "", as_json: Json = False) -> None:
    """Both rows of each sale, side by side."""
    from steelyard.intake.twice import pairs

    found = [pair.as_dict() for pair in pairs(kind, partner, first, second)]
    if as_json:
        print_json(found)
        return
    told = [[str(one["day"]), *_told(one["first"]), *_told(one["second"]), one["rule"]] for one in found]
    table(["day", first, "product", "amount", second, "product", "amount", "alike in"], told, right=["amount"])


def _told(row: dict[str, Any]) -> list[str]:
    return [
        " / ".join(part for part in (row["document"], row["line"]) if part),
        " × ".join(part for part in (row["quantity"], row["product"]) if part),
        " ".join(part for part in (row["amount"], row["currency"]) if part),
    ]


def decide_different(
    kind: Kind = "orders", partner: Partner = "", first: First = "", second: Second = "",
    reason: Annotated[str, typer.Option(help="Kept in the audit trail.")] = "", as_user: AsUser = None,
) -> None:  # fmt: skip
    """They are two different sales each, all pairs of this partner and these systems: both rows count."""
    from steelyard.intake import actions

    count = actions.keep_both(kind=kind, partner=partner, first=first, second=second, acting_user=acting(as_user), reason=reason)
    say(f"{count} pairs are two different sales: all their rows count.")


def look_again(
    kind: Kind = "orders", partner: Partner = "", first: First = "", second: Second = "",
    reason: Annotated[str, typer.Option(help="Kept in the audit trail.")] = "", as_user: AsUser = None,
) -> None:  # fmt: skip
    """Take that decision back: the pairs are listed again."""
    from steelyard.intake import actions

    count = actions.look_again(kind=kind, partner=partner, first=first, second=second, acting_user=acting(as_user), reason=reason)
    say(f"{count} pairs are listed again.")
