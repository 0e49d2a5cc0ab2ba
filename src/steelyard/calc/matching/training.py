"""Making a model from names of which somebody said whom they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .candidates import Index
from .features import FEATURES
from .model import MARGIN, Model, probability
from .verdicts import Pairs, pairs

FOLDS = 5
_AIM = 0.996  # the share that shall be right among what is accepted, on names the model has not seen
_LEAST_SURE = 0.9  # nothing less likely is accepted, whatever the examples say
_STRENGTH = 1.0


@dataclass(frozen=True)
class Example:
    """A name and the partner meant ("": none of the index); ``weight``: how much it counts."""

    text: str
    code: str
    weight: float = 1.0


@dataclass(frozen=True)
class Lesson:
    """Examples beside the partners they were said among."""

    examples: Sequence[Example]
    index: Index


@dataclass(frozen=True)
class _Table:
    """All pairs of all lessons, and of each name: its fold, its weight, whether its partner was among the candidates."""

    figures: NDArray[np.float32]
    right: NDArray[np.bool_]
    name: NDArray[np.int64]
    weight: NDArray[np.float64]
    by_machine: NDArray[np.bool_]  # of names: whether a machine may match it at all


@dataclass(frozen=True)
class Trained:
    """A model, and for each example in order whether it would have been accepted by a model that had not seen it, and rightly."""

    model: Model
    accepted: NDArray[np.bool_]
    right: NDArray[np.bool_]


def train(lessons: Sequence[Lesson], training: Mapping[str, Any]) -> Trained:
    """Fit on everything; calibrate, and choose from where to accept, on names left out in turn."""
    table = _table(lessons)
    fold = np.arange(len(table.weight)) % FOLDS
    unseen = np.zeros(len(table.right))
    for one in range(FOLDS):
        out = fold[table.name] == one
        if out.any():
            weights, constant = _fit(table, ~out)
            unseen[out] = table.figures[out] @ weights + constant
    slope, shift = _calibrated(table, unseen)
    said = probability(slope * unseen + shift)
    first, margin = _first(table, said)
    accept_from = _threshold(table, said, first, margin)
    weights, constant = _fit(table, np.ones(len(table.right), dtype=bool))
    told = {name: round(slope * weight, 6) for name, weight in zip(FEATURES, weights.tolist(), strict=True)}
    told[""] = round(slope * constant + shift, 6)
    held = first >= 0
    chosen = np.zeros(len(table.weight))
    chosen[held] = said[first[held]]
    right = np.zeros(len(table.weight), dtype=bool)
    right[held] = table.right[first[held]]
    accepted = table.by_machine & held & (chosen >= accept_from) & (margin >= MARGIN)
    return Trained(Model(told, accept_from, _reliability(chosen[held], right[held]), dict(training)), accepted, right)


def _table(lessons: Sequence[Lesson]) -> _Table:
    figures, right, names, weight, by_machine, before = [], [], [], [], [], 0
    for lesson in lessons:
        found = pairs([example.text for example in lesson.examples], lesson.index)
        codes = [partner.code for partner in lesson.index.partners]
        figures.append(found.figures)
        right += [
            codes[partner] == lesson.examples[name].code for name, partner in zip(found.name.tolist(), found.partner.tolist(), strict=True)
        ]
        names.append(found.name.astype(np.int64) + before)
        weight += [example.weight for example in lesson.examples]
        by_machine += _by_machine(found, lesson.index)
        before += len(lesson.examples)
    return _Table(
        np.concatenate(figures), np.array(right, dtype=bool), np.concatenate(names), np.array(weight), np.array(by_machine, dtype=bool)
    )


def _by_machine(found: Pairs, index: Index) -> list[bool]:
    """Of each name whether neither it nor a candidate may be a person, and no letter is foreign."""
    allowed = [said.by_machine for said in found.said]
    for name, partner in zip(found.name.tolist(), found.partner.tolist(), strict=True):
        if not index.names[partner].by_machine:
            allowed[name] = False
    return allowed


def _fit(table: _Table, rows: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    from sklearn.linear_model import LogisticRegression

    figures, scale = table.figures[rows], table.figures[rows].std(axis=0) + 1e-6
    learned = LogisticRegression(C=_STRENGTH, solver="newton-cholesky")
    learned.fit(figures / scale, table.right[rows], sample_weight=table.weight[table.name[rows]])
    weights: NDArray[np.float64] = learned.coef_[0] / scale
    return weights, learned.intercept_.item()


def _first(table: _Table, said: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Of each name the row of its likeliest pair (-1: it has none), and how far the second is behind."""
    first = np.full(len(table.weight), -1, dtype=np.int64)
    margin = np.ones(len(table.weight))
    order = np.lexsort((-said, table.name))
    for row in order.tolist():
        name = table.name[row]
        if first[name] < 0:
            first[name], margin[name] = row, said[row]
        elif margin[name] == said[first[name]]:
            margin[name] = said[first[name]] - said[row]
    return first, margin


def _calibrated(table: _Table, unseen: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and shift that make the log odds of the likeliest partner of each name mean what they say (Platt)."""
    from sklearn.linear_model import LogisticRegression

    first, _margin = _first(table, unseen)
    rows = first[first >= 0]
    if table.right[rows].all() or not table.right[rows].any():
        return 1.0, 0.0
    learned = LogisticRegression(C=1e6, solver="newton-cholesky").fit(
        unseen[rows, None], table.right[rows], sample_weight=table.weight[table.name[rows]]
    )
    return learned.coef_[0, 0].item(), learned.intercept_.item()


def _threshold(table: _Table, said: NDArray[np.float64], first: NDArray[np.int64], margin: NDArray[np.float64]) -> float:
    """The least probability from which on the names accepted are right as often as is aimed at."""
    usable = np.nonzero((first >= 0) & table.by_machine & (margin >= MARGIN))[0]
    likely = said[first[usable]]
    order = np.argsort(-likely, kind="stable")
    weight = table.weight[usable][order]
    right = np.cumsum(weight * table.right[first[usable]][order])
    share = right / np.cumsum(weight)
    good = np.nonzero(share >= _AIM)[0]
    return round(max(likely[order][good[-1]].item() if len(good) else 1.0, _LEAST_SURE), 4)


def _reliability(said: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[tuple[int, float, float], ...]:
    tenth = np.minimum((said * 10).astype(int), 9)
    return tuple(
        (int(part.sum()), round(said[part].mean().item(), 4), round(right[part].mean().item(), 4))
        if (part := tenth == one).any()
        else (0, 0, 0)
        for one in range(10)
    )
