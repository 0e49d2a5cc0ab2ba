"""What people say of matches that the model made or would have made is kept: its certificate rests on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

from .. import names
from ..asking import Proposal, proposals
from ..models import MatchCheck, ModelMatch
from ..models_in_use import in_use

if TYPE_CHECKING:
    from steelyard.accounts.models import User


def note_decisions(keys: Iterable[tuple[str, str]], *, partner: str, acting_user: User) -> None:
    """People decide these keys: wherever the model would have accepted somebody, that says whether it would have been right.

    Called in the transaction of the decision, before it is written; a key that the model matched says it of that match.
    """
    called: dict[tuple[str, str], list[str]] = {}
    for source, party in keys:
        found = names.find(source, party, also_decided=True)
        made = match_made(source, party)
        if made is not None:
            note(MatchCheck.DECIDED, made, said=partner, right=made.partner == partner, acting_user=acting_user)
        elif found is not None:
            called[source, party] = list(found.names) or [party]
    numbered = {str(number): key for number, key in enumerate(called)}
    model = in_use()
    for number, proposal in proposals({number: called[key] for number, key in numbered.items()}, model).items():
        source, party = numbered[number]
        would = _as_match(source, party, proposal, model.model.digest)
        note(MatchCheck.DECIDED, would, said=partner, right=proposal.partner == partner, acting_user=acting_user)


def note_taken_back(source: str, party: str, *, acting_user: User) -> None:
    """A match of the model is taken back: it was wrong. Called before it is."""
    made = match_made(source, party)
    if made is not None:
        note(MatchCheck.TAKEN_BACK, made, said="", right=False, acting_user=acting_user)


def match_made(source: str, party: str) -> ModelMatch | None:
    """The match of the model that stands for a key; None if the last word about it is another."""
    last = names.last_said(source, party)
    if last is None or last.retracted or last.method != "model":
        return None
    return ModelMatch.objects.filter(source=source, party=party).order_by("-pk").first()


def note(kind: str, made: ModelMatch, *, said: str, right: bool, acting_user: User) -> None:
    """One check of one match."""
    MatchCheck.objects.create(
        kind=kind, source=made.source, party=made.party, name=made.name, proposed=made.partner, said=said, right=right,
        probability=made.probability, margin=made.margin, digest=made.digest, made_at=timezone.now(), made_by=acting_user.username,
    )  # fmt: skip


def _as_match(source: str, party: str, proposal: Proposal, digest: str) -> ModelMatch:
    return ModelMatch(
        source=source, party=party, name=proposal.name, partner=proposal.partner, probability=proposal.probability,
        margin=proposal.margin, digest=digest,
    )  # fmt: skip
