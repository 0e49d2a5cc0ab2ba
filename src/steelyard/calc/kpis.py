"""Phase 2, first half: readings -> KPI values.

A KPI is computed exactly, rounded half-even once into its unit's grain when its formula ends, then by its own `round:`
(docs/reference/framework-language.md). KPIs may read KPIs: they see the stored value. A blank keeps its reason and the KPI's `no_data`
policy says what that means for the scorecard; one subject's blank never touches another subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from operator import add
from typing import TYPE_CHECKING

from .environment import Absent, Columns, Surroundings
from .errors import Problem, Refused
from .formula import nodes
from .formula.nodes import Formula, Value, names_in
from .framework.model import Framework, Kpi
from .points import Points, readings_in
from .units import DECIMALS, INT64_MAX, Blank, divide, from_grain, round_to, to_grain

if TYPE_CHECKING:
    from .over_time.past import Past

TOO_LARGE = Blank("the value is larger than can be held")
Stored = int | str | Blank
Given = Mapping[str, Sequence[Value | None]]  # None: nothing is given at that point
Earlier = Mapping[str, Sequence[Sequence[Stored]]]  # per KPI and point: stored values of earlier periods, newest first


@dataclass(frozen=True, slots=True)
class Applied:
    """The no-data policy that took effect at a point, and why."""

    policy: str
    reason: str


@dataclass(slots=True)
class KpiColumn:
    """One KPI at every point. Numbers are stored in the grain of ``unit``; numerators and denominators are exact.

    ``exact`` is only there for a KPI that a vector sets, and may be finer than the grain.
    """

    kpi: Kpi
    unit: str
    values: list[Stored]
    numerators: list[Value] | None
    denominators: list[Value] | None
    targets: list[Stored] | None
    no_data: list[Applied | None]
    counted: list[int]
    excluded: dict[str, list[int]] = field(default_factory=dict)
    few: list[bool] = field(default_factory=list)
    exact: list[Value] | None = None
    _natural: list[Value] | None = None

    @property
    def natural(self) -> list[Value]:
        """What other formulas read: the stored values in natural units."""
        if self.exact is not None:
            return self.exact
        if self._natural is None:
            self._natural = natural(self.values, self.unit)
        return self._natural


def compute(
    framework: Framework,
    points: Points,
    readings: Columns,
    *,
    given: Given | None = None,
    earlier: Earlier | None = None,
    past: Past | None = None,
    absent: Absent | None = None,
) -> dict[str, KpiColumn]:
    """Every KPI of the framework at every point, in the framework's order.

    ``given`` replaces what would be computed (vectors); ``past`` is what earlier functions and `no_data: carry` look back
    on, ``earlier`` the latter alone; ``absent`` what peers had who are not among the points (`Surroundings`).
    """
    if past is not None and earlier is None:
        earlier = past.carried(points)
    columns: dict[str, KpiColumn] = {}
    known = {name: (lambda name=name: columns[name].natural) for name in framework.kpis}
    surroundings = Surroundings(framework, points, readings, known, past, absent=absent or {})
    for name in in_order(framework):
        kpi = framework.kpis[name]
        replaced = (given or {}).get(name)
        if replaced is not None:
            columns[name] = _given(framework, kpi, replaced, surroundings)
        else:
            columns[name] = _computed(framework, kpi, surroundings)
        _apply_no_data(framework, columns[name], surroundings, replaced or (), (earlier or {}).get(name))
    return {name: columns[name] for name in framework.kpis}


def in_order(framework: Framework) -> list[str]:
    """The KPIs so that each follows those it reads; refuses a circle by naming its members."""
    ordered: list[str] = []
    path: list[str] = []

    def visit(name: str) -> None:
        if name in ordered:
            return
        if name in path:
            circle = [*path[path.index(name) :], name]
            raise Refused(Problem("circular", " needs ".join(f"`{kpi}`" for kpi in circle), where=f"kpis.{name}"))
        path.append(name)
        for formula in _formulas(framework.kpis[name]):
            for other in sorted(names_in(formula.tree)):
                if other in framework.kpis:
                    visit(other)
        path.pop()
        ordered.append(name)

    for name in framework.kpis:
        visit(name)
    return ordered


def applicable(framework: Framework, points: Points) -> list[int]:
    """Positions of the points that `applies_to` admits; a blank condition does not hold."""
    if framework.applies_to is None:
        return list(range(len(points)))
    surroundings = Surroundings(framework, points, {})
    held = surroundings.values(framework.applies_to)
    return [position for position, holds in enumerate(held) if holds is True]


def _formulas(kpi: Kpi) -> Iterator[Formula]:
    yield kpi.formula
    if kpi.target:
        yield kpi.target
    if kpi.no_data.rule:
        yield kpi.no_data.rule


def _computed(framework: Framework, kpi: Kpi, surroundings: Surroundings) -> KpiColumn:
    count = len(surroundings.points)
    tree = kpi.formula.tree
    numerators: list[Value] | None = None
    denominators: list[Value] | None = None
    values: list[Stored]
    if isinstance(tree, nodes.Binary) and tree.operator == "/" and kpi.unit != "text":
        numerators = surroundings.values(tree.left)
        denominators = surroundings.values(tree.right)
        values = _divided(numerators, denominators, 10 ** DECIMALS[kpi.unit])
    else:
        values = stored(surroundings.values(tree), kpi.unit)
    if kpi.round is not None and kpi.unit != "text":
        values = [_rounded(value, kpi, framework) for value in values]
    values = held(values)
    counted, excluded = _rows(framework, kpi, surroundings)
    return KpiColumn(
        kpi=kpi,
        unit=kpi.unit,
        values=values,
        numerators=numerators,
        denominators=denominators,
        targets=_targets(kpi, surroundings),
        no_data=[None] * count,
        counted=counted,
        excluded=excluded,
        few=_few(kpi, denominators, surroundings),
    )


def _given(framework: Framework, kpi: Kpi, replaced: Sequence[Value | None], surroundings: Surroundings) -> KpiColumn:
    """A KPI that a vector sets: its own `round:` applies, its grain does not (2.5 people may be given)."""
    usual: Sequence[Value] = _computed(framework, kpi, surroundings).natural if None in replaced else ()
    exact: list[Value] = [usual[position] if value is None else value for position, value in enumerate(replaced)]
    if kpi.round is not None and kpi.unit != "text":
        exact = [round_to(value, kpi.round, framework.rounding) if isinstance(value, (int, Fraction)) else value for value in exact]
    count = len(exact)
    return KpiColumn(
        kpi=kpi,
        unit=kpi.unit,
        values=stored(exact, kpi.unit),
        numerators=None,
        denominators=None,
        targets=_targets(kpi, surroundings),
        no_data=[None] * count,
        counted=[0] * count,
        few=[False] * count,
        exact=exact,
    )


def stored(values: Sequence[Value], unit: str) -> list[Stored]:
    """Values in natural units as they are stored: numbers in the grain of their unit, answers as text."""
    if unit == "text":
        return [value if isinstance(value, Blank) else _answer(value) for value in values]
    scale = 10 ** DECIMALS[unit]
    result: list[Stored] = []
    for value in values:
        if value.__class__ is Fraction:
            result.append(divide(value.numerator * scale, value.denominator))
        elif isinstance(value, int):
            result.append(value * scale)
        elif isinstance(value, Blank):
            result.append(value)
        else:
            result.append(Blank(f"{value} is not a number"))
    return result


def held(values: list[Stored]) -> list[Stored]:
    """The values with a blank for whatever no int64 holds: one that divides by next to nothing stops nobody else's score."""
    return [TOO_LARGE if value.__class__ is int and not -INT64_MAX <= value <= INT64_MAX else value for value in values]


