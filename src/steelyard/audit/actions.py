"""The one write of the audit trail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from . import models
from .origin import current


def record(
    *,
    action: str,
    subject: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    acting_user: Any,
    reason: str = "",
) -> models.Entry:
    """Append one entry, in the transaction of the write it tells about. Values must be plain, or have a text form."""
    return models.Entry.objects.create(
        made_at=timezone.now(),
        actor=str(getattr(acting_user, "username", "") or acting_user),
        action=action,
        subject=subject,
        before=_plain(before),
        after=_plain(after),
        reason=reason,
        origin=current(),
    )


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Values as JSON keeps them: dates and decimals as text."""
    return None if values is None else json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder))
