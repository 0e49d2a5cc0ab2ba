"""Two names word by word: which words have a counterpart, how much those weigh that have none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log

from rapidfuzz.distance import OSA

_ABBREVIATED = 0.85  # MED for MEDIZINTECHNIK
_LETTERS_OF = 0.7  # INTL for INTERNATIONAL, MFG for MANUFACTURING
_INITIALS = 0.7  # UKE for three words that follow each other
_MERGED = 0.95  # two words written as one
_ALIKE = 0.7  # less alike is another word


@lru_cache(maxsize=200_000)
def alike(one: str, other: str) -> float:
    """How much two words may be one: 1 the same, 0 not at all; slips of the pen and abbreviations between."""
    if one == other:
        return 1.0
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if short.isdigit() or long.isdigit():
        return 0.0
    if len(short) >= 2 and long.startswith(short):
        return _ABBREVIATED
    found = 0.0
    if len(short) >= 4:
        near = OSA.normalized_similarity(one, other, score_cutoff=_ALIKE)
        found = near if len(short) > 5 or near >= 0.75 else 0.0
    if not found and len(short) >= 3 and len(long) >= 2 * len(short) - 1 and short[0] == long[0] and _within(short, long):
        found = _LETTERS_OF
    return found


def _within(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


@dataclass(frozen=True)
class Rarity:
    """How much each word tells, from how many partners bear it: 0 where all do, 1 where nobody does."""

    weights: Mapping[str, float] = field(repr=False)
    cities: frozenset[str] = field(repr=False)  # words of the towns that partners sit in

    @classmethod
    def of(cls, names: Sequence[str], cities: Iterable[str]) -> Rarity:
        """Counted over the names of all partners in normal form."""
        bearers = Counter(word for name in names for word in set(name.split()))
        most = log(len(names) + 2)
        weights = {word: log((len(names) + 2) / (many + 1)) / most for word, many in bearers.items()}
        return cls(weights, frozenset(word for city in cities for word in city.split() if len(word) > 3))

    def of_word(self, word: str) -> float:
        """What one word weighs."""
        return self.weights.get(word, 1.0)


@dataclass(slots=True)
class Compared:
    """What is left of two names when each word has found its counterpart."""

    missing: float = 0.0  # share of what was said that the partner's name does not have
    extra: float = 0.0  # share of the partner's name that was not said
    worst_missing: float = 0.0  # the heaviest word without a counterpart, each way
    worst_extra: float = 0.0
    anchor: float = 0.0  # the heaviest word that both have
    shared: float = 0.0  # what all shared words weigh together
    exact: float = 0.0  # the heaviest word that both spell alike
    numbers_differ: bool = False
    city_agrees: bool = False
    city_differs: bool = False


def compared(said: Sequence[str], known: Sequence[str], rarity: Rarity, city: Collection[str]) -> Compared:
    """Two names word by word; ``city``: the words of the town in which the partner sits."""
    weight = rarity.of_word
    found = Compared()
    total = 0.0
    left, over = [], []
    for word in said:
        if word in known:
            own = weight(word)
            total += own
            found.exact = max(found.exact, own)
        else:
            left.append(word)
    for word in known:
        if word not in said:
            over.append(word)
    found.anchor, found.shared = found.exact, total
    if not left and not over:
        return found
    to_left, to_over = _counterparts(left, over) if left and over else ({}, {})
    if left:
        _towns(found, left, over, to_left, rarity, city)
    found.missing, found.worst_missing = _without(left, to_left, total, weight)
    found.extra, found.worst_extra = _without(over, to_over, total, weight)
    for word, near in to_over.items():
        own = weight(word) * near
        found.shared += own
        found.anchor = max(found.anchor, own)
    found.numbers_differ = _numbers(left) != _numbers(over)
    return found


def _towns(found: Compared, left: list[str], over: list[str], to_left: dict[str, float], rarity: Rarity, city: Collection[str]) -> None:
    """The partner's town explains a word that its name does not have; another partner's town speaks against it."""
    for word in left:
        if word in city:
            to_left[word] = 1.0
            found.city_agrees = True
        elif word in rarity.cities and not to_left.get(word) and (city or not rarity.cities.isdisjoint(over)):
            found.city_differs = True


def _without(words: list[str], counterparts: dict[str, float], both: float, weight: Callable[[str], float]) -> tuple[float, float]:
    """The share of a name that has no counterpart, and its heaviest word."""
    whole, lost, worst = both, 0.0, 0.0
    for word in words:
        own = weight(word)
        gone = own * (1 - counterparts.get(word, 0.0))
        whole += own
        lost += gone
        worst = max(worst, gone)
    return (lost / whole if whole else 0.0), worst


def _numbers(words: Iterable[str]) -> set[str]:
    return {word for word in words if not word.isalpha()}


def _counterparts(left: list[str], over: list[str]) -> tuple[dict[str, float], dict[str, float]]:
    """For the words of either side the best counterpart on the other side."""
    to_left: dict[str, float] = {}
    to_over: dict[str, float] = {}
    for word in left:
        for other in over:
            near = alike(word, other)
            if near:
                to_left[word] = max(near, to_left.get(word, 0.0))
                to_over[other] = max(near, to_over.get(other, 0.0))
    _written_together(left, over, to_left, to_over)
    _written_together(over, left, to_over, to_left)
    return to_left, to_over


def _written_together(single: list[str], parts: list[str], of_single: dict[str, float], of_parts: dict[str, float]) -> None:
    """Words of one side that are several words of the other: merged, or their initials."""
    for word in single:
        if of_single.get(word, 0.0) > _ABBREVIATED or len(parts) < 2 or len(word) < 2:
            continue
        inside = [part for part in parts if len(part) > 1 and part in word]
        if len(inside) > 1 and 10 * sum(map(len, inside)) >= 9 * len(word):
            near = _MERGED
        else:
            initials = "".join(part[0] for part in parts)
            place = initials.find(word)
            if place < 0 or len(word) < 3:
                continue
            inside, near = parts[place : place + len(word)], _INITIALS
        of_single[word] = max(near, of_single.get(word, 0.0))
        for part in inside:
            of_parts[part] = max(near, of_parts.get(part, 0.0))
