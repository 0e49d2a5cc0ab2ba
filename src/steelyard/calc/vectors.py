"""Test vectors of a framework: given this, expect exactly that (docs/reference/framework-language.md).

What is given replaces what would be computed at that place, so a vector can start at rows (`facts`), at measures, KPIs
or points. Rows and changed frameworks are the caller's: it passes a function for each. Parts of the language that
belong to later versions (series, standings, triggers, roll-ups) make a vector `skipped` with its reason, never passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from . import kpis as kpis_module
from . import scorecards
from .errors import Problem, Refused, did_you_mean
from .formula.nodes import Value
from .framework.model import Framework
from .kpis import KpiColumn
from .points import Points, Reading, ReadingColumn, readings_of
from .scorecards import Cards
from .units import Blank, from_grain

GIVEN = ("facts", "measures", "kpis", "points", "attributes", "settings", "subject")
EXPECTED = ("measures", "kpis", "items", "points", "overall", "passes", "chosen", "level")
KEYS = ("name", "as_of", "given", "expect", "change", "problem")
LATER = {
    "series": "a series of dates", "was": "standings", "standings": "standings", "triggers": "triggers",
    "rollup": "roll-ups", "parts": "roll-ups", "tables": "given tables", "level": "a given level", "standing": "standings",
}  # fmt: skip

Facts = Callable[[Framework, Mapping[str, Any], date, Mapping[str, Value]], Mapping[Reading, ReadingColumn]]
Changed = Callable[[Framework, Mapping[str, Any]], "tuple[Framework | None, list[Problem]]"]


@dataclass(frozen=True, slots=True)
class VectorOutcome:
    """One vector: passed, or its differences; ``skipped`` names what this version cannot run."""

    name: str
    passed: bool
    differences: tuple[str, ...] = ()
    skipped: str = ""


def run(
    framework: Framework, document: Mapping[str, Any], *, facts: Facts | None = None, changed: Changed | None = None
) -> list[VectorOutcome]:
    """Every vector of a document (plain values of the YAML file) against the framework.

    ``facts(framework, given facts, as_of, attributes)`` computes the readings of one point from rows.
    ``changed(framework, changes)`` reads the framework with keys replaced, giving it or the problems that refuse it.
    """
    vectors = document.get("vectors")
    if not isinstance(vectors, list):
        raise Refused(Problem("bad-vectors", "a vectors file has a list `vectors`", where="vectors"))
    outcomes: list[VectorOutcome] = []
    for place, vector in enumerate(vectors, start=1):
        if not isinstance(vector, Mapping):
            raise Refused(Problem("bad-vectors", "a vector is a mapping with `name`, `given`, `expect`", where=f"vectors.{place}"))
        name, vector = _named(vector, place)
        try:
            outcomes.append(_run_one(name, framework, vector, facts, changed))
        except Refused as refused:
            outcomes.append(VectorOutcome(name, False, tuple(str(problem) for problem in refused.problems)))
    return outcomes


def _named(vector: Mapping[str, Any], place: int) -> tuple[str, Mapping[str, Any]]:
    """The vector's name. Inside a one-line {…} an unquoted comma ends it; what follows then is a key without a value."""
    rest = [key for key, value in vector.items() if value is None and key not in KEYS and key not in LATER]
    name = ", ".join([str(vector.get("name") or f"vector {place}"), *rest])
    return name, {key: value for key, value in vector.items() if key not in rest}


def _run_one(name: str, framework: Framework, vector: Mapping[str, Any], facts: Facts | None, changed: Changed | None) -> VectorOutcome:
    given: Mapping[str, Any] = vector.get("given") or {}
    expect: Mapping[str, Any] = vector.get("expect") or {}
    for key in (*vector, *given, *expect):
        if key in LATER and not (key in expect and key in EXPECTED):
            return VectorOutcome(name, False, skipped=f"needs {LATER[key]}, which come in a later version")
    _check_keys(vector, given, expect)
    if "change" in vector:
        if changed is None:
            return VectorOutcome(name, False, skipped="changes the framework, and nobody here can read the change")
        altered, problems = changed(framework, vector["change"])
        if "problem" in vector:
            differences = _problem_differences(vector["problem"], problems)
            return VectorOutcome(name, not differences, tuple(differences))
        if altered is None:
            return VectorOutcome(name, False, tuple(str(problem) for problem in problems))
        framework = altered
    if "facts" in given and facts is None:
        return VectorOutcome(name, False, skipped="starts from rows, and nobody here can read them")
    cards, readings = _compute(framework, vector, given, facts)
    differences = list(_differences(expect, cards, readings))
    return VectorOutcome(name, not differences, tuple(differences))


def _check_keys(vector: Mapping[str, Any], given: Mapping[str, Any], expect: Mapping[str, Any]) -> None:
    problems = [
        Problem("unknown-key", f"`{key}` is not a key of {what}", hint=did_you_mean(key, known))
        for part, known, what in ((vector, KEYS, "a vector"), (given, GIVEN, "`given`"), (expect, EXPECTED, "`expect`"))
        for key in part
        if key not in known
    ]
    if not expect and "problem" not in vector:
        problems.append(Problem("no-expectation", "the vector expects nothing", hint=f"`expect` knows {', '.join(EXPECTED)}"))
    if problems:
        raise Refused(problems)


