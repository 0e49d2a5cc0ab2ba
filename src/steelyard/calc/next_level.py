"""What is missing for the next level: points, and for each KPI the value that alone would be enough.

Nothing is estimated. One subject's card is computed again with one KPI changed at a time, by the same code that scored it, so
that caps, gates, weights and rounding count. Between the ends of its points rule a value moves the total one way only; so
the least change is found by halving between two ends, and has been seen to reach the level while one step less does not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from .change import spelled
from .cheapest import Course, Move, Together, cheapest, scale_of
from .formula import nodes
from .formula.nodes import names_in
from .framework.model import Framework, Kpi, Node
from .situation import Change, Outcome, Situation, judging, stored_value
from .units import DECIMALS, to_text

FAR = 44  # a rule without end is tried up to so many doublings of a step
TRIES = 8  # values tried at once between two ends


@dataclass(frozen=True, slots=True)
class Way:
    """What one KPI can do alone. ``value`` is enough if ``enough``, else the nearest at which it brings most."""

    kpi: str
    title: str
    unit: str
    now: int | str | None
    value: int | str
    gain: int  # of the total, at this value
    enough: bool


@dataclass(frozen=True, slots=True)
class NextLevel:
    """The level above. ``missing`` is what the total lacks; None where no total is enough, because a gate holds the level down.

    ``together`` are the cheapest moves that were found, of one KPI or of several; None if none were found.
    """

    level: str
    title: str
    missing: int | None
    held_back: tuple[str, ...]
    ways: tuple[Way, ...]
    together: Together | None = None

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON; numbers as exact text."""
        ways = [{**_plain(way), "gain": to_text(way.gain, "points"), "enough": way.enough} for way in self.ways]
        found = self.together
        together = None if found is None else {"moves": [_plain(move) for move in found.moves], "gain": to_text(found.gain, "points")}
        missing = None if self.missing is None else to_text(self.missing, "points")
        return {"level": self.level, "missing": missing, "held_back": list(self.held_back), "ways": ways, "together": together}


def _plain(move: Way | Move) -> dict[str, object]:
    values = {"now": spelled(move.now, move.unit), "value": spelled(move.value, move.unit)}
    return {"kpi": move.kpi, "title": move.title, "unit": move.unit, **values}


def next_level(situation: Situation) -> NextLevel | None:
    """What is missing for the level above; None at the top and without a total."""
    framework, root = situation.framework, situation.root
    if not situation.rows or not framework.levels or (framework.scorecard is not None and (root is None or root["points"] is None)):
        return None
    (found, place), *_ = situation.outcomes([None])
    total = found or 0  # levels may read KPIs alone, without a card
    if found != (root["points"] if root is not None else None) or place + 1 >= len(framework.levels):
        return None
    above = framework.levels[place + 1]
    missing = _missing(situation, total, place + 1) if framework.scorecard is not None else None
    ways = _ways(situation, total, place + 1)
    together = cheapest(situation, _courses(situation), place + 1)
    return NextLevel(above.name, above.title, missing, () if missing is not None else _held_back(situation), ways, together)


def _missing(situation: Situation, total: int, wanted: int) -> int | None:
    """The points that the total itself lacks, were it free to rise."""
    framework = situation.framework
    digits = DECIMALS["points"] if framework.scorecard is None or framework.scorecard.round is None else framework.scorecard.round
    step = 10 ** (DECIMALS["points"] - min(digits, DECIMALS["points"]))
    ends = {floor(Fraction(end) * 10 ** DECIMALS["points"] / step) + off for end in _level_ends(framework) for off in (0, 1)}
    tried = sorted({end * step for end in ends if end * step >= total} | {total})
    for value, (_, place) in zip(tried, situation.outcomes([], totals=tried), strict=True):
        if place >= wanted:
            return value - total
    return None


