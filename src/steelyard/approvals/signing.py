"""What a signature is made of: the hash of a record's version, and the seal that ties a signature to its place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

FRESH = timedelta(minutes=5)  # how long a password entered again stands for a signature
MOST_WRONG, WITHIN = 10, timedelta(minutes=15)  # as at the sign-in page


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Somebody entered their password again just now. Only `actions.confirm_password` makes one."""

    username: str
    at: datetime


def version_hash(content: Mapping[str, Any]) -> str:
    """The SHA-256 of a record's content in one canonical form."""
    text = json.dumps(dict(content), cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal(*, record: str, number: int, signer: str, name: str, signed_at: datetime, meaning: str, version: str) -> str:
    """The hash of a whole signature, with the record and the step it belongs to."""
    told = [record, number, signer, name, signed_at.isoformat(timespec="microseconds"), meaning, version]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
