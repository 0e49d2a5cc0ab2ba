"""What a name and a partner have in common, as figures that the model weighs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from . import legal
from .candidates import Index
from .names import Spoken
from .words import alike, compared

VERSION = "1"  # changes when a figure would come out differently
_OF_LETTERS = (
    "cosine",  # of their groups of two to four characters
    "ratio",  # of their letters in order
    "sorted",  # of their letters with the words sorted
    "joined",  # of their letters without spaces
    "start",  # Jaro-Winkler: the beginning counts more
)  # fmt: skip
_OF_WORDS = (
    "first",  # of the first words
    "missing", "extra", "worst_missing", "worst_extra", "anchor", "shared", "exact",  # see words.Compared
    "numbers_differ", "city_agrees", "city_differs",
    "country_differs",  # the legal form is not one of the partner's country
    "form_differs",  # both have a legal form, and not the same
    "same",  # nothing is left to compare: the normal forms are equal
    "cut",  # the name is as long as a field of an old system: it may have been cut off
    "hidden",  # the share of the partner's name that lies behind the cut
)  # fmt: skip
_TOGETHER = (  # what is worth more together than each by itself
    "worst_missing squared", "worst_extra squared", "worst of both", "both are worse", "missing squared", "extra squared",
    "missing and extra", "anchor and nothing else", "exact and nothing else", "nothing heavy is left", "nothing very heavy is left",
    "nothing is missing", "nothing is extra", "joined to the fourth", "sorted to the fourth", "ratio to the fourth", "cosine squared",
    "joined nearly equal", "sorted nearly equal", "cut and ratio", "cut and joined", "anchor squared", "shared squared", "shared up to one",
)  # fmt: skip
FEATURES = _OF_LETTERS + _OF_WORDS + _TOGETHER
FIELDS = frozenset({20, 24, 25, 30, 32, 35, 40})  # characters that old systems keep of a name


def described(
    said: Sequence[Spoken], lengths: Sequence[int], index: Index, name: NDArray[np.int32], partner: NDArray[np.int32],
    cosine: NDArray[np.float32],
) -> NDArray[np.float32]:  # fmt: skip
    """A row of figures for each pair: the row of a name, of a partner, and their cosine; ``lengths``: of the names as written."""
    pairs = list(zip(name.tolist(), partner.tolist(), strict=True))
    one: list[str] = []
    other: list[str] = []
    by_word = np.zeros((len(pairs), len(_OF_WORDS)), dtype=np.float32)
    for row, (asked, known) in enumerate(pairs):
        first, second, hidden = _sides(said[asked], lengths[asked], index.names[known])
        one.append(first)
        other.append(second)
        by_word[row] = _by_word(said[asked], first, second, hidden, index, known)
    options: dict[str, Any] = {"dtype": np.float32}
    spaceless = [text.replace(" ", "") for text in one], [text.replace(" ", "") for text in other]
    whole = np.column_stack([
        cosine,
        process.cpdist(one, other, scorer=fuzz.ratio, **options) / 100,
        process.cpdist(one, other, scorer=fuzz.token_sort_ratio, **options) / 100,
        process.cpdist(*spaceless, scorer=fuzz.ratio, **options) / 100,
        process.cpdist(one, other, scorer=JaroWinkler.normalized_similarity, **options),
    ])  # fmt: skip
    return _with_what_counts_together(np.concatenate([whole, by_word], axis=1))


def _with_what_counts_together(figures: NDArray[np.float32]) -> NDArray[np.float32]:
    """A linear model weighs only sums: what bends is given to it."""
    by_name = dict(zip(_OF_LETTERS + _OF_WORDS, figures.T, strict=True))
    missing, extra, anchor, exact = (by_name[name] for name in ("worst_missing", "worst_extra", "anchor", "exact"))
    rest, over, shared, cut = (by_name[name] for name in ("missing", "extra", "shared", "cut"))
    joined, ordered, ratio = (by_name[name] for name in ("joined", "sorted", "ratio"))
    nothing_else = (1 - missing) * (1 - extra)
    together = np.column_stack([
        missing**2, extra**2, np.maximum(missing, extra), missing * extra, rest**2, over**2, rest * over,
        anchor * nothing_else, exact * nothing_else, (missing < 0.12) & (extra < 0.12), (missing < 0.3) & (extra < 0.3), missing < 0.05,
        extra < 0.05, joined**4, ordered**4, ratio**4, by_name["cosine"] ** 2, joined > 0.95,
        ordered > 0.95, cut * ratio**4, cut * joined**4, anchor**2, shared**2, np.minimum(shared, 1),
    ])  # fmt: skip
    return np.concatenate([figures, together], axis=1).astype(np.float32)


def _sides(said: Spoken, length: int, known: Spoken) -> tuple[str, str, float]:
    """The two texts to compare; where the name may have been cut off, as much of the partner's as there was room for."""
    if length in FIELDS and len(known.full) > len(said.full):
        kept = known.full[: len(said.full)].rstrip()
        return said.full, kept, 1 - len(kept) / len(known.full)
    return said.core, known.core, 0.0


def _by_word(said: Spoken, first: str, second: str, hidden: float, index: Index, known: int) -> tuple[float, ...]:
    told = index.names[known]
    words, others = first.split(), second.split()
    found = compared(words, others, index.rarity, index.cities[known])
    countries = legal.COUNTRIES.get(said.form, ())
    country = index.partners[known].country
    return (
        alike(words[0], others[0]) if words and others else 0.0,
        found.missing, found.extra, found.worst_missing, found.worst_extra, found.anchor, min(found.shared, 3.0), found.exact,
        found.numbers_differ, found.city_agrees, found.city_differs,
        bool(countries and country and country not in countries),
        bool(said.form and told.form and said.form != told.form),
        first == second and not hidden,
        bool(hidden), hidden,
    )  # fmt: skip
