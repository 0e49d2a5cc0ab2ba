"""Commands about what is shipped with frameworks: published programmes, and the library of KPIs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from .output import print_json, say, table

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the group `framework`."""
    app.command(epilog="Example: steelyard framework programmes odoo > ours.yaml")(programmes)
    app.command(epilog="Example: steelyard framework kpis --search inventory")(kpis)


def programmes(
    name: Annotated[str, typer.Argument(help="Print this one.")] = "",
    vectors: Annotated[bool, typer.Option("--vectors", help="Print its vectors instead.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Published partner programmes as framework files, to read and to start from."""
    from steelyard.frameworks import published

    if name:
        found = published.programme(name)
        typer.echo(found.vectors if vectors else found.text, nl=False)
        return
    every = published.programmes()
    if as_json:
        print_json([{"name": one.name, "title": one.title, **asdict(published.contents(one))} for one in every])
        return
    rows = []
    for one in every:
        held = published.contents(one)
        rows.append((one.name, one.title, held.kpis, ", ".join(held.levels), held.vectors))
    table(("Name", "Title", "KPIs", "Levels", "Vectors"), rows, right=("KPIs", "Vectors"))


def kpis(
    code: Annotated[str, typer.Argument(help="Show this one whole.")] = "",
    search: Annotated[str, typer.Option(help="Words that it must hold.")] = "",
    category: Annotated[str, typer.Option(help="Only of this category.")] = "",
    usable: Annotated[bool, typer.Option("--usable", help="Only those whose facts are in the ledger.")] = False,
    as_json: JsonOption = False,
) -> None:
    """The library of KPIs: formula, facts needed, what it says, and the text to copy into a framework."""
    from steelyard.frameworks import library

    if code:
        _one(library.kpi(code), as_json)
        return
    found = library.search(library.kpis(), search, category)
    if usable:
        from steelyard.ledger.queries import kinds_held

        held = kinds_held()
        found = [one for one in found if not one.lacking(held)]
    if as_json:
        print_json([{"number": one.number, "code": one.code, "title": one.title, "category": one.category, "formula": one.formula,
                     "unit": one.unit, "facts": list(one.facts)} for one in found])  # fmt: skip
        return
    rows = [(one.number, one.code, one.title, one.unit, one.no_data, ", ".join(one.facts)) for one in found]
    table(("No.", "Code", "Title", "Unit", "No data", "Facts"), rows, right=("No.",))


def _one(found: object, as_json: bool) -> None:
    from steelyard.frameworks.library import LibraryKpi

    assert isinstance(found, LibraryKpi)
    if as_json:
        told = {"number": found.number, "code": found.code, "title": found.title, "category": found.category, "sentence": found.sentence}
        print_json({**told, "facts": list(found.facts), "text": found.text, "vectors": [vector.text for vector in found.vectors]})
        return
    say(f"{found.number}. {found.title} ({found.code})\n{found.sentence}")
    for sentence in found.rests_on:
        say(f"  {sentence}")
    say(f"Facts: {', '.join(found.facts)}\n")
    typer.echo(found.text)
    for vector in found.vectors:
        typer.echo(vector.text)
