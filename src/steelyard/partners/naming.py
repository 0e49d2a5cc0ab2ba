"""What partners are called, and what was decided about what sources call them, as plain rows."""

from __future__ import annotations

from . import models


def names() -> list[tuple[str, str]]:
    """Code and name of every partner."""
    return list(models.Partner.objects.values_list("code", "name"))


def remembered(*, source: str) -> list[tuple[str, str, str]]:
    """Source ("": every source), party key and partner ("": none of ours) of each decision that holds for a source."""
    return list(models.Alias.objects.filter(source__in=["", source]).values_list("source", "party", "partner"))
