"""One child of `steelyard serve`: `python -m steelyard.config.process web HOST PORT WORKERS`, or `… worker`."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

THREADS = 2  # requests at a time in one web process: a long one does not hold up all, and few share its one interpreter
PAGES_FIRST = 10  # how nice the worker is: when both want a processor, pages get about nine times as much
PARENT_DIED = 1  # PR_SET_PDEATHSIG


def main(kind: str, *arguments: str) -> None:
    """Live until SIGTERM, or until the parent is gone."""
    _end_with_the_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")
    if kind == "web":
        host, port, workers = arguments
        answer(host, int(port), int(workers))
    else:
        import django

        from . import logs

        django.setup()
        logs.as_a_server()
        work()


def _end_with_the_parent() -> None:
    """Ask the kernel for SIGTERM when the parent dies, however it dies; a handler of the parent would not end this process."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PARENT_DIED, signal.SIGTERM)


def answer(host: str, port: int, workers: int) -> None:
    """Be the web server. This process loads no application, so that its own workers may be forks of it."""
    os.register_at_fork(after_in_child=_end_with_the_parent)
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "steelyard.config.served:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=settings.DRAIN_SECONDS,
    ).serve(target_loader=_application)


def _application(target: str) -> Any:
    """What granian runs, imported as anything else: its own way would look into the current folder first."""
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def work(threads: int | None = None, queues: Sequence[str] = ()) -> None:
    """Do background work, until SIGTERM; the exit code says whether what ran could finish."""
    from steelyard.jobs.worker import Worker

    os.nice(PAGES_FIRST)
    one = Worker(threads=threads, queues=queues)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: one.stop())
    if not one.run():
        sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
