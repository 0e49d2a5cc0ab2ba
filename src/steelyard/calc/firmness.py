"""Whether a grade is firm and a place can be told: the total drawn again from the intervals of its KPIs.

A draw takes every KPI at another quantile of its interval and reads the points from its real rule; weights are the stored
ones. Draws are no dice: quantiles are shared out evenly (a Kronecker sequence in subject and item), so that the same rows give
the same answer. Caps and floors of items count; gates and sections stay as they were, so that a grade held down stays so.

**Firm**: at least nine of ten draws give the grade that was earned; else **borderline**. **Not enough to rank**: fewer than
five observations behind every KPI, or likely places that span half of the field (nine tenths of the draws lie between them).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl

from .environment import constant
from .framework.model import Framework, Node, PointsRule
from .intervals import LEAST, USUAL, Numbers, method_of, observations, quantiles
from .scorecards.paths import nodes_with_paths
from .units import DECIMALS

DRAWS, STEPS = 101, 21
FIRM, OUTSIDE = 0.9, 0.05
GRAIN = 10 ** DECIMALS["points"]
_LEVELS = [(step + 0.5) / STEPS for step in range(STEPS)]


@dataclass(frozen=True)
class Drawn:
    """Totals of subjects as they might have been: one row per subject, one column per draw, in points."""

    subjects: list[str]
    totals: Numbers
    drawn: Numbers
    observations: Numbers  # behind the KPI with most of them
    uncertain: bool  # whether any KPI has an interval


def draw(framework: Framework, items: pl.DataFrame, dispersions: Mapping[str, float]) -> Drawn:
    """The draws of all subjects that have a total. ``items``: the rows of the items frame with ``subject``."""
    roots = items.filter((pl.col("kind") == "total") & pl.col("points").is_not_null()).sort("subject")
    subjects = roots["subject"].to_list()
    totals = roots["points"].cast(pl.Float64).to_numpy() / GRAIN
    drawn, seen, uncertain = np.repeat(totals[:, None], DRAWS, axis=1), np.zeros(len(subjects)), False
    for number, (path, leaf) in enumerate((path, node) for path, node in nodes_with_paths(framework) if node.kpi):
        rows = roots.select("subject").join(items.filter(pl.col("node") == path), on="subject", how="left", maintain_order="left")
        kpi = framework.kpis[leaf.kpi or ""]
        method = method_of(framework, kpi)
        seen = np.maximum(seen, rows["counted"].fill_null(0).cast(pl.Float64).to_numpy())
        points = None if leaf.points is None else _points(framework, leaf, leaf.points)
        if method.kind == "none" or points is None:
            continue
        uncertain = True
        values = quantiles(method, kpi, rows, _LEVELS, dispersions.get(kpi.name, USUAL))
        at = rows["value"].cast(pl.Float64).to_numpy()[:, None] / 10 ** DECIMALS[kpi.unit]
        moved = np.nan_to_num(points(values) - points(at))
        moved[observations(method, rows) < 1] = 0
        weights = np.array([0.0 if text is None else float(Fraction(text)) for text in rows["total_weight"]])[:, None]
        drawn += np.take_along_axis(moved, _places(len(subjects), number), axis=1) * weights
    return Drawn(subjects, totals, drawn, seen, uncertain)


def firm(
    found: Drawn, starts: Sequence[tuple[str, int]], levels: Mapping[str, str | None], held: frozenset[str] = frozenset()
) -> list[float | None]:
    """The share of draws that give the grade earned. ``starts``: grades with the points they begin at (grain), best first.

    ``held``: subjects whose grade a gate holds down, for whom more points make no other grade. None: there is no grade.
    """
    order = [name for name, _ in starts]
    limits = [start / GRAIN for _, start in starts]
    shares: list[float | None] = []
    for row, subject in zip(found.drawn, found.subjects, strict=True):
        level = levels.get(subject)
        if level not in order:
            shares.append(None)
            continue
        place = order.index(level)
        low = limits[place] if place + 1 < len(order) else -np.inf
        high = limits[place - 1] if place and subject not in held else np.inf
        shares.append(float(np.mean((row >= low) & (row < high))))
    return shares


def likely_places(found: Drawn, among: Sequence[int] | None = None) -> list[tuple[int, int]]:
    """The places between which nine tenths of the draws lie, among some of the subjects (by position) or all; 1 is best."""
    drawn = found.drawn if among is None else found.drawn[list(among)]
    if not len(drawn):
        return []
    ordered = np.argsort(-drawn, axis=0, kind="stable")
    ranks = np.empty_like(ordered)
    np.put_along_axis(ranks, ordered, np.arange(1, len(drawn) + 1)[:, None] + np.zeros((1, drawn.shape[1]), dtype=int), axis=0)
    ranks = np.sort(ranks, axis=1)
    low, high = round(OUTSIDE * (DRAWS - 1)), round((1 - OUTSIDE) * (DRAWS - 1))
    return [(int(row[low]), int(row[high])) for row in ranks]


def can_be_ranked(place: tuple[int, int], field: int, seen: float) -> bool:
    """Whether a place says something: enough observations, and likely places that span less than half of the field."""
    return seen >= LEAST and (place[1] - place[0] + 1) * 2 <= max(field, 2)


def _places(subjects: int, number: int) -> Any:
    """Which step of its interval an item takes in each draw: all steps equally often, shifted by subject and item."""
    turn, shift = np.sqrt(_PRIMES[number % len(_PRIMES)]) % 1, 0.6180339887498949
    at = (np.arange(DRAWS)[None, :] * turn + np.arange(subjects)[:, None] * shift + number * 0.7548776662466927) % 1
    return np.minimum((at * STEPS).astype(np.int64), STEPS - 1)


_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113)


def _points(framework: Framework, leaf: Node, rule: PointsRule) -> Any:
    """An item's rule over whole columns, with its cap and floor; None for a choice."""
    low = -np.inf if leaf.floor is None else float(leaf.floor)
    high = np.inf if leaf.cap is None else float(leaf.cap)
    if rule.kind == "choice" or leaf.scale_to is not None:
        return None
    if rule.kind == "line":
        xs, ys = ([float(corner[side]) for corner in rule.corners] for side in (0, 1))
        return lambda values: np.clip(np.interp(values, xs, ys), low, high)
    if rule.kind == "bands":
        return lambda values: np.clip(_banded(rule, values), low, high)
    if rule.kind == "value":
        return lambda values: np.clip(values, low, high)
    each, per = float(rule.each), 0 if rule.points is None else constant(rule.points, framework.settings)
    worth = float(per) if isinstance(per, (int, Fraction)) else 0.0
    whole = np.trunc if rule.whole else np.asarray
    return lambda values: np.clip(whole(values / each) * worth, low, high)


def _banded(rule: PointsRule, values: Numbers) -> Numbers:
    found = np.full(values.shape, np.nan)
    for band in rule.bands:
        inside = np.ones(values.shape, dtype=bool)
        if band.low is not None:
            inside &= values >= float(band.low) if band.low_closed else values > float(band.low)
        if band.high is not None:
            inside &= values <= float(band.high) if band.high_closed else values < float(band.high)
        found[inside & np.isnan(found)] = float(band.points)
    return found
