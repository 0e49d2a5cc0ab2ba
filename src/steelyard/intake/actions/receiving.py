"""Receive a file: its bytes are safe and known by their hash before anybody reads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
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


def receive_stream(pieces: Iterable[bytes], *, name: str, size: int, acting_user: User) -> Upload:
    """Store a file that comes in pieces, without ever holding it whole; the same bytes are stored once."""
    most = min(limits.LARGEST_FILE, settings.UPLOAD_MEGABYTES * 1024 * 1024)
    if size > most:
        found, hint = f"{size:,} bytes", "split the file, or let the operator import it with `steelyard import`"
        raise Refused(Problem("too_large", f"at most {most:,} bytes are taken here", "file", found, hint))
    sha256, length = store.store_stream(pieces)  # before the transaction: nobody's write waits for a large file
    reach("bytes-stored")
    told = {"size": length, "name": shown(name), "received_at": timezone.now(), "actor": acting_user.username}
    with transaction.atomic():
        upload, new = Upload.objects.get_or_create(sha256=sha256, defaults=told)
        if new:
            after = {"file": upload.name, "size": length, "sha256": sha256}
            record(action="file received", subject=f"file:{sha256[:12]}", after=after, acting_user=acting_user)
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
