"""Commands about frameworks: check, test, apply, list, show, sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.framework.model import Framework
from steelyard.calc.framework.schema import as_text
from steelyard.calc.framework.wording.languages import LANGUAGES
from steelyard.calc.framework.wording.sentences import sentences as sentences_of
from steelyard.calc.prover import Backtest, Finding
from steelyard.calc.units import to_text

from . import framework_library
from .output import Exit, print_json, say, show_problems, table
from .people import AsUser, acting

if TYPE_CHECKING:
    pass

app = typer.Typer(no_args_is_help=True, help="Frameworks: the published standard by which partners are scored.")
Language = Annotated[str, typer.Option(help="en or de.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(root: typer.Typer) -> None:
    """Add the group to the command line."""
    framework_library.register(app)
    root.add_typer(app, name="framework")


def text_of(file_or_name: str) -> str:
    """The text of a file, or of the newest version of a framework in the house."""
    path = Path(file_or_name)
    from steelyard.frameworks.house import text_in
    from steelyard.frameworks.queries import version

    if path.is_file():
        return text_in(path)
    if path.suffix in (".yaml", ".yml"):
        hint = "look at the name and the folder; a framework of the house is named without .yaml"
        raise Refused(Problem("no-file", "there is no such file", found=file_or_name, hint=hint))
    return version(file_or_name).text


def read_of(file_or_name: str) -> tuple[Framework | None, list[Problem]]:
    """The framework of a file, or the newest of the house; a region's base lies beside its file or is in the house."""
    from steelyard.frameworks.house import is_there, read_here

    path = Path(file_or_name)
    return read_here(text_of(file_or_name), path if path.is_file() else None, ask=is_there())


