"""A subject over earlier periods, and what its peers had: from the runs in force then."""

from __future__ import annotations

import json
from dataclasses import dataclass

import polars as pl

from steelyard.calc.receipts.peers import LEAST_TOLD
from steelyard.calc.units import DECIMALS, divide

from . import stored
from .choosing import Chosen
from .kept import Kept
from .models import Publication, Run

TENTH = 10 ** (DECIMALS["points"] - 1)

_peers: Kept[Peers | None] = Kept(64)


@dataclass(frozen=True, slots=True)
class Peers:
    """The middle of everybody scored in a run, to a tenth of a point: the same for all, so that no two views can be subtracted."""

    median: int
    low: int  # a quarter lies below
    high: int
    count: int


@dataclass(frozen=True, slots=True)
class Then:
    """What a KPI was."""

    value: int | None
    points: int | None


@dataclass(frozen=True)
class Past:
    """One period of a subject. ``is_former``: it was scored then; ``open_to_peers``: the middle of all may be shown."""

    run: Run
    total: int | None
    level: str | None
    is_former: bool
    open_to_peers: bool
    nodes: dict[str, tuple[str | None, str | None, int | None, int | None]]  # node -> kpi, unit, value, contribution

    @classmethod
    def of(cls, run: Run, subject: str, *, open_to_peers: bool = True) -> Past:
        """What a run says of a subject."""
        total, level, nodes = None, None, {}
        for row in stored.lean(run).rows(subject).iter_rows(named=True):
            if row["kind"] == "total":
                total, level = row["points"], json.loads(row["notes"] or "{}").get("level")
            nodes[row["node"]] = (row["kpi"], row["unit"], row["value"], row["total_contribution"])
        return cls(run, total, level, bool(nodes), open_to_peers, nodes)

    @property
    def period(self) -> str:
        """The label of the period."""
        return self.run.period

    @property
    def peers(self) -> Peers | None:
        """The middle of everybody scored then."""
        return peers_of(self.run) if self.open_to_peers else None

    def at(self, node: str, kpi: str, unit: str) -> Then | None:
        """A KPI where it stood then, if it was the same one."""
        found = self.nodes.get(node)
        return Then(found[2], found[3]) if found is not None and found[:2] == (kpi, unit) else None


def looking_back(chosen: Chosen, shown: Run, subject: str, count: int, *, published_only: bool) -> tuple[Past, ...]:
    """The last periods up to the one shown, oldest first; of each the run in force for the subject."""
    labels = [period.label for period in chosen.earlier[: count - 1]]
    log = Publication.objects.filter(framework_code=chosen.framework, period__in=[*labels, chosen.period], subject__in=["", subject])
    in_force: dict[str, Run] = {}
    whole: set[int] = set()
    for entry in log.select_related("run__framework").order_by("pk"):
        in_force[entry.period] = entry.run
        if not entry.subject:
            whole.add(entry.run_id)
    absent = [label for label in labels if label not in in_force]
    if absent and not published_only:
        runs = Run.objects.select_related("framework").filter(framework__code=chosen.framework, period__in=absent)
        for run in runs.order_by("framework__version", "cut", "created_at"):
            in_force[run.period] = run
    runs_back = [in_force[label] for label in reversed(labels) if label in in_force]
    return tuple(Past.of(run, subject, open_to_peers=not published_only or run.pk in whole) for run in [*runs_back, shown])


def peers_of(run: Run) -> Peers | None:
    """The median and the middle half of all totals of a run; None below so many others."""
    return _peers.get(run.items_sha256, lambda: _peers_of(run))


def _peers_of(run: Run) -> Peers | None:
    frame = stored.lean(run).frame
    totals = frame.filter((pl.col("kind") == "total") & pl.col("points").is_not_null())["points"].sort().to_list()
    if len(totals) <= LEAST_TOLD:
        return None
    return Peers(_part(totals, 2), _part(totals, 1), _part(totals, 3), len(totals))


def _part(ordered: list[int], quarters: int) -> int:
    """The value so many quarters up, between neighbours in proportion, to a tenth of a point."""
    place, rest = divmod((len(ordered) - 1) * quarters, 4)
    between = ordered[place] * 4 + (ordered[min(place + 1, len(ordered) - 1)] - ordered[place]) * rest
    tenths: int = divide(between, 4 * TENTH)
    return int(tenths * TENTH)
