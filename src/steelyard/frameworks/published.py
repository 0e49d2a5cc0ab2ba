"""Published partner programmes as framework files, to read and to start from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.framework.read import read
from steelyard.calc.vectors import read_vectors

FOLDER = files("steelyard.frameworks").joinpath("programmes")


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme: its name here, its title, both texts, and how much is in it."""

    name: str
    title: str
    text: str
    vectors: str
    kpis: int
    levels: tuple[str, ...]
    vector_count: int


@lru_cache(maxsize=1)
def programmes() -> tuple[Programme, ...]:
    """All programmes, by name."""
    names = sorted(item.name.removesuffix(".vectors.yaml") for item in FOLDER.iterdir() if item.name.endswith(".vectors.yaml"))
    return tuple(_programme(name) for name in names)


def programme(name: str) -> Programme:
    """One programme by its name, or `Refused` with the nearest."""
    for found in programmes():
        if found.name == name:
            return found
    hint = did_you_mean(name, [one.name for one in programmes()])
    raise Refused(Problem("unknown-programme", "there is no such programme", found=name, hint=hint))


def _programme(name: str) -> Programme:
    text, vectors = (FOLDER.joinpath(f"{name}{end}.yaml").read_text(encoding="utf-8") for end in ("", ".vectors"))
    framework, problems = read(text)
    if framework is None:
        raise Refused(problems)
    levels = tuple(level.name for level in framework.levels)
    return Programme(name, framework.title, text, vectors, len(framework.kpis), levels, len(read_vectors(vectors, framework)[0]))
