"""What a person sees, in words and numbers: for whoever gives or takes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.accounts.permissions import ROLES
from steelyard.partners import scopes

PREVIEW = 12


@dataclass(frozen=True)
class Sight:
    """``text`` says how much; ``partners`` are the first few, as (code, name)."""

    text: str
    everything: bool
    count: int
    partners: tuple[tuple[str, str], ...] = ()

    @property
    def more(self) -> int:
        """How many partners are not shown here."""
        return self.count - len(self.partners)


def sight_of(user: Any, grants: Iterable[Any] | None = None) -> Sight:
    """What a person sees today; ``grants`` are those in force, if they are known already."""
    scope = scopes.scope_of(user) if grants is None else scopes.scope_with(user, grants, timezone.localdate())
    if scope.everything:
        return Sight(_("Everything"), True, 0)
    number = len(scope.partners)
    if not number:
        return Sight(_("Nothing"), False, 0)
    return Sight(ngettext("%(number)s partner", "%(number)s partners", number) % {"number": number}, False, number)


def previewed(user: Any) -> Sight:
    """The same with the first few partners by name."""
    told = sight_of(user)
    if told.everything or not told.count:
        return told
    names = dict(scopes.choices("partner"))
    partners = sorted(((code, names.get(code, code)) for code in scopes.scope_of(user).partners), key=lambda pair: pair[1].casefold())
    return Sight(told.text, False, told.count, tuple(partners[:PREVIEW]))


def grant_text(kind: str, key: str) -> str:
    """A grant in words, with the name of what it names."""
    name = dict(scopes.choices(kind)).get(key, _("not known (any more)"))
    return {
        "territory": _("Territory %(named)s, with all below it"),
        "partner": _("Partner %(named)s"),
        "representative": _("Partners of representative %(named)s"),
    }[kind] % {"named": key if name == key else f"{key} {name}"}


def role_titles(user: Any) -> str:
    """The roles of a person, as people call them."""
    return ", ".join(_(ROLES[role].title) for role in user.roles if role in ROLES)
