"""Against what one input is varied: the rest at its middle and at both ends, or as partners had it."""

from __future__ import annotations

from dataclasses import dataclass

from ..units import Blank
from .card import FIRST_SCENES, Card
from .findings import Given


@dataclass(frozen=True, slots=True)
class Background:
    """Values of all inputs, and how people are told about them."""

    given: Given
    words: str


def backgrounds_of(card: Card) -> list[Background]:
    """Everything at its middle, at its worst, at its best; for the first attributes that the card tells apart."""
    found: dict[str, Background] = {}
    for scene in card.scenes[:FIRST_SCENES]:
        told = "".join(f", {name} {value}" for name, value in scene.items())
        for which, words in (
            ("middle", "the others halfway"), ("worst", "the others at their worst"), ("best", "the others at their best"),
        ):  # fmt: skip
            given = card.everything(which, scene)
            found.setdefault(str(sorted((name, str(value)) for name, value in given.items())), Background(given, words + told))
    return list(found.values())


def known(given: Given) -> bool:
    """Whether every input has a value."""
    return not any(isinstance(value, Blank) for value in given.values())
