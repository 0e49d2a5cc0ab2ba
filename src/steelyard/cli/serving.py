"""Commands that run the pages and the work behind them: serve, worker."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .output import say

LOOPBACK = ("127.0.0.1", "localhost", "::1")
Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 is every network of this machine.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]


def register(root: typer.Typer) -> None:
    """Add the commands to the command line."""
    root.command(epilog="Example: steelyard serve --port 8080")(serve)
    root.command(epilog="Example: steelyard worker")(worker)


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Web processes.")] = 2,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Do background work elsewhere: `steelyard worker`.")] = False,
) -> None:
    """Serve the pages, and do the work behind them, until Ctrl+C or SIGTERM; then what runs may finish."""
    from steelyard.config.installation import initialise
    from steelyard.config.serving import refuse_a_taken_port

    refuse_a_taken_port(host, port)
    initialise()
    run(host=host, port=port, workers=workers, background=not no_worker)


def run(*, host: str, port: int, workers: int = 2, background: bool = True, output: Path | None = None, told: tuple[str, ...] = ()) -> None:
    """Serve an installation that is ready; ``told`` is said once it answers."""
    from steelyard.config import serving
    from steelyard.operations import static_files

    static_files.gather()

    def ready() -> None:
        say(f"Steelyard answers at {serving.address_of(host, port)} (Ctrl+C ends it)")
        for line in (*_warnings(host), *told):
            say(line)

    if not serving.serve(host=host, port=port, workers=workers, background=background, output=output, ready=ready):
        raise typer.Exit(1)


def _warnings(host: str) -> list[str]:
    """What somebody who starts a server wants to know before the first visitor finds out."""
    from django.conf import settings

    lines = []
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        folder = getattr(settings, "EMAIL_FILE_PATH", "")
        lines.append(f"E-mail is not sent but kept as files in {folder}; STEELYARD_EMAIL_URL=smtp://… sends it")
    if host not in LOOPBACK and set(settings.ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]"}:
        lines.append("Only names in STEELYARD_HOSTS are answered: set it to the name of this machine")
    return lines


def worker(
    threads: Annotated[int | None, typer.Option(min=1, max=64, help="Jobs at the same time (default: $STEELYARD_WORKER_THREADS).")] = None,
    queue: Annotated[list[str] | None, typer.Option("--queue", help="Only jobs of this queue; say it again for several.")] = None,
) -> None:
    """Do background work until Ctrl+C or SIGTERM; then what runs may finish, and what cannot is another worker's."""
    from steelyard.config.process import work

    work(threads, queue or ())
