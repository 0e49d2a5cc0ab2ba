"""Raw files on disk, named by their SHA-256: written so that they survive a crash, never changed."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

from django.conf import settings

from steelyard.calc.errors import Problem, Refused


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    return Path(settings.STEELYARD_HOME) / "intake" / sha256[:2] / sha256


def store(data: bytes) -> str:
    """Write the bytes, if they are not there yet, and return their hash once they are safe on disk."""
    sha256 = hashlib.sha256(data).hexdigest()
    target = path_of(sha256)
    if target.exists() and target.stat().st_size == len(data):
        return sha256
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{sha256}.{uuid.uuid4().hex}")
    with temporary.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(target)
    for folder in (target.parent, target.parent.parent, target.parent.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    return sha256


def load(sha256: str) -> bytes:
    """The bytes with this hash; refused if they are gone or no longer the same."""
    try:
        data = path_of(sha256).read_bytes()
    except FileNotFoundError as error:
        raise Refused(Problem("raw_file_missing", "a raw file is no longer in the home", "", sha256, "restore it from a backup")) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Refused(Problem("raw_file_changed", "a raw file on disk is not what was received", "", sha256, "restore it from a backup"))
    return data
