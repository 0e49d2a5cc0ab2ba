"""A framework's text with keys replaced or taken out: what `change` of a vector asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from ..errors import Problem, Refused
from ..framework.document import Keyed, Listed, Scalar, Tree

_TEXT, _LIST, _MAPPING = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


def with_changes(text: str, changes: Mapping[str, Tree | None]) -> str:
    """The text with keys replaced (``kpis.otd.round``) or taken out (None). An item of a list is named by its number
    (from 1) or by its `name`. Raises `Refused` naming the key that is not there."""
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    for path, tree in changes.items():
        *parents, last = path.split(".")
        node = root
        for part in parents:
            node = _child(node, part, path)
        _replace(node, last, path, tree)
    return yaml.serialize(root, Dumper=yaml.BaseDumper)  # any other would put numbers and dates in quotes, which makes them texts


def _replace(node: Any, name: str, path: str, tree: Tree | None) -> None:
    value = None if tree is None or (isinstance(tree, Scalar) and tree.value is None) else _written(tree)
    if isinstance(node, yaml.SequenceNode):
        place = node.value.index(_child(node, name, path))
        node.value[place : place + 1] = [] if value is None else [value]
    elif isinstance(node, yaml.MappingNode):
        place = next((place for place, (key, _) in enumerate(node.value) if key.value == name), len(node.value))
        node.value[place : place + 1] = [] if value is None else [(yaml.ScalarNode(_TEXT, name), value)]
    else:
        raise _not_there(path, name)


def _child(node: Any, name: str, path: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == name:
                return value
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value, start=1):
            named = isinstance(item, yaml.MappingNode) and any(key.value == "name" and value.value == name for key, value in item.value)
            if named or str(number) == name:
                return item
    raise _not_there(path, name)


def _not_there(path: str, name: str) -> Refused:
    return Refused(Problem("unknown-key", f"`change` names a key that is not there: `{path}`", found=name))


def _written(tree: Tree) -> Any:
    if isinstance(tree, Scalar):
        return yaml.ScalarNode(_TEXT, tree.raw, style='"' if tree.quoted else None)
    if isinstance(tree, Listed):
        return yaml.SequenceNode(_LIST, [_written(item) for item in tree.items], flow_style=True)
    assert isinstance(tree, Keyed)
    pairs = [(yaml.ScalarNode(_TEXT, key), _written(entry.node)) for key, entry in tree.entries.items()]
    return yaml.MappingNode(_MAPPING, pairs, flow_style=True)