def natural(values: Sequence[Stored], unit: str) -> list[Value]:
    """Stored values in natural units."""
    if unit == "text":
        return list(values)
    return [from_grain(value, unit) if isinstance(value, int) else value for value in values]


def _answer(value: Value) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _divided(numerators: Sequence[Value], denominators: Sequence[Value], scale: int) -> list[Stored]:
    """Quotients in their grain, without building a fraction for each."""
    result: list[Stored] = []
    for above, below in zip(numerators, denominators, strict=True):
        if above.__class__ is int and below.__class__ is int and below > 0:
            result.append(divide(above * scale, below))
        elif isinstance(above, Blank):
            result.append(above)
        elif isinstance(below, Blank):
            result.append(below)
        elif not isinstance(above, (int, Fraction)) or not isinstance(below, (int, Fraction)):
            result.append(Blank("only numbers can be divided"))
        elif below == 0:
            result.append(Blank("denominator is 0"))
        else:
            top = above.numerator * below.denominator * scale
            bottom = above.denominator * below.numerator
            result.append(divide(top, bottom) if bottom > 0 else divide(-top, -bottom))
    return result


def _rounded(value: Stored, kpi: Kpi, framework: Framework) -> Stored:
    if not isinstance(value, int) or kpi.round is None:
        return value
    return to_grain(round_to(from_grain(value, kpi.unit), kpi.round, framework.rounding), kpi.unit)


