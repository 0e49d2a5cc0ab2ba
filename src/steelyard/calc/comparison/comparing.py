"""A workbook's figures, lines and targets held against a scored run: the whole of a comparison, purely computed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ..formula.nodes import Value
from ..measures.natural import unit_of
from ..points import Reading
from ..units import DECIMALS, from_grain
from .effects import Behind
from .figures import Figure, Published, Step, is_plain, readings_of_theirs, remainder
from .lines import Leaf, Ours, Sheet, Theirs, check, compare_lines
from .reasons import Reason, gather, of_subject
from .searching import Candidate, from_lines, from_rows
from .states import Outcome, State, States
from .totals import Card, from_published, total_steps

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Target:
    """A target of the workbook: of a subject, for a measure, in its grain."""

    subject: str
    measure: str
    value: int
    place: str = ""


@dataclass(frozen=True)
class Asked:
    """Everything a comparison rests on. Without ``sheet`` the workbook has no lines, and ``theirs`` is empty."""

    states: States
    published: Sequence[Published]
    sheet: Sheet | None = None
    theirs: Sequence[Theirs] = ()
    ours: Sequence[Ours] = ()
    behind: Behind | None = None
    targets: Sequence[Target] = ()
    cards: Mapping[str, Card] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compared:
    """One subject: its figures, and its level on both sides (blank: not published)."""

    subject: str
    figures: tuple[Figure, ...]
    level: str = ""
    our_level: str = ""

    @property
    def equal(self) -> bool:
        """Whether nothing differs but roundings."""
        return all(figure.equal for figure in self.figures) and (not self.level or self.level == self.our_level)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All subjects of the workbook, and the reasons for which they differ."""

    subjects: tuple[Compared, ...]
    reasons: tuple[Reason, ...]


def compare(asked: Asked) -> Comparison:
    """Hold the workbook against the run. The steps of every figure add up to its difference."""
    asked = _hidden_settled(asked)
    leaves: list[Leaf] = []
    if asked.sheet is not None:
        leaves = compare_lines(asked.theirs, asked.ours, asked.sheet)
        check(leaves, asked.theirs, asked.ours, asked.sheet)
    reasons = [*gather(leaves), *_targets(asked)]
    published: dict[str, list[Published]] = defaultdict(list)
    for figure in asked.published:
        published[figure.subject].append(figure)
    return Comparison(tuple(_subjects(asked, published, reasons)), tuple(reasons))


def _hidden_settled(asked: Asked) -> Asked:
    """Whose figure leaves the hidden rows out: where it is the sum of the visible rows and not of all."""
    if asked.sheet is None or asked.behind is None or not any(line.hidden for line in asked.theirs):
        return asked
    measure, framework = asked.behind.measure.name, asked.states.framework
    figures = {one.subject: one for one in asked.published if one.item in framework.kpis and is_plain(framework, one.item, measure)}
    without = set()
    for subject, figure in figures.items():
        own = [line for line in asked.theirs if line.subject == subject]
        every, seen = sum(line.value for line in own), sum(line.value for line in own if not line.hidden)
        if abs(seen - figure.value) <= figure.coarse < abs(every - figure.value):
            without.add(subject)
    return replace(asked, sheet=replace(asked.sheet, without_hidden=frozenset(without)))


def _targets(asked: Asked) -> list[Reason]:
    """The targets that differ, each a reason of its own."""
    framework = asked.states.framework
    leaves = []
    for target in asked.targets:
        ours = asked.states.reading(target.subject, Reading(target.measure))
        stored = _stored(ours, unit_of(framework.measures[target.measure]))
        if (stored or 0) != target.value:
            detail = f"{target.measure} {target.place}"
            leaves.append(
                Leaf("target", target.subject, (stored or 0) - target.value, f"target {target.measure} {target.subject}", detail=detail)
            )
    return gather(leaves)


def _stored(value: Value, unit: str) -> int | None:
    if not isinstance(value, int | Fraction):
        return None
    return round(value * 10 ** DECIMALS[unit])


@dataclass(frozen=True, slots=True)
class _Own:
    """One subject on its way: its published figures, its reasons, the states of its readings."""

    subject: str
    published: list[Published]
    reasons: list[Reason]
    readings: list[dict[Reading, Value]]


def _subjects(asked: Asked, published: Mapping[str, list[Published]], reasons: Sequence[Reason]) -> list[Compared]:
    touched: dict[str, list[Reason]] = defaultdict(list)
    for reason in reasons:
        for subject in reason.subjects:
            touched[subject].append(reason)
    rows: dict[str, list[Ours]] = defaultdict(list)
    for row in asked.ours:
        rows[row.subject].append(row)
    lines: dict[str, list[Theirs]] = defaultdict(list)
    for line in asked.theirs:
        lines[line.subject].append(line)
    owns = []
    for subject, figures in published.items():
        own = of_subject(touched[subject], subject)
        owns.append(_Own(subject, figures, own, _readings(asked, subject, own, rows[subject])))
    found = _computed(asked, owns)
    return [
        _of_subject(asked, own, states, given, from_lines(lines[own.subject]) if asked.sheet else from_rows(rows[own.subject]))
        for own, (states, given) in zip(owns, found, strict=True)
    ]


