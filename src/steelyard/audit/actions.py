"""The one write of the audit trail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from steelyard.ledger import bulk

from . import models
from .origin import current

_COLUMNS = ("made_at", "actor", "action", "subject", "before", "after", "reason", "origin")


def record(
    *,
    action: str,
    subject: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    acting_user: Any,
    reason: str = "",
) -> None:
    """Append one entry, in the transaction of the write it tells about. Values must be plain, or have a text form."""
    actor = str(getattr(acting_user, "username", "") or acting_user)
    told = (bulk.moment(timezone.now()), actor, action, subject, _as_json(before), _as_json(after), reason, current())
    bulk.insert_numbered(models.Entry, _COLUMNS, [told])  # each write writes one


def _as_json(values: Mapping[str, Any] | None) -> str | None:
    """Values as JSON keeps them: dates and decimals as text."""
    return None if values is None else json.dumps(dict(values), cls=DjangoJSONEncoder)
