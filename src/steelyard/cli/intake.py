"""Commands of intake: import, batches, quarantine, export."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from steelyard.calc.errors import Problem, Refused

from . import feeds, twice
from .output import Exit, data, print_json, progress, say, show_problems, table
from .people import AsUser, acting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from steelyard.accounts.models import User
    from steelyard.intake.mappings import Mapping
    from steelyard.intake.outcome import Outcome
    from steelyard.intake.understanding import Finding

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

batches = typer.Typer(no_args_is_help=True, help="What was imported, and taking it back.")
quarantine = typer.Typer(no_args_is_help=True, help="Rows that were not accepted, and why.")


def register(root: typer.Typer) -> None:
    """Add the commands to the command line."""
    root.command("import", epilog="Example: steelyard import orders march.csv --source erp --mapping orders.yaml --dry-run")(import_files)
    root.command("export", epilog="Example: steelyard export orders --format xlsx --out orders.xlsx")(export)
    batches.command("list", epilog="Example: steelyard batches list --kind orders")(list_batches)
    batches.command("show", epilog="Example: steelyard batches show 12 --json")(show_batch)
    batches.command("undo", epilog="Example: steelyard batches undo 12 --reason 'wrong month'")(undo_batch)
    batches.command("replay", epilog="Example: steelyard batches replay 12")(replay_batch)
    root.add_typer(batches, name="batches")
    quarantine.command("list", epilog="Example: steelyard quarantine list --batch 12")(list_quarantine)
    quarantine.command("export", epilog="Example: steelyard quarantine export 12 --out to-correct.csv")(export_quarantine)
    root.add_typer(quarantine, name="quarantine")
    twice.register(root)
    feeds.register(root)


def import_files(
    kind: Annotated[str, typer.Argument(help="orders, sell_through, inventory, ..., or a master: partners, products, ...")],
    files: Annotated[list[Path] | None, typer.Argument(help="CSV, TSV, XLSX, XLSB, ODS or Parquet.")] = None,
    source: Annotated[str, typer.Option(help="The system the file comes from (default: what the mapping says).")] = "",
    mapping: Annotated[Path | None, typer.Option(help="How to read it (default: as the last file of this kind and source).")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")] = False,
    propose: Annotated[Path | None, typer.Option(help="Write how the file would be read as a mapping, and import nothing.")] = None,
    nil: Annotated[bool, typer.Option("--nil", help="No file: there was nothing to report.")] = False,
    party: Annotated[str, typer.Option(help="With --nil: who reports (default: the source, for everybody).")] = "",
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="With --nil: the first day.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="With --nil: the last day.")] = None,
    as_json: Json = False,
    as_user: AsUser = None,
) -> None:
    """Load files: rows that are right are accepted in one commit per file, the others wait in quarantine with their reasons."""
    from steelyard.intake import actions

    user = acting(as_user)
    refused: list[dict[str, Any]] = []
    if nil:
        if files or not (source and first and until):
            raise typer.BadParameter("a nil report has --source, --from and --until, and no file")
        done = [actions.report_nil(kind=kind, source=source, party=party, first_day=first.date(), last_day=until.date(), acting_user=user)]
    else:
        if not files:
            raise typer.BadParameter("name at least one file", param_hint="FILE")
        if propose is not None:
            _propose(files, kind, source, mapping, propose)
            return
        told = _load(files, kind, source, mapping, dry_run=dry_run, user=user)
        done = [outcome for outcome in told if not isinstance(outcome, dict)]
        refused = [outcome for outcome in told if isinstance(outcome, dict)]
    for outcome in done:
        _tell(outcome, dry_run=dry_run, quiet=as_json)
    if refused and done:
        say(f"{len(refused)} of {len(files or [])} files were refused; the others are loaded as shown.")
    if as_json:
        shown = [*(outcome.as_dict() for outcome in done), *refused]
        print_json(shown[0] if len(shown) == 1 else shown)
    if refused:
        raise typer.Exit(Exit.PROBLEMS)
    if any(outcome.quarantined and outcome.already is None for outcome in done):
        raise typer.Exit(Exit.PARTLY_QUARANTINED)


def _load(files: list[Path], kind: str, source: str, mapping: Path | None, *, dry_run: bool, user: User) -> list[Outcome | dict[str, Any]]:
    """Each file on its own: its outcome, or why it was refused; a refused file keeps no other from being loaded."""
    from steelyard.intake import actions

    chosen = _mapping(mapping)
    step = actions.preview if dry_run else actions.commit
    told: list[Outcome | dict[str, Any]] = []
    with progress("Reading", total=len(files)) as advance:
        for path in files:
            try:
                content = _content(path)
                found = _lookups(chosen, path, mapping, kind, source)
                told.append(step(content, name=path.name, kind=kind, source=source, mapping=chosen, files=found, acting_user=user))
            except Refused as refused:
                show_problems(refused.problems)
                told.append({"file": path.name, "refused": [problem.as_dict() for problem in refused.problems]})
            advance()
    return told


def _propose(files: list[Path], kind: str, source: str, mapping: Path | None, out: Path) -> None:
    """Write what is understood of one file as a mapping; what must be said stands in it as comments."""
    from steelyard.intake.mappings import to_yaml
    from steelyard.intake.proposing import propose

    if len(files) != 1:
        raise typer.BadParameter("a mapping is proposed for one file", param_hint="--propose")
    found = propose(_content(files[0]), files[0].name, kind, source, _mapping(mapping))
    if found.problems:
        raise Refused(list(found.problems))
    _understood(found.findings)
    asked = [
        f"# {question.text} ({question.why})\n" + "".join(f"#   {one.patch}\n" for one in question.choices) for question in found.questions
    ]
    out.write_text("".join([*asked, to_yaml(found.mapping)]), encoding="utf-8")
    show_problems([question.problem() for question in found.questions])
    say(f"Written to {out}." + (f" {len(found.questions)} things must be said in it before it reads the file." if asked else ""))


def _understood(findings: Iterable[Finding]) -> None:
    """What was found, why, and how surely."""
    rows = [
        [one.what, one.found, one.sure, one.why, "  ·  ".join(f"{raw} → {read}" if read else raw for raw, read in one.examples[:2])]
        for one in findings
    ]  # fmt: skip
    table(["what", "found", "", "why", "such as"], rows)


def _mapping(path: Path | None) -> Mapping | None:
    if path is None:
        return None
    from steelyard.intake.mappings import read_mapping

    mapping, problems = read_mapping(_content(path).decode("utf-8", "replace"))
    if mapping is None:
        raise Refused(problems)
    show_problems(problems)
    return mapping


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(Problem("cannot_read", "the file cannot be read", str(path), error.strerror or "", "check the path")) from error


def _lookups(mapping: Mapping | None, path: Path, mapping_path: Path | None, kind: str, source: str) -> dict[str, bytes]:
    """The look-up files that lie beside the data file, or beside the mapping."""
    from steelyard.intake.queries import mapping_for
    from steelyard.intake.references import lookup_files

    wanted = mapping if mapping is not None else mapping_for(kind, source)
    folders = [path.parent, *([mapping_path.parent] if mapping_path else [])]
    found = {}
    for name in lookup_files(wanted):
        near = next((folder / name for folder in folders if (folder / name).is_file()), None)
        if near is not None:
            found[name] = _content(near)
    return found


def _tell(outcome: Outcome, *, dry_run: bool, quiet: bool) -> None:
    """What happened, on stderr; as a table on stdout unless JSON goes there."""
    if outcome.understood is not None:
        from steelyard.intake.mappings import to_yaml

        say(f"{outcome.name}: nobody had said how it is read; it was read so, and this is remembered:")
        say(to_yaml(outcome.understood).rstrip())
    show_problems(outcome.notes)
    show_problems(outcome.examples)
    if outcome.already is None and outcome.quarantined > len(outcome.examples):
        where = f"steelyard quarantine list --batch {outcome.batch}" if outcome.batch else "the full import lists them all"
        say(f"… {outcome.quarantined:,} rows with problems in all: {where}")
    if outcome.already is not None:
        say(f"{outcome.name}: already loaded as batch {outcome.already}; nothing new.")
        if outcome.quarantined:
            waiting = "1 row of it still waits" if outcome.quarantined == 1 else f"{outcome.quarantined:,} rows of it still wait"
            say(f"{waiting}: steelyard quarantine list --batch {outcome.already}")
    elif dry_run:
        say(f"{outcome.name}: a dry run, nothing was written.")
    if quiet:
        return
    columns = ("rows_in", "accepted", "restated", "quarantined", "duplicates", "blank", "filtered", "unmatched")
    told = outcome.as_dict()
    title = (
        f"{outcome.name} · {outcome.kind} from {outcome.source}"
        + (f" · batch {outcome.batch}" if outcome.batch else "")
        + f" · cut {outcome.cut}"
    )
    table(
        [name.replace("_", " ") for name in columns],
        [[f"{told[name]:,}" for name in columns]],
        title=title,
        right=[name.replace("_", " ") for name in columns],
    )
    buckets = ("in", "accepted", "quarantined", "duplicates", "filtered")
    if told["amounts"]:
        rows = [[currency or "?", *(sums[bucket] for bucket in buckets)] for currency, sums in told["amounts"].items()]
        table(["currency", *buckets], rows, right=buckets)
    if dry_run and outcome.preview:
        table(["column", "first values, as read"], [[name, "  ·  ".join(values)] for name, values in outcome.preview.items()])


def list_batches(
    kind: Annotated[str, typer.Option(help="Only this kind.")] = "",
    source: Annotated[str, typer.Option(help="Only from this source.")] = "",
    status: Annotated[str, typer.Option(help="received, committed, refused or undone.")] = "",
    limit: Annotated[int, typer.Option(help="How many, newest first.")] = 50,
    as_json: Json = False,
) -> None:
    """Files that came in, newest first."""
    from steelyard.intake import queries

    found = queries.batches(kind=kind, source=source, status=status)[:limit]
    if as_json:
        print_json([_batch(batch) for batch in found])
        return
    head = ["batch", "day", "kind", "source", "file", "status", "rows", "accepted", "waiting", "cut"]
    rows = [
        [batch.pk, f"{batch.created_at:%Y-%m-%d}", batch.kind, batch.source, batch.name, batch.status, f"{batch.rows_in:,}",
         f"{batch.accepted:,}", f"{getattr(batch, 'waiting', 0):,}", batch.cut] for batch in found
    ]  # fmt: skip
    table(head, rows, right=["batch", "rows", "accepted", "waiting", "cut"])


def show_batch(number: int, as_json: Json = False) -> None:
    """One batch: counts, sums, warnings, why it was refused."""
    from steelyard.intake import queries

    batch = queries.batch(number)
    told = _batch(batch)
    if as_json:
        print_json(told)
        return
    table(
        ["", "batch " + str(number)],
        [
            [name.replace("_", " "), value]
            for name, value in told.items()
            if value not in ("", None, {}, []) and name not in ("amounts", "warnings", "problems", "mapping")
        ],
    )
    if batch.amounts:
        buckets = list(next(iter(batch.amounts.values())))
        table(["currency", *buckets], [[currency or "?", *sums.values()] for currency, sums in batch.amounts.items()], right=buckets)
    if batch.mapping:
        data().print(batch.mapping.text, markup=False)
    show_problems([Problem(**values) for values in [*batch.notes, *batch.problems]])


def _batch(batch: Any) -> dict[str, Any]:
    counts = ("rows_in", "accepted", "restated", "quarantined", "duplicates", "blank", "filtered", "unmatched", "reversed")
    return {
        "batch": batch.pk, "kind": batch.kind, "source": batch.source, "file": batch.name, "sheet": batch.sheet, "status": batch.status,
        **{name: getattr(batch, name) for name in counts}, "waiting": getattr(batch, "waiting", 0),
        "amounts": batch.amounts, "cut": batch.cut,
        "filters": batch.filters, "covers": batch.covers, "sha256": batch.upload.sha256 if batch.upload else "",
        "mapping_version": batch.mapping.number if batch.mapping else None, "received_at": batch.created_at.isoformat(),
        "by": batch.actor, "warnings": batch.notes, "problems": batch.problems,
    }  # fmt: skip


def undo_batch(
    number: int, reason: Annotated[str, typer.Option(help="Why; kept in the audit trail.")] = "", as_user: AsUser = None
) -> None:
    """Take a batch of facts back: its lines are reversed, what it had restated comes back."""
    from steelyard.intake import actions
    from steelyard.partners import queries as partners

    batch = actions.undo(number, acting_user=acting(as_user), reason=reason)
    say(f"Batch {number} ({batch.name}) is undone; the same file may be loaded again.")
    found = partners.listing("aliases")
    named = found.filter((found["source"] == batch.source) & (found["method"] == "name")).height
    if named:
        say(
            f"Names matched for {batch.source} stay remembered ({named}): `steelyard aliases retire --source {batch.source} "
            "--party KEY` takes one back."
        )


def replay_batch(number: int, as_json: Json = False, as_user: AsUser = None) -> None:
    """Read the stored file of a batch again: rows that waited for a product or another master are accepted now."""
    from steelyard.intake import actions

    outcome = actions.replay(number, acting_user=acting(as_user))
    _tell(outcome, dry_run=False, quiet=as_json)
    if as_json:
        print_json(outcome.as_dict())
    if outcome.quarantined and outcome.already is None:
        raise typer.Exit(Exit.PARTLY_QUARANTINED)


def list_quarantine(
    batch: Annotated[int | None, typer.Option(help="Only of this batch.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also rows that a later file brought right.")] = False,
    limit: Annotated[int, typer.Option(help="How many.")] = 200,
    as_json: Json = False,
) -> None:
    """Rows that wait, with everything that is wrong with each."""
    from steelyard.intake import queries

    found = queries.quarantine(batch=batch, state=None if everything else "open")
    if as_json:
        print_json([queries.row_as_dict(row) for row in found[:limit]])
        return
    rows = [
        [told["batch"], told["row"], *(problem[name] for name in ("code", "column", "found", "message", "hint"))]
        for told in map(queries.row_as_dict, found[:limit]) for problem in told["problems"]
    ]  # fmt: skip
    table(["batch", "row", "reason", "column", "found", "what is wrong", "what to do"], rows, right=["batch", "row"])
    if found.count() > limit:
        say(f"… and {found.count() - limit:,} rows more")


def export_quarantine(batch: int, out: Annotated[Path | None, typer.Option(help="Where to write (default: stdout).")] = None) -> None:
    """The waiting rows of a batch as CSV with their reasons; correct the cells and import the file as any other."""
    from steelyard.intake import queries

    lines = queries.quarantine_csv(batch)
    if out is None:
        for line in lines:
            sys.stdout.write(line)
        return
    with out.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(lines)
    say(f"Written to {out}.")


def export(
    kind: Annotated[str, typer.Argument(help="A kind of fact, or a master.")],
    form: Annotated[str, typer.Option("--format", help="csv, xlsx or parquet (default: what --out ends with, else csv).")] = "",
    out: Annotated[Path | None, typer.Option(help="Where to write (default: stdout, CSV only).")] = None,
    cut: Annotated[int | None, typer.Option(help="As known at this commit (default: now).")] = None,
    source: Annotated[str, typer.Option(help="Only facts of this source.")] = "",
) -> None:
    """Facts or masters as a table; importing it again changes nothing."""
    from steelyard.intake import exporting

    form = form or (out.suffix.lstrip(".").lower() if out else "csv") or "csv"
    if out is None and form != "csv":
        raise typer.BadParameter("only CSV goes to stdout: name a file", param_hint="--out")
    content = exporting.export(kind, form=form, cut=cut, source=source or None)
    if out is None:
        sys.stdout.write(content.decode())
        return
    out.write_bytes(content)
    say(f"Written to {out}.")
