"""What a vector expects against what came: one line per difference. Expectations are exact, to the grain of what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from ..errors import Problem
from ..formula.nodes import Value
from ..scorecards import Cards
from ..units import Blank, from_grain
from .compute import Computed
from .model import Expected


def differences(expected: Expected, found: list[Computed]) -> Iterator[str]:
    """One line for everything that came out otherwise on the last date, and over the whole series."""
    last = found[-1]
    at = last.position
    for reading, value in expected.measures.items():
        column = last.readings.get(reading)
        yield from compare(f"measures.{reading}", value, column.values[at] if column is not None else Blank("it was not read"))
    for name, value in expected.kpis.items():
        yield from compare(f"kpis.{name}", value, last.cards.kpis[name].natural[at])
    for name, value in expected.items.items():
        yield from compare(f"items.{name}", value, _points(last.cards.node(name).points[at]))
    for name, value in expected.single.items():
        yield from compare(name, value, _single(name, last))
    for measure, reasons in expected.excluded.items():
        yield from _excluded(measure, reasons, last)
    if expected.standings is not None:
        yield from _listed("standings", expected.standings, tuple(each.standing or "none" for each in found))
    if expected.triggers is not None:
        yield from _listed("triggers", expected.triggers, last.triggers)


def _single(name: str, last: Computed) -> Value:
    cards, at = last.cards, last.position
    if name in ("points", "overall"):
        return _points(cards.totals[at] if name == "points" else cards.overall[at])
    if name == "passes":
        return cards.passes[at]
    if name == "chosen":
        return _chosen(cards, at)
    if name == "rollup":
        rolled = cards.rolled_up()
        found = rolled[0].level if rolled else None
        return Blank("nothing is rolled up") if found is None else found
    level = cards.levels.levels[at] if name == "level" else last.standing
    return Blank("no level is earned") if level is None else level


def _listed(what: str, expected: tuple[str, ...], found: tuple[str, ...]) -> Iterator[str]:
    if expected != found:
        yield f"{what}: expected {', '.join(expected) or 'none'}, found {', '.join(found) or 'none'}"


def _chosen(cards: Cards, at: int) -> Value:
    """The item that the highest `best` or `worst` node took."""
    chosen = [column.chosen[at] for column in cards.nodes() if column.chosen is not None]
    name = next((name for name in chosen if name is not None), None)
    return Blank("nothing was chosen") if name is None else name


def _excluded(measure: str, reasons: Mapping[str, int], last: Computed) -> Iterator[str]:
    """Rows of the measure through its own window that a rule left out, by reason."""
    found = next((column for reading, column in last.readings.items() if reading.measure == measure and reading.window is None), None)
    if found is None:
        found = next((column for reading, column in last.readings.items() if reading.measure == measure), None)
    for reason, rows in reasons.items():
        came = found.excluded[reason][last.position] if found is not None and reason in found.excluded else 0
        if came != rows:
            yield f"excluded.{measure}: expected {rows} for `{reason}`, found {came}"


def _points(stored: int | None) -> Value:
    return Blank("no value") if stored is None else from_grain(stored, "points")


def compare(what: str, expected: Value, found: Value) -> Iterator[str]:
    """One line if the two differ."""
    if isinstance(expected, Blank):
        if not isinstance(found, Blank):
            yield f"{what}: expected no value, found {spoken(found)}"
    elif isinstance(found, Blank):
        yield f"{what}: expected {spoken(expected)}, found no value ({found.reason})"
    elif isinstance(found, bool) is not isinstance(expected, bool) or found != expected:
        yield f"{what}: expected {spoken(expected)}, found {spoken(found)}"


def spoken(value: Value) -> str:
    """A value as written in a vector."""
    if isinstance(value, Fraction):
        decimal = Decimal(value.numerator) / Decimal(value.denominator)
        return f"{decimal}" if Fraction(decimal) == value else f"{value}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def problem_differences(wanted: Mapping[str, str], problems: tuple[Problem, ...]) -> list[str]:
    """Nothing if one of the problems is the expected one: its code, and its place and witness somewhere in what it says."""
    for problem in problems:
        said = f"{problem.message} {problem.found} {problem.where} {problem.hint}"
        if problem.code == wanted.get("code", problem.code) and all(
            text in said for key, text in wanted.items() if key in ("where", "witness")
        ):
            return []
    return [f"expected the problem {dict(wanted)}, found {[str(problem) for problem in problems] or 'none'}"]