@app.command(epilog="Example: steelyard framework check examples/adventureworks/adventureworks-resellers.yaml")
def check(
    file: str,
    vectors: Annotated[bool, typer.Option("--vectors", help="Also how strong the vectors beside the file are.")] = False,
    partners: Annotated[bool, typer.Option("--partners", help="Also what the partners of its newest run show.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check a framework: every problem at once, with line and column; then what it does that may not be meant, with a witness."""
    from steelyard.frameworks.checking import check as checked
    from steelyard.frameworks.house import is_there

    tests = vectors_of(file) if vectors else ""
    found = checked(text_of(file), tests, file=Path(file), ask=is_there(), strength=vectors, partners=_partners if partners else None)
    framework, problems = found.framework, [*found.problems, *found.failed]
    if as_json:
        told = {"problems": [one.as_dict() for one in problems], "findings": [one.as_dict() for one in found.findings]}
        told["lists"] = [asdict(cost) for cost in found.costs]
        print_json({"ok": found.fits, **told})
    else:
        show_problems(problems, limit=500)
        show_findings(found.findings)
        for cost in found.costs:
            say(str(cost))
        if framework is not None:
            size = f"{len(framework.kpis)} KPIs, {len(framework.measures)} measures, {len(framework.levels)} levels"
            noted = f"{len(found.findings)} finding{'s' * (len(found.findings) != 1)}"
            say(f"{framework.code}: {size}. {'No errors' if found.fits else 'Vectors fail'}, {noted}.")
    if not found.fits:
        raise typer.Exit(Exit.PROBLEMS)


def _partners(code: str) -> Backtest:
    from steelyard.scorecards.backtest import newest  # it reads runs, which a check without partners does not

    return newest(code)


def vectors_of(file_or_name: str) -> str:
    """The vectors beside a file, or of the newest version of a framework in the house."""
    from steelyard.frameworks.vectors import beside

    path = Path(file_or_name)
    if path.is_file() or path.suffix in (".yaml", ".yml"):
        return text_of(str(beside(path)))
    from steelyard.frameworks.queries import version

    return version(file_or_name).vectors


def show_findings(findings: Sequence[Finding]) -> None:
    """Each finding with its witness, indented as it goes into a vector."""
    for finding in findings:
        show_problems([finding])
        for line in finding.witness.splitlines():
            say(f"  {line}")


@app.command(epilog="Example: steelyard framework test life-science.yaml")
def test(
    file: Path, vectors: Annotated[Path | None, typer.Option(help="Default: FILE with .vectors.yaml.")] = None, as_json: JsonOption = False
) -> None:
    """Run the test vectors beside a framework file: what came out otherwise, line by line; 1 if any vector fails."""
    from steelyard.frameworks.house import is_there
    from steelyard.frameworks.vectors import run_file

    outcomes = run_file(file, vectors, ask=is_there())
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if as_json:
        print_json([outcome.as_dict() for outcome in outcomes])
    else:
        for outcome in failed:
            say(f"failed: {outcome.name} (line {outcome.line})")
            for difference in outcome.differences:
                say(f"  {difference}")
        say(f"{len(outcomes) - len(failed)} passed, {len(failed)} failed")
    if failed:
        raise typer.Exit(Exit.PROBLEMS)


@app.command(epilog="Example: steelyard framework apply life-science.yaml --as anna")
def apply(
    file: Path,
    vectors: Annotated[Path | None, typer.Option(help="Default: FILE with .vectors.yaml, if there is one.")] = None,
    user: AsUser = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a framework as the next version, with the vectors beside it; refused if one fails. The same again changes nothing."""
    from steelyard.frameworks.actions import apply as apply_action
    from steelyard.frameworks.vectors import beside, unvectored

    text = text_of(str(file))
    tests = vectors or beside(file)
    given = text_of(str(tests)) if vectors or tests.is_file() else None
    version, problems, new = apply_action(text=text, vectors=given, acting_user=acting(user))
    lacking = unvectored(version.text, version.vectors, version.base_text)
    show_problems(problems)
    if as_json:
        told = {"framework": version.code, "version": version.version, "digest": version.digest, "new": new}
        print_json({**told, "lacking": [problem.as_dict() for problem in lacking]})
    else:
        say(f"{version}: {'applied' if new else 'already in force with this text'}")
        for problem in lacking:
            say(f"Not to be published yet: {problem}")


@app.command("list", epilog="Example: steelyard framework list")
def list_(as_json: JsonOption = False) -> None:
    """All versions of all frameworks."""
    from steelyard.frameworks.queries import versions

    rows = versions()
    if as_json:
        print_json(
            [
                {
                    "framework": row.code,
                    "version": row.version,
                    "title": row.title,
                    "effective": row.effective,
                    "applied_by": row.applied_by,
                    "applied_at": row.applied_at,
                }
                for row in rows
            ]
        )
        return
    table(
        ("Framework", "Version", "Title", "Effective", "Applied by"),
        [(row.code, row.version, row.title, row.effective, row.applied_by) for row in rows],
        right=("Version",),
    )


@app.command(epilog="Example: steelyard framework show life-science")
def show(name: str) -> None:
    """Print a framework's text as it was written."""
    typer.echo(text_of(name), nl=False)


@app.command(epilog="Example: steelyard framework sentences life-science")
def sentences(name: str, language: Language = "en", as_json: JsonOption = False) -> None:
    """Say in plain sentences what a framework does, in English or German."""
    if language not in LANGUAGES:
        raise Refused(Problem("unknown-word", f"`{language}` is not a language that frameworks are told in", found=f"`{language}`",
                              hint=f"choose {', '.join(LANGUAGES)}"))  # fmt: skip
    framework, problems = read_of(name)
    if framework is None:
        raise Refused(problems)
    found = sentences_of(framework, language)
    if as_json:
        print_json([{"path": sentence.path, "text": sentence.text} for sentence in found])
        return
    for sentence in found:
        typer.echo(sentence.text)


@app.command(epilog="Example: steelyard framework schema > framework.schema.json")
def schema() -> None:
    """Print the JSON Schema of the framework language, for editors."""
    typer.echo(as_text(), nl=False)


@app.command(epilog="Example: steelyard framework regions distributor-standard")
def regions(name: str, language: Language = "en", as_json: JsonOption = False) -> None:
    """What each region of a framework sets, and whether the rest is equal; 1 if anything differs that no region set."""
    from steelyard.frameworks.queries import version
    from steelyard.frameworks.regions import regions as told

    found = told(version(name).code, language)
    if as_json:
        print_json([region.as_dict() for region in found])
    elif not found:
        say(f"{name} has no region.")
    for region in () if as_json else found:
        say(f"{region.version.code} v{region.version.version}, beside {region.base.code} v{region.base.version}")
        table(("Where", "Allowed", "Standard", "Region"), [(one.path, one.allowed, one.was, one.now) for one in region.settings])
        for sentence in region.sentences:
            say(f"  {sentence}")
        say(f"  {region.proof.compared} things compared, {region.proof.equal} equal.")
        for path in region.proof.unexplained:
            say(f"  differs without being set: {path}")
        if region.behind:
            fits = "does not fit" if region.problems else "fits"
            say(f"  The standard has a newer version, {region.newest.version}; the region {fits} to it.")
            show_problems(region.problems)
    if any(region.proof.unexplained for region in found):
        raise typer.Exit(Exit.PROBLEMS)


@app.command(epilog="Example: steelyard framework replay distributor-standard 2026-Q3")
def replay(name: str, period: str, cut: int | None = None, as_json: JsonOption = False) -> None:
    """Score every partner by every region's scheme, and list whose score or level would differ, and by which settings."""
    from steelyard.scorecards.replaying import replay as replayed

    found = replayed(name, period, cut)
    rows = [
        (gap.subject, gap.region, "yes" if gap.own else "no", points(gap.base.total), points(gap.other.total), gap.base.level or "",
         gap.other.level or "", ", ".join(gap.because))
        for gap in found.gaps
    ]  # fmt: skip
    names = ("subject", "scheme", "own", "standard", "total", "standard_level", "level", "because")
    if as_json:
        print_json({
            "framework": found.base.code, "version": found.base.version, "period": found.period, "cut": found.cut,
            "subjects": found.subjects, "differing": found.differing, "gaps": [dict(zip(names, row, strict=True)) for row in rows],
            "schemes": [asdict(one) for one in found.shares],
        })  # fmt: skip
        return
    table(("Scheme", "Scored", "By the standard too", "By other regions too", "Would differ"),
          [(one.code, one.scored, one.by_base, one.by_others, one.differing) for one in found.shares],
          right=("Scored", "By the standard too", "By other regions too", "Would differ"))  # fmt: skip
    if rows:
        table(("Subject", "Scheme", "Own", "Standard", "Total", "Level", "becomes", "Because of"), rows, right=("Standard", "Total"))
    say(f"{found.subjects} replayed at cut {found.cut}, {found.differing} would be scored otherwise.")


def points(total: int | None) -> str:
    """A total in natural units."""
    return "" if total is None else to_text(total, "points")
