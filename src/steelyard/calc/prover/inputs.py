"""What a card is computed from: its KPIs, and the measures and attributes that its gates, weights and levels read themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

from ..environment import constant as constant_over
from ..formula import nodes
from ..formula.nodes import Binary, Call, Formula, Literal, Name, Node, Value, names_in
from ..formula.tables import look_up
from ..framework.bands import scale_of
from ..framework.formulas import walk
from ..framework.model import Framework, Kpi, PointsRule
from ..framework.model import Node as Part
from ..points import readings_in
from ..rules import points_function
from ..situation import judging
from ..units import DECIMALS, Blank, Exact
from .linear import MIRROR, linear, name_of

Sides = tuple[int, ...]
AT: Sides = ()
BELOW: Sides = (-1,)
ABOVE: Sides = (1,)
SIDES: dict[str, Sides] = {">=": BELOW, "<": BELOW, ">": ABOVE, "<=": ABOVE, "==": (-1, 1), "!=": (-1, 1)}
COMPARED = frozenset(MIRROR)
NOTHING = 10**12  # what a value in no band is behind the others
MOST_STEPS = 12  # of a rule that gives points for each unit


@dataclass(frozen=True, slots=True)
class Input:
    """One input. ``values``: both sides of every place where something about it changes, lowest first; texts as written.

    ``worst`` and ``best``: of its values, those that earn least and most; where nothing tells them apart, the ends.
    """

    name: str
    part: str  # where a vector gives it: kpis | measures | attributes
    unit: str
    step: Fraction | None  # its values are multiples of this; None: texts
    low: Exact | None
    high: Exact | None
    better: str | tuple[Exact, Exact]  # "" where nobody says so
    values: tuple[Value, ...]
    worst: Value
    best: Value

    @property
    def ways(self) -> list[tuple[Value, ...]]:
        """Its values from worse to better; for `between` from below and from above."""
        if self.step is None or not self.better:
            return []
        if isinstance(self.better, tuple):
            low, high = self.better
            rising = tuple(value for value in self.values if value <= low)  # type: ignore[operator]
            return [rising, tuple(value for value in reversed(self.values) if value >= high)]  # type: ignore[operator]
        return [self.values if self.better == "higher" else tuple(reversed(self.values))]

    @property
    def middle(self) -> Value:
        """A value halfway between the worst and the best, where the card tells values apart."""
        if self.step is None or not isinstance(self.best, int | Fraction) or not isinstance(self.worst, int | Fraction):
            return self.values[len(self.values) // 2]
        return self.at((Fraction(self.worst) + Fraction(self.best)) / 2)

    def at(self, value: Fraction) -> Exact:
        """The nearest value that it can take, rounded down."""
        if self.step is None:
            return exact(value)
        found = floor(value / self.step) * self.step
        if self.low is not None and found < self.low:
            found = Fraction(self.low)
        return exact(found)


def exact(value: Fraction | int) -> Exact:
    """The number, as an int where it is whole."""
    return int(value) if Fraction(value).denominator == 1 else Fraction(value)


def inputs_of(framework: Framework) -> dict[str, Input]:
    """Every input of the card and the levels, by its name as a vector writes it."""
    free, measured = _free(framework), _measured(framework)
    ends = _Ends(framework, {*free, *measured})
    found = {name: _kpi_input(framework.kpis[name], ends) for name in free}
    for name in sorted(measured):
        unit = framework.measures[name.partition("[")[0]].type.kind
        step = Fraction(1) if unit == "count" else Fraction(1, 10_000)
        numeric = framework.measures[name.partition("[")[0]].type.is_number
        low: Exact | None = 0 if unit in ("count", "days") else None
        values = ends.values(name, step, low, None) if numeric else (Blank("a text"),)
        found[name] = Input(name, "measures", unit, step if numeric else None, low, None, "", values, values[0], values[-1])
    return found


def derived(framework: Framework, name: str) -> bool:
    """Whether a KPI is computed from other KPIs and nothing that rows say."""
    tree = framework.kpis[name].formula.tree
    return bool(names_in(tree) & framework.kpis.keys()) and not readings_in(framework, tree)


def _free(framework: Framework) -> list[str]:
    """The KPIs that the card needs and that are not computed from others, in the order written."""
    wanted = {name for formula in judging(framework) for name in names_in(formula.tree) if name in framework.kpis}
    if framework.scorecard is not None:
        wanted |= {leaf.kpi for leaf in framework.scorecard.leaves() if leaf.kpi}
    waiting, found = list(wanted), set()
    while waiting:
        name = waiting.pop()
        if derived(framework, name):
            waiting += [other for other in names_in(framework.kpis[name].formula.tree) if other in framework.kpis]
        else:
            found.add(name)
    return [name for name in framework.kpis if name in found]


def _measured(framework: Framework) -> set[str]:
    return {str(reading) for formula in judging(framework) for reading in readings_in(framework, formula.tree)}


def _kpi_input(kpi: Kpi, ends: _Ends) -> Input:
    scale = scale_of(kpi)
    if kpi.unit == "text":
        answers = ends.answers(kpi.name) or (Blank("no answer is known"),)
        return Input(kpi.name, "kpis", "text", None, None, None, "", answers, answers[0], answers[-1])
    low: Exact | None = 0 if scale.low is None and kpi.unit in ("count", "days") and ends.lowest(kpi.name) >= 0 else scale.low
    better = kpi.better if isinstance(kpi.better, str) else (exact(Fraction(kpi.better[0])), exact(Fraction(kpi.better[1])))
    values = ends.values(kpi.name, scale.step or Fraction(1), low, scale.high)
    order = values if better != "lower" else tuple(reversed(values))
    points = [ends.points(kpi.name, value) for value in order]
    earning = [one for one in points if one > -NOTHING / 2] or points
    worst = order[points.index(min(earning))]
    best = order[len(order) - 1 - points[::-1].index(max(points))]
    if isinstance(better, tuple) and len(set(points)) == 1:
        best = next((value for value in order if value >= better[0]), best)  # type: ignore[operator]
    return Input(kpi.name, "kpis", kpi.unit, scale.step, low, scale.high, better, values, worst, best)


class _Ends:
    """Where points rules, gates, weights and levels begin to say something else about an input."""

    def __init__(self, framework: Framework, names: set[str]) -> None:
        self.framework = framework
        self.names = dict.fromkeys(names)
        self.leaves: list[Part] = [] if framework.scorecard is None else framework.scorecard.leaves()
        self.compared: dict[str, set[tuple[Fraction, Sides]]] = {}
        self.texts: dict[str, list[str]] = {}
        for formula in judging(framework):
            self._compare(formula)

    def _compare(self, formula: Formula) -> None:
        for part in walk(formula.tree):
            if not isinstance(part, Binary) or part.operator not in COMPARED:
                continue
            for value in constants(self.framework, part):
                self._one(part, value)

    def _one(self, part: Binary, constant: dict[str, Value]) -> None:
        left = linear(part.left, self.names, lambda tree: constant_of(self.framework, tree, constant))
        right = linear(part.right, self.names, lambda tree: constant_of(self.framework, tree, constant))
        if left is None or right is None:
            if isinstance(part.right, Literal) and isinstance(part.right.value, str):
                self.texts.setdefault(name_of(part.left), []).append(part.right.value)
            return
        form = left.plus(right, -1)
        if len(form.parts) == 1:
            ((name, coefficient),) = form.parts.items()
            operator = part.operator if coefficient > 0 else MIRROR[part.operator]
            self.compared.setdefault(name, set()).add((-form.constant / coefficient, SIDES[operator]))

    def lowest(self, name: str) -> Fraction:
        """The lowest place where something changes."""
        return min((end for end, _ in self._all(name)), default=Fraction(0))

    def _all(self, name: str) -> list[tuple[Fraction, Sides]]:
        """Each place, with the steps beside it that are to be seen too."""
        found = list(self.compared.get(name, ()))
        for leaf in self.leaves:
            if leaf.kpi == name and leaf.points is not None:
                found += _of_rule(leaf, leaf.points, points_each(self.framework, leaf.points))
        return found

    def values(self, name: str, step: Fraction, low: Exact | None, high: Exact | None) -> tuple[Value, ...]:
        """Both sides of every end, on the steps of the input and within its range, lowest first."""
        found: set[Fraction] = set()
        ends = self._all(name)
        for end, sides in ends:
            found |= {floor(end / step) * step, ceil(end / step) * step}
            found |= {(ceil(end / step) if side < 0 else floor(end / step)) * step + side * step for side in sides}
        lowest = min(ends, default=(Fraction(0), AT))
        if -1 in lowest[1] and lowest[0] > 0:
            found.add(Fraction(0))  # plainer as the worst than one step below the lowest end
        if not found or self._is_endless(name):
            found |= {Fraction(end) for end in (low, high) if end is not None} or {Fraction(0), Fraction(1), Fraction(100)}
        within = {value for value in found if (low is None or value >= low) and (high is None or value <= high)}
        return tuple(exact(value) for value in sorted(within or {Fraction(low or high or 0)}))

    def _is_endless(self, name: str) -> bool:
        """Whether nothing but the range of the KPI ends what it earns."""
        own = [leaf for leaf in self.leaves if leaf.kpi == name and leaf.points is not None]
        return any(leaf.points.kind in ("per", "value") and leaf.cap is None for leaf in own if leaf.points is not None)

    def points(self, name: str, value: Value) -> Fraction:
        """What the value earns in all items that read the KPI, added up; a value in no band earns nothing at all."""
        total = Fraction(0)
        for leaf in self.leaves:
            if leaf.kpi != name or leaf.points is None:
                continue
            found = points_function(leaf.points, points_each(self.framework, leaf.points))(value)
            capped = min(Fraction(found), Fraction(leaf.cap)) if isinstance(found, int | Fraction) and leaf.cap is not None else found
            total += Fraction(capped) if isinstance(capped, int | Fraction) else -NOTHING
        return total

    def answers(self, name: str) -> tuple[Value, ...]:
        """The answers that a choice or a rule knows."""
        rules = [leaf.points for leaf in self.leaves if leaf.kpi == name and leaf.points is not None]
        found = [answer for rule in rules for answer, _ in sorted(rule.choices, key=lambda one: one[1])]
        return tuple(dict.fromkeys([*found, *self.texts.get(name, ())]))


def points_each(framework: Framework, rule: PointsRule) -> Exact | None:
    """The points that `per` gives for each unit; with the first value of every attribute that they depend on."""
    if rule.points is None:
        return None
    for attributes in constants(framework, rule.points.tree):
        value = constant_of(framework, rule.points.tree, attributes)
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            return value
    return None


def _of_rule(leaf: Part, rule: PointsRule, points: Exact | None) -> Iterator[tuple[Fraction, Sides]]:
    if rule.kind == "line":
        yield from ((Fraction(value), AT) for value, _ in rule.corners)
    elif rule.kind == "bands":
        for band in rule.bands:
            if band.low is not None:
                yield Fraction(band.low), BELOW if band.low_closed else ABOVE
            if band.high is not None:
                yield Fraction(band.high), ABOVE if band.high_closed else BELOW
    elif rule.kind == "per":
        each = Fraction(rule.each)
        most = MOST_STEPS
        if leaf.cap is not None and points:
            most = max(1, ceil(Fraction(leaf.cap) / abs(Fraction(points))))
        yield Fraction(0), AT
        steps = range(1, min(most, MOST_STEPS) + 1) if rule.whole else ()
        yield from ((each * count, BELOW if rule.whole else AT) for count in {*steps, most})
    elif rule.kind == "value":
        ends = [Fraction(end) for end in (leaf.floor, leaf.cap) if end is not None]
        yield from ((end, AT) for end in ends or [Fraction(0), Fraction(100)])


# what is the same for everybody ------------------------------------------------------------------------------------


def constants(framework: Framework, tree: Node) -> Iterator[dict[str, Value]]:
    """The attributes that the part reads, as far as a table or a rule tells its possible values; one choice after another."""
    names = sorted(name for name in names_in(tree) if name not in framework.kpis and name not in framework.measures)
    known = [(name, attribute_values(framework, name)) for name in names if name not in framework.settings]
    yield from combinations([(name, values) for name, values in known if values], 64)


def combinations(choices: list[tuple[str, tuple[Value, ...]]], most: int) -> Iterator[dict[str, Value]]:
    """Every choice of one value each, the first ones if they are too many."""
    count = 1
    for _, values in choices:
        count *= len(values)
    for place in range(min(count, most)):
        chosen: dict[str, Value] = {}
        for name, values in choices:
            place, which = divmod(place, len(values))
            chosen[name] = values[which]
        yield chosen


def attribute_values(framework: Framework, name: str) -> tuple[Value, ...]:
    """The values of an attribute that tables and rules of the card tell apart; of the company's own also those beside a threshold."""
    kind = framework.attributes.get("partner", {}).get(name)
    found: list[Value] = [True, False] if kind == nodes.YES_NO else []
    formulas = [*judging(framework), *([framework.applies_to] if framework.applies_to else [])]
    for part in (part for formula in formulas for part in walk(formula.tree)):
        if isinstance(part, Call) and part.function in framework.tables:
            for place, argument in enumerate(part.arguments[: len(framework.tables[part.function].by)]):
                if name_of(argument) == name:
                    found += [row.keys[place] for row in framework.tables[part.function].rows]
        elif isinstance(part, Binary) and part.operator in COMPARED:
            for one, other in ((part.left, part.right), (part.right, part.left)):
                if name_of(one) == name and isinstance(other, Literal):
                    found.append(other.value)
                elif kind is not None and name_of(one) == name and name_of(other) in framework.settings:
                    found.append(framework.settings[name_of(other)])
        elif isinstance(part, nodes.In) and name_of(part.operand) == name:
            found += [choice.value for choice in part.choices if isinstance(choice, Literal)]
    return tuple(dict.fromkeys(near for value in found for near in _beside(value, kind) if not isinstance(value, Blank)))


