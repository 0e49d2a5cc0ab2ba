"""Say which partner a name means: remembered for this source, for all facts that came and will come; and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steelyard.audit.actions import record
from steelyard.calc.errors import Conflict, Problem, Refused
from steelyard.ledger.actions import committing
from steelyard.partners import actions as partners
from steelyard.partners import queries as partner_queries

from .. import names
from ..exact import match

if TYPE_CHECKING:
    from steelyard.accounts.models import User


def decide_name(*, source: str, party: str, partner: str, acting_user: User) -> bool:
    """A party key of a source means this partner ("": none of ours). False if that was decided already.

    Refused if the name does not wait; a conflict if somebody has just decided otherwise.
    """
    with committing(acting_user=acting_user, note=f"{party} of {source} decided"):
        known = match([party], source=source).get(party)
        if known is not None and known.method != "name":
            if (known.partner or "") == partner:
                return False
            found = known.partner or "none of ours"
            hint = "look at it again; a decision can be taken back"
            raise Conflict(Problem("decided_meanwhile", "somebody has decided this name meanwhile", party, found, hint))
        waiting = names.find(names.queue(), source, party)
        if waiting is None:
            raise Refused(Problem("not_waiting", "no such name waits for a partner", "party", party, "look at the list again"))
        if partner and not partner_queries.exists("partners", code=partner):
            raise Refused(Problem("unknown_partner", "there is no such partner", "partner", partner, "choose one of the list"))
        partners.remember_matches(source=source, matches={party: partner}, method="person", acting_user=acting_user)
        after = {"source": source, "party": party, "title": waiting.title, "partner": partner, "rows": waiting.rows}
        record(action=names.DECIDED, subject=f"aliases:{source} / {party}"[:250], after=after, acting_user=acting_user)
    return True


def take_back_name(*, source: str, party: str, acting_user: User, reason: str = "") -> bool:
    """The decision never was: the name waits again. False if it waits already."""
    if not partner_queries.exists("aliases", source=source, party=party):
        return False
    partners.retire("aliases", source=source, party=party, acting_user=acting_user, reason=reason or "decision taken back")
    return True
