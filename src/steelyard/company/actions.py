"""Every write of the company's settings, calendars and rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from steelyard.ledger.actions import committing
from steelyard.masters.actions import Actions, Loaded

from . import queries
from .masters import COMPANY, MASTERS, STANDARD

if TYPE_CHECKING:
    from steelyard.accounts.models import User

_verbs = Actions(MASTERS)
add, change, retire, load, check, preview = _verbs.add, _verbs.change, _verbs.retire, _verbs.load, _verbs.check, _verbs.preview


def set_up(*, acting_user: User, name: str = "", reporting_currency: str = "EUR") -> None:
    """The standard calendar (months from January) and the settings; doing it again changes nothing."""
    with committing(cause="masters", acting_user=acting_user, note="set-up"):
        if not queries.exists("calendars", code=STANDARD):
            add("calendars", code=STANDARD, start_month=1, pattern="months", acting_user=acting_user, reason="set-up")
        if not queries.exists("settings", code=COMPANY):
            add(
                "settings", code=COMPANY, name=name or "The company", reporting_currency=reporting_currency,
                default_calendar=STANDARD, acting_user=acting_user, reason="set-up",
            )  # fmt: skip


def change_settings(*, acting_user: User, reason: str = "", **values: Any) -> Loaded:
    """Change the company's name, reporting currency, default calendar or the currencies in use."""
    return change("settings", code=COMPANY, acting_user=acting_user, reason=reason, **values)
