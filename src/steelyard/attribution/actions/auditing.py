"""Look at a match of the model and say whether it is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from steelyard.audit.actions import record
from steelyard.calc.errors import Problem, Refused

from ..models import MatchCheck
from .deciding import decide_name, take_back_name
from .noting import match_made, note

if TYPE_CHECKING:
    from steelyard.accounts.models import User

AUDITED = "match audited"  # in the audit trail


@transaction.atomic
def audit_match(*, source: str, party: str, right: bool, acting_user: User, partner: str | None = None, reason: str = "") -> bool:
    """A match of the model was looked at: right, or wrong. A wrong one is taken back, or decided for ``partner`` ("": none of ours).

    Refused if the model has not matched this name. False if it was said to be right already.
    """
    made = match_made(source, party)
    if made is None:
        hint = "look at the list again"
        raise Refused(Problem("not_matched_by_model", "no such name is matched by the model", "party", party, hint))
    if right:
        last = MatchCheck.objects.filter(source=source, party=party, digest=made.digest).order_by("-pk").first()
        if last is not None and last.right and last.proposed == made.partner:
            return False
        note(MatchCheck.AUDITED, made, said=made.partner, right=True, acting_user=acting_user)
    elif partner is None:  # taking back and deciding note by themselves that it was wrong
        take_back_name(source=source, party=party, acting_user=acting_user, reason=reason or "audited: wrong")
    else:
        why = reason or "audited: wrong"
        decide_name(source=source, party=party, partner=partner, acting_user=acting_user, reason=why, instead_of=made.partner)
    after = {"source": source, "party": party, "partner": made.partner, "right": right, "means": partner}
    record(action=AUDITED, subject=f"aliases:{source} / {party}"[:250], after=after, acting_user=acting_user, reason=reason)
    return True
