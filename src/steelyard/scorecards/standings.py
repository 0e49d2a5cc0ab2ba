"""Who stands where in a run: one row per subject with score, level, attributes and the points of every KPI.

The frames are made once a run and kept in the process; what a reader may see is cut out of them on every read, and only
then are places counted, so that neither a rank nor a median tells of partners outside the scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl
from django.db.models import QuerySet

from steelyard.calc.errors import Refused
from steelyard.calc.framework.model import Framework
from steelyard.calc.scorecards.paths import nodes_with_paths, root_path
from steelyard.calc.units import DECIMALS
from steelyard.frameworks.queries import framework as framework_of
from steelyard.ledger.scope import Scope

from . import files, limits
from .choosing import Chosen
from .kept import Kept
from .models import Publication, Result, Run
from .placing import places

SHARE = 10 ** DECIMALS["percent"]  # a share of the maximum points is stored as a percentage
_OUTCOME = {
    "subject": pl.String, "total": pl.Int64, "level": pl.String, "passes": pl.Boolean, "no_data": pl.String, "limited_by": pl.String,
    "standing": pl.String,
}  # fmt: skip
_frames: Kept[Standings] = Kept(16)
_parts: Kept[pl.DataFrame] = Kept(2_000)
_alone: Kept[dict[int, tuple[tuple[str, Run], ...]]] = Kept(64)


@dataclass(frozen=True, slots=True)
class Column:
    """One node of the card as a column: its points are in `points|PATH`, their share of the maximum in `share|PATH`, its
    KPI's value in `value|PATH`."""

    path: str
    title: str
    parent: str
    kpi: str | None
    unit: str | None
    better: str
    out_of: int | None  # grain of points

    @property
    def name(self) -> str:
        """The path as a word of an address."""
        return self.path.replace("/", ".")

    @property
    def top(self) -> bool:
        """Whether the node stands directly under the total."""
        return "/" not in self.path


@dataclass(frozen=True)
class Standings:
    """The rows of a run (or what a scope sees of them) and what its columns mean; ``before`` is the period before."""

    framework: Framework
    frame: pl.DataFrame
    columns: tuple[Column, ...]
    before: Standings | None = None

    @property
    def ranked(self) -> pl.DataFrame:
        """The rows that have a total."""
        return self.frame.filter(pl.col("total").is_not_null())

    @property
    def unranked(self) -> pl.DataFrame:
        """The rows without one; ``no_data`` says why."""
        return self.frame.filter(pl.col("total").is_null())

    def column(self, name: str) -> Column | None:
        """A column by its name in addresses."""
        return next((column for column in self.columns if column.name == name), None)


def standings(chosen: Chosen, *, scope: Scope) -> Standings:
    """What the scope sees of the chosen run, compared with the period before: rank, change, total_before, level_before, moved."""
    runs = [chosen.run, *([chosen.before] if chosen.before else [])]
    now, *before = of_runs(chosen.framework, runs, scope=scope)
    return compared(now, before[0] if before else None)


def compared(now: Standings, before: Standings | None) -> Standings:
    """The rows with rank, change, total_before, level_before, territory_before and how many levels each moved up."""
    columns = {"subject": "subject", "total_before": "total", "level_before": "level", "territory_before": "territory"}
    former = before.frame if before is not None else now.frame.clear()
    former = former.select(pl.col(source).alias(target) for target, source in columns.items())
    frame = now.frame.join(former, on="subject", how="left", maintain_order="left").with_columns(
        rank=pl.col("total").rank("min", descending=True),
        change=pl.col("total") - pl.col("total_before"),
        moved=_place("level_before", now.framework) - _place("level", now.framework),
    )
    return replace(now, frame=frame, before=before)


def of_runs(framework: str, runs: Sequence[Run], *, scope: Scope) -> list[Standings]:
    """What the scope sees of each of several runs of a framework, in force: what was published alone stands over the run."""
    alone = overlays(framework, runs)
    return [_seen(_standings(run, alone[run.pk]), scope) for run in runs]


def _seen(whole: Standings, scope: Scope) -> Standings:
    if scope.everything:
        return whole
    if "partner" not in whole.framework.subject:
        return replace(whole, frame=whole.frame.clear())
    return replace(whole, frame=whole.frame.filter(pl.col("code").is_in(list(scope.partners))))


def _place(level: str, framework: Framework) -> pl.Expr:
    """A level as a number, 0 the best; null without a level."""
    order = {name: place for place, name in enumerate(limits.names(framework))}
    return pl.col(level).replace_strict(order, default=None, return_dtype=pl.Int64)


def overlays(framework: str, runs: Sequence[Run]) -> dict[int, tuple[tuple[str, Run], ...]]:
    """For each run (by its number), the subjects whose newest publication is of another run, with that run."""
    log = Publication.objects.filter(framework_code=framework, period__in=[run.period for run in runs])
    newest = log.order_by("-pk").values_list("pk", "published_at").first()
    return _alone.get((framework, tuple((run.pk, run.run_id) for run in runs), newest), lambda: _published_alone(log, runs))


