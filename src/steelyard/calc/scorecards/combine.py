"""How a node's items become one result: mean, sum, best, worst; and where the weight of items without a value goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from operator import mul

from ..framework.model import Node
from ..rules import Ratio, ratio
from ..units import divide
from .columns import NOTHING, WHOLE, NodeColumn
from .shares import exact_text, spread

Row = tuple[int | None, ...]


@dataclass(slots=True)
class Combined:
    """The result of a node at every point: exact ratios in the grain of points, or None with a reason."""

    results: list[Ratio | None] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)
    chosen: list[str | None] | None = None

    def add(self, result: Ratio | None, reason: str = "") -> None:
        """Note the result of the next point."""
        if result is None:
            self.reasons[len(self.results)] = reason
        self.results.append(result)


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
    combined = Combined()
    names = tuple(item.node.name for item in items)
    outs = tuple(None if item.node.out_of is None else ratio(item.node.out_of) for item in items)
    for item in items:
        item.weights, item.contributions = [], []
    patterns: dict[tuple[int, tuple[Ratio, ...]], Sharing | None] = {}
    columns = [(item.contributions, item.weights) for item in items]
    for position, (row, written) in enumerate(zip(_rows(items), zip(*weights, strict=True), strict=True)):
        mask = 0 if None not in row else sum(1 << place for place, points in enumerate(row) if points is None)
        key = (mask, written)
        if key not in patterns:
            patterns[key] = _sharing(node, names, outs, mask, written)
        sharing = patterns[key]
        reason = _why_nothing(node, items, position, row, sharing) if sharing is None or mask else ""
        if sharing is None or reason:
            combined.add(None, reason)
            _leave_out(items)
            continue
        known = [points or 0 for points in row] if mask else row
        products = list(map(mul, sharing.multipliers, known))
        result = sum(products)
        combined.add((result, sharing.total))
        parts = spread(products, sharing.total, divide(result, sharing.total))
        for (contributions, shares), part, share in zip(columns, parts, sharing.weights, strict=True):
            contributions.append(part)
            shares.append(share)
        if mask:
            for item, moved in zip(items, sharing.moved, strict=True):
                if moved:
                    item.moved[position] = moved
    return combined


def _sharing(
    node: Node, names: tuple[str, ...], outs: tuple[Ratio | None, ...], mask: int, written: tuple[Ratio, ...]
) -> Sharing | None:
    if node.combine == "mean":
        return _share_weight(names, mask, written, node.missing == "share")
    return _share_out_of(names, mask, outs, node.missing == "share")


def _rows(items: Sequence[NodeColumn]) -> zip[Row]:
    return zip(*(item.points for item in items), strict=True)


def _leave_out(items: Sequence[NodeColumn]) -> None:
    for item in items:
        item.contributions.append(None)
        item.weights.append(NOTHING)


def _why_nothing(node: Node, items: Sequence[NodeColumn], position: int, row: Row, sharing: Sharing | None) -> str:
    """Why the node has no value at a point, or nothing if it has one."""
    if all(points is None for points in row) and node.missing == "share":
        reasons = list(dict.fromkeys(item.reasons.get(position, "") for item in items))
        return f"no item has data: {'; '.join(reason for reason in reasons if reason)}"
    if sharing is None:
        return "no item with data has a weight"
    if node.needs_data is not None and Fraction(*sharing.scored) < node.needs_data:
        have, need = _percent(Fraction(*sharing.scored)), _percent(Fraction(node.needs_data))
        return f"only {have} of the weight has data, {need} needed"
    return ""


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


def _moved(
    names: tuple[str, ...], mask: int, plain: Sequence[int], everything: int, scored: int
) -> tuple[dict[str, str] | None, ...]:
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


def _share_out_of(
    names: tuple[str, ...], mask: int, outs: tuple[Ratio | None, ...], share: bool
) -> Sharing:
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
    combined = Combined(chosen=[])
    assert combined.chosen is not None
    for item in items:
        item.weights, item.contributions = [], []
    sign = 1 if node.combine == "best" else -1
    for position, row in enumerate(_rows(items)):
        candidates = [
            (sign * items[place].passes[position], sign * points, -place)
            for place, points in enumerate(row)
            if points is not None
        ]
        reason = "" if candidates else _why_nothing(node, items, position, row, None)
        share = Fraction(len(candidates), len(items))
        if candidates and node.needs_data is not None and share < node.needs_data:
            reason = f"only {_percent(share)} of the items have data, {_percent(Fraction(node.needs_data))} needed"
        if reason:
            combined.add(None, reason)
            combined.chosen.append(None)
            _leave_out(items)
            continue
        taken = -max(candidates)[2]
        points = row[taken]
        combined.add((points if points is not None else 0, 1))
        combined.chosen.append(items[taken].node.name)
        for place, item in enumerate(items):
            item.contributions.append(points if place == taken else 0)
            item.weights.append(WHOLE if place == taken else NOTHING)
    return combined


