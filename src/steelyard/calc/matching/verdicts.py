"""What the model says about names: the nearest partners with their probabilities, and whether the first may be accepted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from .candidates import LOOKED_AT, Index
from .features import described
from .model import MARGIN, Model, probability
from .names import Spoken, spoken

_FAR = 0.6  # a candidate so much less alike than the first is not looked at
AT_ONCE = 10_000  # names, which bounds the memory


@dataclass(frozen=True, slots=True)
class Nearest:
    """A partner that may be meant, and how likely the model holds it to be."""

    code: str
    probability: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model says about one name. ``why``: what keeps it from accepting the first; blank: nothing."""

    nearest: tuple[Nearest, ...]
    margin: float
    why: str

    @property
    def accepts(self) -> bool:
        return not self.why

    @property
    def first(self) -> Nearest | None:
        return self.nearest[0] if self.nearest else None


@dataclass(frozen=True)
class Pairs:
    """Names beside the partners looked at: for each pair the rows of both and its figures."""

    said: Sequence[Spoken] = field(repr=False)
    name: NDArray[np.int32]
    partner: NDArray[np.int32]
    figures: NDArray[np.float32]


def pairs(texts: Sequence[str], index: Index) -> Pairs:
    """The names beside the few partners nearest to each, with the figures of each pair."""
    said = [spoken(text) for text in texts]
    near = index.nearest(said)
    name, place = np.nonzero(near.partner >= 0)
    partner, cosine = near.partner[name, place], near.cosine[name, place]
    letters = process.cpdist(
        [said[row].core for row in name.tolist()], [index.names[row].core for row in partner.tolist()], scorer=fuzz.ratio, dtype=np.float32
    )
    order = np.lexsort((partner, -(cosine + letters / 100), name))
    name, partner, cosine = name[order], partner[order], cosine[order]
    first = np.searchsorted(name, name, side="left")
    alike = (cosine + letters[order] / 100).astype(np.float32)
    kept = (np.arange(len(name)) - first < LOOKED_AT) & (alike > alike[first] - _FAR)
    rows, partner, cosine = name[kept].astype(np.int32), partner[kept], cosine[kept]
    lengths = [len(text.strip()) for text in texts]
    return Pairs(said, rows, partner, described(said, lengths, index, rows, partner, cosine))


def verdicts(texts: Sequence[str], index: Index, model: Model) -> Iterator[Verdict]:
    """What the model says about each name, in order."""
    for start in range(0, len(texts), AT_ONCE):
        part = pairs(texts[start : start + AT_ONCE], index)
        likely = probability(model.logits(part.figures))
        order = np.lexsort((-likely, part.name))
        ends = np.searchsorted(part.name, np.arange(len(part.said) + 1))
        for row, one in enumerate(part.said):
            places = order[ends[row] : ends[row + 1]].tolist()
            yield _verdict(one, [(part.partner[place].item(), likely[place].item()) for place in places], index, model)


def _verdict(said: Spoken, found: list[tuple[int, float]], index: Index, model: Model) -> Verdict:
    nearest = tuple(Nearest(index.partners[partner].code, round(likely, 6)) for partner, likely in found)
    first = nearest[0].probability if nearest else 0.0
    margin = round(first - (nearest[1].probability if len(nearest) > 1 else 0.0), 6)
    return Verdict(nearest, margin, _why(said, found, index, first, margin, model))


def _why(said: Spoken, found: list[tuple[int, float]], index: Index, first: float, margin: float, model: Model) -> str:
    """What keeps the first candidate from being accepted."""
    if not found:
        return "nobody near"
    for name in (said, index.names[found[0][0]]):
        if name.personal or name.unclear:
            return "a person" if name.personal else "may be a person"
        if name.foreign:
            return "other letters"
    if first < model.accept_from:
        return "not sure enough"
    return "two alike" if margin < MARGIN else ""
