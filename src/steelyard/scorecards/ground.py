"""What one subject's readings are taken from, when it is computed again: which rows, which masters, which day.

The rows of two cuts are read once, those of a partner under any name that ever meant it; the histories are cut down to
what its rows can meet. So a computation touches a few hundred rows, however large the ledger is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from steelyard.calc import causes, kpis
from steelyard.calc.facts import FACTS
from steelyard.calc.framework.model import Framework
from steelyard.calc.lists.listing import list_lines
from steelyard.calc.lists.planning import has_peers
from steelyard.calc.measures.countries import sells_in
from steelyard.calc.measures.evaluate import Cube, evaluate
from steelyard.calc.measures.known import read_coverage
from steelyard.calc.measures.listing import list_rows
from steelyard.calc.measures.partial import reduce
from steelyard.calc.measures.plan import Plan, plan, window_of
from steelyard.calc.periods import FiscalCalendar
from steelyard.calc.points import Points, Reading, ReadingColumn, readings_of
from steelyard.calc.resolve import Histories, Resolver
from steelyard.calc.subjects import subjects as all_subjects
from steelyard.ledger import queries as ledger

from .scoring import Inputs

EARLIER, KNOWN_KEYS, LATER = "earlier", "known keys", "later"  # rows of the earlier cut; with their corrections; of the later cut
MASTERS = {"partner": "partners", "representative": "representatives", "territory": "territories"}


@dataclass(frozen=True)
class Ground:
    """Which rows, which masters, which day of which calendar, read by the measures of which framework."""

    framework: Framework
    calendar: FiscalCalendar
    histories: Histories
    rows: str
    day: date
    others: str = ""  # whose lines the subject's are compared with: the other partners' rows; "": none are read apart

    @property
    def key(self) -> tuple[object, ...]:
        """Names the ground among those of one trace."""
        return (id(self.framework), id(self.calendar), id(self.histories), self.rows, self.day, self.others)


@dataclass
class Grounds:
    """Everything that one subject's readings between two runs can be taken from; each is read and computed once."""

    old: Inputs
    new: Inputs
    codes: tuple[str, ...]
    _rows: dict[tuple[str, str], pl.DataFrame] = field(default_factory=dict)
    _readings: dict[tuple[object, ...], tuple[Points, dict[Reading, ReadingColumn]]] = field(default_factory=dict)
    _resolvers: dict[int, Resolver] = field(default_factory=dict)
    _used: list[Ground] = field(default_factory=list)  # an id names an object only as long as it is there

    @cached_property
    def kinds(self) -> list[str]:
        """The kinds of fact that the earlier framework reads."""
        framework = self.old.framework
        return plan(framework, self.old.calendar, readings_of(framework)).facts

    @property
    def reads_targets(self) -> bool:
        """Whether any measure reads targets."""
        return "targets" in self.kinds

    @cached_property
    def partner(self) -> str | None:
        """The partner that is scored, where one is: only its rows are read. Lines of a list may be told by others' rows."""
        return None if self.old.framework.lists else self._scored_partner

    @property
    def _scored_partner(self) -> str | None:
        subject = self.old.framework.subject
        return self.codes[subject.index("partner")] if "partner" in subject else None

    @property
    def compares_lines(self) -> bool:
        """Whether lines of a partner's lists are compared with those of others."""
        return self._scored_partner is not None and has_peers(self.old.framework, self.old.framework.lists)

    @cached_property
    def histories_before(self) -> Histories:
        """What the masters said at the earlier cut."""
        return self._own(self.old.histories)

    @cached_property
    def histories_after(self) -> Histories:
        """What the masters said at the later cut."""
        return self.histories_before if self.old.cut == self.new.cut else self._own(self.new.histories)

    def any_moved(self, one: str, other: str) -> bool:
        """Whether two sets of rows differ, targets aside."""
        return any(not causes.same_rows(self.rows(kind, one), self.rows(kind, other)) for kind in self.kinds if kind != "targets")

    def targets_moved(self) -> bool:
        """Whether the later cut knows other targets."""
        return self.reads_targets and not causes.same_rows(self.rows("targets", EARLIER), self.rows("targets", LATER))

    def read(self, ground: Ground, *, targets: bool) -> tuple[Points, dict[Reading, ReadingColumn]]:
        """The subject on a ground (no point where it is not there or not scored) with its targets, or with all else."""
        key = (*ground.key, targets)
        if key not in self._readings:
            self._used.append(ground)
            self._readings[key] = self._measured(ground, targets)
        return self._readings[key]

    def rows(self, kind: str, which: str) -> pl.DataFrame:
        """The rows of a kind that may concern the subject."""
        if (kind, which) not in self._rows:
            self._rows[kind, which] = self._listed(kind, which)
        return self._rows[kind, which]

    def _own(self, histories: Histories) -> Histories:
        if self.partner is None:
            return histories
        met = {kind: pl.concat([self.rows(kind, EARLIER), self.rows(kind, LATER)]) for kind in self.kinds}
        return causes.own(histories, self.partner, met, self.old.framework)

    def listed(self, ground: Ground, reading: Reading) -> pl.DataFrame | None:
        """The rows (or lines of a list) behind a reading on a ground; None where the subject or the measure is not there."""
        framework = ground.framework
        points, place = self._points(ground)
        if not points or reading.measure not in framework.measures:
            return None
        measure, todo = framework.measures[reading.measure], plan(framework, ground.calendar, [reading])
        if measure.list:
            return list_lines(self._cube(ground, todo), points, reading, place)
        span = ground.calendar.window(window_of(framework, measure, reading.window), ground.day, framework.grain)
        return list_rows(todo, self._resolver(ground), self.rows(measure.fact, ground.rows).lazy(), measure, self.codes, *span)

    def is_rewritten(self, kind: str) -> bool:
        """Whether the numbers of a kind's rows are others at the other cut."""
        return kind in self._rewritten

    def _measured(self, ground: Ground, targets: bool) -> tuple[Points, dict[Reading, ReadingColumn]]:
        framework = ground.framework
        points, place = self._points(ground)
        asked = {reading for reading in readings_of(framework) if (framework.measures[reading.measure].fact == "targets") == targets}
        if not points:
            return points, {}
        found = evaluate(self._cube(ground, plan(framework, ground.calendar, asked)), points, asked)
        return points.take([place]), {reading: _at(column, place) for reading, column in found.items()}

    def _cube(self, ground: Ground, todo: Plan) -> Cube:
        resolver, partials = self._resolver(ground), {}
        for scan in todo.scans:
            rows = self._beside(scan.fact, ground)
            partial = reduce(todo, scan, resolver, rows.lazy(), rows.height)
            if partial is not None:
                partials[scan.name] = partial
        coverage = read_coverage(self.rows("coverage", ground.rows).lazy(), resolver) if "coverage" in todo.facts else None
        return Cube(todo, resolver, partials, coverage)

    def _beside(self, kind: str, ground: Ground) -> pl.DataFrame:
        """The rows of a kind: the subject's own of one set, and the other partners' of another."""
        rows = self.rows(kind, ground.rows)
        if ground.others in ("", ground.rows) or "party" not in FACTS[kind].by_name or kind == "coverage":
            return rows
        own = pl.col("party").is_in(self._names).fill_null(False)
        return pl.concat([rows.filter(own), self.rows(kind, ground.others).filter(~own)])

    def _resolver(self, ground: Ground) -> Resolver:
        """The lookups of a ground's masters, built once; the masters are kept, so that their id names them."""
        self._used.append(ground)
        return self._resolvers.setdefault(id(ground.histories), Resolver(ground.histories))

    def _points(self, ground: Ground) -> tuple[Points, int]:
        """The subject alone, or among all others where lines of lists are compared with theirs; and its place."""
        point = self._point(ground)
        if not point or not has_peers(ground.framework, ground.framework.lists):
            return point, 0
        points = self._scored(ground, ground.histories)
        return points, points.subjects.index(self.codes)

    def _point(self, ground: Ground) -> Points:
        """The subject with its attributes on the ground's day."""
        own: dict[str, pl.DataFrame] = {}
        for kind, code in zip(ground.framework.subject, self.codes, strict=True):
            if kind == "country":
                continue
            table: pl.DataFrame = getattr(ground.histories, MASTERS[kind])
            own[MASTERS[kind]] = table.filter(pl.col("code") == code)
        points = self._scored(ground, replace(ground.histories, **own))
        return points.take([place for place, codes in enumerate(points.subjects) if codes == self.codes])  # of one country, if by country

    def _scored(self, ground: Ground, histories: Histories) -> Points:
        period = replace(self.new.period, start=ground.day, end=ground.day + timedelta(days=1))
        inputs = replace(self.new, framework=ground.framework, histories=histories, period=period)
        points = all_subjects(inputs.framework, inputs.histories, inputs.as_of, self._sells_in(ground))
        return points.take(kpis.applicable(ground.framework, points))

    def _sells_in(self, ground: Ground) -> pl.DataFrame | None:
        """Which countries the ground's rows name, where a partner is scored by country."""
        if "country" not in ground.framework.subject:
            return None
        todo = plan(ground.framework, ground.calendar, readings_of(ground.framework))
        rows = {scan.fact: self._beside(scan.fact, ground).lazy() for scan in todo.scans if "country" in scan.subjects}
        return sells_in(todo, self._resolver(ground), rows)

    @cached_property
    def _rewritten(self) -> set[str]:
        return ledger.rewritten(*self._cuts)

    @property
    def _cuts(self) -> tuple[int, int]:
        """The two cuts; a later period may be known as of an earlier day."""
        return min(self.old.cut, self.new.cut), max(self.old.cut, self.new.cut)

    def _listed(self, kind: str, which: str) -> pl.DataFrame:
        forward, rewritten = self.old.cut <= self.new.cut, kind in self._rewritten
        if which == KNOWN_KEYS:
            known, other = (EARLIER, LATER) if forward else (LATER, EARLIER)
            if rewritten:
                return causes.known_again(self.rows(kind, known), self.rows(kind, other), self._standing(kind), forward=forward)
            keys = ledger.corrected_keys(kind, *self._cuts)
            return causes.corrected(self.rows(kind, other), self.rows(kind, known), keys, forward=forward)
        if which == (EARLIER if forward else LATER) and not rewritten:
            return self.rows(kind, LATER if forward else EARLIER).filter(pl.col("commit_seq") <= self._cuts[0])
        rows = ledger.facts(kind, cut=self.old.cut if which == EARLIER else self.new.cut, scope=ledger.EVERYTHING)
        return (rows.filter(pl.col("party").is_in(self._names)) if self._is_own(kind) else rows).collect()

    def _standing(self, kind: str) -> pl.DataFrame:
        """The keys of all rows that stood at the earlier cut, whosever they were."""
        columns = ["key_hash", "ordinal", "sign"]
        rows = ledger.facts(kind, cut=self._cuts[0], scope=ledger.EVERYTHING, columns=columns).with_columns(pl.col("sign").cast(pl.Int64))
        return rows.group_by("key_hash", "ordinal").agg(pl.col("sign").sum()).filter(pl.col("sign") > 0).collect()

    def _is_own(self, kind: str) -> bool:
        """Whether a partner's rows of a kind can be told by their party; a report that covers everybody names nobody."""
        return self.partner is not None and "party" in FACTS[kind].by_name and kind != "coverage"

    @cached_property
    def _names(self) -> list[str]:
        """Every key that ever meant the partner at any source."""
        names = {self._scored_partner or ""}
        for inputs in (self.old, self.new):
            aliases = inputs.histories.aliases
            names |= set(aliases.filter(pl.col("partner") == self._scored_partner)["party"])
        return sorted(names)


def _at(column: ReadingColumn, place: int) -> ReadingColumn:
    """A reading of one point alone."""
    excluded = {reason: [counts[place]] for reason, counts in column.excluded.items()}
    return ReadingColumn([column.values[place]], [column.counted[place]], excluded)