def _published_alone(log: QuerySet[Publication], runs: Sequence[Run]) -> dict[int, tuple[tuple[str, Run], ...]]:
    by_period = {run.period: run.pk for run in runs}
    found: dict[int, dict[str, int]] = {run.pk: {} for run in runs}
    for period, subject, number in log.order_by("pk").values_list("period", "subject", "run_id"):
        if subject:
            found[by_period[period]][subject] = number
        else:
            found[by_period[period]].clear()
    others = {number for alone in found.values() for number in alone.values()}
    made = Run.objects.select_related("framework").in_bulk(others) if others else {}
    return {pk: tuple((name, made[by]) for name, by in sorted(alone.items()) if by != pk) for pk, alone in found.items()}


def _standings(run: Run, alone: tuple[tuple[str, Run], ...]) -> Standings:
    whole = _frames.get(run.run_id, lambda: _made(run))
    if not alone:
        return whole
    key = (run.run_id, tuple((subject, by.run_id) for subject, by in alone))
    return _frames.get(key, lambda: _laid_over(whole, alone))


def _made(run: Run) -> Standings:
    framework = framework_of(run.framework)
    outcomes = _outcomes(run)
    attributes = places(run, framework.subject, outcomes["subject"].to_list())
    frame = attributes.join(outcomes, on="subject", how="left", maintain_order="left")
    return Standings(framework, frame, _columns(run))


def _laid_over(whole: Standings, alone: tuple[tuple[str, Run], ...]) -> Standings:
    """The outcomes of single subjects from the runs they were published from."""
    subjects: dict[str, list[str]] = {}
    runs = {by.run_id: by for _, by in alone}
    for subject, by in alone:
        subjects.setdefault(by.run_id, []).append(subject)
    parts = [_part(runs[run_id], tuple(names)) for run_id, names in subjects.items()]
    over = pl.concat(parts, how="diagonal_relaxed")
    attributes = whole.frame.select(name for name in whole.frame.columns if name == "subject" or not _is_outcome(name))
    replaced = attributes.join(over, on="subject", how="inner")
    rest = whole.frame.join(over, on="subject", how="anti")
    frame = pl.concat([rest, replaced], how="diagonal_relaxed").select(whole.frame.columns).sort("subject")
    return replace(whole, frame=frame)


def _part(run: Run, subjects: tuple[str, ...]) -> pl.DataFrame:
    return _parts.get((run.run_id, subjects), lambda: _outcomes(run, subjects))


def _is_outcome(name: str) -> bool:
    return name in _OUTCOME or "|" in name


def _outcomes(run: Run, subjects: tuple[str, ...] | None = None) -> pl.DataFrame:
    """The results with points, share and value of every node, one row per subject, sorted by it."""
    rows = Result.objects.filter(run=run)
    items = _items(run).filter(pl.col("kind").is_in(["section", "item"]))
    if subjects is not None:
        rows = rows.filter(subject__in=subjects)
        items = items.filter(pl.col("subject").is_in(list(subjects)))
    results = pl.DataFrame(list(rows.values_list(*_OUTCOME)), schema=_OUTCOME, orient="row")
    half_up = (pl.col("points") * (SHARE // 500) + pl.col("out_of")) // (2 * pl.col("out_of")) * 1000  # a share to six decimals
    share = pl.when(pl.col("out_of") > 0).then(half_up)
    long = items.select("subject", "node", "points", "value", share=share).collect()
    wide = long.pivot("node", index="subject", values=["points", "share", "value"], separator="|")
    return results.join(wide, on="subject", how="left").sort("subject")


def _items(run: Run) -> pl.LazyFrame:
    """The stored items, checked against their hash, with the subject as one text."""
    problem = files.check(run.items_path, run.items_sha256)
    if problem is not None:
        raise Refused(problem)
    subject = pl.concat_str(list(framework_of(run.framework).subject), separator=files.SEPARATOR)
    return pl.scan_parquet(files.home() / run.items_path).with_columns(subject=subject)


def _columns(run: Run) -> tuple[Column, ...]:
    """The nodes of the card below the total, in the framework's order."""
    framework = framework_of(run.framework)
    first = _items(run).unique("node", keep="first").select("node", "title", "unit", "out_of").collect()
    stored = {row["node"]: row for row in first.iter_rows(named=True)}
    found = []
    for path, node in nodes_with_paths(framework):
        if path not in stored or framework.scorecard is None or path == root_path(framework.scorecard):
            continue
        kpi = framework.kpis[node.kpi] if node.kpi else None
        better = kpi.better if kpi is not None and isinstance(kpi.better, str) else "higher"
        row, parent = stored[path], path.rpartition("/")[0]
        found.append(Column(path, row["title"], parent, node.kpi, row["unit"], better, row["out_of"]))
    return tuple(found)
