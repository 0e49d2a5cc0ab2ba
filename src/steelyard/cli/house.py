"""Commands about the whole installation: init, demo, bench, version."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .output import say
from .serving import Host, Port


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
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Make the company and show it here, without serving pages.")] = False,
    host: Host = "127.0.0.1",
    port: Port = 8000,
) -> None:
    """Make a sample company, load it, score it, show what there is to see, and serve its pages. A second call only serves."""
    from . import sample

    if not no_serve:
        sample.refuse_a_taken_port(host, port)
    made = sample.is_made()
    if not made:
        sample.run(folder=folder, scale=scale, seed=seed)
    if not no_serve:
        sample.serve(host=host, port=port, afresh=not made)
    elif made:
        say(f"The sample company is there already. {sample.WHERE}")


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
