"""How far a KPI may lie from what it says: intervals from the rows it counts. They are marks beside a score and never change it.

What is counted in a period is taken as one draw of how the partner does. Which method, and so which words, follows from what
the KPI is (METHODS: the evidence chooses the label):

- **share**: rows of one kind among rows (`count / count`, at most 1): the score interval of Wilson (1927), from both counts;
- **count**: rows in the period: the score interval of a Poisson count, ``n + z^2/2 +- z sqrt(n + z^2/4)``;
- **amount**: a sum of amounts, or a ratio with one: on the log scale, with variance ``dispersion / n`` of a quasi-Poisson rate
  (Wedderburn 1974; McCullagh and Nelder 1989). The dispersion of a KPI comes from how it moved for all subjects between two
  periods, what they have in common taken out, and is at least 1; where too few can be compared it is 2, that of rows with
  exponential sizes. Two sums over each other, neither of them a target, each rest on half of the rows;
- **none**: what was read off (a stock, a certificate, a rating, an answer) has no interval.

An interval is of nine tenths. Below five observations there is none, and the KPI says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
import polars as pl

from .formula import nodes
from .formula.nodes import names_in
from .framework.model import Framework, Kpi, Measure
from .units import DECIMALS

Kind = Literal["share", "count", "amount", "none"]
Numbers = np.ndarray[Any, np.dtype[np.float64]]

LEVEL = Fraction(9, 10)
LEAST = 5  # observations; METHODS section 5
USUAL, FEW_MOVES, MOST = 2.0, 20, 50.0  # dispersion where nothing is known; subjects that it takes to know; what it is held to
COUNTED, SUMMED = ("count", "count_distinct"), ("sum",)
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Method:
    """How a KPI's interval is made. ``shift`` is what is added before the log is taken (1 for growth); ``halves``: two sums."""

    kind: Kind
    shift: int = 0
    halves: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """A KPI of one subject: the ends as stored (None: too few observations, or no interval), and how many rows it rests on."""

    kind: Kind
    low: int | None
    high: int | None
    observations: int

    @property
    def too_few(self) -> bool:
        """Whether there would be an interval, were there more observations."""
        return self.kind != "none" and self.observations < LEAST


def method_of(framework: Framework, kpi: Kpi) -> Method:
    """What a KPI's formula says about its kind."""
    tree, shift = kpi.formula.tree, 0
    if isinstance(tree, nodes.Binary) and tree.operator == "-" and isinstance(tree.right, nodes.Literal) and tree.right.value == 1:
        tree, shift = tree.left, 1
    read = [framework.measures[name] for name in sorted(names_in(tree)) if name in framework.measures]
    drawn = [measure for measure in read if _is_drawn(measure)]
    if kpi.unit == "text" or not drawn or any(measure.aggregate not in (*COUNTED, *SUMMED) for measure in read):
        return Method("none")
    if isinstance(tree, nodes.Binary) and tree.operator == "/":
        sides = [[one for one in drawn if one.name in names_in(side)] for side in (tree.left, tree.right)]
        if not shift and all(sides) and all(measure.aggregate in COUNTED for measure in drawn):
            return Method("share")
        return Method("amount", shift, halves=all(sides))
    if all(measure.aggregate in COUNTED for measure in read) and isinstance(tree, (nodes.Name, nodes.Windowed)):
        return Method("count")
    return Method("amount", shift)


def _is_drawn(measure: Measure) -> bool:
    """Whether rows happened, rather than being set or held."""
    return measure.fact not in ("targets", "coverage", "certificates", "ratings", "inventory") and not measure.valid_on and not measure.list


def observations(method: Method, rows: pl.DataFrame) -> Numbers:
    """How many rows each value rests on: of a share those below the line, else those counted."""
    if method.kind == "share":
        return _numbers(rows["denominator"])
    return rows["counted"].fill_null(0).cast(pl.Float64).to_numpy()


def quantiles(method: Method, kpi: Kpi, rows: pl.DataFrame, levels: list[float], dispersion: float = USUAL) -> Numbers:
    """Values in natural units, one row per subject and one column per level; the value itself where there is no interval."""
    scale = 10 ** DECIMALS.get(kpi.unit, 0)
    values = rows["value"].cast(pl.Float64).to_numpy() / scale
    count = observations(method, rows)
    z = np.array([_NORMAL.inv_cdf(level) for level in levels])[None, :]
    spread = np.repeat(values[:, None], len(levels), axis=1)
    if method.kind == "none":
        return spread
    known = np.isfinite(values) & (count >= 1)
    n = np.where(known, count, 1.0)[:, None]
    if method.kind == "share":
        found = _wilson(np.clip(values, 0, 1)[:, None], n, z)
        known &= (values >= 0) & (values <= 1)
    elif method.kind == "count":
        found = values[:, None] + z**2 / 2 + z * np.sqrt(np.maximum(values, 0)[:, None] + z**2 / 4)
        known = np.isfinite(values) & (values >= 0)
    else:
        variance = dispersion * (4 if method.halves else 1) / n
        found = (values + method.shift)[:, None] * np.exp(z * np.sqrt(variance)) - method.shift
        known &= values + method.shift > 0
    return np.where(known[:, None], found, spread)


def _wilson(share: Numbers, n: Numbers, z: Numbers) -> Numbers:
    centre, half = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.asarray((centre + half) / (1 + z**2 / n))


def intervals(framework: Framework, kpi: Kpi, rows: pl.DataFrame, dispersion: float = USUAL) -> list[Interval]:
    """The interval of a KPI for each of its rows in an items frame."""
    method = method_of(framework, kpi)
    count = observations(method, rows) if method.kind != "none" else np.zeros(rows.height)
    outside = float(1 - LEVEL) / 2
    ends = quantiles(method, kpi, rows, [outside, 1 - outside], dispersion)
    scale = 10 ** DECIMALS.get(kpi.unit, 0)
    found = []
    for value, seen, (low, high) in zip(rows["value"], count, ends, strict=True):
        if method.kind == "none" or value is None or seen < LEAST:
            found.append(Interval(method.kind, None, None, int(seen)))
        else:
            found.append(Interval(method.kind, min(round(low * scale), value), max(round(high * scale), value), int(seen)))
    return found


def dispersion(method: Method, kpi: Kpi, now: pl.DataFrame, before: pl.DataFrame) -> float:
    """How much more a KPI moves than counts of rows would, from its rows of two periods (subject, value, counted)."""
    if method.kind != "amount":
        return 1.0
    both = now.join(before, on="subject", suffix="_before").filter(pl.min_horizontal("counted", "counted_before") >= LEAST)
    scale = 10 ** DECIMALS[kpi.unit]
    new, old = (both[name].cast(pl.Float64).to_numpy() / scale + method.shift for name in ("value", "value_before"))
    usable = (new > 0) & (old > 0)
    if usable.sum() < FEW_MOVES:
        return USUAL
    moves = np.log(new[usable] / old[usable])
    moves = moves - np.median(moves)
    rows = sum(1 / both[name].cast(pl.Float64).to_numpy()[usable] for name in ("counted", "counted_before"))
    found = float(np.mean(moves**2 / (rows * (4 if method.halves else 1))))
    return min(max(found, 1.0), MOST)


def _numbers(texts: pl.Series) -> Numbers:
    return np.array([0.0 if text is None else float(Fraction(text)) for text in texts])
