"""Whether a region and its base are the same framework but for what the region sets: their models are compared, not their texts.

Every definition is one thing: a setting, a table, a measure, a KPI, a part of the scorecard, a level, ... Of KPIs, parts and levels each
key is compared by itself, so that a region that sets a weight is held to the weight.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from ..framework.model import Framework, Kpi, Level, Node, Trigger

_OWN = {"code", "title", "applies_to", "source", "extends", "base", "changed", "open", "note", "owner"}  # a region has its own
_DERIVED = {"place", "out_of", "items", "name"}  # follows from the rest, or is compared by itself
_KEYS = {"any": "require"}  # where one key of the file is several fields of the model


@dataclass(frozen=True, slots=True)
class Equality:
    """How many things were compared, which differ and are set by the region, and which differ without being set: none, or it is a fault."""

    compared: int
    set: tuple[str, ...]
    unexplained: tuple[str, ...]

    @property
    def equal(self) -> int:
        """How many are the same."""
        return self.compared - len(self.set) - len(self.unexplained)


def equality(base: Framework, region: Framework) -> Equality:
    """Compare the models of a base and its region."""
    before, after = dict(_things(base)), dict(_things(region))
    differing = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    explained = [path for path in differing if any(_touches(path, changed) for changed in _canonical(region, base))]
    return Equality(len({**before, **after}), tuple(explained), tuple(path for path in differing if path not in explained))


def _touches(path: str, changed: str) -> bool:
    return path == changed or path.startswith(f"{changed}.") or changed.startswith(f"{path}.")


def _canonical(region: Framework, base: Framework) -> list[str]:
    """The paths that the region sets, with levels and triggers by their number."""
    named = {f"levels.{level.name}": f"levels.{number}" for number, level in enumerate(base.levels, 1)}
    named |= {f"triggers.{trigger.name}": f"triggers.{number}" for number, trigger in enumerate(base.triggers, 1)}
    found = []
    for path in region.changed:
        begin = ".".join(path.split(".")[:2])
        found.append(path.replace(begin, named[begin], 1) if begin in named else path)
    return found


def _things(framework: Framework) -> Iterator[tuple[str, Any]]:
    """Every definition, or key of it, with what it means."""
    for one in fields(framework):
        value = getattr(framework, one.name)
        if one.name in _OWN or one.name in ("scorecard", "levels", "triggers"):
            continue
        if isinstance(value, Mapping):
            for name, definition in value.items():
                yield from _keys(f"{one.name}.{name}", definition)
        else:
            yield one.name, _plain(value)
    ordered: dict[str, tuple[Level | Trigger, ...]] = {"levels": framework.levels, "triggers": framework.triggers}
    for part, listed in ordered.items():
        yield f"{part}.order", _plain([definition.name for definition in listed])
        for number, definition in enumerate(listed, 1):
            yield from _keys(f"{part}.{number}", definition)
    if framework.scorecard is not None:
        yield from _nodes("scorecard", framework.scorecard)


def _nodes(path: str, node: Node) -> Iterator[tuple[str, Any]]:
    yield from _keys(path, node)
    for item in node.items:
        yield from _nodes(f"{path}.of.{item.name}", item)


def _keys(path: str, definition: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(definition, Kpi | Node | Level):
        yield path, _plain(definition)
        return
    found: dict[str, list[Any]] = {}
    for one in fields(definition):
        if one.name not in _DERIVED:
            found.setdefault(_KEYS.get(one.name, one.name), []).append(_plain(getattr(definition, one.name)))
    yield from ((f"{path}.{key}", tuple(values)) for key, values in found.items())


def _plain(value: Any) -> str:
    """A value as text. Places take no part in it: a definition that moved is the same."""
    return repr(_bare(value))


def _bare(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return (type(value).__name__, *((one.name, _bare(getattr(value, one.name))) for one in fields(value) if one.compare))
    if isinstance(value, Mapping):
        return tuple((key, _bare(one)) for key, one in value.items())
    return tuple(_bare(one) for one in value) if isinstance(value, tuple | list) else value
