"""What partners are called, and what was decided about what sources call them, as plain rows."""

from __future__ import annotations

from collections.abc import Collection

from . import models


def names() -> list[tuple[str, str]]:
    """Code and name of every partner."""
    return list(models.Partner.objects.values_list("code", "name"))


def remembered(*, source: str) -> list[tuple[str, str, str]]:
    """Source ("": every source), party key and partner ("": none of ours) of each decision that holds for a source."""
    return list(models.Alias.objects.filter(source__in=["", source]).values_list("source", "party", "partner"))


def known_parties(parties: Collection[str], *, source: str) -> set[str]:
    """Of these keys, those about which nothing waits: something was decided about them, or they are a partner's code."""
    decided = models.Alias.objects.filter(source__in=["", source], party__in=parties).values_list("party", flat=True)
    return set(decided) | set(models.Partner.objects.filter(code__in=parties).values_list("code", flat=True))


def decided_keys() -> list[tuple[str, str]]:
    """Source ("": every source) and party key of every decision that holds."""
    return list(models.Alias.objects.values_list("source", "party"))


def codes() -> list[str]:
    """The code of every partner."""
    return list(models.Partner.objects.values_list("code", flat=True))
