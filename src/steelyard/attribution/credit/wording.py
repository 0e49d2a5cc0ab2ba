"""Credit in words: which rule, which role, and why a partner has a share of a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from steelyard.calc.credit.rule import STANDARD
from steelyard.ui import formats

from .rules import Known

_TITLES = {  # of the rules that come with the product, so that they are found for translation
    "ordering": gettext_noop("Ordering partner"),
    "first": gettext_noop("First touch"),
    "last": gettext_noop("Last touch before the order"),
    "linear": gettext_noop("Linear"),
    "position": gettext_noop("By position, 40/20/40"),
    "roles": gettext_noop("By role, 60/30/10"),
}
assert set(_TITLES) == {rule.name for rule in STANDARD}


def title_of(known: Known) -> str:
    """A rule by its title; one's own also by its version."""
    return _(_TITLES[known.code]) if known.code in _TITLES else f"{known.rule.title} (v{known.version})"


def role_of(role: str) -> str:
    """A role in words."""
    return {"ordered": _("ordered"), "referred": _("referred"), "influenced": _("influenced")}[role]


def why(codes: str | None, names: Mapping[str, str] | None = None) -> str:
    """The reasons of a share, as `moves.reasons` codes them, in a sentence each; a person who is not among the names has none."""
    return "; ".join(_one(code, names or {}) for code in (codes or "").split("|") if code)


def _one(code: str, names: Mapping[str, str]) -> str:
    role, by, day, _via, person = code.split(",", 4)
    on = formats.day(date.fromisoformat(day))
    if role == "ordered":
        said = _("placed the order of %(day)s") % {"day": on}
    elif role == "influenced":
        said = _("belonged to the ordering organisation on %(day)s") % {"day": on}
    else:
        said = {
            "document": _("referral of %(day)s that names the order"),
            "customer": _("referral of %(day)s for the same end customer"),
            "line": _("named as referring on the line of %(day)s"),
        }[by] % {"day": on}
    return _("%(person)s: %(said)s") % {"person": names.get(person) or _("another partner"), "said": said} if person else said


def sums(rows: Iterable[Mapping[str, Any]], name: str) -> list[tuple[str, int]]:
    """Currency and sum of a column, the currency of most rows first."""
    totals: dict[str, list[int]] = {}
    for row in rows:
        own = totals.setdefault(row["currency"], [0, 0])
        own[0], own[1] = own[0] + 1, own[1] + row[name]
    return [(currency, total) for currency, (_count, total) in sorted(totals.items(), key=lambda item: (-item[1][0], item[0]))]


def sentence_of(known: Known) -> str:
    """What a rule does, in a sentence or two, whatever its note says."""
    rule = known.rule
    first, last, between = (f"{float(share * 100):g}%" for share in (rule.first, rule.last, 1 - rule.first - rule.last))
    told = {
        "ordering": _("Whoever placed the order has all of it."),
        "first": _("Whoever had a part in it first has all of it."),
        "last": _("Whoever had a part in it last has all of it."),
        "linear": _("Every touch has an equal share."),
        "position": _("The first touch has %(first)s, the last %(last)s; those between share %(between)s.")
        % {"first": first, "last": last, "between": between},
        "roles": _("Shares by role: %(shares)s. That of a role nobody had goes to the others in proportion.")
        % {"shares": ", ".join(f"{role_of(role)} {float(share * 100):g}%" for role, share in rule.shares.items())},
    }[rule.method]
    if rule.method == "ordering":
        return told
    counts = _("What counts: %(roles)s; referrals up to %(days)s days before the order.") % {
        "roles": ", ".join(role_of(role) for role in rule.counts), "days": rule.look_back,
    }  # fmt: skip
    goes = _("What a person earns goes on to the organisations of that day.") if rule.persons == "organisations" else ""
    return " ".join(part for part in (told, counts, goes) if part)
