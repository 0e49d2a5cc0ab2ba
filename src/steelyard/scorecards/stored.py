"""The stored items and readings of runs, in memory: each file's hash is checked once, then a subject's rows are a slice."""

from __future__ import annotations

import json
from dataclasses import dataclass

import polars as pl

from steelyard.calc.errors import Missing, Refused
from steelyard.calc.formula.nodes import Value
from steelyard.calc.framework.model import Framework
from steelyard.calc.points import Reading
from steelyard.calc.receipts.readings import value_of
from steelyard.calc.units import Blank
from steelyard.frameworks.queries import framework as framework_of

from . import files
from .kept import Kept
from .models import Run

LOOKED_BACK = (
    "kind", "node", "kpi", "unit", "value", "value_text", "points", "passes", "no_data", "no_data_reason", "notes",
)  # fmt: skip
LEAN = ("kind", "node", "kpi", "unit", "value", "value_text", "points", "total_contribution", "notes")


@dataclass(frozen=True)
class Filed:
    """A frame in which the rows of each subject lie together, and where they lie."""

    frame: pl.DataFrame
    places: dict[str, tuple[int, int]]

    def rows(self, subject: str) -> pl.DataFrame:
        """The rows of a subject; none if it is not there."""
        start, count = self.places.get(subject, (0, 0))
        return self.frame.slice(start, count)


_items: Kept[Filed] = Kept(6)
_lean: Kept[Filed] = Kept(32)
_readings: Kept[Filed] = Kept(6)
_compared: Kept[pl.DataFrame] = Kept(4)


def items(run: Run, subject: str) -> pl.DataFrame:
    """The rows of the items frame of one subject; `Missing` if it was not scored."""
    found = _items.get(run.items_sha256, lambda: _filed(run, None)).rows(subject)
    if found.is_empty():
        raise Missing
    return found


def everybody(run: Run) -> pl.DataFrame:
    """The items frame of a run, of all subjects."""
    return _items.get(run.items_sha256, lambda: _filed(run, None)).frame


def lean(run: Run) -> Filed:
    """The columns that a look back needs, of all subjects."""
    return _lean.get(run.items_sha256, lambda: _filed(run, LEAN))


def looked_back(run: Run, kinds: tuple[str, ...]) -> pl.DataFrame:
    """The rows that later runs look back on, with the subject as one text; checked, not kept."""
    frame = _checked(run.items_path, run.items_sha256, (*kinds, *LOOKED_BACK))
    return frame.select(pl.concat_str(list(kinds), separator=files.SEPARATOR).alias("subject"), *LOOKED_BACK)


def readings(run: Run, subject: str) -> pl.DataFrame:
    """What every measure said of one subject."""
    return _readings.get(run.readings_sha256, lambda: _filed_readings(run)).rows(subject)


def peers(run: Run) -> pl.DataFrame:
    """What everybody was compared with."""
    return _compared.get(run.peers_sha256, lambda: _checked(run.peers_path, run.peers_sha256, None))


def whole(path: str) -> pl.DataFrame:
    """A file of a run as it is, whatever memory holds and whatever its hash is."""
    return pl.read_parquet(files.home() / path)


def reading(framework: Framework, run: Run, of: Reading) -> dict[str, Value]:
    """What one reading said of every subject of a run, by subject, as calculation has it."""
    rows = _readings.get(run.readings_sha256, lambda: _filed_readings(run)).frame
    if not rows.width:
        return {}
    kind = framework.measures[of.measure].type.kind
    kept = rows.filter((pl.col("measure") == of.measure) & pl.col("window").eq_missing(pl.lit(of.window, dtype=pl.String)))
    return {
        subject: Blank(blank) if value is None else value_of(value, kind)
        for subject, value, blank in kept.select("subject", "value", "blank").iter_rows()
    }


def values(framework: Framework, rows: pl.DataFrame) -> dict[Reading, Value]:
    """Readings as calculation has them, from their exact text."""
    found: dict[Reading, Value] = {}
    for row in rows.iter_rows(named=True):
        kind = framework.measures[row["measure"]].type.kind
        found[Reading(row["measure"], row["window"])] = Blank(row["blank"]) if row["value"] is None else value_of(row["value"], kind)
    return found


def excluded(text: str | None) -> dict[str, int]:
    """Reason -> rows that it excluded."""
    return dict(json.loads(text)) if text else {}


def _filed(run: Run, columns: tuple[str, ...] | None) -> Filed:
    kinds = framework_of(run.framework).subject
    frame = _checked(run.items_path, run.items_sha256, columns and (*kinds, *columns))
    subjects = frame.select(pl.concat_str(list(kinds), separator=files.SEPARATOR)).to_series()
    return Filed(frame, _places(subjects))


def _filed_readings(run: Run) -> Filed:
    frame = _checked(run.readings_path, run.readings_sha256, None)
    return Filed(frame, _places(frame["subject"]) if frame.width else {})


def _checked(path: str, sha256: str, columns: tuple[str, ...] | None) -> pl.DataFrame:
    problem = files.check(path, sha256)
    if problem is not None:
        raise Refused(problem)
    return pl.read_parquet(files.home() / path, columns=list(columns) if columns else None)


def _places(subjects: pl.Series) -> dict[str, tuple[int, int]]:
    runs = subjects.rle().struct.unnest()
    lengths = runs["len"].cast(pl.Int64)
    starts = lengths.cum_sum() - lengths
    return {subject: (start, count) for subject, start, count in zip(runs["value"], starts, lengths, strict=True)}


def anew(run: Run, subject: str) -> pl.DataFrame:
    """The items of one subject from the file itself, whatever memory holds; nothing if the file is gone or broken."""
    kinds = list(framework_of(run.framework).subject)
    return _anew(run.items_path, pl.concat_str(kinds, separator=files.SEPARATOR) == subject)


def readings_anew(run: Run, subject: str) -> pl.DataFrame:
    """What every measure said of one subject, from the file itself."""
    return _anew(run.readings_path, pl.col("subject") == subject)


def _anew(path: str, wanted: pl.Expr) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(files.home() / path)
        return frame.filter(wanted) if frame.width else frame
    except (OSError, pl.exceptions.PolarsError):
        return pl.DataFrame()
