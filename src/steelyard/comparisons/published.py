"""The figures of a workbook as calculation asks for them: by subject, each once, with how far roundings can have moved it."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from steelyard.calc.comparison.figures import Published, is_plain
from steelyard.calc.comparison.lines import Theirs
from steelyard.calc.comparison.totals import Card
from steelyard.calc.errors import Problem, Refused
from steelyard.calc.framework.model import Framework
from steelyard.calc.units import DECIMALS

from .subjects import Named
from .workbook.reading import Said, Workbook


def published(figures: tuple[Said, ...], named: Named, framework: Framework) -> list[Published]:
    """Every figure of somebody who was scored; refused where the workbook says one twice."""
    found = []
    seen: dict[tuple[str, str], str] = {}
    for said in figures:
        subject = named.code(said.subject)
        if not subject:
            continue
        if (subject, said.item) in seen:
            message, where = (
                f"the workbook has two figures for `{said.item}` of one subject",
                f"{seen[subject, said.item]} and {said.place}",
            )
            raise Refused(Problem("twice-published", message, "workbook", where, f"{subject}: keep one of them"))
        seen[subject, said.item] = said.place
        found.append(Published(subject, said.item, said.value, max(said.coarse, _ours(framework, said.item)), said.place))
    return found


def _ours(framework: Framework, item: str) -> int:
    """Half a unit of the last decimal that the framework itself keeps of a figure: a workbook may keep more."""
    kpi = framework.kpis.get(item)
    digits = kpi.round if kpi is not None else framework.scorecard.round if framework.scorecard is not None else None
    places = DECIMALS[kpi.unit if kpi is not None else "points"]
    return 0 if digits is None or digits >= places else 10 ** (places - digits) // 2


def from_lines(lines: tuple[Theirs, ...], framework: Framework, measure: str) -> list[Published]:
    """The figures of a workbook that has lines only: what they add up to, for the KPI that is their plain sum."""
    item = next((name for name in framework.kpis if is_plain(framework, name, measure)), None)
    if item is None:
        hint = "add the sheet with the figures under `totals:`"
        raise Refused(Problem("no-figures", "no KPI of the framework is the plain sum of lines", "workbook", f"`{measure}`", hint))
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        if line.subject:
            sums[line.subject] += line.value
    return [Published(subject, item, value) for subject, value in sums.items()]


def cards(workbook: Workbook, named: Named) -> dict[str, Card]:
    """Points and weights as the workbook says them."""
    points: dict[str, dict[str, int]] = defaultdict(dict)
    weights: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for said in workbook.points:
        points[named.code(said.subject)][said.item] = said.value
    for said in workbook.weights:
        weights[named.code(said.subject)][said.item] = Fraction(said.value, 10 ** DECIMALS["number"])
    return {subject: Card(points.get(subject, {}), weights.get(subject, {})) for subject in {*points, *weights} if subject}


def levels(workbook: Workbook, named: Named) -> dict[str, str]:
    """Levels as the workbook says them."""
    return {code: level for subject, level in workbook.levels if (code := named.code(subject))}
