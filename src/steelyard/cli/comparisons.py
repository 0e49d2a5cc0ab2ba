"""The command that holds a region's workbook beside our result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from .output import Exit, print_json, say, show_problems, table
from .people import AsUser, acting
from .scorecards import Cut, JsonOption, Period

SHOWN = 30


def register(root: typer.Typer) -> None:
    """Add the command to the command line."""
    root.command(epilog="Example: steelyard compare west.xlsx --mapping west.yaml --framework life-science --period 2025-Q4")(compare)


def compare(
    sheet: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The workbook: XLSX, XLSB, ODS or CSV.")],
    mapping: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Which sheet and column holds what.")],
    framework: Annotated[str, typer.Option(help="Code of the framework.")],
    period: Period,
    cut: Cut = None,
    version: Annotated[int | None, typer.Option(help="Version of the framework (default: the newest effective).")] = None,
    out: Annotated[Path | None, typer.Option(help="Write everything to this XLSX file.")] = None,
    user: AsUser = None,
    as_json: JsonOption = False,
) -> None:
    """Hold a region's workbook beside our result: every difference with its cause. Exit code 0: all was compared and is equal."""
    from steelyard.comparisons import actions, files, queries, words
    from steelyard.partners.scopes import scope_of
    from steelyard.scorecards import actions as scorecards

    from .output import messages

    person = acting(user)
    scope = scope_of(person)
    with messages.status("comparing…"):
        run = scorecards.run(framework=framework, period=period, cut=cut, version=version, acting_user=person)
        made = actions.compare(
            data=sheet.read_bytes(), name=sheet.name, mapping=mapping.read_text(encoding="utf-8"), run=run, acting_user=person, scope=scope
        )
    seen = queries.seen(made.pk, scope, person.username)
    if out is not None:
        out.write_bytes(files.book(seen, scope))
        say(f"written to {out}")
    if as_json:
        print_json(files.as_json(seen, scope))
    else:
        _show(seen)
    if not words.is_equal(seen.summary):
        raise typer.Exit(Exit.FAILURE)


def _show(seen: Any) -> None:
    from steelyard.calc.errors import Problem
    from steelyard.comparisons import words
    from steelyard.comparisons.files import item_title

    summary, comparison = seen.summary, seen.comparison
    unit = item_title(seen)[1]
    say(f"{comparison.name} beside {comparison.framework} {comparison.period}, cut {comparison.run.cut} (comparison {comparison.pk})")
    say(words.headline(summary, *item_title(seen)))
    names = {part.subject: part.name for part in seen.parts}
    rows = [
        (words.title(one["cause"]), words.sentence(one, names), _amount(one, unit), words.sure(one["sure"])) for one in summary["reasons"]
    ]
    if rows:
        table(("Cause", "Reason", "To ours", "How sure"), rows, right=("To ours",))
    differ = [part for part in seen.parts if not part.equal]
    figures = [
        (part.subject, part.name, figure["title"],
         *(words.amount(figure[side], figure["unit"], summary["currency"]) for side in ("theirs", "ours")),
         words.amount(figure["difference"], figure["unit"], signed=True))
        for part in differ for figure in part.told["figures"] if not figure["equal"]
    ]  # fmt: skip
    if figures:
        table(("Code", "Name", "Figure", "Theirs", "Ours", "Difference"), figures[:SHOWN], right=("Theirs", "Ours", "Difference"))
        if len(figures) > SHOWN:
            say(f"… and {len(figures) - SHOWN} more (--json or --out FILE for all)")
    if left_out := words.left_out(summary):
        say(left_out)
    for text, why, count in summary["unknown"]:
        say(f"not compared: `{text}` is {why} ({count} rows)")
    show_problems([Problem(**one) for one in summary["problems"]])


def _amount(reason: dict[str, Any], unit: str) -> str:
    from steelyard.comparisons import words

    unit = "money" if reason["cause"] == "target" else unit
    moved = f" ({words.amount(reason['moved'], unit)} moved)" if not reason["amount"] else ""
    return words.amount(reason["amount"], unit, signed=True) + moved
