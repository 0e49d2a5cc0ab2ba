"""Against what one input is varied: the rest at its middle and at both ends, or as partners had it."""

from __future__ import annotations

from dataclasses import dataclass

from .card import FIRST_SCENES, Card
from .drawing import drawn
from .findings import Given

MOST_MIXED = 150
WORK = 40_000  # values of KPIs computed for mixed inputs


@dataclass(frozen=True, slots=True, eq=False)
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


def mixed(card: Card) -> list[Background]:
    """Many mixed inputs, for what shows only in some company: more of them the smaller the card."""
    values = sum(len(one.values) for one in card.inputs.values())
    count = min(MOST_MIXED, WORK // max(1, values * len(card.inputs)))
    found = []
    for number, given in enumerate(drawn(card.inputs, count)):
        scene = card.scenes[number % len(card.scenes)]
        found.append(Background({**given, **scene}, "the others as in the values that show it"))
    return found
