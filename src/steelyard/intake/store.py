"""Raw files on disk, named by their SHA-256: written so that they survive a crash, never changed."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from steelyard.calc.errors import Problem, Refused
from steelyard.ledger.failpoints import reach

UNFINISHED = 3600.0  # seconds after which nobody writes on


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    return Path(settings.STEELYARD_HOME) / "intake" / sha256[:2] / sha256


def digest(data: bytes) -> str:
    """The hash under which these bytes are stored."""
    return hashlib.sha256(data).hexdigest()


def store(data: bytes) -> str:
    """Write the bytes, if they are not there yet, and return their hash once they are safe on disk."""
    sha256 = digest(data)
    if not _there(sha256, len(data)):
        store_stream([data])
    return sha256


def store_stream(pieces: Iterable[bytes]) -> tuple[str, int]:
    """The same for bytes that come in pieces: their hash and their number."""
    folder = path_of("0").parent.parent
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{uuid.uuid4().hex}"
    digest, length = hashlib.sha256(), 0
    try:
        with temporary.open("xb") as stream:
            for piece in pieces:
                digest.update(piece)
                length += stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        reach("bytes-written")
        sha256 = digest.hexdigest()
        if not _there(sha256, length):
            target = path_of(sha256)
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(target)
            _kept(target)
    finally:
        temporary.unlink(missing_ok=True)
    return sha256, length


def forget_unfinished(older_than: float = UNFINISHED) -> int:
    """Remove what a killed process was writing so many seconds ago; returns how many files that is."""
    folder, before = path_of("0").parent.parent, time.time() - older_than
    found = [path for path in folder.glob(".*") if len(path.name) == 33 and path.stat().st_mtime <= before] if folder.exists() else []
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _there(sha256: str, length: int) -> bool:
    target = path_of(sha256)
    return target.exists() and target.stat().st_size == length


def _kept(target: Path) -> None:
    """The names of a file and its folders survive a crash too."""
    for folder in (target.parent, target.parent.parent, target.parent.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def pieces(sha256: str) -> Iterator[bytes]:
    """The bytes with this hash, piece by piece, as they lie on disk."""
    with path_of(sha256).open("rb") as stream:
        while piece := stream.read(1 << 16):
            yield piece


def opened(sha256: str) -> BinaryIO:
    """The file with this hash, to be read piece by piece; refused if it is gone."""
    try:
        return path_of(sha256).open("rb")
    except FileNotFoundError as error:
        raise Refused(Problem("raw_file_missing", "a raw file is no longer in the home", "", sha256, "restore it from a backup")) from error


def load(sha256: str) -> bytes:
    """The bytes with this hash; refused if they are gone or no longer the same."""
    with opened(sha256) as stream:
        data = stream.read()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Refused(Problem("raw_file_changed", "a raw file on disk is not what was received", "", sha256, "restore it from a backup"))
    return data
