"""The functions of formulas: name, group, number of arguments. What they mean is in `evaluate` and docs/reference/framework-language.md"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """A function as the checker sees it; ``example`` is what a message shows."""

    group: str  # plain | peers | tree | earlier | days | parts: where a formula may use it
    least: int
    most: int
    example: str


FUNCTIONS: dict[str, Function] = {
    "when": Function("plain", 3, 3, "when(rule, a, b)"),
    "min": Function("plain", 2, 50, "min(a, b)"),
    "max": Function("plain", 2, 50, "max(a, b)"),
    "abs": Function("plain", 1, 1, "abs(x)"),
    "round": Function("plain", 1, 2, "round(x, 2)"),
    "floor": Function("plain", 1, 1, "floor(x)"),
    "power": Function("plain", 2, 2, "power(x, 2)"),
    "clamp": Function("plain", 3, 3, "clamp(x, low, high)"),
    "if_blank": Function("plain", 2, 2, "if_blank(x, y)"),
    "is_blank": Function("plain", 1, 1, "is_blank(x)"),
    "months_between": Function("plain", 2, 2, "months_between(earlier, later)"),
    "peer_mean": Function("peers", 1, 1, "peer_mean(x)"),
    "peer_median": Function("peers", 1, 1, "peer_median(x)"),
    "peer_min": Function("peers", 1, 1, "peer_min(x)"),
    "peer_max": Function("peers", 1, 1, "peer_max(x)"),
    "peer_count": Function("peers", 1, 1, "peer_count(x)"),
    "percentile": Function("peers", 1, 1, "percentile(x)"),
    "points": Function("tree", 1, 1, "points(node)"),
    "passes": Function("tree", 1, 1, "passes(node)"),
    "previous": Function("earlier", 1, 1, "previous(x)"),
    "in_a_row": Function("earlier", 1, 2, "in_a_row(rule) or in_a_row(rule, ttm)"),
    "count_true": Function("earlier", 2, 2, "count_true(rule, ttm)"),
    "any_day": Function("days", 2, 2, "any_day(rule, ttm)"),
    "parts": Function("parts", 1, 1, "parts(rule)"),
}

OVER_TIME = {name for name, function in FUNCTIONS.items() if function.group in ("earlier", "days")}
PEER_FUNCTIONS = frozenset(name for name, function in FUNCTIONS.items() if function.group == "peers")

# names that only a place in the scorecard, or a level, knows
TREE_NAMES = ("points", "overall", "passes", "lowest_item")

KNOWN_WHERE = {
    "plain": "in every formula",
    "peers": "in the formula of a KPI",
    "earlier": "in KPIs, in `require` of a node or a level, and in `triggers`; not inside another of its kind",
    "days": "in levels and in `triggers`; not inside another function over earlier results",
    "tree": "in `require` of a node or a level; move it there",
    "parts": "in the levels of a `rollup`",
}
