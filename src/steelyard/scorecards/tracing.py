"""Why a result changed, by cause and to the last digit: one subject computed again with one thing replaced at a time.

The order is that of `calc.causes`: what is known today of the earlier period (corrections, whose rows they are, masters,
rates, targets), then the later period with masters standing still, then what has changed in them since, then peers,
weights, rules. Where an ingredient is the same in both its step is skipped, so that most traces are a few computations
over the rows of one partner. The first and the last result are the stored ones; nothing in between is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from steelyard.calc import causes, change, kpis, scorecards
from steelyard.calc.change import Step, Waterfall
from steelyard.calc.framework.model import Framework
from steelyard.calc.kpis import KpiColumn
from steelyard.calc.over_time import Past
from steelyard.calc.over_time.needs import looks_back
from steelyard.calc.points import Points, Reading, ReadingColumn
from steelyard.calc.resolve import Histories

from . import files, others, placing, stored
from .ground import EARLIER, KNOWN_KEYS, LATER, Ground, Grounds
from .kept import Kept
from .models import Run
from .opening import opened, past
from .overrides.queries import of_runs
from .scoring import Inputs, knowing

Readings = Mapping[Reading, ReadingColumn]


@dataclass(frozen=True)
class State:
    """A result of the chain before it is computed. Targets stand on a ground of their own."""

    cause: str
    framework: Framework
    data: Ground
    targets: Ground
    peers: Run


@dataclass(frozen=True)
class Computed:
    """A result of the chain: its cause, the items of the subject."""

    state: State
    items: pl.DataFrame


@dataclass(frozen=True)
class Trace:
    """The chain of results between two runs for one subject, and its waterfall. The first and the last are stored results."""

    before: Run
    after: Run
    subject: str
    chain: tuple[Computed, ...]
    waterfall: Waterfall


_traces: Kept[Trace] = Kept(500)


def trace(before: Run, after: Run, subject: str) -> Trace:
    """Why a subject's total moved between two runs of a framework; the steps add up exactly.

    The other way round everything is the same with the other sign: which of two runs is the earlier one does not depend on
    which is asked for first.
    """
    if _order(before) <= _order(after):
        return _with_overrides(_calculated(before, after, subject))
    return _with_overrides(_turned(_calculated(after, before, subject)))


def _calculated(before: Run, after: Run, subject: str) -> Trace:
    key = (before.run_id, before.items_sha256, after.run_id, after.items_sha256, subject)
    return _traces.get(key, lambda: _Tracing(before, after, subject).trace())


def _turned(found: Trace) -> Trace:
    """The same results in the other order: what was replaced between two of them is so either way."""
    causes_between = ["", *(one.state.cause for one in reversed(found.chain[1:]))]
    chain = [replace(one, state=replace(one.state, cause=cause)) for one, cause in zip(reversed(found.chain), causes_between, strict=True)]
    return _of_chain(found.after, found.before, found.subject, tuple(chain))


def grounds_of(before: Run, after: Run, subject: str) -> Grounds:
    """What the states of a trace between two runs stand on."""
    one, other = _both(*sorted((before, after), key=_order))
    return Grounds(one, other, tuple(subject.split(files.SEPARATOR)))


def _both(one: Run, other: Run) -> tuple[Inputs, Inputs]:
    """The inputs of two runs, each with the attributes of the company's own that either framework reads."""
    old, new = opened(one).inputs, opened(other).inputs
    return knowing(old, old.framework, new.framework), knowing(new, old.framework, new.framework)


def _order(run: Run) -> tuple[object, ...]:
    return run.period_start, run.period_end, run.cut, run.framework.version, run.pk


def _of_chain(before: Run, after: Run, subject: str, chain: tuple[Computed, ...]) -> Trace:
    return Trace(before, after, subject, chain, change.chain([(one.state.cause, one.items) for one in chain]))


def _with_overrides(found: Trace) -> Trace:
    """From what counted to what counts, where people set points beside either score: what they added or took is a cause."""
    beside = of_runs((found.before, found.after), found.subject)
    calculated = (found.waterfall.start, found.waterfall.end)
    set_by_hand = [one.points if (one := beside.get(run.pk)) is not None else None for run in (found.before, found.after)]
    counts = [total if points is None else points for total, points in zip(calculated, set_by_hand, strict=True)]
    moved = (counts[1] - calculated[1]) - (counts[0] - calculated[0])
    if not moved and counts[0] == calculated[0]:
        return found
    total = found.chain[-1].items.filter(pl.col("kind") == "total")
    node, title = total.select("node", "title").row(0)
    step = Step(node, title, causes.OVERRIDE, moved, "set beside the calculated score")
    steps = (*found.waterfall.steps, *([step] if moved else []))
    return replace(found, waterfall=Waterfall(counts[0], counts[1], steps, found.waterfall.note))


