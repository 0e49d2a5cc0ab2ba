"""A form pressed twice has one effect: its key, as it is kept."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from steelyard.accounts.models import User


def own_key(form_key: str, acting_user: User, *about: object) -> str:
    """The key of one person's form about one thing: nobody else's form, and no other thing, ever meets it. Without a key, a new one."""
    if not form_key:
        return uuid4().hex
    return hashlib.sha256(json.dumps([acting_user.username, *map(str, about), form_key]).encode()).hexdigest()
