"""Peer sets: the values that one subject's was compared with, so that a comparison can be proved without naming anybody.

Every argument of a peer function is computed once for all subjects, and of lists once for all lines with the same key. A
receipt holds how many others had a value and one hash over all values of the group; a bundle holds the values of the
others, in order of size. Where there were fewer than `least`, nothing but their number was ever read, and nothing but
their number is told. Of fewer than `LEAST_TOLD` others no value is told to anybody, nor a hash from which it could be
guessed: who knows one of two values knows the other. A bundle of such a score is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from ..environment import Columns, Surroundings
from ..explanation import value_text
from ..formula import nodes
from ..formula.functions import PEER_FUNCTIONS
from ..formula.text import to_text
from ..framework.formulas import walk
from ..framework.model import Framework, Peers
from ..kpis import KpiColumn
from ..lists.building import Builder
from ..lists.lines import Places
from ..lists.planning import has_peers
from ..measures.plan import window_of
from ..measures.spans import Cube
from ..points import Points, formulas_of, readings_of
from ..units import Blank

LEAST_TOLD = 5  # others whose values leave the house together; of fewer, single ones could be made out
SCHEMA = {"of": pl.String(), "subject": pl.String(), "group": pl.Int64(), "value": pl.String(), "least": pl.Int64()}


@dataclass(frozen=True, slots=True)
class Compared:
    """What one subject was compared with: ``values`` of the others in order of size, empty where only their number counts."""

    of: str  # what is compared, as text
    others: int  # how many of them had a value
    hash: str  # over the values of the whole group; "" where they are not told
    values: tuple[str, ...] = ()

    def told(self) -> dict[str, object]:
        """What the receipt says of it."""
        return {"of": self.of, "others": self.others, **({"values": self.hash} if self.hash else {})}


def compared(framework: Framework) -> dict[str, tuple[nodes.Node, bool]]:
    """Every argument of a peer function by its text, and whether its values were read, not only counted."""
    found: dict[str, tuple[nodes.Node, bool]] = {}
    for formula in formulas_of(framework):
        for call in _calls(formula.tree):
            name = to_text(call.arguments[0])
            read = call.function != "peer_count" or (name in found and found[name][1])
            found[name] = (call.arguments[0], read)
    return {name: found[name] for name in sorted(found)}


def _calls(tree: nodes.Node) -> Iterator[nodes.Call]:
    return (part for part in walk(tree) if isinstance(part, nodes.Call) and part.function in PEER_FUNCTIONS)


def peers_frame(
    framework: Framework, points: Points, readings: Columns, kpis: Mapping[str, KpiColumn], names: Sequence[str], cube: Cube | None = None
) -> pl.DataFrame:
    """of, subject, group, value (exact text, null for a blank), least (null: only counted): what every subject brought to every
    comparison, in order. ``cube``: from which lists are built, where lines are compared."""
    lines = pl.DataFrame(schema=SCHEMA) if cube is None else _of_lines(framework, points, names, cube)
    return pl.concat([_of_values(framework, points, readings, kpis, names), lines])


def _of_values(
    framework: Framework, points: Points, readings: Columns, kpis: Mapping[str, KpiColumn], names: Sequence[str]
) -> pl.DataFrame:
    known = {name: (lambda name=name: kpis[name].natural) for name in framework.kpis}
    surroundings = Surroundings(framework, points, readings, known)
    frames = [pl.DataFrame(schema=SCHEMA)]
    asked = compared(framework)
    if not asked:
        return frames[0]
    numbers: dict[object, int] = {}
    keys = list(zip(points.as_of, surroundings.peer_groups(), strict=True))
    order = sorted(range(len(points)), key=lambda place: names[place])
    groups = [numbers.setdefault(keys[place], len(numbers)) for place in order]
    for of, (tree, read) in asked.items():
        values = surroundings.values(tree)
        texts = [None if isinstance(values[place], Blank) else value_text(values[place]) for place in order]
        columns = {"of": of, "subject": [names[place] for place in order], "group": groups, "value": texts}
        frames.append(pl.DataFrame({**columns, "least": framework.peers.least if read else None}, schema=SCHEMA))
    return pl.concat(frames)


def _of_lines(framework: Framework, points: Points, names: Sequence[str], cube: Cube) -> pl.DataFrame:
    """The same of lines: a comparison for every key that any line has, whole numbers at the scale of the formula."""
    if not has_peers(framework, framework.lists):
        return pl.DataFrame(schema=SCHEMA)
    places = Places(cube, points)
    places.compared = []
    builder = Builder(places)
    for reading in sorted(readings_of(framework), key=str):
        measure = framework.measures[reading.measure]
        if measure.list:
            builder.lines(measure.list, places.spans(window_of(framework, measure, reading.window)))
    called = pl.DataFrame({"#number": list(places.subjects.values()), "subject": _called(places, points, names)})
    frames = [pl.DataFrame(schema=SCHEMA)]
    for of, lines in pl.concat(places.compared).group_by("of", maintain_order=True) if places.compared else ():
        read = lines["least"].drop_nulls()
        told = lines.unique(["#number", "key"]).join(called, on="#number").sort("key", "subject")
        group = pl.struct("key", "same").rank("dense").cast(pl.Int64)
        name = pl.concat_str(pl.lit(f"{of[0]} "), pl.col("key"))
        least = pl.lit(read.first() if len(read) else None, dtype=pl.Int64)
        frames.append(told.select(name.alias("of"), "subject", group.alias("group"), pl.col("value").cast(pl.String), least.alias("least")))
    return pl.concat(frames)


def _called(places: Places, points: Points, names: Sequence[str]) -> list[str]:
    known = dict(zip(points.subjects, names, strict=True))
    return [known[codes] for codes in places.subjects]


def told(framework: Framework, frame: pl.DataFrame) -> dict[str, list[Compared]]:
    """For every subject what it was compared with; without the values, which are for a bundle (`of_subject`)."""
    found: dict[str, list[Compared]] = {}
    for (of, _), rows in frame.group_by(["of", "group"], maintain_order=True):
        known, least = rows.drop_nulls("value"), rows["least"][0]
        whole = values_hash(in_order(known["value"].to_list())) if known.height > LEAST_TOLD - 1 else ""
        for subject, value in rows.select("subject", "value").iter_rows():
            others = known.height - (value is not None)
            read = others >= LEAST_TOLD and enough(framework.peers, least, others, value is not None)
            found.setdefault(subject, []).append(Compared(str(of), others, whole if read else ""))
    return found


def of_subject(framework: Framework, frame: pl.DataFrame, subject: str) -> list[Compared]:
    """The comparisons of one subject with the values of the others, in order of size: nobody is named, no order tells."""
    mine = among(frame, subject)
    others = mine.filter(pl.col("subject") != subject).drop_nulls("value").group_by("of").agg("value")
    values = dict(others.iter_rows())
    own = told(framework, mine).get(subject, [])
    return [Compared(one.of, one.others, one.hash, tuple(in_order(values.get(one.of, []))) if one.hash else ()) for one in own]


def among(frame: pl.DataFrame, subject: str) -> pl.DataFrame:
    """The comparisons of one subject and its peers."""
    return frame.join(
        frame.filter(pl.col("subject") == subject).select("of", "group"), on=["of", "group"], how="semi", maintain_order="left"
    )


def too_few(framework: Framework, frame: pl.DataFrame, subject: str) -> list[Compared]:
    """The comparisons of one subject with others of whom there are too few to tell their values."""
    mine = among(frame, subject)
    found = []
    for of, _, value, least in mine.filter(pl.col("subject") == subject).select("of", "group", "value", "least").iter_rows():
        others = mine.filter((pl.col("of") == of) & (pl.col("subject") != subject))["value"].drop_nulls().len()
        if 0 < others < LEAST_TOLD and enough(framework.peers, least, others, value is not None):
            found.append(Compared(of, others, ""))
    return found


def enough(peers: Peers, least: int | None, others: int, has_own: bool) -> bool:
    """Whether so many others are compared with at all; ``least`` None: they are only counted."""
    return least is not None and others + (has_own and peers.with_self) >= max(least, 1)


def in_order(values: Sequence[str]) -> list[str]:
    """Exact texts in order of size."""
    return sorted(values, key=lambda text: (Fraction(text), text))


def values_hash(values: Sequence[str]) -> str:
    """The hash over the values of a group."""
    return hashlib.sha256("\n".join(values).encode()).hexdigest()