class _Tracing:
    def __init__(self, before: Run, after: Run, subject: str) -> None:
        self.before, self.after, self.subject = before, after, subject
        self.old, self.new = _both(before, after)
        self.grounds = grounds_of(before, after, subject)

    def trace(self) -> Trace:
        """The chain from the one stored result to the other."""
        states = self._states()
        first = Computed(states[0], stored.items(self.before, self.subject))
        last = Computed(replace(states[-1], cause=self._last_cause()), stored.items(self.after, self.subject))
        chain = (first, *map(self._computed, states[1:]), last)
        return _of_chain(self.before, self.after, self.subject, chain)

    def _last_cause(self) -> str:
        """What is left when everything else was replaced; nothing can be, where framework and engine are the same."""
        same = self.old.framework_digest == self.new.framework_digest and self.before.inputs["engine"] == self.after.inputs["engine"]
        return causes.UNEXPLAINED if same else causes.RULES

    def _states(self) -> list[State]:
        """The first state is the stored result of the earlier run; each of the others has one thing replaced."""
        old, new, grounds = self.old, self.new, self.grounds
        others = EARLIER if grounds.compares_lines else ""
        start = Ground(old.framework, old.calendar, grounds.histories_before, EARLIER, placing.as_of(self.before), others)
        found = [State("", old.framework, start, start, self.before)]
        found += self._learned(found[-1])
        found += self._passed(found[-1])
        if self.before.pk != self.after.pk and (causes.reads_peers(old.framework) or others):
            data = replace(found[-1].data, others=LATER if others else "")
            found.append(replace(found[-1], cause=causes.PEERS, peers=self.after, data=data))
        if self.before.framework_id != self.after.framework_id:
            found.append(replace(found[-1], cause=causes.WEIGHTS, framework=causes.with_weights(old.framework, new.framework)))
        return found

    def _learned(self, state: State) -> Iterator[State]:
        """The earlier period as it is known at the later cut."""
        if self.old.cut == self.new.cut:
            return
        if self.grounds.any_moved(EARLIER, KNOWN_KEYS):
            state = replace(state, cause=causes.RESTATEMENT, data=replace(state.data, rows=KNOWN_KEYS))
            yield state
        for cause, histories in _replaced(state.data.histories, self.grounds.histories_after):
            targets = replace(state.targets, histories=histories)
            state = replace(state, cause=cause, data=replace(state.data, histories=histories), targets=targets)
            yield state
        if self.grounds.targets_moved():
            state = replace(state, cause=causes.TARGET, targets=replace(state.targets, rows=LATER))
            yield state

    def _passed(self, state: State) -> Iterator[State]:
        """Rows that are new, and the later period instead of the earlier: first as if no master had changed in between."""
        same_period = (self.old.period.start, self.old.period.end) == (self.new.period.start, self.new.period.end)
        whole, day = state.data.histories, placing.as_of(self.after)
        still = whole if same_period else causes.standing_still(whole, state.data.day)
        now = Ground(state.data.framework, self.new.calendar, still, LATER, day, state.data.others)
        state = replace(state, cause=causes.DATA, data=now)
        if not same_period or self._rests_on_others():
            yield state
        for cause, histories in _replaced(still, whole):
            state = replace(state, cause=cause, data=replace(state.data, histories=histories))
            yield state
        if not same_period and self.grounds.reads_targets:
            state = replace(state, cause=causes.TARGET, targets=state.data)
            yield state

    def _rests_on_others(self) -> bool:
        """Whether, of the same period, there are new rows, another calendar or other earlier results."""
        old, new = self.old, self.new
        changed = (old.calendar, old.earlier, old.cycles) != (new.calendar, new.earlier, new.cycles)
        return changed or self.grounds.any_moved(KNOWN_KEYS, LATER)

    def _computed(self, state: State) -> Computed:
        points, readings = self.grounds.read(state.data, targets=False)
        if not points:
            return Computed(state, stored.items(self.before, self.subject).clear())
        if self.grounds.reads_targets:
            readings = {**readings, **self.grounds.read(state.targets, targets=True)[1]}
        columns = self._kpis(state, points, readings)
        cards = scorecards.compute(state.framework, points, columns, readings, past=self._past(state))
        return Computed(state, cards.items_frame())

    def _past(self, state: State) -> Past | None:
        """The earlier results that belong to the rows of a state."""
        return past(self.after if state.data.rows == LATER else self.before) if looks_back(state.framework) else None

    def _kpis(self, state: State, points: Points, readings: Readings) -> dict[str, KpiColumn]:
        """The subject's KPIs; where some compare it with peers, as its peers had them in a stored run."""
        if not causes.reads_peers(state.framework):
            return kpis.compute(state.framework, points, readings, past=self._past(state))
        everybody, everything = others.beside(state.peers, state.data.framework, points, readings)
        columns = kpis.compute(state.framework, everybody, everything, past=self._past(state))
        return {name: others.last(column) for name, column in columns.items()}


def _replaced(histories: Histories, wanted: Histories) -> Iterator[tuple[str, Histories]]:
    """The histories with those of one cause after the other replaced, where they differ."""
    for cause in (causes.ATTRIBUTION, causes.MASTERS, causes.FX):
        tables = causes.tables_of(cause)
        if histories.digest(*tables) != wanted.digest(*tables):
            histories = causes.swapped(histories, wanted, cause)
            yield cause, histories
