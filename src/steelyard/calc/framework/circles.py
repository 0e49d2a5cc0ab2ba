"""Circles among names: KPIs that need each other, parts of the scorecard whose gates read each other."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from .document import Log
from .model import Place


def report_circles(log: Log, needs: Mapping[str, set[str]], places: Mapping[str, Place]) -> None:
    """Report every circle once, with the path of names and lines; ``needs``: name -> what it is computed from."""
    left = {name: set(others) for name, others in needs.items()}
    order = list(left)
    while True:
        try:
            TopologicalSorter(left).prepare()
            return
        except CycleError as error:
            circle = list(reversed(error.args[1][1:]))
        start = circle.index(min(circle, key=order.index))
        circle = circle[start:] + circle[:start]
        message = " needs ".join(f"`{name}`" for name in [*circle, circle[0]])
        lines = ", ".join(f"{name} in line {places[name].line}" for name in circle)
        log.add("circular", message, places[circle[0]], lines, "remove one of them")
        for name in circle:
            left[name] -= set(circle)
