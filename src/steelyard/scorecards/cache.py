"""What phase 1 computed, kept on disk: a convenience that may be deleted at any time without changing one byte of a score.

A file is named by everything its content depends on: the plan (framework, calendar, engine), the master rows it was
resolved with, and the digests of the segment files it was computed from. Publishing computes anew without it. Tables are
uncompressed Arrow files sorted by subject, so that the rows of a few subjects are slices of mapped memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings

from steelyard.calc.measures.partial import Partial


def folder() -> Path:
    """Where partial results lie."""
    return Path(settings.STEELYARD_HOME) / "cache" / "phase-1"


def clear() -> None:
    """Delete everything kept."""
    shutil.rmtree(folder(), ignore_errors=True)


class Cache:
    """What is kept of one plan and one state of the masters."""

    def __init__(self, plan_digest: str, masters_digest: str) -> None:
        self.folder = folder() / f"{plan_digest[:24]}-{masters_digest[:24]}"

    def name(self, scan: str, contents: Sequence[str]) -> str:
        """The name of the partial result of some segments, told by the digests of their files."""
        return f"{scan}.{_digest(*contents)}"

    def load(self, name: str) -> Partial | None:
        """A partial result, or None if it is not there whole."""
        note = self._note(self.folder / name)
        if note is None:
            return None
        keyed = {key: self._table(name, f"keyed-{index}") for index, key in enumerate(note["keyed"])}
        return Partial(self._table(name, "sums"), keyed, note["bound"])

    def save(self, name: str, partial: Partial) -> Partial:
        """Keep a partial result; returns it sorted by subject, as `load` would."""
        keyed = {key: frame.sort("#group") for key, frame in partial.keyed.items()}
        tables = {"sums": partial.sums.sort("#group")} | {f"keyed-{index}": frame for index, frame in enumerate(keyed.values())}
        self._save(name, tables, {"keyed": list(keyed), "bound": partial.bound})
        return Partial(tables["sums"], keyed, partial.bound)

    def load_measured(self, points: str) -> list[tuple[dict[str, Any], Path]]:
        """Everything measured at these points, newest cut first: its note and its table."""
        places = list(self.folder.glob(f"measured.{points}.*"))
        found = [(note, place / "measured.arrow") for place in places if (note := self._note(place)) is not None]
        return sorted(found, key=lambda pair: -pair[0]["cut"])

    def save_measured(self, points: str, cut: int, table: pl.DataFrame, note: dict[str, Any]) -> None:
        """Keep what was measured at these points as of a cut."""
        self._save(f"measured.{points}.{cut}", {"measured": table}, {"cut": cut, **note})

    def _note(self, place: Path) -> dict[str, Any] | None:
        """What is said of some tables; None unless every one of them is there in its full length."""
        path = place / "note.json"
        if not path.exists():
            return None
        note: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        whole = all((place / file).exists() and (place / file).stat().st_size == size for file, size in note["sizes"].items())
        return note if whole else None

    def _table(self, name: str, table: str) -> pl.DataFrame:
        return mapped(self.folder / name / f"{table}.arrow").with_columns(pl.col("#group").set_sorted())

    def _save(self, name: str, tables: dict[str, pl.DataFrame], note: dict[str, Any]) -> None:
        """Write the tables, then by rename the note that makes them count. Two writers write the same bytes."""
        place = self.folder / name
        place.mkdir(parents=True, exist_ok=True)
        sizes = {}
        for table, frame in tables.items():
            temporary = place / f"{table}.{os.getpid()}"
            frame.write_ipc(temporary, compression="uncompressed")
            sizes[f"{table}.arrow"] = temporary.stat().st_size
            temporary.replace(place / f"{table}.arrow")
        temporary = place / f"note.{os.getpid()}"
        temporary.write_text(json.dumps({**note, "sizes": sizes}), encoding="utf-8")
        temporary.replace(place / "note.json")


def mapped(path: Path) -> pl.DataFrame:
    """An uncompressed Arrow file as mapped memory: nothing is read before it is asked for."""
    import pyarrow.ipc  # only scoring maps files; every other command starts without it

    frame = pl.from_arrow(pyarrow.ipc.open_file(pyarrow.memory_map(str(path))).read_all(), rechunk=False)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:24]
