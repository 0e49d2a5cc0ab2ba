"""Running the test vectors that lie beside a framework file."""

from __future__ import annotations

from pathlib import Path

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.framework.read import read
from steelyard.calc.vectors import VectorOutcome, run_text


def run_file(file: Path, vectors: Path | None = None) -> list[VectorOutcome]:
    """The outcome of every vector beside a framework file (``f.yaml`` -> ``f.vectors.yaml``)."""
    beside = vectors or file.with_suffix(".vectors.yaml")
    for wanted in (file, beside):
        if not wanted.is_file():
            raise Refused(
                Problem(
                    "no-file", "there is no such file", found=str(wanted), hint="a framework's vectors lie beside it as NAME.vectors.yaml"
                )
            )
    return run_texts(file.read_text(encoding="utf-8"), beside.read_text(encoding="utf-8"))


def run_texts(text: str, vectors: str) -> list[VectorOutcome]:
    """The outcome of every vector of a vectors text. Raises `Refused` with the problems of the framework, or of the vectors."""
    framework, problems = read(text)
    if framework is None:
        raise Refused(problems)
    return run_text(framework, vectors)
