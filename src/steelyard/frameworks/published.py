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
    """One programme: its name here, its title, the text of the framework and of its vectors."""

    name: str
    title: str
    text: str
    vectors: str


@dataclass(frozen=True, slots=True)
class Contents:
    """How much is in a programme."""

    kpis: int
    levels: tuple[str, ...]
    vectors: int


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


def contents(of: Programme) -> Contents:
    """What a programme holds; it is read for that."""
    framework, problems = read(of.text)
    if framework is None:
        raise Refused(problems)
    vectors, _problems = read_vectors(of.vectors, framework)
    return Contents(len(framework.kpis), tuple(level.name for level in framework.levels), len(vectors))


def _programme(name: str) -> Programme:
    text, vectors = (FOLDER.joinpath(f"{name}{end}.yaml").read_text(encoding="utf-8") for end in ("", ".vectors"))
    title = next(line.removeprefix("title: ") for line in text.splitlines() if line.startswith("title: "))
    return Programme(name, title, text, vectors)
