"""How things are measured: each beside its physical limit in the same run and a warm process; lower ratios are better."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    work: str
    reached: float
    must: float
    wish: float
    unit: str  # what the figures are: "x the bare query", "of cold", "GB"
    detail: str = ""

    @property
    def verdict(self) -> str:
        """PASS within what must be, and whether the wish came true."""
        if not self.reached <= self.must:  # what is no number was not measured
            return "FAIL"
        return "PASS, wish met" if self.reached <= self.wish else "PASS"


def seconds(work: Callable[[], object], *, repeat: int = 1) -> float:
    """Wall time of the fastest of some runs."""
    best = float("inf")
    for _ in range(repeat):
        gc.collect()
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def in_own_process(function: str, *arguments: object) -> tuple[float, float]:
    """Wall time and peak memory (GB) of ``module:function`` in a fresh process that has warmed up (`warm`) before.

    Fresh, because memory is of the process; not forked, because a library's threads do not survive a fork.
    """
    context = multiprocessing.get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(function, arguments, writer))
    process.start()
    writer.close()
    try:
        taken, peak = reader.recv()
    except EOFError:
        raise RuntimeError(f"{function} failed; its own message stands above") from None
    process.join()
    return taken, peak


def _child(function: str, arguments: tuple[object, ...], writer: Connection) -> None:
    import django

    django.setup()
    module_name, _, name = function.partition(":")
    module = importlib.import_module(module_name)
    module.warm()
    taken = seconds(lambda: getattr(module, name)(*arguments))
    writer.send((taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6))


def machine() -> str:
    """The machine's size, as it is told beside the figures."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} cores, {memory:.0f} GB of memory"