def _level_ends(framework: Framework) -> set[Fraction]:
    formulas = [formula for level in framework.levels for formula in (*level.require, *(f for g in level.any for way in g for f in way))]
    return {end for formula in formulas for end in _literals(formula.tree)}


def _held_back(situation: Situation) -> tuple[str, ...]:
    """The gates that keep the level down."""
    found = []
    for row in situation.rows:
        notes = json.loads(row["notes"]) if row["notes"] else {}
        found += [
            gate["reason"] or gate["rule"] for gate in notes.get("gates", ()) if gate["else"] == "at_most" and gate["held"] is not True
        ]
    return tuple(dict.fromkeys(found))


# one KPI at a time -------------------------------------------------------------------------------------------------


@dataclass
class _Search:
    """The search for one KPI in one direction: tried values in steps, nearest first, then the two ends to halve between."""

    kpi: Kpi
    step: int
    now: int | None
    tried: list[int]
    ends: frozenset[int]  # where a rule says something else; the others tried are their neighbours
    low: int | None = None  # does not hold; nearer
    high: int = 0  # holds
    holds: Callable[[Outcome], bool] | None = None
    enough: bool = False
    gain: int = 0

    @property
    def is_done(self) -> bool:
        return self.holds is None or self.low is None or abs(self.high - self.low) <= 1

    def between(self) -> list[int]:
        """Values between the two ends, nearest first."""
        assert self.low is not None
        width = self.high - self.low
        count = min(TRIES, abs(width) - 1)
        return list(dict.fromkeys(self.low + width * place // (count + 1) for place in range(1, count + 1)))

    def changes(self, values: Iterable[int]) -> list[Change]:
        return [(self.kpi.name, value * self.step) for value in values]


def _ways(situation: Situation, total: int, wanted: int) -> tuple[Way, ...]:
    framework = situation.framework
    searches, answers = [], []
    for name in _free(situation):
        if framework.kpis[name].unit == "text":
            answers.append(name)
        else:
            searches += _directions(situation, framework.kpis[name])
    found = _asked(situation, [search.changes(search.tried) for search in searches])
    for search, outcomes in zip(searches, found, strict=True):
        _begin(search, outcomes, total, wanted)
    while waiting := [search for search in searches if not search.is_done]:
        tries = [search.between() for search in waiting]
        results = _asked(situation, [search.changes(values) for search, values in zip(waiting, tries, strict=True)])
        for search, values, outcomes in zip(waiting, tries, results, strict=True):
            _narrow(search, values, outcomes, total)
    ways = [_way(search) for search in searches if search.holds is not None]
    ways += [way for name in answers if (way := _answer(situation, framework.kpis[name], total, wanted)) is not None]
    best: dict[str, Way] = {}
    for way in ways:
        former = best.get(way.kpi)
        if former is None or _rank(way) < _rank(former):
            best[way.kpi] = way
    order = list(framework.kpis)
    return tuple(sorted(best.values(), key=lambda way: (not way.enough, -way.gain, order.index(way.kpi))))


def _rank(way: Way) -> tuple[bool, int]:
    """Of two directions the one that is enough, then the nearer."""
    distance = abs(way.value - way.now) if isinstance(way.value, int) and isinstance(way.now, int) else 0
    return (not way.enough, distance if way.enough else -way.gain)


def _free(situation: Situation) -> list[str]:
    """The KPIs of the card whose value moves no other KPI."""
    framework = situation.framework
    known = {row["kpi"] for row in situation.rows}
    read = {name for kpi in framework.kpis.values() for name in names_in(kpi.formula.tree)}
    judged = {leaf.kpi for leaf in _leaves(framework.scorecard)} | {
        name for formula in judging(framework) for name in names_in(formula.tree) if name in framework.kpis
    }
    return [name for name in framework.kpis if name in judged and name in known and name not in read]


def _courses(situation: Situation) -> list[Course]:
    """Where each KPI may go, for combinations."""
    framework, found = situation.framework, []
    for name in _free(situation):
        kpi = framework.kpis[name]
        if kpi.unit == "text":
            found += _other_answers(situation, kpi)
            continue
        for search in _directions(situation, kpi):
            places = Fraction(10 ** DECIMALS[kpi.unit], search.step)
            natural = None if search.now is None else search.now / places
            scale = scale_of(kpi, _ends(framework, kpi), natural) * places
            start = search.now if search.now is not None else search.tried[0]
            found.append(Course(kpi, search.step, search.now, start, tuple(search.tried), scale))
    return found


def _other_answers(situation: Situation, kpi: Kpi) -> list[Course]:
    rules = [leaf.points for leaf in _leaves(situation.framework.scorecard) if leaf.kpi == kpi.name and leaf.points is not None]
    now = next(stored_value(row) for row in situation.rows if row["kpi"] == kpi.name)
    answers = tuple(dict.fromkeys(answer for rule in rules for answer, _ in rule.choices if answer != now))
    return [Course(kpi, 1, None, 0, tuple(range(len(answers))), Fraction(1), answers)] if answers else []


def _directions(situation: Situation, kpi: Kpi) -> list[_Search]:
    """Where a KPI may go: up, down or both, with the values at which something about it changes."""
    places = DECIMALS[kpi.unit]
    step = 1 if kpi.round is None else 10 ** max(0, places - kpi.round)
    row = next(row for row in situation.rows if row["kpi"] == kpi.name)
    ends = _ends(situation.framework, kpi)
    plain = frozenset(int(end * Fraction(10**places, step)) for end in ends)
    low, high = (None, None) if kpi.range is None else (Fraction(kpi.range[0]), Fraction(kpi.range[1]))
    if low is None and kpi.unit in ("count", "days"):
        low = Fraction(0)
    scale = Fraction(10**places, step)
    grid = {edge + off for end in ends for edge in (floor(end * scale), ceil(end * scale)) for off in (-1, 0, 1)}
    stored = row["value"]
    now = None if stored is None else round(Fraction(stored, step))
    worst = min(grid, default=0) if kpi.better == "higher" else max(grid, default=0)
    start = worst if now is None else now
    if _is_endless(situation.framework, kpi):
        grid |= {start + sign * 2**power for power in range(FAR) for sign in (-1, 1)}
    if kpi.range is not None and low is not None and high is not None:
        grid |= {ceil(low * scale), floor(high * scale)}
    within = [v for v in grid if (low is None or v >= low * scale) and (high is None or v <= high * scale)]
    searches = []
    if kpi.better != "lower":
        searches.append(_Search(kpi, step, now, sorted(v for v in within if v > start or now is None), plain))
    if kpi.better != "higher":
        searches.append(_Search(kpi, step, now, sorted((v for v in within if v < start or now is None), reverse=True), plain))
    return [search for search in searches if search.tried]


def _ends(framework: Framework, kpi: Kpi) -> set[Fraction]:
    """The values at which a points rule, a gate, a weight or a level begins to say something else."""
    ends: set[Fraction] = set()
    rules = [leaf.points for leaf in _leaves(framework.scorecard) if leaf.kpi == kpi.name and leaf.points is not None]
    for rule in rules:
        ends |= {Fraction(x) for x, _ in rule.corners}
        ends |= {Fraction(end) for band in rule.bands for end in (band.low, band.high) if end is not None}
        if rule.kind == "per":
            ends |= {Fraction(0), Fraction(rule.each)}
    for formula in judging(framework):
        if kpi.name in names_in(formula.tree):
            ends |= _literals(formula.tree)
            ends |= {Fraction(v) for name in names_in(formula.tree) if isinstance(v := framework.settings.get(name), (int, Fraction))}
    return ends or {Fraction(0)}


def _leaves(node: Node | None) -> list[Node]:
    return [] if node is None else node.leaves()


def _is_endless(framework: Framework, kpi: Kpi) -> bool:
    return any(
        leaf.kpi == kpi.name and leaf.points is not None and leaf.points.kind in ("per", "value") for leaf in _leaves(framework.scorecard)
    )


def _literals(tree: nodes.Node) -> set[Fraction]:
    """Every number that stands in a formula."""
    if isinstance(tree, nodes.Literal):
        value = tree.value
        return {Fraction(value)} if isinstance(value, (int, Fraction)) and not isinstance(value, bool) else set()
    if isinstance(tree, nodes.Unary):
        inner = _literals(tree.operand)
        return {-value for value in inner} if tree.operator == "-" else inner
    parts: tuple[nodes.Node, ...] = ()
    if isinstance(tree, nodes.Binary):
        parts = (tree.left, tree.right)
    elif isinstance(tree, nodes.In):
        parts = (tree.operand, *tree.choices)
    elif isinstance(tree, nodes.Call):
        parts = tree.arguments
    return {value for part in parts for value in _literals(part)}


def _asked(situation: Situation, changes: Sequence[Sequence[Change]]) -> list[list[Outcome]]:
    """The outcomes of many changes, computed in one pass."""
    flat = [change for some in changes for change in some]
    if not flat:
        return [[] for _ in changes]
    found = iter(situation.outcomes(flat))
    return [[next(found) for _ in some] for some in changes]


def _begin(search: _Search, outcomes: Sequence[Outcome], total: int, wanted: int) -> None:
    """Choose what to look for, and the two neighbours it begins to hold between."""
    best = max((found[0] for found in outcomes if found[0] is not None), default=total)

    def reaches(found: Outcome) -> bool:
        return found[1] >= wanted

    def is_best(found: Outcome) -> bool:
        return found[0] is not None and found[0] >= best

    search.enough = any(reaches(found) for found in outcomes)
    if not search.enough and best <= total:
        return
    search.holds = reaches if search.enough else is_best
    places = [place for place, found in enumerate(outcomes) if search.holds(found)]
    plain = [place for place in places if search.tried[place] in search.ends]
    place = places[0] if search.enough or not plain else plain[0]
    search.high, search.gain = search.tried[place], (outcomes[place][0] or 0) - total
    if search.enough or not plain:
        search.low = search.tried[place - 1] if place else search.now


def _narrow(search: _Search, values: Sequence[int], outcomes: Sequence[Outcome], total: int) -> None:
    """The two neighbours among the values tried between which it begins to hold."""
    assert search.holds is not None
    for value, found in zip(values, outcomes, strict=True):
        if search.holds(found):
            search.high, search.gain = value, (found[0] or 0) - total
            return
        search.low = value


def _way(search: _Search) -> Way:
    kpi = search.kpi
    now = None if search.now is None else search.now * search.step
    return Way(kpi.name, _title(kpi), kpi.unit, now, search.high * search.step, search.gain, search.enough)


def _answer(situation: Situation, kpi: Kpi, total: int, wanted: int) -> Way | None:
    """The best answer of a KPI that is a choice."""
    rules = [leaf.points for leaf in _leaves(situation.framework.scorecard) if leaf.kpi == kpi.name and leaf.points is not None]
    choices = list(dict.fromkeys(answer for rule in rules for answer, _ in rule.choices))
    if not choices:
        return None
    outcomes = situation.outcomes([(kpi.name, answer) for answer in choices])
    ranked = sorted(zip(choices, outcomes, strict=True), key=lambda pair: (pair[1][1] < wanted, -(pair[1][0] or 0)))
    answer, (reached, place) = ranked[0]
    if place < wanted and (reached is None or reached <= total):
        return None
    now = next(stored_value(row) for row in situation.rows if row["kpi"] == kpi.name)
    return Way(kpi.name, _title(kpi), kpi.unit, now, answer, (reached or 0) - total, place >= wanted)


def _title(kpi: Kpi) -> str:
    return kpi.title or kpi.name.replace("_", " ").capitalize()