def _beside(value: Value, kind: nodes.Type | None) -> tuple[Value, ...]:
    """The value, and what lies one grain to both sides of it, where the company records numbers or days."""
    if kind == nodes.NUMBER and isinstance(value, int | Fraction):
        grain = Fraction(1, 10 ** DECIMALS["number"])
        return value, Fraction(value) - grain, Fraction(value) + grain
    if kind == nodes.DATE and isinstance(value, date):
        return value, value - timedelta(days=1), value + timedelta(days=1)
    return (value,)


def constant_of(framework: Framework, tree: Node, attributes: dict[str, Value]) -> Value | None:
    """The value of a part made of numbers, settings, attributes and tables; None if it reads anything else or is blank."""
    if isinstance(tree, Call) and tree.function in framework.tables:
        table = framework.tables[tree.function]
        keys = [constant_of(framework, argument, attributes) for argument in tree.arguments[: len(table.by)]]
        if any(key is None for key in keys) or len(tree.arguments) > len(table.by):
            return None
        day = framework.effective or date(2000, 1, 1)
        found = look_up(table, [[key] for key in keys if key is not None], [day])[0]
        return None if isinstance(found, Blank) else found
    if isinstance(tree, Name) and tree.name in attributes:
        return attributes[tree.name]
    if isinstance(tree, Binary) and tree.operator in "+-*/" and any(isinstance(part, Call) for part in walk(tree)):
        left, right = constant_of(framework, tree.left, attributes), constant_of(framework, tree.right, attributes)
        if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
            return _calculated(tree.operator, Fraction(left), Fraction(right))
        return None
    if any(isinstance(part, Call) for part in walk(tree)):
        return None
    found = constant_over(Formula("", tree, nodes.UNKNOWN), framework.settings)
    return None if isinstance(found, Blank) else found


def _calculated(operator: str, left: Fraction, right: Fraction) -> Value | None:
    if operator == "/":
        return None if right == 0 else left / right
    return {"+": left + right, "-": left - right, "*": left * right}[operator]
