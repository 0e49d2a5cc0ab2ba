"""What partners had in the newest run of a framework, for the prover."""

from __future__ import annotations

from typing import Any

import polars as pl

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.formula.nodes import Value
from steelyard.calc.kpis import natural
from steelyard.calc.points import Points
from steelyard.calc.prover import Backtest
from steelyard.calc.units import Blank
from steelyard.frameworks.queries import framework as framework_of

from . import files, stored
from .models import Run
from .opening import opened
from .scoring import subjects


def newest(code: str) -> Backtest:
    """KPIs, readings and attributes of everybody in the run of the newest period; `Refused` if the framework was never scored."""
    run = Run.objects.select_related("framework").filter(framework__code=code).order_by("-period_end", "-created_at").first()
    if run is None:
        hint = "score it first, or check it without partners"
        raise Refused(Problem("never-scored", "no partner was ever scored by this framework", found=code, hint=hint))
    return of_run(run)


def of_run(run: Run) -> Backtest:
    """What a run says of everybody, in the order of its subjects."""
    framework = framework_of(run.framework)
    frame = stored.lean(run).frame
    keys = list(dict.fromkeys(frame.select(framework.subject).iter_rows()))
    places = {key: place for place, key in enumerate(keys)}
    return Backtest(run.period, [files.SEPARATOR.join(key) for key in keys], _kpis(run, frame, places), _measures(run, places),
                    _attributes(subjects(opened(run).inputs), keys))  # fmt: skip


def _kpis(run: Run, frame: pl.DataFrame, places: dict[Any, int]) -> dict[str, list[Value]]:
    framework = framework_of(run.framework)
    found: dict[str, list[Value]] = {}
    columns = [*framework.subject, "kpi", "unit", "value", "value_text"]
    for row in frame.filter(pl.col("kpi").is_not_null()).select(columns).iter_rows():
        *key, kpi, unit, value, text = row
        kept: Any = text if unit == "text" else value
        column = found.setdefault(kpi, [Blank("no data")] * len(places))
        column[places[tuple(key)]] = Blank("no data") if kept is None else natural([kept], unit)[0]
    return found


def _measures(run: Run, places: dict[Any, int]) -> dict[str, list[Value]]:
    framework = framework_of(run.framework)
    found: dict[str, list[Value]] = {}
    for key, place in places.items():
        for reading, value in stored.values(framework, stored.readings(run, files.SEPARATOR.join(key))).items():
            found.setdefault(str(reading), [Blank("no data")] * len(places))[place] = value
    return found


def _attributes(points: Points, keys: list[Any]) -> dict[str, list[Value]]:
    at = {key: place for place, key in enumerate(points.subjects)}
    return {name: [column[at[key]] for key in keys] for name, column in points.attributes.items()}
