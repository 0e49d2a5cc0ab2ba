"""Where each node stands in the card: its path below the root, as stored in the items."""

from __future__ import annotations

from collections.abc import Iterator

from ..framework.model import Framework, Node


def root_path(root: Node) -> str:
    """The path of the root itself."""
    return root.name or "total"


def nodes_with_paths(framework: Framework) -> Iterator[tuple[str, Node]]:
    """Every node with its path, parents first: `total`, `commercial`, `commercial/growth`."""
    if framework.scorecard is not None:
        yield from _below(framework.scorecard, root_path(framework.scorecard), "")


def _below(node: Node, path: str, prefix: str) -> Iterator[tuple[str, Node]]:
    yield path, node
    for item in node.items:
        inner = f"{prefix}{item.name}"
        yield from _below(item, inner, f"{inner}/")
