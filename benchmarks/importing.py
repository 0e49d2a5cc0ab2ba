"""Import of a CSV file, read, checked, hashed, keyed and committed, beside bare Polars read_csv + write_parquet of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from . import data
from .measure import Line, in_own_process, seconds


def run(quick: bool) -> Iterator[Line]:
    """One million lines (a tenth, if quick) into an installation that knows the partners and products."""
    count, partners = (100_000 if quick else 1_000_000), 5_000
    user = data.masters(partners)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        data.write_csv(data.order_lines(count, partners, seed=1), path)

        def bare() -> None:
            pl.read_csv(path).write_parquet(Path(folder) / "bare.parquet")

        bare()
        limit = seconds(bare, repeat=3)
        taken, peak = in_own_process("benchmarks.importing:load", str(path), count, user.username)
    detail = f"{count:,} lines in {taken:.2f} s, bare {limit:.2f} s"
    yield Line("import a CSV of order lines", taken / limit, 8, 4, "x bare read_csv + write_parquet", detail)
    yield Line("import a CSV of order lines: memory", peak, 1.5, 1.5, "GB", "peak of the process")


def warm() -> None:
    """What any process does once: import the code and read a file of nothing."""
    from steelyard.intake import actions  # noqa: F401 - the import is the work

    pl.DataFrame({"a": ["1"]}).lazy().group_by("a").agg(pl.len()).collect()


def load(path: str, count: int, username: str) -> None:
    """The measured work."""
    from steelyard.accounts.queries import user
    from steelyard.intake import actions as intake

    outcome = intake.commit(Path(path).read_bytes(), name=Path(path).name, kind="orders", source="erp", acting_user=user(username))
    if outcome.accepted != count:
        raise RuntimeError(f"{outcome.accepted} of {count} lines were accepted")
