"""The order lines of a period, so many at a time that memory does not grow with the ledger; documents stay whole.

What a return takes back stands in its own document, so lines are dealt out by a hash of their documents: a period is read
once, laid down beside the process in as many piles as it takes, and handed out pile by pile.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

import polars as pl
from django.conf import settings

from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import NOTHING

AT_ONCE = 250_000  # lines handed out together, or a few more
_READ = 1_000_000  # rows of small parts that are read together
_GROUP = 20_000  # rows that are found again together in what is laid down
_LEFT_BEHIND = 24 * 60 * 60  # seconds after which nobody reads what was laid down
_BACK = pl.col("kind").is_in(["return", "credit"]).fill_null(False)
_DOCUMENT = ["source", "document"]


def pieces(columns: Sequence[str], start: date, end: date, *, follow: bool) -> Iterator[pl.DataFrame]:
    """The live lines from one day until before another; at least one frame. Columns: these.

    ``follow``: with the earlier sales of the documents that returns among them take back; these have earlier days.
    """
    parts = [part for part in ledger.parts("orders") if part.first_date is None or part.first_date < end]
    groups = list(_together(parts))
    within = (pl.col("date") >= start) & (pl.col("date") < end)
    many, back = _counted(groups, within)
    wanted = within | ((pl.col("date") < start) & ~_BACK & pl.col("document").is_in(back["document"].implode())) if follow else within
    gone = _reversed(groups)
    read = (_read(group, columns, wanted, start, back, gone) for group in groups)
    piles = -(-many // AT_ONCE)
    if piles <= 1:
        yield pl.concat([*read, _nothing(columns)])
        return
    beside = Path(settings.STEELYARD_HOME) / "cache"
    beside.mkdir(parents=True, exist_ok=True)
    _sweep(beside)
    with TemporaryDirectory(prefix="credit-", dir=beside) as folder:
        for number, rows in enumerate(read):
            dealt = rows.with_columns(pile=pl.col("document").hash(seed=0) % piles).sort("pile")
            dealt.write_parquet(Path(folder) / f"{number:06d}.parquet", compression="lz4", row_group_size=_GROUP)
        for pile in range(piles):
            yield pl.scan_parquet(Path(folder) / "*.parquet").filter(pl.col("pile") == pile).drop("pile").collect()


def _sweep(beside: Path) -> None:
    """Remove what processes that were killed left behind."""
    for folder in beside.glob("credit-*"):
        with suppress(FileNotFoundError):  # its own process removes it at this moment
            if time.time() - folder.stat().st_mtime > _LEFT_BEHIND:
                rmtree(folder)


def _together(parts: Sequence[ledger.Part]) -> Iterator[list[ledger.Part]]:
    """Parts that are read together: one large one, or many small ones."""
    group: list[ledger.Part] = []
    for part in parts:
        if group and sum(one.rows for one in group) + part.rows > _READ:
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _scan(group: Sequence[ledger.Part], columns: Sequence[str]) -> pl.LazyFrame:
    return pl.concat([part.scan(columns) for part in group])


def _counted(groups: Sequence[Sequence[ledger.Part]], within: pl.Expr) -> tuple[int, pl.DataFrame]:
    """About how many lines there are, and the documents of the returns among them."""
    many, found = 0, [pl.DataFrame(schema={"source": pl.String(), "document": pl.String()})]
    for group in groups:
        lines = _scan(group, [*_DOCUMENT, "date", "kind"]).filter(within)
        count, back = pl.collect_all([lines.select(pl.len()), lines.filter(_BACK).select(_DOCUMENT).unique()])
        many += int(count.item())
        found.append(back)
    return many, pl.concat(found).unique()


def _reversed(groups: Sequence[Sequence[ledger.Part]]) -> pl.DataFrame:
    """The numbers of the rows that a later one took out."""
    back = [_scan(group, ["sign", "reverses_row_id"]).filter(pl.col("sign") < 0).select(row_id="reverses_row_id") for group in groups]
    return pl.concat([pl.DataFrame(schema={"row_id": pl.Int64()}), *(frame.collect() for frame in back)])


def _read(
    group: Sequence[ledger.Part], columns: Sequence[str], wanted: pl.Expr, start: date, back: pl.DataFrame, gone: pl.DataFrame
) -> pl.DataFrame:
    """What is wanted of a few parts, live; of earlier lines those whose document a return of the same source takes back."""
    rows = _scan(group, [*columns, "sign"]).filter((pl.col("sign") > 0) & wanted).drop("sign").collect()
    live = rows.join(gone, on="row_id", how="anti")
    earlier = live.filter(pl.col("date") < start)
    if earlier.is_empty():
        return live
    return pl.concat([earlier.join(back, on=_DOCUMENT, how="semi"), live.filter(pl.col("date") >= start)])


def _nothing(columns: Sequence[str]) -> pl.DataFrame:
    return ledger.facts("orders", scope=NOTHING, columns=list(columns)).collect()
