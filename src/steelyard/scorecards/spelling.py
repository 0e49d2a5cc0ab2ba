"""A KPI's formula with the numbers in it: what stood where a measure, a KPI, a setting or a number stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from steelyard.calc.explanation import Evidence
from steelyard.calc.formula.nodes import NUMBER, Binary, Call, In, Literal, Name, Node, Unary, Windowed
from steelyard.calc.formula.text import to_text
from steelyard.calc.framework.model import Framework
from steelyard.calc.framework.wording.phrases import Phrases, capital
from steelyard.calc.measures.natural import unit_of
from steelyard.calc.points import Reading
from steelyard.calc.units import DECIMALS, to_grain
from steelyard.frameworks.reading import readers_language

from .cards import Card, Line
from .reasons import in_words

SIGNS = {"*": "×", "/": "÷", "-": "−"}


@dataclass(frozen=True, slots=True)
class Term:
    """One piece of the formula, in reading order. ``kind``: value | sign | text.

    A value is stored in the grain of ``unit`` (texts have none) and is a reading that opens, another KPI, or a plain number.
    """

    kind: str
    text: str = ""
    title: str = ""
    value: int | None = None
    unit: str = ""
    reading: str = ""
    kpi: str = ""
    rows: int | None = None
    blank: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A reading as a page shows it: what it is called, its value in the grain of ``unit``, its rows."""

    reading: Reading
    title: str
    days: str
    value: int | None
    text: str | None
    unit: str
    blank: str | None
    evidence: Evidence

    @property
    def name(self) -> str:
        """`sell_in[ttm]`: how an address asks for it."""
        return str(self.reading)

    @property
    def left_out(self) -> int:
        """Rows that a rule excluded."""
        return sum(self.evidence.excluded.values())

    @property
    def listed(self) -> int:
        """All rows of the window: counted and not."""
        return self.evidence.counted + self.left_out


def shown(framework: Framework, evidence: Evidence) -> Shown:
    """A reading with its value as stored numbers are shown."""
    measure = framework.measures[evidence.selector.measure]
    unit = unit_of(measure)
    known = evidence.value is not None and unit in DECIMALS
    value = to_grain(Fraction(str(evidence.value)), unit) if known else None
    phrases = Phrases.of(framework, readers_language())
    reading = Reading(evidence.selector.measure, evidence.selector.window)
    days = phrases.window(reading.window) if reading.window else ""
    title = measure.title or capital(measure.name.replace("_", " "))
    blank = in_words(evidence.blank) if evidence.blank else evidence.blank
    return Shown(reading, title, days, value, evidence.value, unit if unit in DECIMALS else "", blank, evidence)


def spelled(card: Card, line: Line, readings: Mapping[Reading, Shown]) -> list[Term]:
    """The formula of a KPI with its numbers."""
    return list(_terms(card, card.framework.kpis[line.kpi].formula.tree, readings))


def _terms(card: Card, tree: Node, readings: Mapping[Reading, Shown]) -> Iterator[Term]:
    if isinstance(tree, Name | Windowed):
        yield _named(card, tree, readings)
    elif isinstance(tree, Literal):
        yield Term("value", text=to_text(tree))
    elif isinstance(tree, Unary):
        yield Term("sign", text=SIGNS.get(tree.operator, tree.operator))
        yield from _terms(card, tree.operand, readings)
    elif isinstance(tree, Binary):
        yield from _side(card, tree.left, readings, tree)
        yield Term("sign", text=SIGNS.get(tree.operator, tree.operator))
        yield from _side(card, tree.right, readings, tree)
    elif isinstance(tree, Call):
        yield Term("text", text=f"{tree.function.replace('_', ' ')} (")
        for place, part in enumerate(tree.arguments):
            if place:
                yield Term("text", text=";")
            yield from _terms(card, part, readings)
        yield Term("text", text=")")
    elif isinstance(tree, In):
        yield Term("text", text=to_text(tree))


def _side(card: Card, part: Node, readings: Mapping[Reading, Shown], around: Binary) -> Iterator[Term]:
    """A side of an operation, in brackets where it is one itself that binds less tightly."""
    bracketed = isinstance(part, Binary) and (part.operator in "+-" or (around.operator == "/" and part is around.right))
    if bracketed and around.operator in "*/":
        yield Term("text", text="(")
        yield from _terms(card, part, readings)
        yield Term("text", text=")")
    else:
        yield from _terms(card, part, readings)


def _named(card: Card, tree: Name | Windowed, readings: Mapping[Reading, Shown]) -> Term:
    name = tree.name if isinstance(tree, Name) else tree.measure
    reading = Reading(name, None if isinstance(tree, Name) else tree.window)
    found = readings.get(reading)
    if found is not None:
        title = f"{found.title}, {found.days}" if found.days else found.title
        text = found.text or "" if found.value is None else ""
        rows = found.evidence.counted
        return Term("value", text, title, found.value, found.unit, reading=found.name, rows=rows, blank=found.blank or "")
    if name in card.framework.kpis:
        line = card.line(name)
        number = line.value if isinstance(line.value, int) else None
        return Term("value", "" if number is not None else str(line.value or ""), line.title, number, line.unit, kpi=name)
    setting = card.framework.settings.get(name)
    words = capital(name.replace("_", " "))
    return Term("value", to_text(_literal(setting)) if setting is not None else words, words if setting is not None else "")


def _literal(value: object) -> Literal:
    return Literal(0, value, NUMBER)  # type: ignore[arg-type]
