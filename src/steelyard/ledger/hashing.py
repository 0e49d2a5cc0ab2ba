"""Stable hashes over whole columns: our own, so that no engine's upgrade ever changes a stored hash.

Each value is hashed to 64 bits, mixed with a seed made from its column's name, and the results are *added* over the
non-null columns: a column added later, null in old rows, changes nothing, and the order of columns does not matter.
Text of up to 32 bytes is read as 8-byte words; longer text goes through blake2b.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import polars as pl

Hashes = npt.NDArray[np.uint64]

_ONE = np.uint64(0xBF58476D1CE4E5B9)
_TWO = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)
_WORDS = 4  # text longer than this many 8-byte words is hashed by blake2b
_BLOCK = 16_384  # values mixed at a time, so that they stay in the processor's cache
_FEW = 16  # a text column whose values repeat at least so often is hashed once per distinct value

NONE: Hashes = np.empty(0, dtype=np.uint64)


def mix(values: Hashes) -> Hashes:
    """The splitmix64 finaliser: every bit of the input moves every bit of the output. Works in place."""
    scratch = np.empty(min(_BLOCK, len(values)), dtype=np.uint64)
    for start in range(0, len(values), _BLOCK):
        block = values[start : start + _BLOCK]
        shifted = scratch[: len(block)]
        block ^= np.right_shift(block, _S30, out=shifted)
        block *= _ONE
        block ^= np.right_shift(block, _S27, out=shifted)
        block *= _TWO
        block ^= np.right_shift(block, _S31, out=shifted)
    return values


def seed(name: str) -> np.uint64:
    """64 bits for a column or kind name."""
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))


def column_hashes(column: pl.Series) -> Hashes | np.uint64:
    """What a column adds to its rows' hashes: 0 where it is null; one number if all its values are equal."""
    start = seed(column.name)
    if _is_constant(column):
        return mix(_value_hashes(column.head(1)) + start)[0]
    if column.dtype == pl.String() and int(column.approx_n_unique()) * _FEW < column.len():  # type: ignore[arg-type]
        return _by_distinct_value(column, start)
    hashes = _value_hashes(column)
    hashes += start
    mix(hashes)
    if column.null_count():
        hashes[column.is_null().to_numpy()] = 0
    return hashes


def _is_constant(column: pl.Series) -> bool:
    """Whether all values are equal and none is null; looks at three of them first."""
    if column.null_count() or not column.len():
        return False
    first = column[0]
    if first != column[column.len() // 2] or first != column[-1]:
        return False
    return bool(column.min() == column.max())


def _by_distinct_value(column: pl.Series, start: np.uint64) -> Hashes:
    """Text with few distinct values: hash those, then gather; null takes the zero at the end."""
    codes = column.cast(pl.Categorical(pl.Categories.random())).to_physical().cast(pl.UInt32)
    highest = int(codes.max()) + 1  # type: ignore[arg-type]
    spelled = codes.fill_null(highest).to_numpy()
    example = np.zeros(highest + 1, dtype=np.uint32)  # a row that holds each distinct value
    example[spelled] = np.arange(len(spelled), dtype=np.uint32)
    hashes = mix(_value_hashes(column.gather(example)) + start)
    hashes[highest] = 0
    return hashes[spelled]


def _value_hashes(column: pl.Series) -> Hashes:
    """64 bits per value; null gives an arbitrary value that callers mask."""
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
    parts = (
        column.alias("text")
        .to_frame()
        .select(
            padded.bin.slice(8 * word, 8).bin.reinterpret(dtype=pl.UInt64, endianness="little").alias(str(word)) for word in range(words)
        )
    )
    hashes = mix(lengths + np.uint64(1))
    for word, part in enumerate(parts.get_columns()):
        reaching = lengths > np.uint64(8 * word)  # a text's hash takes its own words, however long its neighbours are
        if reaching.all():
            hashes ^= part.to_numpy()
            mix(hashes)
        else:
            np.copyto(hashes, mix(hashes ^ part.to_numpy()), where=reaching)
    if longest > 8 * _WORDS:
        positions = np.flatnonzero(lengths > np.uint64(8 * _WORDS))
        texts = column.gather(positions.astype(np.uint32)).to_list()
        known = {text: hashlib.blake2b(text.encode(), digest_size=8).digest() for text in set(texts)}
        hashes[positions] = np.frombuffer(b"".join(known[text] for text in texts), dtype="<u8")
    return hashes


def row_hashes(frame: pl.DataFrame, columns: Iterable[str], start: str = "") -> Hashes:
    """One hash per row over the non-null (column, value) pairs; ``start`` names what the rows are."""
    return many_row_hashes(frame, [(columns, start)])[0]


def many_row_hashes(frame: pl.DataFrame, wanted: Iterable[tuple[Iterable[str], str]]) -> list[Hashes]:
    """Several row hashes over overlapping columns at once; each column is hashed only once."""
    recipes = [(list(columns), start) for columns, start in wanted]
    names = dict.fromkeys(name for columns, _ in recipes for name in columns)
    filled = [column for column in map(frame.get_column, names) if column.null_count() < frame.height]
    totals = [np.full(frame.height, seed(start), dtype=np.uint64) for _, start in recipes]
    for column, hashes in zip(filled, _hashed_columns(filled), strict=True):
        for (columns, _), total in zip(recipes, totals, strict=True):
            if column.name in columns:
                total += hashes
    return [mix(total) for total in totals]


def _hashed_columns(columns: list[pl.Series]) -> Iterator[Hashes | np.uint64]:
    """The hashes of each column in order; long columns side by side, as numpy and Polars let other threads run."""
    if not columns or columns[0].len() <= _BLOCK:
        yield from map(column_hashes, columns)
        return
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        yield from pool.map(column_hashes, columns)


def has_repeats(hashes: Hashes) -> bool:
    """Whether any value occurs twice."""
    ordered = np.sort(hashes)
    return bool((ordered[1:] == ordered[:-1]).any())


def as_column(name: str, hashes: Hashes) -> pl.Series:
    """Hashes as the int64 column that segments store."""
    return pl.Series(name, hashes.view(np.int64))


def digest(seals: Hashes) -> str:
    """SHA-256 over the sorted row seals of one commit: the order of rows and files does not matter."""
    return hashlib.sha256(np.sort(seals).astype("<u8").tobytes()).hexdigest()
