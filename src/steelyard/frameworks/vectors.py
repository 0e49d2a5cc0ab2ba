"""Running the test vectors of a framework: those beside a file, those of a version."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.framework.model import Framework
from steelyard.calc.framework.read import read
from steelyard.calc.framework.regions import base_of
from steelyard.calc.vectors import VectorOutcome, levels_without_vectors, read_vectors, run_text

from .house import bases_for, text_in


def beside(file: Path) -> Path:
    """Where the vectors of a framework file lie (``f.yaml`` -> ``f.vectors.yaml``)."""
    return file.with_suffix(".vectors.yaml")


def run_file(file: Path, vectors: Path | None = None, *, ask: bool = True) -> list[VectorOutcome]:
    """The outcome of every vector beside a framework file. ``ask``: whether there is a house with bases of regions."""
    tested = vectors or beside(file)
    for wanted in (file, tested):
        if not wanted.is_file():
            raise Refused(
                Problem(
                    "no-file", "there is no such file", found=str(wanted), hint="a framework's vectors lie beside it as NAME.vectors.yaml"
                )
            )
    return run_texts(text_in(file), text_in(tested), file, ask=ask)


def run_texts(text: str, vectors: str, file: Path | None = None, *, ask: bool = True) -> list[VectorOutcome]:
    """The outcome of every vector of a vectors text. Raises `Refused` with the problems of the framework, or of the vectors."""
    framework, problems = read(text, bases=bases_for(text, file, ask=ask))
    if framework is None:
        raise Refused(problems)
    return run_text(framework, vectors)


def outcomes(text: str, vectors: str, base: str | None = None) -> tuple[VectorOutcome, ...]:
    """The same, remembered. ``base``: of a region, the text of its base; None takes the newest in the house."""
    return _outcomes(text, vectors, _base(text, base))


def unproved_levels(text: str, vectors: str, base: str | None = None) -> tuple[str, ...]:
    """The levels that no vector earns, lowest first."""
    return _unproved(text, vectors, _base(text, base))


def _base(text: str, base: str | None) -> str:
    return next(iter(bases_for(text).values()), "") if base is None else base


def _read(text: str, base: str) -> Framework:
    framework, problems = read(text, bases={base_of(text): base} if base else {})
    if framework is None:
        raise Refused(problems)
    return framework


@lru_cache(maxsize=32)
def _outcomes(text: str, vectors: str, base: str) -> tuple[VectorOutcome, ...]:
    return tuple(run_text(_read(text, base), vectors)) if vectors.strip() else ()


@lru_cache(maxsize=64)
def _unproved(text: str, vectors: str, base: str) -> tuple[str, ...]:
    framework = _read(text, base)
    return tuple(levels_without_vectors(framework, read_vectors(vectors, framework)[0] if vectors.strip() else ()))


def failures(text: str, vectors: str, base: str | None = None) -> list[Problem]:
    """What refuses vectors: every mistake in them, else one problem for each that does not hold. ``base``: as of `outcomes`."""
    try:
        found = outcomes(text, vectors, base)
    except Refused as refused:
        return refused.problems
    return [
        Problem("vector-failed", f"vector `{outcome.name}` does not hold", f"vectors (line {outcome.line})", "; ".join(outcome.differences),
                "correct the framework, or what the vector expects")
        for outcome in found
        if not outcome.passed
    ]  # fmt: skip


def unvectored(text: str, vectors: str, base: str | None = None) -> list[Problem]:
    """What keeps a version from being published: the levels without a vector, in one problem."""
    levels = unproved_levels(text, vectors, base)
    if not levels:
        return []
    found = f"no vector expects {', '.join(f'`{level}`' for level in levels)}"
    hint = "write a vector for each, then apply the file again with its vectors beside it"
    return [Problem("unvectored", "each level needs a vector before anything is published by it", "levels", found, hint)]
