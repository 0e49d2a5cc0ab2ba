"""Commands about the whole installation: init, demo, bench, version."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .output import say


def register(root: typer.Typer) -> None:
    """Add the commands to the command line."""
    root.command(epilog="Example: STEELYARD_HOME=/srv/steelyard steelyard init")(init)
    root.command(epilog="Example: steelyard demo --scale small")(demo)
    root.command(epilog="Example: steelyard bench")(bench)
    root.command(epilog="Example: steelyard version")(version)


def init() -> None:
    """Make the home (at $STEELYARD_HOME, default ./steelyard-home): database, folders, the user `system`."""
    from steelyard.config.installation import initialise

    for line in initialise():
        say(line)


def demo(
    folder: Annotated[Path | None, typer.Option(help="Where the sample company's files go (default: in the home).")] = None,
    scale: Annotated[str, typer.Option(help="small, full, or a number of times the full size.")] = "full",
    seed: Annotated[int, typer.Option(help="Another seed is another company.")] = 7,
) -> None:
    """Make a sample company, load it, score it, and show what there is to see."""
    from .sample import run

    run(folder=folder, scale=scale, seed=seed)


def bench() -> None:
    """Measure this machine: the benchmarks of the source checkout, each beside a physical limit."""
    import runpy

    script = Path.cwd() / "benchmarks" / "__main__.py"
    if not script.is_file():
        say("The benchmarks live in the source checkout: run `steelyard bench` there, or `make bench`.")
        raise typer.Exit(1)
    runpy.run_path(str(script), run_name="__main__")


def version() -> None:
    """Print the version."""
    from steelyard import __version__

    typer.echo(__version__)