def _targets(kpi: Kpi, surroundings: Surroundings) -> list[Stored] | None:
    if kpi.target is None:
        return None
    return held(stored(surroundings.values(kpi.target), kpi.unit))


def _rows(framework: Framework, kpi: Kpi, surroundings: Surroundings) -> tuple[list[int], dict[str, list[int]]]:
    """Rows counted and excluded by reason, added over the readings that the formula asks for directly."""
    counted = [0] * len(surroundings.points)
    excluded: dict[str, list[int]] = {}
    for reading in sorted(readings_in(framework, kpi.formula.tree), key=str):
        column = surroundings.readings.get(reading)
        if column is None:
            continue
        counted = list(map(add, counted, column.counted))
        for reason, rows in column.excluded.items():
            excluded[reason] = list(map(add, excluded[reason], rows)) if reason in excluded else rows
    return counted, excluded


def _few(kpi: Kpi, denominators: Sequence[Value] | None, surroundings: Surroundings) -> list[bool]:
    """Where the denominator is smaller than `small_below`; a mark, it never changes the score."""
    count = len(surroundings.points)
    if kpi.small_below is None:
        return [False] * count
    if denominators is None:
        ratio = _ratio_within(kpi.formula.tree)
        if ratio is None:
            return [False] * count
        denominators = surroundings.values(ratio.right)
    return [isinstance(below, (int, Fraction)) and below < kpi.small_below for below in denominators]


def _ratio_within(tree: nodes.Node) -> nodes.Binary | None:
    """The division of `a / b - 1`, `100 * (a / b)` and the like."""
    if isinstance(tree, nodes.Binary):
        if tree.operator == "/":
            return tree
        sides = [side for side in (tree.left, tree.right) if not isinstance(side, nodes.Literal)]
        return _ratio_within(sides[0]) if len(sides) == 1 else None
    return _ratio_within(tree.operand) if isinstance(tree, nodes.Unary) else None


def _apply_no_data(
    framework: Framework,
    column: KpiColumn,
    surroundings: Surroundings,
    given: Sequence[Value | None],
    earlier: Sequence[Sequence[Stored]] | None,
) -> None:
    """Blank what `no_data: if` calls no data, then write down which policy took effect where, and why."""
    policy = column.kpi.no_data
    if policy.rule is not None and (not given or None in given):
        held = surroundings.values(policy.rule)
        for position, holds in enumerate(held):
            if holds is True and (not given or given[position] is None):
                _set(column, position, Blank(policy.reason or f"{policy.rule.text} holds"))
    for position, value in enumerate(column.values):
        if value.__class__ is Blank:
            column.no_data[position] = Applied(policy.policy, value.reason)
            if policy.policy == "carry":
                _carry(column, position, value.reason, int(policy.amount), earlier[position] if earlier else ())


def _carry(column: KpiColumn, position: int, reason: str, periods: int, earlier: Sequence[Stored]) -> None:
    """Take the last value, at most so many periods old; without one the item is skipped."""
    for age, value in enumerate(earlier[:periods], start=1):
        if not isinstance(value, Blank):
            _set(column, position, value)
            column.no_data[position] = Applied("carry", f"{reason}; carried from {age} period{'s' * (age > 1)} earlier")
            return
    column.no_data[position] = Applied("skip", f"{reason}; nothing earlier")


def _set(column: KpiColumn, position: int, value: Stored) -> None:
    column.values[position] = value
    if column.exact is not None:
        column.exact[position] = natural([value], column.unit)[0]
