"""How well and how fast names are matched. `python -m benchmarks.matching` makes the shipped model anew from the training half."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .measure import Line, in_own_process

SECONDS, GIGABYTES = 60, 0.6
LEAST = 0.99  # what the lower bound of the precision must reach
SHIPPED = Path(__file__).parent.parent / "src" / "steelyard" / "attribution" / "shipped.json"


def run(quick: bool) -> Iterator[Line]:
    """The held-out half of the labelled set, then very many names in a process of their own."""
    yield from quality()
    names, partners = (10_000, 1_000) if quick else (100_000, 10_000)
    with tempfile.TemporaryDirectory() as folder:
        taken, peak = in_own_process("benchmarks.matching:match_many", str(made(Path(folder), names, partners)))
    work = f"match {names:,} names against {partners:,} partners"
    yield Line(work, taken, SECONDS, SECONDS / 2, "s")
    yield Line("  peak of the process", peak, GIGABYTES, GIGABYTES / 2, "GB")


def quality() -> Iterator[Line]:
    """Precision as its lower bound, and what is left to people; lines as errors, so that less is better."""
    from steelyard.attribution.labelled import halves, lessons
    from steelyard.attribution.shipped import shipped

    half = halves.half(halves.HELD_OUT, names=halves.HELD_OUT_NAMES)
    found = lessons.measured(lessons.outcomes(half, shipped()))
    for title, methods in (("exact names", ("letters", "name")), ("model", ("model",)), ("all", lessons.METHODS)):
        of = found.of(*methods)
        detail = f"{of['right']:,} right, {of['wrong']:,} wrong: {of['precision']:.4f}; {of['share']:.1%} of {found.firms:,} names"
        yield Line(f"wrong among matched by machine, {title}", 1 - of["at least"], 1 - LEAST, 0.005, "at most, 95% one-sided", detail)
    people = sum(found.to_people.values())
    detail = f"recall {found.recall:.1%}; of {found.with_partner_to_people:,} with a partner {found.first_three:,} have it among three"
    yield Line("left to people", people / found.firms, 1, 0.5, "of names", detail)
    yield Line("names of persons matched by machine", found.persons_accepted, 0, 0, "names", f"of {found.persons:,}")


def warm() -> None:
    """What any process does once: import the code."""
    import sparse_dot_topn  # noqa: F401 - the import is the work

    import steelyard.calc.matching.verdicts  # noqa: F401


def made(folder: Path, names: int, partners: int) -> Path:
    """So many made-up names and partners in a file."""
    from steelyard.attribution.labelled import halves

    half = halves.half(halves.HELD_OUT + 1, partners=partners, names=names)
    known = [[firm.code, firm.name, firm.city, firm.country] for firm in half.partners]
    path = folder / "names.json"
    path.write_text(json.dumps({"names": [one.text for one in half.names], "partners": known}), encoding="utf-8")
    return path


def match_many(path: str) -> None:
    """Normal form, candidates, figures and probabilities of all names in a file."""
    from steelyard.attribution.shipped import shipped
    from steelyard.calc.matching.candidates import Index, Partner
    from steelyard.calc.matching.names import spoken
    from steelyard.calc.matching.verdicts import verdicts

    told = json.loads(Path(path).read_text(encoding="utf-8"))
    index = Index(tuple(Partner(*known) for known in told["partners"]))
    left = [text for text in told["names"] if index.same(spoken(text)) < 0]
    if sum(verdict.accepts for verdict in verdicts(left, index, shipped())) < len(left) // 10:
        raise RuntimeError("hardly anything was matched")


def train() -> None:
    """Learn from the training half and keep the model in the package."""
    from steelyard.attribution.labelled import halves, lessons
    from steelyard.calc.matching.training import train as learn

    lesson = lessons.lesson(halves.half(halves.TRAINING))
    told = {"origin": "labelled set", "seed": halves.TRAINING, "names": len(lesson.examples), "decisions": 0}
    SHIPPED.write_text(json.dumps(learn([lesson], told).model.as_data(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    train()
