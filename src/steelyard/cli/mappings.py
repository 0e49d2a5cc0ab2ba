"""Commands about mappings: how the files of each source are read, and were read before."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from steelyard.calc.errors import Problem, Refused

from .output import print_json, table

if TYPE_CHECKING:
    from steelyard.intake.models import MappingVersion

app = typer.Typer(no_args_is_help=True, help="How the files of each source are read.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
NAMES = ("kind", "source", "version", "since", "by")


def register(root: typer.Typer) -> None:
    """Add the group to the command line."""
    root.add_typer(app, name="mappings")


@app.command("list", epilog="Example: steelyard mappings list --json")
def listing(
    kind: Annotated[str, typer.Option(help="With --source: every version of one mapping, newest first.")] = "",
    source: Annotated[str, typer.Option(help="The system that the files come from.")] = "",
    as_json: Json = False,
) -> None:
    """List the mappings in their newest versions, or every version of one."""
    from steelyard.intake import queries

    if bool(kind) != bool(source):
        raise typer.BadParameter("one mapping has --kind and --source")
    found = queries.versions_of(kind, source) if kind else queries.newest_mappings()
    rows = [_row(one) for one in found]
    print_json([dict(zip(NAMES, row, strict=True)) for row in rows]) if as_json else table(NAMES, rows, right=["version"])


@app.command(epilog="Example: steelyard mappings show orders erp > orders.yaml")
def show(
    kind: Annotated[str, typer.Argument(help="What the files hold: orders, sell_through, partners, ...")],
    source: Annotated[str, typer.Argument(help="The system that they come from.")],
    version: Annotated[int | None, typer.Option(help="An older version (default: the one that reads files now).")] = None,
    as_json: Json = False,
) -> None:
    """Print a mapping as text: changed, it goes with a file, as `steelyard import --mapping`."""
    from steelyard.intake import queries

    versions = queries.versions_of(kind, source)
    found = next((one for one in versions if version in (None, one.number)), None)
    if found is None:
        hint = f"there are the versions 1 to {versions[0].number}" if versions else "steelyard mappings list"
        wanted = f"{kind} from {source}" + (f", version {version}" if versions else "")
        raise Refused(Problem("unknown", "there is no such mapping", "mapping", wanted, hint))
    if as_json:
        print_json({**dict(zip(NAMES, _row(found), strict=True)), "text": found.text})
    else:
        sys.stdout.write(found.text)


def _row(one: MappingVersion) -> tuple[Any, ...]:
    return one.kind, one.source, one.number, f"{one.created_at:%Y-%m-%d}", one.actor
