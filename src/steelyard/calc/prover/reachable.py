"""Reachable levels: for each an input that earns it, or the proof that there is none, or "not found"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from ..formula.nodes import Binary, Literal, Name, Value
from ..framework.model import Level, Place
from ..framework.numbers import spoken
from .bounds import intervals_of, most_of
from .card import FIRST_SCENES, Card
from .drawing import drawn
from .findings import Findings, Given
from .inputs import exact
from .linear import Bound, Linear, conflict, solve
from .requirements import MOST_WAYS, Case, Rule, case_of, place_of, ways_of

DRAWN = 1_000


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a way in is closed to the subjects of a scene: rules that contradict each other, as people read them."""

    rules: tuple[str, ...]
    said: str


@dataclass
class Search:
    """What became of one level: the input that earns it, and the ways in that are closed to everybody.

    ``cut_off``: there are more ways in than were looked at, so that nothing can be called impossible.
    """

    level: Level
    cut_off: bool = False
    witness: Given | None = None
    closed: dict[int, Closed] | None = None  # way in -> why; only those closed in every scene
    tried: int = 0


def check_reachable(card: Card, findings: Findings) -> dict[str, Given]:
    """Report levels and ways in that nobody can earn; returns an input for every level that can be earned."""
    reached: dict[str, Given] = {}
    for level in card.framework.levels:
        ways = ways_of(card.framework, level)
        search = _search(card, level, ways)
        if search.witness is not None:
            reached[level.name] = search.witness
        _report(card, search, ways, findings)
    return reached


def _search(card: Card, level: Level, ways: list[tuple[Rule, ...]]) -> Search:
    search, closed = Search(level, cut_off=len(ways) >= MOST_WAYS), {}
    for number, rules in enumerate(ways):
        reasons: list[Closed | None] = []
        for scene in card.scenes:
            case = case_of(card, rules, scene)
            reason = why_closed(card, case)
            reasons.append(reason)
            if reason is None and search.witness is None:
                search.witness = _try(card, level, case, search)
        if all(reason is not None for reason in reasons):
            closed[number] = next(reason for reason in reasons if reason is not None)
    search.closed = closed
    if search.cut_off:
        for scene in card.scenes[:FIRST_SCENES]:
            search.witness = search.witness or _try(card, level, Case(scene, (), ()), search)
    return search


def why_closed(card: Card, case: Case, own: str = "") -> Closed | None:
    """Rules that contradict each other, or ask for more points than the card can give.

    ``own``: the node whose points are called `points`; the whole card if not given.
    """
    if case.false is not None:
        text = case.false.text
        told = ", ".join(f"{name} {value}" for name, value in case.scene.items())
        return Closed((text,), f"`{text}` is never true" + (f" for {told}" if told else ""))
    found = conflict(case.bounds)
    if found is not None:
        texts = tuple(dict.fromkeys(bound.why for bound in found))
        return Closed(texts, " and ".join(f"`{text}`" for text in texts))
    own = own or ("" if card.framework.scorecard is None else card.framework.scorecard.name)
    over = _too_many_points(card, case, own)
    if over is None:
        return None
    name, best, asked = over
    needed = [bound for bound in case.bounds if not _is_still(card, case, bound, own)]  # without it the points would do
    texts = tuple(dict.fromkeys(bound.why for bound in (*asked, *needed)))
    return Closed(texts, f"{' and '.join(f'`{text}`' for text in texts)}, where `{name}` is {spoken(exact(best))} at most")


def _too_many_points(card: Card, case: Case, own: str) -> tuple[str, Fraction, list[Bound]] | None:
    """Points that the rules ask for and the card cannot give: (whose, how many at most, the rules)."""
    for name, best in most_of(card, intervals_of(case.bounds), case.scene).items():
        if best is None:
            continue
        known = "points" if name == own else f"points({name})"
        limit = Bound(Linear({known: Fraction(-1)}, best), False, f"{known} {spoken(exact(best))} at most")
        found = conflict((*case.bounds, limit))
        if found is not None:
            return known, best, [bound for bound in found if bound is not limit]
    return None


