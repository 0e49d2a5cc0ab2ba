"""What a formula may name at its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .nodes import Type


@dataclass(frozen=True, slots=True)
class NameScope:
    """What a formula may name at its place. ``functions``: the groups allowed (`Function.group`)."""

    names: Mapping[str, Type] = field(default_factory=dict)
    measures: frozenset[str] = frozenset()  # names that may be read through a window
    windows: frozenset[str] = frozenset()
    tables: Mapping[str, tuple[int, Type]] = field(default_factory=dict)  # number of keys, type of the value
    curves: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset({"plain"})
    levels: tuple[str, ...] = ()  # lowest first
    nodes: frozenset[str] = frozenset()  # for points(node) and passes(node)
    items: bool = True  # whether this node has items, so that `lowest_item` means something
    part: NameScope | None = None  # what the rule of `parts(rule)` may name
