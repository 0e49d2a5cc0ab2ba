"""The earlier results that a run reads: those in force when it was scored, each named by its hash (`earlier: as published`)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import polars as pl
from django.conf import settings
from django.utils.module_loading import import_string

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.formula.nodes import Value
from steelyard.calc.framework.model import Framework
from steelyard.calc.kpis import Stored, natural
from steelyard.calc.over_time import Holding, Moment
from steelyard.calc.over_time.moments import CARRIED
from steelyard.calc.periods import FiscalCalendar, Period
from steelyard.calc.points import Points, Reading, ReadingColumn
from steelyard.calc.scorecards.paths import nodes_with_paths, root_path
from steelyard.calc.units import Blank, from_grain
from steelyard.frameworks.queries import framework as framework_of

from . import files, stored
from .models import Publication, Run

Attributes = Callable[[Run], Points]


@dataclass(frozen=True, slots=True)
class Read:
    """An earlier run that is read: of everybody, or of one subject that was published alone. ``digest``: of both its files."""

    period: str
    start: date
    end: date  # exclusive
    run_id: str
    digest: str
    subject: str = ""

    @property
    def as_of(self) -> date:
        """The last day of its period."""
        return self.end - timedelta(days=1)

    def as_dict(self) -> dict[str, str]:
        """Plain values, as the run keeps them."""
        return {name: str(value) for name, value in asdict(self).items()}

    @property
    def receipt(self) -> str:
        """The name of the run, short enough to read out."""
        return "-".join(self.run_id[place : place + 4] for place in (0, 4, 8))

    @classmethod
    def of(cls, kept: Mapping[str, str]) -> Read:
        """What `as_dict` wrote."""
        return cls(**{**kept, "start": date.fromisoformat(kept["start"]), "end": date.fromisoformat(kept["end"])})  # type: ignore[arg-type]


def in_force(framework: Framework, needed: date, before: date) -> tuple[Read, ...]:
    """The published results of a framework as of days from ``needed`` on and before another, oldest first."""
    log = Publication.objects.filter(framework_code=framework.code, run__period_end__lte=before, run__period_end__gt=needed)
    entries = list(log.order_by("pk").values_list("period", "subject", "run_id"))
    runs = Run.objects.select_related("framework").defer("earlier").in_bulk({run for _, _, run in entries})
    grains = {number: framework_of(run.framework).grain for number, run in runs.items()}
    current: dict[str, dict[str, Run]] = {}
    for period, subject, number in entries:
        if grains[number] == framework.grain:
            if not subject:
                current[period] = {}
            current.setdefault(period, {})[subject] = runs[number]
    found = [
        Read(run.period, run.period_start, run.period_end, run.run_id, digest_of(run), subject)
        for chosen in current.values()
        for subject, run in chosen.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.subject)))


def digest_of(run: Run) -> str:
    """One hash over both files of a run."""
    return hashlib.sha256(f"{run.items_sha256}\n{run.readings_sha256}".encode()).hexdigest()


def digest(reads: Iterable[Read]) -> str:
    """One hash over everything that is read."""
    return hashlib.sha256(json.dumps([one.as_dict() for one in reads], sort_keys=True).encode()).hexdigest()


def review_days() -> dict[str, tuple[date, ...]]:
    """The days of every review cycle, by the code of its framework; what is above scorecards says so."""
    found: dict[str, tuple[date, ...]] = import_string(settings.REVIEW_DAYS)()
    return found


def moments(
    framework: Framework, reads: Sequence[Read], calendar: FiscalCalendar, now: Period, attributes: Attributes | None
) -> list[Moment]:
    """One moment a period from the first that is read to the present, oldest first; empty where nothing was published."""
    if not reads:
        return []
    named = Run.objects.select_related("framework").defer("earlier").filter(run_id__in={one.run_id for one in reads})
    runs = {run.run_id: run for run in named}
    by_start: dict[date, list[tuple[str, Run]]] = {}
    for one in reads:
        run = runs.get(one.run_id)
        if run is None or digest_of(run) != one.digest:
            hint = "restore it, or score the period again"
            raise Refused(
                Problem("earlier-run-missing", "a result that this one reads is not there", where=one.period, found=one.run_id, hint=hint)
            )
        by_start.setdefault(one.start, []).append((one.subject, run))
    found = []
    for period in calendar.periods(framework.grain, min(by_start), now.start - timedelta(days=1)):
        there = by_start.get(period.start)
        found.append(Moment(period.as_of) if there is None else Filed(framework, period.as_of, there).moment(attributes))
    return found


class Filed:
    """The rows of a period from the files of the runs in force: of everybody from one, of some subjects from others."""

    def __init__(self, framework: Framework, as_of: date, runs: Sequence[tuple[str, Run]]) -> None:
        self.framework, self.as_of = framework, as_of
        self.alone = [subject for subject, _ in runs if subject]
        self.runs: dict[str, tuple[Run, list[str]]] = {}  # each file is read once, however many subjects were published alone from it
        for subject, run in sorted(runs, key=lambda pair: bool(pair[0])):
            key = f"{run.run_id} {bool(subject)}"
            self.runs.setdefault(key, (run, []))[1].extend([subject] if subject else [])
        self.frame = pl.concat([self._rows(run, names) for run, names in self.runs.values()], how="vertical")
        self.subjects = self.frame["subject"].unique().sort()
        self._notes: list[dict[str, Any]] | None = None

    def _rows(self, run: Run, names: Sequence[str]) -> pl.DataFrame:
        """The rows of some subjects of a run; without names, of all that were not published alone."""
        version = framework_of(run.framework)
        rows = stored.looked_back(run, version.subject)
        paths = {path: node.name for path, node in nodes_with_paths(version)}
        root = "total" if version.scorecard is None else root_path(version.scorecard)
        rows = rows.with_columns(name=pl.col("node").replace_strict({**paths, root: "total"}, default=None, return_dtype=pl.String))
        return rows.filter(pl.col("subject").is_in(names) if names else ~pl.col("subject").is_in(self.alone))

    def moment(self, attributes: Attributes | None) -> Moment:
        """The period as those that follow see it."""
        keys = [tuple(subject.split(files.SEPARATOR)) for subject in self.subjects]
        points = Points(keys, [self.as_of] * len(keys), self._attributes(keys, attributes))
        known: dict[str, Callable[[], list[Value]]] = {name: partial(self._kpi, name) for name in self.framework.kpis}
        for name in ("total", *(node.name for _, node in nodes_with_paths(self.framework))):
            known[f"points({name})"] = partial(self._points, name)
            known[f"passes({name})"] = partial(self._passes, name)
        known |= {"points": known["points(total)"], "passes": known["passes(total)"], "overall": self._overall, "level": self._level}
        fresh = {name: partial(self._fresh, name) for name in self.framework.kpis}
        told = zip(keys, self.notes(), strict=True)
        holdings = {subject: Holding.of(notes["standing"]) for subject, notes in told if "standing" in notes}
        return Moment(self.as_of, points, FiledReadings(self), known, fresh, holdings)

    def column(self, where: pl.Expr, *names: str) -> list[tuple[Any, ...]]:
        """The values of the rows that match, one per subject in order; None where a subject has no such row."""
        rows = self.frame.filter(where).unique("subject", keep="first", maintain_order=True).select("subject", *names)
        return list(
            pl.DataFrame({"subject": self.subjects}).join(rows, on="subject", how="left", maintain_order="left").select(names).iter_rows()
        )

    def notes(self) -> list[dict[str, Any]]:
        """What was noted about each subject's total."""
        if self._notes is None:
            self._notes = [json.loads(text) if text else {} for (text,) in self.column(pl.col("kind") == "total", "notes")]
        return self._notes

    def _kpi(self, name: str) -> list[Value]:
        """A KPI as it was said, in natural units."""
        return [natural([value], unit)[0] for unit, value, _ in self._stored(name)]

    def _fresh(self, name: str) -> list[Stored]:
        """A KPI as it is stored, where it was not itself carried from before."""
        return [Blank(CARRIED) if policy == "carry" else value for _, value, policy in self._stored(name)]

    def _stored(self, name: str) -> list[tuple[str, Stored, str | None]]:
        """Unit, stored value and no-data policy of a KPI at every subject."""
        rows = self.column(pl.col("kpi") == name, "unit", "value", "value_text", "no_data", "no_data_reason")
        kept = [(unit, text if unit == "text" else value, policy, reason) for unit, value, text, policy, reason in rows]
        return [(unit or "text", Blank(reason or "no data") if value is None else value, policy) for unit, value, policy, reason in kept]

    def _points(self, name: str) -> list[Value]:
        rows = self.column(pl.col("name") == name, "points", "no_data_reason")
        return [Blank(reason or "no value") if points is None else from_grain(points, "points") for points, reason in rows]

    def _passes(self, name: str) -> list[Value]:
        return [Blank("no value") if passes is None else passes for (passes,) in self.column(pl.col("name") == name, "passes")]

    def _overall(self) -> list[Value]:
        totals = self._points("total")
        return [
            total if "overall" not in notes else Blank("no value") if notes["overall"] is None else from_grain(notes["overall"], "points")
            for total, notes in zip(totals, self.notes(), strict=True)
        ]

    def _level(self) -> list[Value]:
        return [notes.get("level", Blank("no level was earned")) for notes in self.notes()]

    def _attributes(self, keys: Sequence[tuple[str, ...]], attributes: Attributes | None) -> dict[str, list[Value]]:
        """The attributes on the day, as they were known when the run was scored; only where a rule asks for them."""
        if attributes is None:
            return {}
        found: dict[str, list[Value]] = {}
        places = {subject: position for position, subject in enumerate(keys)}
        for run, names in self.runs.values():
            points, asked = attributes(run), {tuple(name.split(files.SEPARATOR)) for name in names}
            for name, values in points.attributes.items():
                column = found.setdefault(name, [Blank(f"{name} is not known")] * len(keys))
                for subject, value in zip(points.subjects, values, strict=True):
                    if subject in places and (subject in asked or not names):
                        column[places[subject]] = value
        return found


class FiledReadings(Mapping[Reading, ReadingColumn]):
    """What measures said then, read when a rule asks for it."""

    def __init__(self, filed: Filed) -> None:
        self.filed = filed
        self.framework = filed.framework

    def __getitem__(self, reading: Reading) -> ReadingColumn:
        if reading.measure not in self.framework.measures:
            raise KeyError(reading)
        said: dict[str, Any] = {}
        nothing = Blank("it was not read")
        for run, names in self.filed.runs.values():
            told = stored.reading(self.framework, run, reading)
            said |= {name: told.get(name, nothing) for name in names} if names else told
        return ReadingColumn([said.get(name, nothing) for name in self.filed.subjects], [0] * len(self.filed.subjects))

    def __iter__(self) -> Iterator[Reading]:
        return (Reading(name) for name in self.framework.measures)

    def __len__(self) -> int:
        return len(self.framework.measures)
