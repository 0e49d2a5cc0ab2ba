"""Triggers: each fires once when its rule becomes true, and again only after the rule was false."""

from __future__ import annotations

from collections.abc import Iterable

from ..environment import Surroundings
from ..formula.nodes import Value
from ..framework.model import Framework
from ..units import Blank
from .past import Past


def fired(framework: Framework, present: Surroundings, past: Past) -> dict[str, list[bool]]:
    """Trigger -> whether it fires at each point of the present."""
    found = {}
    for trigger in framework.triggers:
        tree = trigger.when.tree
        now = present.values(trigger.when)
        found[trigger.name] = [
            value is True and fires(value, _before(past, tree, subject))
            for value, subject in zip(now, present.points.subjects, strict=True)
        ]
    return found


def fires(now: Value, before: Iterable[Value]) -> bool:
    """Whether a rule that is ``now`` fires; ``before``: what it was, the newest first. A blank neither fires nor was false."""
    if now is not True:
        return False
    return next((value is not True for value in before if not isinstance(value, Blank)), True)


def _before(past: Past, tree: object, subject: tuple[str, ...]) -> Iterable[Value]:
    for index in reversed(range(len(past.moments))):
        place = past.places(index).get(subject)
        if place is not None:
            yield past.values(index, tree)[place]  # type: ignore[arg-type]
