"""How a node's items become one result: mean, sum, best, worst; and where the weight of items without a value goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

import numpy as np

from ..framework.model import Node
from ..rules import Ratio, ratio
from ..units import divide
from .arrays import groups, half_even, spread_columns, whole, widened
from .columns import NOTHING, WHOLE, NodeColumn
from .shares import exact_text


@dataclass(slots=True)
class Combined:
    """The result of a node at every point, exact and rounded to the grain of points; None has a reason."""

    results: list[Ratio | None]
    rounded: list[int | None]
    reasons: dict[int, str] = field(default_factory=dict)
    chosen: list[str | None] | None = None


@dataclass(frozen=True, slots=True)
class Sharing:
    """How one pattern of items with and without a value shares the weight; the same for every point with the pattern."""

    multipliers: tuple[int, ...]  # points x multiplier, added up, over `total`
    total: int
    weights: tuple[Ratio, ...]
    moved: tuple[dict[str, str] | None, ...]
    scored: Ratio  # share of the weight that has a value


def combine(node: Node, items: Sequence[NodeColumn], weights: Sequence[Sequence[Ratio]]) -> Combined:
    """The node's result at every point; writes shares and contributions into the items.

    ``weights`` are the items' weights as written, one column per item; they count under `mean` only.
    """
    if node.combine in ("best", "worst"):
        return _choose(node, items)
    count = len(items[0].points)
    combined = Combined([None] * count, [None] * count)
    points = np.stack([whole(item.points) for item in items])
    contributions = np.zeros(points.shape, dtype=points.dtype)
    shares: list[list[Ratio]] = [[NOTHING] * count for _ in items]
    for (mask, written), positions in groups(list(zip(_masks(items), zip(*weights, strict=True), strict=True))):
        sharing = _sharing(node, items, mask, written)
        if sharing is None or _too_little(node, items, mask, sharing):
            for position in positions.tolist():
                combined.reasons[position] = _why_nothing(node, items, position, mask, sharing)
            continue
        block = widened(points[:, positions], sum(sharing.multipliers)) * whole(sharing.multipliers)[:, None]
        results = block.sum(axis=0)
        rounded = half_even(results, sharing.total)
        parts = spread_columns(block, sharing.total, rounded)
        if parts.dtype == object:
            contributions = contributions.astype(object)
        contributions[:, positions] = parts
        places = positions.tolist()
        for position, result, stored in zip(places, results.tolist(), rounded.tolist(), strict=True):
            combined.results[position] = (result, sharing.total)
            combined.rounded[position] = stored
        for own, share in zip(shares, sharing.weights, strict=True):
            if len(places) == count:
                own[:] = [share] * count
            else:
                for position in places:
                    own[position] = share
        for item, moved in zip(items, sharing.moved, strict=True):
            if moved:
                item.moved.update(dict.fromkeys(places, moved))
    for item, column, own in zip(items, contributions, shares, strict=True):
        item.contributions, item.weights = column.tolist(), own
        for position in combined.reasons:
            item.contributions[position] = None
    return combined


def _masks(items: Sequence[NodeColumn]) -> list[int]:
    """At every point, which items have no value: bit 0 is the first item."""
    masks = [0] * len(items[0].points)
    for place, item in enumerate(items):
        if None in item.points:
            for position, points in enumerate(item.points):
                if points is None:
                    masks[position] |= 1 << place
    return masks


def _sharing(node: Node, items: Sequence[NodeColumn], mask: int, written: tuple[Ratio, ...]) -> Sharing | None:
    names = tuple(item.node.name for item in items)
    if node.combine == "mean":
        return _share_weight(names, mask, written, node.missing == "share")
    outs = tuple(None if item.node.out_of is None else ratio(item.node.out_of) for item in items)
    return _share_out_of(names, mask, outs, node.missing == "share")


def _too_little(node: Node, items: Sequence[NodeColumn], mask: int, sharing: Sharing) -> bool:
    """Whether nothing, or less than the node needs, has data."""
    if mask.bit_count() == len(items) and node.missing == "share":
        return True
    return node.needs_data is not None and Fraction(*sharing.scored) < node.needs_data


def _why_nothing(node: Node, items: Sequence[NodeColumn], position: int, mask: int, sharing: Sharing | None) -> str:
    """Why the node has no value at a point."""
    if mask.bit_count() == len(items):
        reasons = list(dict.fromkeys(item.reasons.get(position, "") for item in items))
        return f"no item has data: {'; '.join(reason for reason in reasons if reason)}"
    if sharing is None or node.needs_data is None:
        return "no item with data has a weight"
    return f"only {_percent(Fraction(*sharing.scored))} of the weight has data, {_percent(Fraction(node.needs_data))} needed"


def _percent(share: Fraction) -> str:
    numerator, denominator = (share * 100).as_integer_ratio()
    tenths = divide(numerator * 10, denominator, "half_up")
    return f"{exact_text(tenths, 10)} %"


def _share_weight(names: tuple[str, ...], mask: int, written: tuple[Ratio, ...], share: bool) -> Sharing | None:
    """Under `mean`: the weight of items without a value goes to the others in proportion, or stays and earns 0."""
    whole = lcm(*(denominator for _, denominator in written))
    plain = [numerator * (whole // denominator) for numerator, denominator in written]
    counted = [0 if mask >> place & 1 else weight for place, weight in enumerate(plain)]
    everything, scored = sum(plain), sum(counted)
    total = scored if share else everything
    if total <= 0:
        return None
    used = counted if share else plain
    weights = tuple((weight, total) if weight else NOTHING for weight in used)
    moved = _moved(names, mask, plain, everything, total) if share else (None,) * len(names)
    return Sharing(tuple(counted), total, weights, moved, (scored, everything) if everything else NOTHING)


def _moved(names: tuple[str, ...], mask: int, plain: Sequence[int], everything: int, scored: int) -> tuple[dict[str, str] | None, ...]:
    """For each item without a value: how much of its own share each other item received."""
    moved: list[dict[str, str] | None] = []
    for place, weight in enumerate(plain):
        if not mask >> place & 1 or not weight or not scored:
            moved.append(None)
            continue
        moved.append(
            {
                name: exact_text(weight * plain[other], everything * scored)
                for other, name in enumerate(names)
                if not mask >> other & 1 and plain[other]
            }
        )
    return tuple(moved)


def _share_out_of(names: tuple[str, ...], mask: int, outs: tuple[Ratio | None, ...], share: bool) -> Sharing:
    """Under `sum`: the highest points of items without a value go to the others in proportion, or are lost."""
    known = [out for out in outs if out is not None]
    whole = lcm(*(denominator for _, denominator in known)) if known else 1
    plain = [0 if out is None else out[0] * (whole // out[1]) for out in outs]
    everything = sum(plain)
    scored = sum(best for place, best in enumerate(plain) if not mask >> place & 1)
    stretch = (everything, scored) if share and mask and len(known) == len(outs) and scored > 0 else WHOLE
    weights = tuple(NOTHING if mask >> place & 1 else stretch for place in range(len(outs)))
    moved: tuple[dict[str, str] | None, ...] = (None,) * len(names)
    if stretch is not WHOLE:
        moved = _moved(names, mask, plain, everything, scored)
    data = (scored, everything) if everything else (len(names) - mask.bit_count(), len(names))
    return Sharing((stretch[0],) * len(outs), stretch[1], weights, moved, data)


def _choose(node: Node, items: Sequence[NodeColumn]) -> Combined:
    """`best`: an item that passes before one that does not, then the higher points, then the one written first."""
    count = len(items[0].points)
    chosen: list[str | None] = [None] * count
    combined = Combined([None] * count, [None] * count, chosen=chosen)
    for item in items:
        item.weights, item.contributions = [NOTHING] * count, [0] * count
    sign = 1 if node.combine == "best" else -1
    for position, row in enumerate(zip(*(item.points for item in items), strict=True)):
        candidates = [
            (sign * items[place].passes[position], sign * points, -place) for place, points in enumerate(row) if points is not None
        ]
        share = Fraction(len(candidates), len(items))
        if not candidates:
            combined.reasons[position] = _why_nothing(node, items, position, (1 << len(items)) - 1, None)
        elif node.needs_data is not None and share < node.needs_data:
            have, need = _percent(share), _percent(Fraction(node.needs_data))
            combined.reasons[position] = f"only {have} of the items have data, {need} needed"
        if position in combined.reasons:
            for item in items:
                item.contributions[position] = None
            continue
        taken = items[-max(candidates)[2]]
        points = taken.points[position] or 0
        combined.results[position], combined.rounded[position] = (points, 1), points
        chosen[position] = taken.node.name
        taken.contributions[position], taken.weights[position] = points, WHOLE
    return combined
