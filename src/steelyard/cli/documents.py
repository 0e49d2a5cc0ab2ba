"""Commands about documents: files that a partner reads in the portal."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from steelyard.calc.errors import Missing, Problem, Refused

from .output import print_json, say, table
from .people import AsUser, acting

if TYPE_CHECKING:
    from steelyard.accounts.models import User
    from steelyard.ledger.scope import Scope

app = typer.Typer(no_args_is_help=True, help="Files for partners, who read them in the portal.")
NAMES = ("number", "partner", "title", "type", "size", "added", "by")


def register(root: typer.Typer) -> None:
    """Add the group to the command line."""
    root.add_typer(app, name="documents")


@app.command("list", epilog="Example: steelyard documents list --partner D-0001")
def listing(
    partner: Annotated[str | None, typer.Option(help="Only of this partner.")] = None,
    as_user: AsUser = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List documents, newest first."""
    from steelyard.records import queries

    rows = [
        (one.pk, one.partner, one.title, one.media_type, one.size, f"{one.added_at:%Y-%m-%d}", one.added_by)
        for one in queries.documents(_scope(acting(as_user)), partner).order_by("-pk")
    ]
    print_json([dict(zip(NAMES, row, strict=True)) for row in rows]) if as_json else table(NAMES, rows, right=["number", "size"])


@app.command(epilog="Example: steelyard documents add D-0001 prices.pdf --title 'Price list 2026' --as anna")
def add(
    partner: Annotated[str, typer.Argument(help="Code of the partner.")],
    file: Annotated[Path, typer.Argument(help="PDF, PNG, JPEG, XLSX, DOCX, CSV or text of at most 20 MB.")],
    title: Annotated[str, typer.Option(help="What it is called (default: the name of the file).")] = "",
    as_user: AsUser = None,
) -> None:
    """Add a document; the partner sees it at once."""
    from steelyard.partners.queries import exists
    from steelyard.partners.scopes import visible
    from steelyard.records import actions

    user = acting(as_user)
    code = visible(_scope(user), partner)
    if not exists("partners", code=code):
        raise Missing
    try:
        stream = file.open("rb")
    except OSError as error:
        raise Refused(Problem("cannot_read", "the file cannot be read", str(file), error.strerror or "", "check the path")) from error
    with stream:
        kept = actions.keep_document(partner=code, title=title or file.stem, stream=stream, acting_user=user)
    say(f"Document {kept.pk} of {code}: {kept.title}.")


@app.command(epilog="Example: steelyard documents export 4 --out prices.pdf")
def export(
    document: Annotated[int, typer.Argument(help="Number of the document.")],
    out: Annotated[Path | None, typer.Option(help="Where to write (default: stdout).")] = None,
    as_user: AsUser = None,
) -> None:
    """Write the bytes of a document."""
    from steelyard.records import queries

    found = queries.download(document, _scope(acting(as_user)))
    if out is None:
        with found.path.open("rb") as stream:
            shutil.copyfileobj(stream, sys.stdout.buffer)
        return
    shutil.copyfile(found.path, out)
    say(f"Written to {out}.")


def _scope(user: User) -> Scope:
    from steelyard.partners.scopes import scope_of

    return scope_of(user)