def _readings(asked: Asked, subject: str, reasons: Sequence[Reason], rows: Sequence[Ours]) -> list[dict[Reading, Value]]:
    """The subject's readings before each reason is put right; after the last they are ours."""
    framework = asked.states.framework
    targets = [reason for reason in reasons if reason.cause == "target"]
    of_lines = [reason for reason in reasons if reason.cause != "target"]
    moves: dict[Reading, list[int]] = {}
    if asked.behind is not None and of_lines:
        for reading in asked.behind.readings(framework):
            own = asked.behind.moves(framework, reading, [reason.leaves for reason in of_lines], rows)
            if own is not None and any(own):
                moves[reading] = own + [0] * len(targets)
    for place, reason in enumerate(targets):
        measure = reason.leaves[0].detail.split(" ")[0]
        moves[Reading(measure)] = [0] * (len(of_lines) + place) + [reason.amount] + [0] * (len(targets) - place - 1)
    if not moves:
        return [{} for _ in range(len(reasons) + 1)]
    known = {reading: asked.states.reading(subject, reading) for reading in moves}
    return readings_of_theirs(known, moves, {reading: unit_of(framework.measures[reading.measure]) for reading in moves})


Found = tuple[list[Outcome], list[Outcome]]


def _computed(asked: Asked, owns: Sequence[_Own]) -> list[Found]:
    """For every subject the outcomes of its readings' states; then with all published KPIs given, and ever fewer of them."""
    states = asked.states
    alone = states.alone
    plain = [State(own.subject, readings if alone else {}) for own in owns for readings in own.readings]
    outcomes = iter(states.outcomes(plain))
    by_readings = [[next(outcomes) for _ in own.readings] for own in owns]
    wanted: list[list[State]] = []
    for own, found in zip(owns, by_readings, strict=True):
        figures = [one for one in own.published if one.item != TOTAL and found[0].values.get(one.item) != one.value]
        kept = [_natural(states, one) for one in own.published if one.item != TOTAL]
        given = [dict(kept)]
        for figure in figures:
            given.append({name: value for name, value in given[-1].items() if name != figure.item})
        wanted.append([State(own.subject, own.readings[0] if alone else {}, one if alone else {}) for one in given[: len(figures) + 1]])
    outcomes = iter(states.outcomes([state for own in wanted for state in own]))
    return [(found, [next(outcomes) for _ in own]) for found, own in zip(by_readings, wanted, strict=True)]


def _natural(states: States, figure: Published) -> tuple[str, Value]:
    return figure.item, from_grain(figure.value, states.framework.kpis[figure.item].unit)


def _of_subject(asked: Asked, own: _Own, states: list[Outcome], given: list[Outcome], candidates: Sequence[Candidate]) -> Compared:
    figures = []
    for published in own.published:
        if published.item != TOTAL:
            figures.append(_figure(asked, own, published, states, candidates))
    remainders = {figure.item: [step for step in figure.steps if not _is_reason(step, own.reasons)] for figure in figures}
    for published in own.published:
        if published.item == TOTAL:
            figures.append(_total(asked, own, published, states, given, remainders))
    level = asked.levels.get(own.subject, "")
    return Compared(own.subject, tuple(figures), level, states[-1].level or "")


def _is_reason(step: Step, reasons: Sequence[Reason]) -> bool:
    return any((step.cause, step.key) == (reason.cause, reason.key) for reason in reasons)


def _figure(asked: Asked, own: _Own, published: Published, states: list[Outcome], candidates: Sequence[Candidate]) -> Figure:
    framework = asked.states.framework
    kpi = published.item
    plain = asked.behind is not None and is_plain(framework, kpi, asked.behind.measure.name)
    values = [outcome.values.get(kpi) for outcome in states]
    numbers = [value if isinstance(value, int) else 0 for value in values]
    if plain and not asked.states.alone:
        numbers = [
            numbers[-1] - sum(reason.amount for reason in own.reasons[place:] if reason.cause != "target") for place in range(len(values))
        ]
    steps = remainder(published, numbers[0], candidates if plain else ())
    for reason, before, after in zip(own.reasons, numbers, numbers[1:], strict=False):
        if after != before:
            steps.append(Step(reason.cause, after - before, reason.key))
    ours = values[-1] if isinstance(values[-1], int) else None
    if ours is None and len(steps) == 1 and steps[0].cause == "unexplained":
        steps = [Step("no data", steps[0].amount, detail=states[-1].reasons.get(kpi, ""))]
    return Figure(
        published.subject,
        kpi,
        framework.kpis[kpi].unit,
        published.value,
        ours,
        tuple(steps),
        published.place,
        states[-1].reasons.get(kpi, ""),
    )


def _total(
    asked: Asked, own: _Own, published: Published, states: list[Outcome], given: list[Outcome], remainders: Mapping[str, list[Step]]
) -> Figure:
    steps = from_published(published, asked.cards.get(own.subject, Card()), given[0])
    figures = [one.item for one in own.published if one.item != TOTAL and states[0].values.get(one.item) != one.value]
    after = [(_said(remainders.get(kpi, []), kpi), outcome) for kpi, outcome in zip(figures, [*given[1:], states[0]], strict=False)]
    after += [(Step(reason.cause, 0, reason.key), outcome) for reason, outcome in zip(own.reasons, states[1:], strict=True)]
    steps += total_steps([*after, (Step("unexplained", 0), states[-1])], given[0].total or 0)
    ours = states[-1].total
    return Figure(published.subject, TOTAL, "points", published.value, ours, tuple(steps), published.place)


def _said(steps: list[Step], kpi: str) -> Step:
    """How the total names what a figure's own remainder moves it by: the figure, with its cause."""
    if not steps:
        return Step("unexplained", 0, kpi)
    weightiest = max(steps, key=lambda step: abs(step.amount))
    return replace(weightiest, amount=0, key=kpi)
