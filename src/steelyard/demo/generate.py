"""Write the sample company's files as its systems would send them, with mappings, a manifest and the truth.

``write(folder)`` gives ``masters/``, ``facts/<kind>/``, ``mappings/``, ``manifest.csv`` (the order of loading) and
``truth.json``. The same seed and scale give the same bytes on every machine.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl

from . import atlas, calendar, cast, channel, compliance, faults, masters, relations, systems
from .draws import Whole
from .layouts import Layout
from .orders import MONEY, NUMBER, orders, stored
from .story import STORIES
from .truth import Adder, Amounts, Counts, Truth
from .world import World

Progress = Callable[[str], None]
_QUARTER = pl.col("date").dt.year().cast(pl.String) + "-Q" + pl.col("date").dt.quarter().cast(pl.String)


class Writer:
    """Writes files into a folder and notes them in the manifest and the truth."""

    def __init__(self, folder: Path, world: World) -> None:
        self.folder = folder
        self.truth = Truth(world.seed, str(world.scale), world.partners.count)
        self._manifest: list[tuple[str, str, str, str]] = []
        self._mappings: set[str] = set()

    def write(self, layout: Layout, name: str, cells: pl.DataFrame, counts: Counts, *, extra: str = "") -> None:
        """One file, its mapping if it is the first of its kind, and a line of the manifest."""
        folder = "masters" if layout.kind in systems.MASTERS else f"facts/{layout.kind}"
        path = f"{folder}/{name}.csv"
        self._put(path, layout.text(cells) + extra.encode(layout.encoding.removesuffix("-sig")))
        if layout.mapping_name not in self._mappings:
            self._mappings.add(layout.mapping_name)
            self._put(f"mappings/{layout.mapping_name}", layout.mapping().encode())
        self._manifest.append((path, layout.kind, layout.source, f"mappings/{layout.mapping_name}"))
        self.truth.count(layout.kind, path, counts)

    def _put(self, path: str, content: bytes) -> None:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    def finish(self) -> Truth:
        """The manifest and the truth."""
        out = io.StringIO()
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(("path", "kind", "source", "mapping"))
        rows.writerows(self._manifest)
        self._put("manifest.csv", out.getvalue().encode())
        self.truth.stories = {story.name: story.sentence for story in STORIES}
        self.truth.save(self.folder / "truth.json")
        return self.truth


def write(folder: Path, *, seed: int = 7, scale: Decimal | int = 1, progress: Progress = lambda message: None) -> Truth:
    """Generate everything into ``folder`` (made if missing; files of the same name are replaced)."""
    world = World(seed, scale)
    out = Writer(folder, world)
    for kind, make in masters.ALL.items():
        frame = make(world)
        out.write(systems.MASTERS[kind], kind, systems.MASTERS[kind].cells(frame), Counts(len(frame), len(frame)))
    units, amounts, referred, adder = _write_orders(out, world, progress)
    out.truth.amounts["orders"] = adder.amounts()
    flow = channel.flow(world, units)
    reports = {"sell_through": channel.sell_through(world, flow), "inventory": channel.inventory(world, flow)}
    for kind, frame in reports.items():
        progress(kind)
        _write_reports(out, kind, frame)
        money = frame if kind == "sell_through" else frame.with_columns(amount="cost")
        out.truth.amounts[kind] = _added(money, {"quarter": _QUARTER, "partner": pl.col("_partner")})
    sold = channel.cents_sold(world, reports["sell_through"])
    targets = pl.concat([relations.targets(world, "sell in", amounts), relations.targets(world, "sell through", sold)])
    out.truth.amounts["targets"] = _added(targets, {"quarter": _QUARTER, "metric": pl.col("metric")})
    others = {
        "coverage": channel.coverage(world, reports), "targets": targets, "certificates": compliance.certificates(world),
        "complaints": compliance.complaints(world), "activities": relations.activities(world), "ratings": relations.ratings(world),
        "referrals": relations.referrals(world, referred),
    }  # fmt: skip
    dated = {"complaints": "received_on"}
    for kind, frame in others.items():
        progress(kind)
        if kind == "certificates":
            _write_plain(out, kind, kind, frame)
            continue
        for year in range(calendar.FIRST_YEAR, calendar.FIRST_YEAR + calendar.YEARS):
            _write_plain(out, kind, f"{kind}_{year}", frame.filter(pl.col(dated.get(kind, "date")).dt.year() == year))
    return out.finish()


def _write_plain(out: Writer, kind: str, name: str, frame: pl.DataFrame) -> None:
    layout = systems.FACTS[kind]
    out.write(layout, name, layout.cells(frame), Counts(len(frame), len(frame)))


def _write_reports(out: Writer, kind: str, frame: pl.DataFrame) -> None:
    """The portal's exports: each half-year what came in during it, so that late reports lie in later files."""
    starts = [int(day) for day in calendar.MONTH_START[6::6]]
    for half, (low, high) in enumerate(zip([0, *starts], [*starts, 2**31], strict=True)):
        part = frame.filter((pl.col("_received") >= low) & (pl.col("_received") < high))
        if len(part):
            _write_plain(out, kind, f"{kind}_received_{calendar.span_label(2 * half, 2)}", part)


