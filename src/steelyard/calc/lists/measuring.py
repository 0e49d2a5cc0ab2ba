"""Readings of measures over lists, at every point, in the shape in which phase 1 gives all others."""

from __future__ import annotations

import polars as pl

from ..framework.model import Measure
from ..measures.spans import Span
from .adding import dated_by, judged, reasons_of, summed
from .building import Builder, counts_by_reason, together
from .formulas import Reading


def measure_lines(builder: Builder, measure: Measure, spans: list[Span]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """(value, rows, a column per reason) of a measure over a list, a row per point; and the reasons.

    ``rows`` are lines that count. Left out are rows that did not become lines, lines that `keep` drops, and lines that the
    measure's own rules drop, each with its reason.
    """
    places = builder.places
    lines = builder.lines(measure.list, spans)
    reading = Reading(places, spans, lines.found, lines.kept, dict(lines.values))
    frame = judged(reading, measure)
    left_out = dict(lines.left_out)
    for reason, counts in (
        *counts_by_reason(lines.frame, "#fail", [rule.reason for rule in lines.found.keep]).items(),
        *counts_by_reason(frame, "#left", reasons_of(measure)).items(),
    ):
        left_out[reason] = together(left_out.get(reason), counts)
    own = {*(rule.reason for rule in (*lines.found.where, *lines.found.keep, *measure.where))}
    reasons = tuple(reason for reason, counts in left_out.items() if reason in own or counts["rows"].sum())
    at = pl.DataFrame({"#at": places.at})
    found = at.join(summed(frame, measure, (), dated_by(reading, measure)), on="#at", how="left", maintain_order="left")
    columns = [found.select(value="#value", rows="#rows")]
    for reason in reasons:
        counts = at.join(left_out[reason], on="#at", how="left", maintain_order="left")
        columns.append(counts.select(pl.col("rows").fill_null(0).cast(pl.Int64).alias(reason)))
    return pl.concat(columns, how="horizontal"), reasons
