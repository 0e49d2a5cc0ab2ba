"""The lines of lists at every point: grouped from keys, or picked among live rows; with their columns and what is kept.

One frame holds the lines of all points. ``#at`` is the point: the number of its subject times the number of days, plus the
number of its day. Numbers are whole, at the scale of their column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import narwhals as nw
import polars as pl

from ..formula.nodes import Value
from ..framework.model import FactList, Window
from ..measures.plan import Scan
from ..measures.row_values import RowValue
from ..measures.spans import Cube, Span, subject_numbers
from ..points import Points
from ..units import DECIMALS, Blank
from .planning import PERIOD

DTYPES: dict[str, pl.DataType] = {"text": pl.String(), "date": pl.Date(), "yes/no": pl.Boolean(), "level": pl.String()}


@dataclass(frozen=True)
class Lines:
    """The lines of one list, those that `keep` drops among them.

    ``frame``: ``#at``, the key, the columns, ``#fail`` (0 kept, else the number of the first rule of `keep` that fails).
    ``values``: what formulas may name. ``left_out``: reason -> (``#at``, ``rows``) of rows that did not become lines.
    ``others``: of a picked list the rows that others were preferred to.
    """

    found: FactList
    frame: pl.DataFrame
    values: Mapping[str, RowValue]
    left_out: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    others: pl.DataFrame | None = None

    @property
    def kept(self) -> pl.DataFrame:
        """The lines that count."""
        return self.frame.filter(pl.col("#fail") == 0).drop("#fail")


@dataclass
class Places:
    """The points as the lines see them: which subject and day each is, and in which span of days it looks."""

    cube: Cube
    points: Points
    subjects: dict[tuple[str, ...], int] = field(init=False)
    days: list[date] = field(init=False)
    compared: list[pl.DataFrame] | None = None  # where it is asked, what every line brought to comparisons with peers

    def __post_init__(self) -> None:
        self.subjects = {codes: number for number, codes in enumerate(dict.fromkeys(self.points.subjects))}
        self.days = sorted(set(self.points.as_of))

    @cached_property
    def at(self) -> pl.Series:
        """``#at`` of every point."""
        numbers = {day: number for number, day in enumerate(self.days)}
        subjects = pl.Series([self.subjects[codes] for codes in self.points.subjects], dtype=pl.Int64)
        return subjects * len(self.days) + pl.Series([numbers[day] for day in self.points.as_of], dtype=pl.Int64)

    def numbered(self, scan: Scan) -> pl.DataFrame:
        """(``#subject`` as phase 1 packs it, ``#number`` here); a partner's rows may belong to several subjects."""
        key = "x".join(scan.subjects)
        if key not in self._numbered:
            unique = Points(list(self.subjects), [self.days[0]] * len(self.subjects) if self.days else [])
            packed = subject_numbers(self.cube, scan, unique)
            numbers = pl.int_range(len(self.subjects), dtype=pl.Int64, eager=True)
            self._numbered[key] = pl.DataFrame({"#subject": packed, "#number": numbers})
        return self._numbered[key]

    @cached_property
    def _numbered(self) -> dict[str, pl.DataFrame]:
        return {}

    @cached_property
    def _every(self) -> bool:
        """Whether every subject is asked on every day, so that nothing needs to be left out."""
        return len(self.points) == len(self.subjects) * len(self.days)

    def placed(self, frame: pl.DataFrame, scan: Scan) -> pl.DataFrame:
        """The frame with ``#at`` of phase 1 (packed subject and span) turned into that of the points; other rows left out."""
        days = max(len(self.days), 1)
        split = frame.with_columns(**{"#subject": pl.col("#at") // days, "#span": pl.col("#at") % days})
        joined = split.join(self.numbered(scan), on="#subject", how="inner")
        placed = joined.with_columns((pl.col("#number") * days + pl.col("#span")).alias("#at")).drop("#subject", "#span", "#number")
        return placed if self._every else placed.filter(pl.col("#at").is_in(self.at.implode()))

    def spans(self, window: Window) -> list[Span]:
        """The span of every day, through a window."""
        found = self.cube.plan.windows(window, self.days)
        return [found[day] for day in self.days]

    def through(self, window: Window, outer: Sequence[Span]) -> list[Span]:
        """The spans of a part of a list that is asked through others: its own length, ending with theirs."""
        if window == PERIOD:
            return list(outer)
        plan = self.cube.plan
        return [plan.calendar.window(window, end - timedelta(days=1), plan.framework.grain) for _, end in outer]

    def attributes(self, names: Sequence[str], outer: Sequence[Span]) -> tuple[pl.DataFrame, dict[str, RowValue]]:
        """(``#at`` and a column per name, what formulas call them): attributes of the subjects and the day a list is built as of."""
        columns: dict[str, pl.Series] = {"#at": self.at}
        values: dict[str, RowValue] = {}
        numbers = {day: number for number, day in enumerate(self.days)}
        for name in names:
            if name == "as_of":
                ends = [end - timedelta(days=1) for _, end in outer]
                series: list[Value] = [ends[numbers[day]] for day in self.points.as_of]
            else:
                place = self.cube.plan.framework.subject.index(name) if name in self.cube.plan.framework.subject else None
                unknown: list[Value] = [Blank("not known")] * len(self.points)
                own: list[Value] = unknown if place is None else [codes[place] for codes in self.points.subjects]
                series = list(self.points.attributes.get(name, own))
            declared = self.cube.plan.framework.attributes.get("partner", {}).get(name)
            columns[f"@{name}"], values[name] = _stored(f"@{name}", series, declared.kind if declared else "")
        return pl.DataFrame(columns), values


_SAMPLES: dict[str, Value] = {"number": 0, "yes/no": False, "date": date.min}


def _stored(name: str, series: Sequence[Value], kind: str) -> tuple[pl.Series, RowValue]:
    """Values as a column, numbers at six decimals; of a declared kind also where no value is known."""
    known = [None if isinstance(value, Blank) else value for value in series]
    sample = next((value for value in known if value is not None), _SAMPLES.get(kind))
    if isinstance(sample, bool) or (not isinstance(sample, int) and not hasattr(sample, "numerator")):
        dtype = pl.Boolean() if isinstance(sample, bool) else pl.Date() if isinstance(sample, date) else pl.String()
        return pl.Series(name, known, dtype=dtype), RowValue(nw.col(name))
    scale = DECIMALS["number"]
    whole = [None if value is None else round(value * 10**scale) for value in known]
    return pl.Series(name, whole, dtype=pl.Int64), RowValue(nw.col(name), scale)