def _compute(
    framework: Framework, vector: Mapping[str, Any], given: Mapping[str, Any], facts: Facts | None
) -> tuple[Cards, Mapping[Reading, ReadingColumn]]:
    """The card of the one point a vector describes."""
    settings = _values(given, "settings")
    framework = replace(framework, settings={**framework.settings, **settings})
    as_of = vector.get("as_of") or framework.effective or date(2000, 1, 1)
    attributes = _values(given, "attributes")
    subject = tuple(str(given.get("subject", "subject")) for _ in framework.subject)
    points = Points([subject], [as_of], {name: [value] for name, value in attributes.items()})
    readings: dict[Reading, ReadingColumn] = {}
    if "facts" in given and facts is not None:
        readings.update(facts(framework, given["facts"], as_of, {**attributes, "subject": subject[0]}))
    for text, value in _values(given, "measures").items():
        measure, _, window = text.removesuffix("]").partition("[")
        _check_name(measure, framework.measures, "measure")
        readings[Reading(measure, window or None)] = ReadingColumn([value], [0])
        if not window:  # given without a window, it holds through every window nobody names
            for reading in readings_of(framework):
                if reading.measure == measure:
                    readings.setdefault(reading, ReadingColumn([value], [0]))
    given_kpis = {name: [value] for name, value in _values(given, "kpis").items()}
    for name in given_kpis:
        _check_name(name, framework.kpis, "KPI")
    given_points = {name: [value] for name, value in _values(given, "points").items()}
    computed = kpis_module.compute(framework, points, readings, given=given_kpis)
    cards = scorecards.compute(framework, points, computed, readings, given=given_points)
    for name in given_points:
        _check_name(name, {column.node.name: column for column in cards.nodes()} | {"total": None}, "node of the scorecard")
    return cards, readings


def _check_name(name: str, known: Mapping[str, object], what: str) -> None:
    if name not in known:
        raise Refused(Problem("unknown-name", f"`{name}` is not a {what}", hint=did_you_mean(name, known)))


def _values(given: Mapping[str, Any], part: str) -> dict[str, Value]:
    return {str(name): value_of(value) for name, value in (given.get(part) or {}).items()}


def value_of(written: object) -> Value:
    """A value as written in a vector: `79%` is 79/100, null is blank, decimals are exact."""
    if written is None:
        return Blank("given as blank")
    if isinstance(written, (bool, int, Fraction, date)):
        return written
    if isinstance(written, float):  # a YAML reader that makes floats: the shortest text is what was written
        return _simplest(Fraction(repr(written)))
    text = str(written)
    number = text.removesuffix("%").strip().replace("_", "")
    if text.endswith("%") and number.lstrip("+-").replace(".", "", 1).isdigit():
        return _simplest(Fraction(Decimal(number)) / 100)
    return text


def _simplest(value: Fraction) -> int | Fraction:
    return value.numerator if value.denominator == 1 else value


def _problem_differences(expected: Mapping[str, Any], problems: list[Problem]) -> list[str]:
    """Nothing if one of the problems is the expected one."""
    wanted = {str(key): spoken(value_of(value)) for key, value in expected.items()}
    for problem in problems:
        said = f"{problem.message} {problem.found} {problem.where} {problem.hint}"
        if problem.code == wanted.get("code", problem.code) and all(
            text in said for key, text in wanted.items() if key in ("where", "witness")
        ):
            return []
    return [f"expected the problem {wanted}, found {[str(problem) for problem in problems] or 'none'}"]


def _differences(expect: Mapping[str, Any], cards: Cards, readings: Mapping[Reading, ReadingColumn]) -> Iterator[str]:
    for name, written in (expect.get("measures") or {}).items():
        measure, _, window = str(name).removesuffix("]").partition("[")
        column = readings.get(Reading(measure, window or None))
        found: Value = column.values[0] if column is not None else Blank("it was not read")
        yield from _compare(f"measures.{name}", value_of(written), found)
    for name, written in (expect.get("kpis") or {}).items():
        _check_name(name, cards.kpis, "KPI")
        yield from _compare(f"kpis.{name}", value_of(written), _kpi_value(cards.kpis[name]))
    for name, written in (expect.get("items") or {}).items():
        _check_name(name, {column.node.name: column for column in cards.nodes()} | {"total": None}, "node of the scorecard")
        yield from _compare(f"items.{name}", value_of(written), _points(cards.node(name).points[0]))
    for key in ("points", "overall"):
        if key in expect:
            yield from _compare(key, value_of(expect[key]), _points(cards.totals[0]))
    if "passes" in expect:
        yield from _compare("passes", value_of(expect["passes"]), cards.passes[0])
    if "chosen" in expect:
        chosen = [column.chosen[0] for column in cards.nodes() if column.chosen is not None]
        found_name = next((name for name in chosen if name is not None), None)
        yield from _compare("chosen", value_of(expect["chosen"]), Blank("nothing was chosen") if found_name is None else found_name)
    if "level" in expect:
        level = cards.levels.levels[0]
        yield from _compare("level", value_of(expect["level"]), Blank("no level is earned") if level is None else level)


def _kpi_value(column: KpiColumn) -> Value:
    """The KPI as stored; a given one may be finer than its grain and is compared as given."""
    return column.natural[0]


def _points(stored: int | None) -> Value:
    return Blank("no value") if stored is None else from_grain(stored, "points")


def _compare(what: str, expected: Value, found: Value) -> Iterator[str]:
    """One line if the two differ. Expectations are exact, to the grain the value is stored in."""
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
