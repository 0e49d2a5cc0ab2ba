"""Which levels no vector earns: what keeps a framework from being published."""

from __future__ import annotations

from collections.abc import Iterable

from ..framework.model import Framework
from .model import Vector


def levels_without_vectors(framework: Framework, vectors: Iterable[Vector]) -> list[str]:
    """The levels of the framework, lowest first, that no vector expects. One that is given, or of a changed framework, proves nothing."""
    seen: set[object] = set()
    for vector in vectors:
        if vector.changed is not None:
            continue
        if vector.parts:  # the levels of parts may be given, the roll-up is computed
            seen.add(vector.expected.single.get("rollup"))
        elif not any(step.level for step in vector.steps):
            seen |= {vector.expected.single.get("level"), vector.expected.single.get("standing")} | set(vector.expected.standings or ())
    every = [*framework.levels, *(framework.rollup.levels if framework.rollup else ())]
    return list(dict.fromkeys(level.name for level in every if level.name not in seen))
