"""The partner's own people: who sees its pages, and whom of them its administrator manages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from steelyard.accounts import queries as accounts
from steelyard.calc.errors import Missing

from .forms import ROLES
from .whose import Whose

if TYPE_CHECKING:
    from steelyard.accounts.models import User


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who sees the partner's pages. ``managed``: by its own administrator; others are the installation's to change."""

    user: User
    managed: bool

    @property
    def role(self) -> str:
        """The strongest of the roles."""
        return "partner_administrator" if "partner_administrator" in self.user.roles else "partner_user"

    @property
    def role_title(self) -> str:
        """What the role is called, without what it allows."""
        return str(dict(ROLES)[self.role]).partition(":")[0]


def colleagues(own: Whose, reader: User) -> list[Colleague]:
    """Everybody of the partner, by name; also the deactivated."""
    theirs = accounts.partners_named([reader])[reader.pk]
    found = accounts.people_of_partner(own.code)
    named = accounts.partners_named(found)
    everybody = [Colleague(person, named[person.pk] <= theirs) for person in found]
    return sorted(everybody, key=lambda one: (not one.user.is_active, one.user.name.casefold()))


def colleague(own: Whose, username: str, reader: User) -> Colleague:
    """One of them whom the reader manages; `Missing` for everybody else."""
    found = next((one for one in colleagues(own, reader) if one.user.username == username and one.managed), None)
    if found is None:
        raise Missing
    return found