def _is_still(card: Card, case: Case, bound: Bound, own: str) -> bool:
    fewer = replace(case, bounds=tuple(other for other in case.bounds if other is not bound))
    return bound.form.parts.keys().isdisjoint(card.inputs) or _too_many_points(card, fewer, own) is not None


def _try(card: Card, level: Level, case: Case, search: Search) -> Given | None:
    """An input that earns the level by this way in, each tried on the real card."""
    fixed = within(card, case)
    if fixed is None:
        return None
    for which in ("best", "middle", "worst"):
        given = {**card.everything(which, case.scene), **fixed}
        search.tried += 1
        if card.meets([given], level)[0]:
            return given
    batch = [{**given, **case.scene, **fixed} for given in drawn(card.inputs, DRAWN)]
    for start in range(0, len(batch), 250):
        part = batch[start : start + 250]
        search.tried += len(part)
        for given, met in zip(part, card.meets(part, level), strict=True):
            if met:
                return given
    return None


def within(card: Card, case: Case, *, best: bool = True) -> dict[str, Value] | None:
    """Values of the inputs that bounds name, each as good (or bad) as the others leave it; and the answers that rules ask for."""
    bounds, found = list(case.bounds), dict(_answers(card, case))
    for name in sorted({name for bound in case.bounds for name in bound.form.parts} & card.inputs.keys(), key=list(card.inputs).index):
        for value in _candidates(card, name, bounds, best):
            number = Fraction(value)
            fixing = [Bound(Linear({name: Fraction(1)}, -number), False), Bound(Linear({name: Fraction(-1)}, number), False)]
            if isinstance(solve([*bounds, *fixing]), dict):
                found[name] = exact(number)
                bounds += fixing
                break
        else:
            return None
    return found


def _candidates(card: Card, name: str, bounds: list[Bound], best: bool) -> Iterator[int | Fraction]:
    """Its values from best to worst (or the other way), then what elimination gives, on its steps."""
    one = card.inputs[name]
    ways = one.ways or [one.values]
    for value in dict.fromkeys(value for way in ways for value in (reversed(way) if best else way)):
        if isinstance(value, int | Fraction):
            yield value
    solved = solve(bounds)
    if isinstance(solved, dict) and name in solved:
        down = one.at(solved[name])
        yield from (down, down + (one.step or 1))


def _answers(card: Card, case: Case) -> Mapping[str, Value]:
    found: dict[str, Value] = {}
    for rule in case.opaque:
        tree = rule.tree
        if not isinstance(tree, Binary) or tree.operator != "==" or not rule.holds:
            continue
        if isinstance(tree.left, Name) and isinstance(tree.right, Literal) and tree.left.name in card.inputs:
            found[tree.left.name] = tree.right.value
    return found


def _report(card: Card, search: Search, ways: list[tuple[Rule, ...]], findings: Findings) -> None:
    level, closed = search.level, search.closed or {}
    hint = "correct one of the rules, or lower what the level asks for"
    if search.witness is None and (search.cut_off or len(closed) < len(ways)):
        message = f"no way to earn {level.name} was found"
        found = f"{search.tried:,} inputs were tried, of the best, the middle, the worst and many mixed; none earned it"
        findings.add("level-not-found", message, level.place, found, "write a vector that earns it, or ask for less")
        return
    for reason in dict.fromkeys(closed.values()):
        place, lines = placed(card, reason, level.place)
        if search.witness is None:
            findings.add("level-impossible", f"nobody can earn {level.name}: {reason.said}", place, lines, hint)
            return
        findings.add("way-closed", f"one way into {level.name} is closed to everybody: {reason.said}", place, lines, hint)


def placed(card: Card, reason: Closed, near: Place) -> tuple[Place, str]:
    """Where the rules of a contradiction stand: the place of the first, and the lines of all."""
    places = [(text, place_of(card.framework, text, near)) for text in reason.rules]
    known = [(text, place) for text, place in places if place is not near]
    lines = ", ".join(f"`{text}` in line {place.line}" for text, place in known)
    return (known[0][1] if known else near), lines
