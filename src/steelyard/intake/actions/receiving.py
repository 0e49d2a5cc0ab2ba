"""Receive a file: its bytes are safe and known by their hash before anybody reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from steelyard.calc.errors import Problem, Refused
from steelyard.ledger.failpoints import reach

from .. import limits, store
from ..models import Upload

if TYPE_CHECKING:
    from steelyard.accounts.models import User


def receive(data: bytes, *, name: str, acting_user: User) -> Upload:
    """Store the bytes of a file; the same bytes are stored once."""
    if len(data) > limits.LARGEST_FILE:
        found = f"{len(data):,} bytes"
        raise Refused(Problem("too_large", f"at most {limits.LARGEST_FILE:,} bytes are read", shown(name), found, "split the file"))
    sha256 = store.store(data)
    reach("bytes-stored")
    told = {"size": len(data), "name": shown(name), "received_at": timezone.now(), "actor": acting_user.username}
    upload, _ = Upload.objects.get_or_create(sha256=sha256, defaults=told)
    reach("upload-recorded")
    return upload


def shown(name: str) -> str:
    """A file's name as it may be shown: its last part, without characters that deceive, at most 200 of them."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] or "file"
    plain = "".join(
        character if character.isprintable() and not _deceives(character) else "\N{REPLACEMENT CHARACTER}" for character in last
    )
    return plain[:200]


def _deceives(character: str) -> bool:
    return "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"
