"""How one leaf's part of the total moved between two results: exact amounts per cause, in the order `change` documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from .environment import constant
from .formula import nodes
from .formula.nodes import names_in
from .framework.model import Framework, Kpi, Node
from .rules import choose, compile_rule
from .scorecards.finish import finish
from .scorecards.paths import nodes_with_paths
from .units import DECIMALS, Blank, from_grain, round_to, to_grain

Row = Mapping[str, Any]
StoredValue = int | str
LeafStep = tuple[str, Fraction, str]  # cause, amount in the total (grain of points, exact), text


@dataclass
class Side:
    """One of the two results: its framework and its rows by node."""

    framework: Framework
    rows: Mapping[str, Row]

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """The framework's nodes by path."""
        return dict(nodes_with_paths(self.framework))

    def items_of(self, parent: str) -> dict[str, Row]:
        """The rows of a node's items."""
        return {node: row for node, row in self.rows.items() if row["parent"] == parent}


def leaf_steps(node: str, old: Side, new: Side) -> Iterator[LeafStep]:
    """The steps of a leaf that both results have."""
    before, after = old.rows[node], new.rows[node]
    old_weight, new_weight = _weight(before), _weight(after)
    if before["points"] is None or after["points"] is None:
        gained = before["points"] is None
        change = Fraction(after["points"] or 0) * new_weight - Fraction(before["points"] or 0) * old_weight
        reason = before["no_data_reason"] if gained else after["no_data_reason"]
        yield "no data", change, f"{'had' if gained else 'has'} no data: {reason}"
        return
    points = Fraction(before["points"])
    for cause, now, text in _points_steps(node, old, new):
        yield cause, (now - points) * old_weight, text
        points = now
    weight = old_weight
    for cause, share, text in _weight_steps(node, old, new):
        yield cause, points * (share - weight), text
        weight = share


def _weight(row: Row) -> Fraction:
    return Fraction(row["total_weight"] or 0)


# points -----------------------------------------------------------------------------------------------------------


def _points_steps(node: str, old: Side, new: Side) -> Iterator[LeafStep]:
    """The leaf's points after each replacement; the last equals its points in the new result."""
    before, after = old.rows[node], new.rows[node]
    gate_before, gate_after = _gate_lines(before), _gate_lines(after)
    if (before["no_data"] is None) != (after["no_data"] is None):
        reason = after["no_data_reason"] or before["no_data_reason"]
        yield "no data", Fraction(after["points"] - gate_after + gate_before), reason
    elif before["no_data"] is None:
        yield from _value_steps(node, old, new, gate_before)
    rule_ended = Fraction(after["points"] - gate_after + gate_before)
    yield "rule", rule_ended, "the definition changed"
    yield "gate", Fraction(after["points"]), "a gate of the item"


def _value_steps(node: str, old: Side, new: Side, gate: int) -> Iterator[LeafStep]:
    before, after = old.rows[node], new.rows[node]
    value = _stored_value(after)
    if value is None or not _same_definition(before["kpi"], after["kpi"], old.framework, new.framework):
        return
    leaf = old.nodes.get(node)
    kpi = old.framework.kpis.get(before["kpi"])
    if leaf is None or kpi is None:
        return
    data_only = _with_old_target(before, after, kpi, old.framework)
    if data_only is not None:
        points = _points_by_rule(leaf, kpi, data_only, old.framework)
        if points is not None:
            yield "value", Fraction(points + gate), _from_to(before, after)
    points = _points_by_rule(leaf, kpi, value, old.framework)
    if points is None and old.nodes.get(node) == new.nodes.get(node):
        points = after["points"] - _gate_lines(after)  # the rule reads more than the value: it is the data that moved
    if points is not None:
        yield ("value" if data_only is None else "target"), Fraction(points + gate), _from_to(before, after)


def _from_to(before: Row, after: Row) -> str:
    return f"{before['value_text']} -> {after['value_text']}"


def _gate_lines(row: Row) -> int:
    """What gates and given points moved in the leaf's own points; caps and the like belong to its rule."""
    if not row["notes"]:
        return 0
    return sum(line["contribution"] for line in json.loads(row["notes"]).get("lines", ()) if line["name"] in ("gate", "given"))


def _stored_value(row: Row) -> StoredValue | None:
    text: str | None = row["value_text"]
    number: int | None = row["value"]
    return text if row["unit"] == "text" else number


