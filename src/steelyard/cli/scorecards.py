"""Commands about scorecards: score, explain, why, next, firm, publish, runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.explanation import Explanation

from .moved_view import moved_view
from .output import messages, print_json, say, table, write_csv
from .people import AsUser, acting
from .scorecard_views import (
    CSV_HEAD,
    csv_rows,
    explanation_view,
    firm_rows,
    firm_view,
    items_of,
    next_view,
    ranking_view,
    rows_view,
    waterfall_view,
)

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Period = Annotated[str, typer.Option("--period", help="2012-Q4, 2012-11, 2012, or the first day of a window.")]
Cut = Annotated[int | None, typer.Option(help="Score as of this commit of the ledger (default: the newest).")]


def register(root: typer.Typer) -> None:
    """Add the commands to the command line."""
    root.command(epilog="Example: steelyard score life-science --period 2025-Q4")(score)
    root.command(epilog="Example: steelyard explain life-science --period 2025-Q4 --subject D-0001 --kpi net_sales --rows")(explain)
    root.command(epilog="Example: steelyard why life-science --subject D-0001 --from 2025-Q3 --to 2025-Q4")(why)
    root.command("next", epilog="Example: steelyard next life-science --period 2025-Q4 --subject D-0001")(next_level)
    root.command(epilog="Example: steelyard firm life-science --period 2025-Q4")(firm)
    root.command(epilog="Example: steelyard publish life-science --period 2025-Q4 --as ben")(publish)
    root.command(epilog="Example: steelyard runs life-science")(runs)


def score(
    framework: str,
    period: Period,
    cut: Cut = None,
    version: Annotated[int | None, typer.Option(help="Version of the framework (default: the newest effective).")] = None,
    user: AsUser = None,
    as_json: JsonOption = False,
    csv: Annotated[Path | None, typer.Option(help="Write one row per subject and item to this file.")] = None,
) -> None:
    """Score every subject of a period at a cut. The same inputs give the same result, byte for byte."""
    from steelyard.scorecards import actions

    with messages.status("scoring…"):
        run = actions.run(framework=framework, period=period, cut=cut, version=version, acting_user=acting(user))
    if as_json:
        print_json(items_of(run))
        return
    if csv is not None:
        write_csv(csv_rows(run), CSV_HEAD, csv)
        say(f"{run.subjects} subjects written to {csv}")
        return
    ranking_view(run)


def _run(framework: str, period: str, cut: int | None, user: str | None, version: int | None = None) -> Any:
    from steelyard.scorecards import actions

    return actions.run(framework=framework, period=period, cut=cut, version=version, acting_user=acting(user))


def explain(
    framework: str,
    period: Period,
    subject: Annotated[str, typer.Option(help="Code of the partner or representative.")],
    kpi: Annotated[str | None, typer.Option(help="One KPI, down to its measures.")] = None,
    rows: Annotated[bool, typer.Option("--rows", help="List the rows behind the KPI, counted and excluded.")] = False,
    cut: Cut = None,
    version: Annotated[int | None, typer.Option(help="Version of the framework (default: the newest effective).")] = None,
    user: AsUser = None,
    as_json: JsonOption = False,
) -> None:
    """Explain a score: every part adds up to the whole, down to the order lines."""
    from steelyard.scorecards import queries

    told = queries.explain(_run(framework, period, cut, user, version), subject)
    node = told.tree
    if kpi is not None:
        node = _found(told.tree, kpi)
    if not rows:
        print_json(node.as_dict()) if as_json else explanation_view(told, node)
        return
    if kpi is None:
        raise typer.BadParameter("--rows needs --kpi")
    listed = [(evidence, queries.rows_behind(told, evidence.selector)) for evidence in node.evidence]
    rows_view(told, node, listed, as_json)


def _found(tree: Explanation, name: str) -> Explanation:
    found = tree.find(name)
    if found is None:
        known = ", ".join(str(node.details["kpi"]) for node in tree.walk() if "kpi" in node.details)
        raise Refused(Problem("unknown-kpi", "the scorecard has no such KPI", found=name, hint=f"known: {known}"))
    return found


def why(
    framework: str,
    subject: Annotated[str, typer.Option(help="Code of the partner or representative.")],
    start: Annotated[str, typer.Option("--from", help="The earlier period.")],
    end: Annotated[str, typer.Option("--to", help="The later period.")],
    cut_from: Annotated[int | None, typer.Option(help="Cut of the earlier score (default: the newest).")] = None,
    cut_to: Annotated[int | None, typer.Option(help="Cut of the later score (default: the newest).")] = None,
    kpi: Annotated[str | None, typer.Option(help="List the rows that each cause moved in what this KPI reads.")] = None,
    user: AsUser = None,
    as_json: JsonOption = False,
) -> None:
    """Say why a score changed between two periods, or between two cuts of one: the steps add up exactly."""
    from steelyard.scorecards import queries

    before, after = _run(framework, start, cut_from, user), _run(framework, end, cut_to, user)
    found = queries.why(before, after, subject)
    if kpi is not None:
        moved_view(found, _found(queries.explain(after, subject).tree, kpi), as_json)
        return
    waterfall = found.waterfall
    print_json(waterfall.as_dict()) if as_json else waterfall_view(subject, before, after, waterfall)


def next_level(
    framework: str,
    period: Period,
    subject: Annotated[str, typer.Option(help="Code of the partner or representative.")],
    cut: Cut = None,
    version: Annotated[int | None, typer.Option(help="Version of the framework (default: the newest effective).")] = None,
    user: AsUser = None,
    as_json: JsonOption = False,
) -> None:
    """Say what it takes to reach the next level: each KPI alone, and the cheapest moves together. Everything was tried."""
    from steelyard.scorecards import cards, queries

    run = _run(framework, period, cut, user, version)
    queries.must_have(run, subject)
    card = cards.of_run(run, subject)
    missing = cards.next_level(card)
    if as_json:
        print_json(None if missing is None else missing.as_dict())
    else:
        next_view(card, missing)


def firm(
    framework: str,
    period: Period,
    cut: Cut = None,
    version: Annotated[int | None, typer.Option(help="Version of the framework (default: the newest effective).")] = None,
    user: AsUser = None,
    as_json: JsonOption = False,
) -> None:
    """Say how firm each grade is and between which places each subject likely stands. Nothing of it changes a score."""
    run = _run(framework, period, cut, user, version)
    print_json(firm_rows(run)) if as_json else firm_view(run)


def publish(
    framework: str,
    period: Period,
    cut: Cut = None,
    version: Annotated[int | None, typer.Option(help="Publish a run of this version (default: the newest scored).")] = None,
    subject: Annotated[str, typer.Option(help="Publish what the run says of this subject alone.")] = "",
    reason: Annotated[str, typer.Option(help="Why, for the log.")] = "",
    user: AsUser = None,
    as_json: JsonOption = False,
) -> None:
    """Publish a scored period. It takes a second person: whoever scored it cannot."""
    from steelyard.scorecards import actions

    published = actions.publish(
        framework=framework, period=period, cut=cut, version=version, subject=subject, reason=reason, acting_user=acting(user)
    )
    if as_json:
        print_json(
            {
                "framework": framework,
                "period": period,
                "subject": subject or None,
                "run": published.run.run_id,
                "cut": published.run.cut,
                "published_by": published.published_by,
                "published_at": published.published_at,
            }
        )
        return
    of = f" of {subject}" if subject else ""
    say(f"{framework} {period}{of} is published: run {published.run.run_id[:12]} at cut {published.run.cut}, by {published.published_by}")


def runs(framework: Annotated[str | None, typer.Argument()] = None, as_json: JsonOption = False) -> None:
    """What was scored, and which of it is published."""
    from steelyard.scorecards import queries

    head = ("framework", "version", "period", "cut", "subjects", "run", "scored_by", "published_by")
    rows = []
    for line in queries.run_lines():
        if framework in (None, line.framework):
            by = line.published_by if line.state == "in force" else ""
            rows.append((line.framework, line.version, line.period, line.cut, line.subjects, line.receipt, line.scored_by, by))
    if as_json:
        print_json([dict(zip(head, row, strict=True)) for row in rows])
        return
    table([name.replace("_", " ").capitalize() for name in head], rows, right=("Version", "Cut", "Subjects"))
