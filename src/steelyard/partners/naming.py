"""What partners are called, and what was decided about what sources call them, as plain rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from . import models

_TOGETHER = 400  # keys of one question; databases limit how many values it may have


def names() -> list[tuple[str, str]]:
    """Code and name of every partner."""
    return list(models.Partner.objects.values_list("code", "name"))


def remembered(*, source: str, party: str | None = None) -> list[tuple[str, str, str]]:
    """Source ("": every source), party key and partner ("": none of ours) of each decision that holds for a source; about one key."""
    only = {} if party is None else {"party": party}
    return list(models.Alias.objects.filter(source__in=["", source], **only).values_list("source", "party", "partner"))


def known_parties(parties: Collection[str], *, source: str) -> set[str]:
    """Of these keys, those about which nothing waits: something was decided about them, or they are a partner's code."""
    wanted, found = list(parties), set()
    for start in range(0, len(wanted), _TOGETHER):
        part = wanted[start : start + _TOGETHER]
        places = ", ".join(["%s"] * len(part))
        with connection.cursor() as cursor:  # in plain words: every order that is sent by itself asks
            cursor.execute(
                f"SELECT party FROM partners_alias WHERE source IN ('', %s) AND party IN ({places}) "
                f"UNION SELECT code FROM partners_partner WHERE code IN ({places})",
                [source, *part, *part],
            )
            found |= {party for (party,) in cursor.fetchall()}
    return found


@dataclass(frozen=True)
class Called:
    """A partner as names are compared with it; ``personal``: somebody is affiliated through it, so it is a person."""

    code: str
    name: str
    type: str
    city: str
    country: str
    personal: bool


def names_changed() -> tuple[int, int]:
    """The number and the commit of what changed last about a partner or an affiliation; negative while there is nothing."""
    partner = models.PartnerHistory.objects.order_by("-pk").values_list("pk", "commit_seq").first() or (-1, -1)
    affiliation = models.AffiliationHistory.objects.order_by("-pk").values_list("pk", "commit_seq").first() or (-1, -1)
    return partner[0] + affiliation[0], max(partner[1], affiliation[1])


def all_called() -> list[Called]:
    """Every partner by code, as names are compared with it."""
    persons = set(models.Affiliation.objects.values_list("person", flat=True))
    columns = ("code", "name", "type", "city", "country")
    return [Called(**row, personal=row["code"] in persons) for row in models.Partner.objects.order_by("code").values(*columns)]
