"""Shares: each case's touches as exact fractions that add up to one, and amounts that add up to the line.

Cases with the same pattern of touches share alike whoever the partners are, so fractions are worked out once for a
pattern, in exact arithmetic, and joined to the cases by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from math import lcm
from typing import Any

import numpy as np
import polars as pl

from .rule import ROLES, Rule
from .touches import bounded

_ONE = Fraction(1)
_MOST = 1 << 20  # places of one case, organisations of one person
Numbers = np.ndarray[Any, np.dtype[Any]]
Touch = tuple[int, int, int]  # role, place, to how many organisations it goes on


def shares_of(rule: Rule, touches: Sequence[Touch]) -> list[Fraction]:
    """The share of each touch of a case, in its order; they add up to exactly 1.

    Touches of the same day and role stand at one place and share it equally. The order itself is the last of a day.
    """
    counted = [at for at, touch in enumerate(touches) if rule.method == "ordering" or ROLES[touch[0]] in rule.counts]
    if rule.method == "ordering" or not counted:
        counted = [at for at, touch in enumerate(touches) if ROLES[touch[0]] == "ordered"]
    shares = [Fraction(0)] * len(touches)
    for at, share in _shared(rule, touches, counted).items():
        shares[at] = share
    if sum(shares) != _ONE:
        raise AssertionError(f"{rule.name} shares {touches} as {shares}")
    return shares


def _shared(rule: Rule, touches: Sequence[Touch], counted: list[int]) -> dict[int, Fraction]:
    places = [list(group) for _, group in groupby(counted, key=lambda at: touches[at][1])]
    if rule.method in ("ordering", "first"):
        return _equally(places[0], _ONE)
    if rule.method == "last":
        return _equally(places[-1], _ONE)
    if rule.method == "roles":
        return _by_role(rule, touches, counted)
    if rule.method == "linear" or len(places) == 1:
        return _equally(counted, _ONE)
    first, last, between = rule.first, rule.last, counted[len(places[0]) : -len(places[-1])]
    if not between:
        whole = first + last
        first, last = (first / whole, last / whole) if whole else (Fraction(1, 2), Fraction(1, 2))
    return _equally(places[0], first) | _equally(places[-1], last) | _equally(between, _ONE - first - last)


def _equally(among: list[int], share: Fraction) -> dict[int, Fraction]:
    return {at: share / len(among) for at in among}


def _by_role(rule: Rule, touches: Sequence[Touch], counted: list[int]) -> dict[int, Fraction]:
    """Each role's share, equally among its touches; what roles without a touch had goes to the others in proportion."""
    having: dict[str, list[int]] = {}
    for at in counted:
        having.setdefault(ROLES[touches[at][0]], []).append(at)
    weights = {role: rule.shares.get(role, Fraction(0)) for role in having}
    whole = sum(weights.values(), Fraction(0))
    if not whole:
        return _equally([at for at, touch in enumerate(touches) if ROLES[touch[0]] == "ordered"], _ONE)
    found: dict[int, Fraction] = {}
    for role, among in having.items():
        found |= _equally(among, weights[role] / whole)
    return found


def share_out(touches: pl.DataFrame, affiliations: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """The touches with their exact share: case, place, partner, person, role, day, via, by, numerator, denominator.

    ``denominator`` is one for the whole case; its rows lie together. ``person``: from whom the share went on to the
    organisation, else null.
    """
    case, role, day = (touches[name].to_physical().to_numpy() for name in ("case", "role", "day"))
    fresh = _changes(case)
    at = np.cumsum(fresh | _changes(role) | _changes(day))
    ranked = touches.with_columns(place=pl.Series(at - at[_begins(fresh)]), touch=pl.Series(np.arange(len(case))))
    entries = _passed_on(ranked, affiliations, rule)
    case, role, place, of = (entries[name].to_numpy() for name in ("case", "role", "place", "of"))
    tokens = (place.astype(np.int64) * _MOST + of) * len(ROLES) + role
    numerators, denominators = _worked(rule, case, tokens)
    own = np.arange(len(case)) - _begins(_changes(case))
    return entries.select("case", pl.Series("place", own), "partner", "person", "role", "day", "via", "by").with_columns(
        numerator=pl.Series(numerators, dtype=pl.Int64), denominator=pl.Series(denominators, dtype=pl.Int64)
    )


def _changes(values: Numbers) -> Numbers:
    """Where a value differs from the one before."""
    return np.concatenate([np.ones(min(len(values), 1), bool), values[1:] != values[:-1]])


def _begins(fresh: Numbers) -> Numbers:
    """For each row the place of the last fresh one."""
    return np.maximum.accumulate(np.where(fresh, np.arange(len(fresh)), 0))


def _passed_on(ranked: pl.DataFrame, affiliations: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Where persons pass on what they earn: one entry for each organisation of the day of the order; without one it stays.

    ``of``: how many entries the touch has.
    """
    stays = ranked.with_columns(of=pl.lit(1, dtype=pl.Int64), person=pl.lit(None, dtype=pl.String))
    if rule.persons != "organisations" or affiliations.is_empty():
        return stays
    people = bounded(affiliations).rename({"person": "partner"})
    spread = (
        ranked.select("touch", "partner", "order_day")
        .join(people, on="partner")
        .filter((pl.col("since") <= pl.col("order_day")) & (pl.col("order_day") < pl.col("until")))
        .select("touch", "organisation")
        .unique()
    )
    goes = ranked.join(spread, on="touch").join(spread.group_by("touch").agg(of=pl.len().cast(pl.Int64)), on="touch")
    goes = goes.with_columns(person=pl.col("partner"), partner=pl.col("organisation")).select(stays.columns)
    return pl.concat([stays.join(spread, on="touch", how="anti"), goes]).sort("touch", "partner", nulls_last=True)


def _by_length(case: Numbers) -> Iterator[tuple[Numbers, int]]:
    """The places of the rows of all cases with equally many rows, one case a line."""
    starts = np.flatnonzero(_changes(case))
    lengths = np.diff(np.append(starts, len(case)))
    for length in np.unique(lengths):
        yield starts[lengths == length][:, None] + np.arange(length), int(length)


def _worked(rule: Rule, case: Numbers, tokens: Numbers) -> tuple[Numbers, Numbers]:
    """Numerator and denominator of each entry: worked out once for each pattern that cases have."""
    numerators, denominators = np.zeros(len(case), np.int64), np.ones(len(case), np.int64)
    for rows, _ in _by_length(case):
        patterns, which = np.unique(tokens[rows], axis=0, return_inverse=True)
        worked = [_of_pattern(rule, [int(token) for token in pattern]) for pattern in patterns]
        numerators[rows] = np.array([tops for tops, _ in worked])[which.reshape(-1)]
        denominators[rows] = np.array([bottom for _, bottom in worked])[which.reshape(-1)][:, None]
    return numerators, denominators


def _of_pattern(rule: Rule, tokens: Sequence[int]) -> tuple[list[int], int]:
    """The numerators of a pattern's entries, and the denominator they have in common."""
    touches: list[Touch] = []
    parts: list[int] = []  # of which touch each entry is
    left = 0
    for token in tokens:
        rest, role = divmod(token, len(ROLES))
        place, of = divmod(rest, _MOST)
        if not left:
            touches.append((role, place, of))
            left = of
        left -= 1
        parts.append(len(touches) - 1)
    shares = shares_of(rule, touches)
    exact = [shares[touch] / touches[touch][2] for touch in parts]
    whole = lcm(*(share.denominator for share in exact))
    return [share.numerator * (whole // share.denominator) for share in exact], whole
