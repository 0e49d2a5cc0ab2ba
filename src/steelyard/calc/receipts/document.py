"""The receipt of one subject's result: a document in one canonical form, and the SHA-256 over it as its number.

It is made from what a run keeps, so it is made alike when a run is saved, when it is verified and when a bundle is
computed again: the same result is the same text to the last byte. Numbers are as they are stored: whole numbers in the
grain of their unit, and exact text (`0.25`, `1/3`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from .peers import Compared

FORMAT = 1
SEPARATOR = " x "  # between the codes of a subject made of several
RESULT = {  # column of the results -> what the receipt calls it
    "total": "total", "level": "level", "passes": "passes", "no_total_reason": "no_data", "level_limited_by": "limited_by",
    "overall": "overall", "standing": "standing", "standing_since": "standing_since",
}  # fmt: skip

Row = Mapping[str, Any]


def canonical(value: object) -> str:
    """The one way in which a document is written: keys sorted, no spaces, nothing escaped that need not be, one line."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False) + "\n"


def number_of(text: str) -> str:
    """The number of a receipt: the SHA-256 over its text."""
    return hashlib.sha256(text.encode()).hexdigest()


def documents(
    run: Row,
    subject: Sequence[str],
    items: pl.DataFrame,
    readings: pl.DataFrame,
    results: Mapping[str, Row],
    peers: Mapping[str, Sequence[Compared]],
    earlier: Mapping[str, Sequence[Row]] | None = None,
) -> Iterator[tuple[str, str]]:
    """Each subject of a run with the text of its receipt, in the order of ``items``.

    ``run`` says what all of them rest on; of its earlier runs a receipt names those of everybody and the subject's own.
    ``results`` has the total (grain of points), the level and so on by subject; ``earlier`` the subject's own earlier
    receipts that were read: period and number, oldest first.
    """
    heads = _Heads(run)
    told = {name: [row for _, row in rows] for name, rows in _by_subject(_rows(readings, ("subject",)))}
    for name, rows in _by_subject(_rows(items, subject)):
        codes = name.split(SEPARATOR)
        row = {key: _plain(value) for key, value in results[name].items() if value not in (None, "")}
        document = {
            "format": FORMAT,
            "run": heads.of(name),
            "subject": dict(zip(subject, codes, strict=True)),
            "result": row,
            "peers": [one.told() for one in peers.get(name, ())],
            "readings": told.get(name, []),
            "items": [row for _, row in rows],
            **({"earlier": list(earlier.get(name, earlier.get("", ())))} if earlier else {}),
        }
        yield name, canonical(document)


def whole(
    run: Row, subject: Mapping[str, str], level: str | None, parts: Sequence[tuple[str, str | None]], receipts: Mapping[str, str]
) -> str:
    """The receipt of what the cards of several parts make together (`rollup`): the run, each part with its level and the number of
    its own receipt, and the level of the whole. Which earlier results were read, the receipts of the parts say."""
    told = [{"subject": name, "level": level, "receipt": receipts.get(name, "")} for name, level in parts]
    head = {name: value for name, value in run.items() if name != "earlier"}
    return canonical({"format": FORMAT, "run": head, "whole": dict(subject), "level": level, "parts": told})


class _Heads:
    """What the receipts of a run begin with. Whose earlier result was published alone is told to nobody else."""

    def __init__(self, run: Row) -> None:
        self.run = run
        self.reads: dict[str, list[Row]] = {}
        for one in run.get("earlier", ()):
            self.reads.setdefault(one["subject"], []).append(one)

    def of(self, name: str) -> Row:
        """The head of one subject's receipt."""
        if not self.reads:
            return self.run
        own = [*self.reads.get("", ()), *(self.reads.get(name, ()) if name else ())]
        return {**self.run, "earlier": sorted(own, key=lambda one: (one["start"], one["subject"]))}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def total_hash(numbers: Iterable[tuple[str, str]]) -> str:
    """One hash over the receipts of a whole run, in the order of their subjects."""
    return hashlib.sha256("".join(f"{subject}\x1f{number}\n" for subject, number in sorted(numbers)).encode()).hexdigest()


def _rows(frame: pl.DataFrame, subject: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row as its subject and what is known in it: a column that is null is not mentioned."""
    if not frame.width:
        return
    names = frame.select(pl.concat_str(list(subject), separator=SEPARATOR)).to_series().to_list()
    kept = [name for name in frame.columns if name not in subject]
    dates = [name for name in kept if frame.schema[name] == pl.Date]
    plain = frame.select(pl.col(name).cast(pl.String) if name in dates else pl.col(name) for name in kept)
    for name, row in zip(names, plain.iter_rows(), strict=True):
        yield name, {key: value for key, value in zip(kept, row, strict=True) if value is not None}


def _by_subject(rows: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """Rows of one subject lie together in every frame of a run."""
    present: list[tuple[str, dict[str, Any]]] = []
    for row in rows:
        if present and present[0][0] != row[0]:
            yield present[0][0], present
            present = []
        present.append(row)
    if present:
        yield present[0][0], present