def _same_definition(name: str, name_after: str, old: Framework, new: Framework) -> bool:
    """Whether the KPI means the same in both frameworks: formula, unit, rounding, measures and settings it reads."""
    before, after = old.kpis.get(name), new.kpis.get(name_after)
    if before is None or after is None or name != name_after:
        return False
    if (before.formula, before.unit, before.round) != (after.formula, after.unit, after.round):
        return False
    if (old.rounding, old.convert, old.currency) != (new.rounding, new.convert, new.currency):
        return False
    for read in names_in(before.formula.tree):
        if old.measures.get(read) != new.measures.get(read) or old.settings.get(read) != new.settings.get(read):
            return False
        if read in old.kpis and not _same_definition(read, read, old, new):
            return False
    return dict(old.windows) == dict(new.windows)


def _with_old_target(before: Row, after: Row, kpi: Kpi, framework: Framework) -> StoredValue | None:
    """The value with the new data and the old target, where the formula is `data / target`; else None."""
    tree = kpi.formula.tree
    if not isinstance(tree, nodes.Binary) or tree.operator != "/":
        return None
    read = [framework.measures[name] for name in names_in(tree.right) if name in framework.measures]
    if not read or any(measure.fact != "targets" for measure in read):
        return None
    if None in (before["denominator"], after["numerator"]) or before["denominator"] == after["denominator"]:
        return None
    try:
        target, data = Fraction(before["denominator"]), Fraction(after["numerator"])
    except ValueError:
        return None
    if target == 0:
        return None
    stored = to_grain(data / target, kpi.unit)
    if kpi.round is not None:
        stored = to_grain(round_to(from_grain(stored, kpi.unit), kpi.round, framework.rounding), kpi.unit)
    return stored


def _points_by_rule(leaf: Node, kpi: Kpi, value: StoredValue, framework: Framework) -> int | None:
    """A leaf's points for a value, before gates; None where the rule reads more than the value."""
    rule = leaf.points
    if rule is None:
        return None
    if isinstance(value, str):
        earned = choose(rule)(value)
    else:
        per = None if rule.points is None else constant(rule.points, framework.settings)
        if isinstance(per, Blank) or not (per is None or isinstance(per, (int, Fraction))):
            return None
        earned = compile_rule(rule, per)(value, 10 ** DECIMALS[kpi.unit])
    if isinstance(earned, Blank):
        return None
    return finish(leaf, [earned], framework)[0][0]


# weights ----------------------------------------------------------------------------------------------------------


def _weight_steps(node: str, old: Side, new: Side) -> Iterator[LeafStep]:
    """The leaf's share in the total after each replacement; the last equals its share in the new result."""
    set_anew = Fraction(1)
    no_data = chosen = False
    for path in _chain(node, new):
        parent = new.rows[path]["parent"]
        if parent is None or path not in old.rows or old.rows[path]["parent"] != parent:
            break
        shares, moved = _local_share(path, parent, old, new)
        set_anew *= shares
        no_data = no_data or moved
        chosen = chosen or _combine(parent, new) in ("best", "worst")
    else:
        if set_anew != _weight(old.rows[node]) or no_data:
            yield "weight", set_anew, "other weights"
    cause = "no data" if no_data or not chosen else "choice"
    if _weight(new.rows[node]) == set_anew:
        cause = "weight"
    text = {"choice": "another item was taken", "no data": "weight of items without data moved"}.get(cause, "other weights")
    yield cause, _weight(new.rows[node]), text


def _chain(node: str, side: Side) -> Iterator[str]:
    """The node and everything above it, but the root."""
    path: str | None = node
    while path is not None and side.rows[path]["parent"] is not None:
        yield path
        path = side.rows[path]["parent"]


def _combine(path: str, side: Side) -> str | None:
    found = side.nodes.get(path)
    return found.combine if found is not None else None


def _local_share(path: str, parent: str, old: Side, new: Side) -> tuple[Fraction, bool]:
    """The share in the parent with the new weights and the old pattern of missing items; whether the pattern moved."""
    before, after = old.items_of(parent), new.items_of(parent)
    missing_before = {item for item, row in before.items() if row["points"] is None}
    missing_after = {item for item, row in after.items() if row["points"] is None}
    moved = missing_before != missing_after
    if _combine(parent, new) != "mean" or _combine(parent, old) != "mean" or set(before) != set(after):
        return Fraction(old.rows[path]["weight"] or 0), moved
    shared = new.nodes[parent].missing == "share"
    weights = {item: Fraction(0) if shared and item in missing_before else Fraction(row["set_weight"] or 0) for item, row in after.items()}
    total = sum(weights.values(), Fraction(0))
    return (weights[path] / total if total else Fraction(0)), moved
