"""How a primitive is proved: vectors of a small framework, or named vectors of a published programme, all of which must hold."""

from __future__ import annotations

from functools import lru_cache

from steelyard.calc.framework.read import read
from steelyard.calc.vectors import read_vectors, run, run_text
from steelyard.frameworks.published import programme

HEAD = "framework: small\nsubject: {subject}\ngrain: month\neffective: 2026-01-01\ncurrency: EUR\n"


def holds(text: str, *vectors: str, subject: str = "partner") -> None:
    """Every vector (written in one line) holds for the framework."""
    framework, problems = read(HEAD.format(subject=subject) + text)
    assert framework is not None, "\n".join(str(problem) for problem in problems)
    lines = [f"  - {{name: {number}, {vector}}}" for number, vector in enumerate(vectors, start=1)]
    assert [outcome.differences for outcome in run_text(framework, "\n".join(["vectors:", *lines, ""]))] == [()] * len(vectors)


def in_programme(name: str, *wanted: str) -> None:
    """These vectors of a programme are there and hold."""
    framework, vectors = _programme(name)
    chosen = [vector for vector in vectors if vector.name in wanted]
    assert {vector.name for vector in chosen} == set(wanted)
    assert [outcome.differences for outcome in run(framework, chosen)] == [()] * len(chosen)


@lru_cache
def _programme(name: str):
    found = programme(name)
    framework, _ = read(found.text)
    vectors, problems = read_vectors(found.vectors, framework)
    assert problems == []
    return framework, vectors
