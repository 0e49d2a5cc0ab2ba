"""Running vectors: each by itself, a mistake in one never hides the others."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import Refused
from ..framework.model import Framework
from .compare import differences, problem_differences
from .compute import computed
from .model import Vector, VectorOutcome
from .read import read_vectors


def run_text(framework: Framework, text: str) -> list[VectorOutcome]:
    """The outcome of every vector of a vectors file. Raises `Refused` with every mistake of the file."""
    vectors, problems = read_vectors(text, framework)
    if any(problem.severity == "error" for problem in problems):
        raise Refused(problems)
    return run(framework, vectors)


def run(framework: Framework, vectors: Iterable[Vector]) -> list[VectorOutcome]:
    """The outcome of every vector. A vector with a `change` runs against the framework that was changed when it was read."""
    return [_outcome(framework, vector) for vector in vectors]


def _outcome(framework: Framework, vector: Vector) -> VectorOutcome:
    try:
        found = tuple(_differences(framework, vector))
    except Refused as refused:
        found = tuple(str(problem) for problem in refused.problems)
    return VectorOutcome(vector.name, not found, found, line=vector.place.line)


def _differences(framework: Framework, vector: Vector) -> Iterable[str]:
    if vector.problem:
        return problem_differences(vector.problem, vector.changed.problems if vector.changed else ())
    if vector.changed is not None:
        if vector.changed.framework is None:
            return [str(problem) for problem in vector.changed.problems]
        framework = vector.changed.framework
    return differences(vector.expected, computed(framework, vector))
