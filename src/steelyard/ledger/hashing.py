"""Stable hashes over whole columns: our own, so that no engine's upgrade ever changes a stored hash.

Each value is hashed to 64 bits, mixed with a seed made from its column's name, and the results are *added* over the
non-null columns: a column added later, null in old rows, changes nothing, and the order of columns does not matter.
Text of up to 32 bytes is read as 8-byte words; longer text goes through blake2b.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

Hashes = npt.NDArray[np.uint64]

_ONE = np.uint64(0xBF58476D1CE4E5B9)
_TWO = np.uint64(0x94D049BB133111EB)
_WORDS = 4  # text longer than this many 8-byte words is hashed by blake2b


def mix(values: Hashes) -> Hashes:
    """The splitmix64 finaliser: every bit of the input moves every bit of the output. Works in place."""
    values ^= values >> np.uint64(30)
    values *= _ONE
    values ^= values >> np.uint64(27)
    values *= _TWO
    values ^= values >> np.uint64(31)
    return values


def seed(name: str) -> np.uint64:
    """64 bits for a column or kind name."""
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))


def value_hashes(column: pl.Series) -> Hashes:
    """64 bits per value, before the column's seed; null gives an arbitrary value that callers mask."""
    if column.dtype == pl.String():
        return _text_hashes(column)
    whole = column.cast(pl.Int32) if column.dtype == pl.Date() else column
    return whole.cast(pl.Int64).fill_null(0).to_numpy().view(np.uint64).copy()


def _text_hashes(column: pl.Series) -> Hashes:
    """Text by its UTF-8 bytes: words of eight, each mixed into the running hash, started by the length."""
    lengths = column.str.len_bytes().fill_null(0).to_numpy().astype(np.uint64)
    longest = int(lengths.max(initial=0))
    words = min(-(-longest // 8), _WORDS)
    padded = pl.col("text").fill_null("").cast(pl.Binary) + pl.lit(b"\0" * 8 * words)
    parts = column.alias("text").to_frame().select(
        padded.bin.slice(8 * word, 8).bin.reinterpret(dtype=pl.UInt64, endianness="little").alias(str(word))
        for word in range(words)
    )
    hashes = mix(lengths + np.uint64(1))
    for part in parts.get_columns():
        hashes ^= part.to_numpy()
        mix(hashes)
    if longest > 8 * _WORDS:
        positions = np.flatnonzero(lengths > np.uint64(8 * _WORDS))
        texts = column.gather(positions.astype(np.uint32)).to_list()
        known = {text: hashlib.blake2b(text.encode(), digest_size=8).digest() for text in set(texts)}
        hashes[positions] = np.frombuffer(b"".join(known[text] for text in texts), dtype="<u8")
    return hashes


def row_hashes(frame: pl.DataFrame, columns: Iterable[str], start: str = "") -> Hashes:
    """One hash per row over the non-null (column, value) pairs; ``start`` names what the rows are."""
    total = np.full(frame.height, seed(start), dtype=np.uint64)
    for name in columns:
        column = frame.get_column(name)
        if column.null_count() == frame.height:
            continue
        hashes = value_hashes(column)
        hashes += seed(name)
        mix(hashes)
        hashes *= _ONE
        hashes ^= hashes >> np.uint64(29)
        if column.null_count():
            hashes[column.is_null().to_numpy()] = 0
        total += hashes
    return mix(total)


def as_column(name: str, hashes: Hashes) -> pl.Series:
    """Hashes as the int64 column that segments store."""
    return pl.Series(name, hashes.view(np.int64))


def digest(seals: Hashes) -> str:
    """SHA-256 over the sorted row seals of one commit: the order of rows and files does not matter."""
    return hashlib.sha256(np.sort(seals).astype("<u8").tobytes()).hexdigest()
