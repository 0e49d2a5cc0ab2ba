"""Peer sets: the values that one subject's was compared with, so that a comparison can be proved without naming anybody.

Every argument of a peer function is computed once for all subjects. A receipt holds how many others had a value and one
hash over all values of the group; a bundle holds the values of the others, in order of size. Where there were fewer
than `least`, nothing but their number was ever read, and nothing but their number is told.
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
from ..framework.model import Framework, Peers
from ..kpis import KpiColumn
from ..points import Points, formulas_of
from ..units import Blank

SCHEMA = {"of": pl.String(), "subject": pl.String(), "group": pl.Int64(), "value": pl.String()}


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
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, nodes.Call):
            if part.function in PEER_FUNCTIONS:
                yield part
            waiting += part.arguments
        elif isinstance(part, nodes.Unary):
            waiting.append(part.operand)
        elif isinstance(part, nodes.Binary):
            waiting += (part.left, part.right)
        elif isinstance(part, nodes.In):
            waiting += (part.operand, *part.choices)


def peers_frame(
    framework: Framework, points: Points, readings: Columns, kpis: Mapping[str, KpiColumn], names: Sequence[str]
) -> pl.DataFrame:
    """of, subject, group, value (exact text, null for a blank): what every subject brought to every comparison, in order."""
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
    for of, (tree, _) in asked.items():
        values = surroundings.values(tree)
        texts = [None if isinstance(values[place], Blank) else value_text(values[place]) for place in order]
        columns = {"of": [of] * len(order), "subject": [names[place] for place in order], "group": groups, "value": texts}
        frames.append(pl.DataFrame(columns, schema=SCHEMA))
    return pl.concat(frames)


def told(framework: Framework, frame: pl.DataFrame) -> dict[str, list[Compared]]:
    """For every subject what it was compared with; without the values, which are for a bundle (`of_subject`)."""
    found: dict[str, list[Compared]] = {}
    asked = compared(framework)
    for (of, _), rows in frame.group_by(["of", "group"], maintain_order=True):
        known = rows.drop_nulls("value")
        whole = values_hash(in_order(known["value"].to_list()))
        for subject, value in rows.select("subject", "value").iter_rows():
            others = known.height - (value is not None)
            read = asked[str(of)][1] and enough(framework.peers, others, value is not None)
            found.setdefault(subject, []).append(Compared(str(of), others, whole if read else ""))
    return found


def of_subject(framework: Framework, frame: pl.DataFrame, subject: str) -> list[Compared]:
    """The comparisons of one subject with the values of the others, in order of size: nobody is named, no order tells."""
    result = []
    for one in told(framework, frame).get(subject, []):
        rows = frame.filter(pl.col("of") == one.of)
        group = rows.filter(pl.col("subject") == subject)["group"]
        others = rows.filter(pl.col("group").is_in(group.implode()) & (pl.col("subject") != subject))["value"].drop_nulls()
        result.append(Compared(one.of, one.others, one.hash, tuple(in_order(others.to_list())) if one.hash else ()))
    return result


def enough(peers: Peers, others: int, has_own: bool) -> bool:
    """Whether so many others are compared with at all."""
    return others + (has_own and peers.with_self) >= max(peers.least, 1)


def in_order(values: Sequence[str]) -> list[str]:
    """Exact texts in order of size."""
    return sorted(values, key=lambda text: (Fraction(text), text))


def values_hash(values: Sequence[str]) -> str:
    """The hash over the values of a group."""
    return hashlib.sha256("\n".join(values).encode()).hexdigest()
