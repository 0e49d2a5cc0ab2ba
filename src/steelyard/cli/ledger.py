"""Commands about what was recorded: verify, backup, restore, maintain."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from .output import Exit, data, print_json, say, show_problems, table

Json = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


def register(root: typer.Typer) -> None:
    """Add the commands to the command line."""
    root.command(epilog="Example: steelyard verify --checkpoint 41:9f3c…")(verify)
    root.command(epilog="Example: steelyard backup /srv/backups/2026-01-31")(backup)
    root.command(epilog="Example: STEELYARD_HOME=/srv/new steelyard init && STEELYARD_HOME=/srv/new steelyard restore FOLDER")(restore)
    root.command(epilog="Example: steelyard maintain --keep-days 30")(maintain)


def verify(
    checkpoint: Annotated[str, typer.Option(help="SEQ:HASH from an earlier run, kept elsewhere: notices a chain cut short.")] = "",
    as_json: Json = False,
) -> None:
    """Check every file, row, history and commit against the chain. Exit code 3 if anything differs."""
    from steelyard.approvals.queries import check_signatures
    from steelyard.ledger.verify import verify as run
    from steelyard.scorecards.queries import check_files, check_receipts

    report = run(checkpoint=checkpoint)
    problems, checked = check_files()
    report.count("files of scored runs", checked)
    report.problems.extend(problems)
    problems, checked = check_receipts()
    report.count("receipts of scores", checked)
    report.problems.extend(problems)
    problems, checked = check_signatures()
    report.count("signatures", checked)
    report.problems.extend(problems)
    _tell(report, as_json)


def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    as_json: Json = False,
) -> None:
    """Back up database and files into a folder, while others work; the folder restores on SQLite and PostgreSQL alike."""
    from steelyard.ledger.backup import backup as run

    manifest = run(folder)
    rows = sum(said["rows"] for said in manifest["tables"].values())
    size = sum(said["size"] for said in manifest["files"].values())
    if as_json:
        print_json({"folder": str(folder), "cut": manifest["head"]["seq"], "rows": rows, "files": len(manifest["files"]), "bytes": size})
        return
    say(f"Backed up to {folder}: cut {manifest['head']['seq']}, {rows:,} database rows, {len(manifest['files']):,} files, {size:,} bytes")


def restore(
    folder: Annotated[Path, typer.Argument(help="A folder made by `steelyard backup`.")],
    as_json: Json = False,
) -> None:
    """Load a backup into a new installation (after `steelyard init`), then verify it. A damaged backup is refused first."""
    from steelyard.ledger.restore import restore as run
    from steelyard.scorecards import cache

    report = run(folder)
    cache.clear()  # what was kept here belongs to another ledger
    _tell(report, as_json)


def maintain(
    keep_days: Annotated[int, typer.Option(help="Keep replaced files so many days: longer than the oldest backup job or reader.")] = 30,
    as_json: Json = False,
) -> None:
    """Make received rows live, seal the tail, merge small segments, remove rows and files that nobody needs. Safe at any time."""
    from steelyard.accounts.queries import system_user
    from steelyard.attribution.actions import settle
    from steelyard.ledger import actions

    settled = settle(acting_user=system_user())
    done = {
        "settled": settled.new + settled.restated,
        "sealed": actions.seal(),
        "forgotten": actions.forget_sealed(),
        "merged": actions.compact(),
        "removed": actions.sweep(keep_for=timedelta(days=keep_days)),
    }
    if as_json:
        print_json(done)
        return
    data().print(", ".join(f"{name} {count:,}" for name, count in done.items()))


def _tell(report, as_json: bool) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """A verification's figures on stdout, its problems on stderr."""
    if as_json:
        problems = [problem.as_dict() for problem in report.problems]
        print_json({"ok": report.ok, "checkpoint": f"{report.seq}:{report.hash}", "checked": report.figures, "problems": problems})
    else:
        table(["checked", "number"], [(name, f"{number:,}") for name, number in report.figures.items()], right=["number"])
        data().print(f"checkpoint {report.seq}:{report.hash}")
        show_problems(report.problems)
    if not report.ok:
        raise typer.Exit(Exit.PROBLEMS)
    if not as_json:
        say("Everything is as it was recorded.")
