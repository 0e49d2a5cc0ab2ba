"""`framework check` with the prover on sixty KPIs: a process of its own, from the file to the findings."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .measure import Line, seconds

FILE = Path(__file__).parent / "sixty.yaml"


def run(quick: bool) -> Iterator[Line]:
    """The whole command with its start, and the prover alone."""
    from steelyard.calc.framework.read import read
    from steelyard.calc.prover import prove

    framework, problems = read(FILE.read_text(encoding="utf-8"))
    if framework is None:
        raise RuntimeError(str(problems[0]))
    found = len(prove(framework))
    whole = seconds(lambda: _check(), repeat=3)
    alone = seconds(lambda: prove(framework), repeat=3)
    detail = f"{len(framework.kpis)} KPIs, {found} findings; the prover alone {alone:.2f} s"
    yield Line("framework check with the prover, 60 KPIs", whole, 2, 1, "seconds", detail)


def _check() -> None:
    program = "from steelyard.cli import main; main()"
    subprocess.run([sys.executable, "-c", program, "framework", "check", str(FILE), "--json"], check=True, stdout=subprocess.DEVNULL)
