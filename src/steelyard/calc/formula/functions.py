"""The functions of formulas: name, group, number of arguments. What they mean is in `evaluate` and docs/reference/framework-language.md"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """A function as the checker sees it; ``example`` is what a message shows."""

    group: str  # plain | peers | tree: where a formula may use it
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
}

# names that only a place in the scorecard, or a level, knows
TREE_NAMES = ("points", "overall", "passes", "lowest_item")

# named in the language for places other than a formula of a single point, so worth a better message than "unknown"
ELSEWHERE = {
    "previous": "earlier", "in_a_row": "earlier", "count_true": "earlier", "any_day": "earlier", "parts": "parts",
}  # fmt: skip

KNOWN_WHERE = {
    "plain": "in every formula",
    "peers": "in the formula of a KPI",
    "earlier": "where earlier results are known, as in `triggers`",
    "tree": "in `require` of a node or a level; move it there",
    "parts": "in the levels of a `rollup`",
}
