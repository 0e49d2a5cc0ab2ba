"""Commands about what sources said: reconciliation, and the quality of feeds."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .output import print_json, table

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(root: typer.Typer) -> None:
    """Add the commands to the command line."""
    root.command("reconcile", epilog="Example: steelyard reconcile --months --kind orders")(reconcile)
    root.command("feeds", epilog="Example: steelyard feeds --json")(feeds)


def reconcile(
    months: Annotated[bool, typer.Option("--months", help="Month by month: what is late, corrected or missing.")] = False,
    kind: Annotated[str, typer.Option(help="With --months: only this kind.")] = "",
    source: Annotated[str, typer.Option(help="With --months: only this source.")] = "",
    as_json: Json = False,
) -> None:
    """What sources said beside what the ledger holds, and where every amount went."""
    from steelyard.intake import reconciling

    found = reconciling.months(kind, source) if months else reconciling.accounts()
    _show([one.as_dict() for one in found], as_json, 3)


def feeds(as_json: Json = False) -> None:
    """How quickly, completely and rightly each source tells of each partner, and how often it says otherwise."""
    from steelyard.intake import quality

    _show([one.as_dict() for one in quality.feeds()], as_json, 4)


def _show(rows: list[dict[str, Any]], as_json: bool, texts: int) -> None:
    if as_json:
        print_json(rows)
    elif rows:
        head = [name.replace("_", " ") for name in rows[0]]
        table(head, [[str(cell) for cell in row.values()] for row in rows], right=head[texts:])
