"""Shares: each case's touches as exact fractions that add up to one, and amounts that add up to the line.

Cases with the same pattern of touches share alike whoever the partners are, so fractions are worked out once for a
pattern, in exact arithmetic, and joined to the cases by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from math import lcm

import polars as pl

from ..units import INT64_MAX
from .rule import ROLES, Rule
from .touches import bounded

_ONE = Fraction(1)
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
    """The touches that earn something, with their exact share: case, place, partner, person, role, day, via, by, numerator, denominator.

    ``denominator`` is one for the whole case. ``person``: from whom it went on to the organisation, else null.
    """
    ranked = touches.with_columns(
        pl.struct("day", "role").rle_id().alias("#run"), pl.int_range(pl.len(), dtype=pl.Int64).over("case").alias("#at")
    )
    ranked = ranked.with_columns((pl.col("#run") - pl.col("#run").first().over("case")).alias("place"))
    passed = _passed_on(ranked, affiliations, rule)
    if "of" not in passed.columns:
        passed = passed.with_columns(of=pl.lit(1, dtype=pl.Int64), person=pl.lit(None, dtype=pl.String))
    told = pl.concat_str("role", "place", "of", separator=".")
    patterns = passed.group_by("case", maintain_order=True).agg(told.str.join("|").alias("pattern"))
    worked = _worked(rule, patterns["pattern"].unique().sort().to_list())
    numbered = passed.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).over("case").alias("#entry"))
    found = numbered.join(patterns, on="case", maintain_order="left").join(worked, on=["pattern", "#entry"], maintain_order="left")
    return found.filter(pl.col("numerator") > 0).select(
        "case", pl.col("#entry").alias("place"), "partner", "person", "role", "day", "via", "by", "numerator", "denominator"
    )


def _passed_on(ranked: pl.DataFrame, affiliations: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Where persons pass on what they earn: one entry for each organisation of the day of the order; without one it stays."""
    if rule.persons != "organisations" or affiliations.is_empty():
        return ranked
    people = bounded(affiliations).rename({"person": "partner"})
    spread = (
        ranked.join(people, on="partner")
        .filter((pl.col("since") <= pl.col("order_day")) & (pl.col("order_day") < pl.col("until")))
        .select("case", "#at", "organisation")
        .unique()
    )
    joined = ranked.join(spread, on=["case", "#at"], how="left")
    goes = pl.col("organisation").is_not_null()
    told = joined.with_columns(
        of=pl.len().over("case", "#at").cast(pl.Int64),
        person=pl.when(goes).then(pl.col("partner")),
        partner=pl.coalesce("organisation", "partner"),
    )
    return told.sort("case", "#at", "organisation", nulls_last=True)


def _worked(rule: Rule, patterns: Sequence[str]) -> pl.DataFrame:
    """pattern, entry -> numerator, denominator."""
    rows: list[tuple[str, int, int, int]] = []
    for pattern in patterns:
        entries = [tuple(int(part) for part in entry.split(".")) for entry in pattern.split("|")]
        touches: list[Touch] = []
        parts: list[tuple[int, int]] = []  # of which touch, and to how many it goes
        left = 0
        for role, place, of in entries:
            if not left:
                touches.append((role, place, of))
                left = of
            left -= 1
            parts.append((len(touches) - 1, of))
        shares = shares_of(rule, touches)
        exact = [shares[touch] / of for touch, of in parts]
        whole = lcm(*(share.denominator for share in exact))
        rows += [(pattern, at, share.numerator * (whole // share.denominator), whole) for at, share in enumerate(exact)]
    kinds = {"pattern": pl.String(), "#entry": pl.Int64(), "numerator": pl.Int64(), "denominator": pl.Int64()}
    return pl.DataFrame(rows, schema=kinds, orient="row")


def allot(lines: pl.DataFrame, shares: pl.DataFrame, amount: str = "amount") -> pl.DataFrame:
    """Each line's amount shared out in whole ten-thousandths that add up to it exactly: lines x shares, with ``part``.

    What rounding down leaves over goes, one each, to the largest remainders, equal ones in the order of the touches. A
    return is shared as the sale it takes back, with the other sign, so both together leave nothing with anybody.
    """
    joined = lines.join(shares, on="case", how="inner", maintain_order="left")
    wide = _width(lines, shares, amount)
    size, top = pl.col(amount).abs().cast(wide), pl.col("numerator").cast(wide)
    bottom = pl.col("denominator").cast(wide)
    told = joined.with_columns(pl.when(pl.col("denominator") == 1).then(size).otherwise(size * top // bottom).cast(pl.Int64).alias("part"))
    told = told.with_columns((pl.col(amount).abs() - pl.col("part").sum().over("row_id")).alias("#over"))
    short = told["#over"] > 0
    if short.any():
        rest = (size * top % bottom).alias("#rest")
        order = told.filter(short).with_columns(rest).sort("row_id", "#rest", "place", descending=[False, True, False])
        more = pl.int_range(pl.len()).over("row_id") < pl.col("#over")
        fixed = order.with_columns(pl.col("part") + more.cast(pl.Int64)).drop("#rest")
        told = pl.concat([told.filter(~short), fixed])
    return told.with_columns((pl.col("part") * pl.col(amount).sign()).alias("part")).drop("#over").sort("row_id", "place")


def _width(lines: pl.DataFrame, shares: pl.DataFrame, amount: str) -> pl.DataType:
    """Narrow numbers where every product fits in them, which is nearly always; else numbers of twice the width."""
    size, top = (frame.select(pl.col(name).abs().max()).item() or 0 for frame, name in ((lines, amount), (shares, "numerator")))
    return pl.Int64() if size * top <= INT64_MAX else pl.Int128()