def _write_orders(out: Writer, world: World, progress: Progress) -> tuple[Whole, Whole, list[pl.DataFrame], Adder]:
    """All order files; returns units (partner, slot, month), cents (partner, quarter), referred lines, and the sums."""
    units = np.zeros((world.partners.count, world.ranges.shape[1], calendar.MONTHS), dtype=np.int64)
    cents = np.zeros((world.partners.count, calendar.QUARTERS), dtype=np.int64)
    referred, adder = [], Adder()
    waiting: dict[str, list[pl.DataFrame]] = {source: [] for source in atlas.SOURCES}
    for quarter in range(calendar.QUARTERS):
        progress(f"orders {calendar.quarter_label(quarter)}")
        frame = orders(world, quarter)
        places = [frame[name].to_numpy() for name in ("_number", "_slot", "_month")]
        np.add.at(units, tuple(places), frame["quantity"].to_numpy() // NUMBER)
        np.add.at(cents[:, quarter], places[0], frame["amount"].to_numpy() // MONEY)
        referred.append(frame.filter(pl.col("referred_by").is_not_null()))
        adder.add(frame, {"quarter": _QUARTER, "source": pl.col("_source"), "category": pl.col("_top"), "partner": pl.col("_partner")})
        for source in atlas.SOURCES:
            waiting[source].append(frame.filter(pl.col("_source") == source))
            if len(waiting[source]) == systems.QUARTERS_PER_FILE[source]:
                _write_order_file(out, pl.concat(waiting[source]), source, quarter)
                waiting[source] = []
    return units, cents, referred, adder


def _write_order_file(out: Writer, frame: pl.DataFrame, source: str, quarter: int) -> None:
    """The file that ends with a quarter, and what else the system sends after it."""
    layout, quarters = systems.ORDERS[source], systems.QUARTERS_PER_FILE[source]
    label = calendar.span_label(quarter, quarters)
    corrected = source == "erp-de" and quarter == cast.RESTATED_MONTH // 3
    first = faults.as_first_reported(frame) if corrected else frame
    cells = layout.cells(first)
    bad = faults.damaged(cells, dict(layout.columns), source, range(quarter - quarters + 1, quarter + 1))
    counts = Counts(len(frame) + len(bad), len(frame), quarantined=len(bad), unmatched=frame["_partner"].null_count())
    total = ""
    if layout.total_word:
        total = _total_row(layout, first)
        counts.rows_in, counts.filtered = counts.rows_in + 1, 1
    out.write(layout, f"orders_{source}_{label}", pl.concat([cells, bad]), counts, extra=total)
    if source == "erp-us" and quarter == cast.RESENT_QUARTER:  # sent again a week later, in another order
        again = Counts(len(frame), duplicates=len(frame))
        out.write(layout, f"orders_{source}_{label}_sent_again", cells.reverse(), again)
    if corrected:
        month = frame.filter(pl.col("_month") == cast.RESTATED_MONTH)
        restated = len(faults.wrong_lines(frame))
        counts = Counts(len(month), restated, duplicates=len(month) - restated, restated=restated)
        name = f"orders_{source}_{calendar.month_label(cast.RESTATED_MONTH)}_corrected"
        out.write(layout, name, layout.cells(month), counts)


def _total_row(layout: Layout, frame: pl.DataFrame) -> str:
    """The last line of a German list: the word and the sum of the amounts, as if all were of one currency."""
    header = layout.columns["amount"]
    summed = layout.cells(stored("orders", frame).select(pl.all().first()).with_columns(amount=frame["amount"].sum()))
    row = dict.fromkeys(summed.columns, "") | {layout.header[0]: layout.total_word, header: str(summed[header][0])}
    return layout.separator.join(row.values()) + layout.line_end


def _added(frame: pl.DataFrame, headings: dict[str, pl.Expr]) -> Amounts:
    adder = Adder()
    adder.add(frame, headings)
    return adder.amounts()
