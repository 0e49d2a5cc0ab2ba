"""Test vectors of a framework: given this, expect exactly that (docs/reference/framework-language.md).

`read_vectors` reads a file beside a framework and reports every mistake in it; `run` computes each vector through the same
phases as a scoring run and compares exactly.
"""

from __future__ import annotations

from .cover import levels_without_vectors
from .model import Expected, Step, Vector, VectorOutcome
from .read import read_vectors
from .rerun import Rerun
from .run import run, run_text

__all__ = ["Expected", "Rerun", "Step", "Vector", "VectorOutcome", "levels_without_vectors", "read_vectors", "run", "run_text"]
