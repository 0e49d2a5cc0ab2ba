"""The labelled set: a list of partners and names of which we know whom they mean; one half to train on, one to measure."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .firms import Firm, firms, sibling
from .spoiling import spoilt

PARTNERS = 5000
NAMES = 12_000  # to train on; to measure on
HELD_OUT_NAMES = 8000
ORPHANS = 0.3  # of the names mean nobody on the list
SIBLINGS = 0.5  # of the orphans are daughters and namesakes of somebody on it
TRAINING, HELD_OUT = 20_260_401, 20_261_122


@dataclass(frozen=True)
class Labelled:
    """A name, and whom it means ("": nobody on the list)."""

    text: str
    code: str
    rules: tuple[str, ...]
    personal: bool


@dataclass(frozen=True)
class Half:
    """Partners and names; the two halves were drawn apart and share neither."""

    partners: tuple[Firm, ...]
    names: tuple[Labelled, ...]


def half(seed: int, *, partners: int = PARTNERS, names: int = NAMES) -> Half:
    """One half of the set, the same for the same seed wherever it is drawn."""
    every = firms(seed, partners + names // 5, "P")
    chance = Random(seed + 1)
    chance.shuffle(every)
    known, others = every[:partners], every[partners:]
    said = {(firm.name, firm.city) for firm in known}
    called = {firm.name for firm in known}
    mothers = [firm for firm in known if not firm.personal]
    made: list[Labelled] = []
    while len(made) < names:
        if chance.random() >= ORPHANS:
            firm = chance.choice(known)
            code = firm.code
        elif chance.random() < SIBLINGS:
            firm, code = sibling(chance.choice(mothers), chance), ""
        else:
            firm, code = chance.choice(others), ""
        if not code and ((firm.name, firm.city) in said or firm.name in called):
            continue  # the same name in another town: nobody could tell from the name alone
        text, rules = spoilt(firm, chance)
        made.append(Labelled(text, code, rules, firm.personal))
    return Half(tuple(known), tuple(made))
