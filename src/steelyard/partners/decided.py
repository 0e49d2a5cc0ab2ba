"""What was decided about the keys by which sources name partners, whole: for the queue and for the list of decisions."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, QuerySet

from . import models

_TOGETHER = 400  # keys of one question
ALIASES = models.AliasHistory._meta.label_lower


def decided_keys() -> list[tuple[str, str]]:
    """Source ("": every source) and party key of every decision that holds."""
    return list(models.Alias.objects.values_list("source", "party"))


def decided_among(keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these (source, party key) about which a decision holds."""
    wanted, found = sorted({party for _source, party in keys}), set[tuple[str, str]]()
    for start in range(0, len(wanted), _TOGETHER):
        rows = models.Alias.objects.filter(party__in=wanted[start : start + _TOGETHER]).values_list("source", "party")
        found |= set(rows) & set(keys)
    return found


def codes() -> list[str]:
    """The code of every partner."""
    return list(models.Partner.objects.values_list("code", flat=True))


def keys_of(partners: Collection[str], *, source: str) -> list[tuple[str, str]]:
    """Party key and partner of every decision of a source, or of every source, for one of these partners."""
    return list(models.Alias.objects.filter(source__in=["", source], partner__in=partners).values_list("party", "partner"))


def called(partners: Collection[str]) -> dict[str, str]:
    """Code and name of some partners."""
    return dict(models.Partner.objects.filter(code__in=partners).values_list("code", "name"))


def alias_history() -> QuerySet[models.AliasHistory]:
    """Every statement ever made about what a source calls a partner."""
    return models.AliasHistory.objects.all()


def newest_said(keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """(source, party) -> the number of the last statement about it."""
    rows = models.AliasHistory.objects.filter(party__in={party for _source, party in keys}).values_list("source", "party", "pk")
    found: dict[tuple[str, str], int] = {}
    for source, party, number in rows:
        found[source, party] = max(number, found.get((source, party), 0))
    return found


def decided_by(method: str) -> list[tuple[str, str, str]]:
    """Source, party key and partner of every decision that holds and was made so."""
    return list(models.Alias.objects.filter(method=method).order_by("source", "party").values_list("source", "party", "partner"))


def decided_by_method() -> dict[str, int]:
    """How many decisions hold now, by how they were made."""
    counted = models.Alias.objects.order_by().values_list("method").annotate(count=Count("pk"))
    return dict(sorted(counted, key=lambda pair: -pair[1]))
