"""What people say of matches that the model made or would have made is kept: its certificate rests on it.

The model is asked before the ledger is locked (`foresee`); under the lock only what it made meanwhile is looked up, in as many
questions for one key as for hundreds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone

from .. import names
from ..asking import Proposal, proposals
from ..models import MatchCheck, ModelMatch
from ..models_in_use import in_use
from ..names import Key

if TYPE_CHECKING:
    from steelyard.accounts.models import User


@dataclass(frozen=True)
class Foreseen:
    """Whom the model would accept for keys that somebody is about to decide, and which model that is."""

    digest: str = ""
    proposals: Mapping[Key, Proposal] = field(default_factory=dict)

    def match(self, key: Key) -> ModelMatch | None:
        """The match that the model would have made."""
        one = self.proposals.get(key)
        return None if one is None else ModelMatch(source=key[0], party=key[1], digest=self.digest, **vars(one))


def foresee(keys: Sequence[Key]) -> Foreseen:
    """What the model in use says of these keys; not of those that it matched already. Called before the ledger is locked."""
    made, model = matches_made(keys), in_use()
    called = names.called([key for key in keys if key not in made])
    numbered = {str(number): key for number, key in enumerate(called)}
    found = proposals({number: called[key] for number, key in numbered.items()}, model)
    return Foreseen(model.model.digest, {numbered[number]: one for number, one in found.items()})


def note_decisions(keys: Sequence[Key], *, partner: str, foreseen: Foreseen, acting_user: User) -> None:
    """People decide these keys: wherever the model would have accepted somebody, that says whether it would have been right.

    Called in the transaction of the decision, before it is written; a key that the model matched says it of that match.
    """
    made = matches_made(keys)
    matches = [one for key in keys if (one := made.get(key) or foreseen.match(key)) is not None]
    _note(MatchCheck.DECIDED, ((one, partner, one.partner == partner) for one in matches), acting_user)


def note_taken_back(keys: Sequence[Key], *, acting_user: User) -> None:
    """Matches of the model are taken back: they were wrong. Called before they are; of other keys it says nothing."""
    _note(MatchCheck.TAKEN_BACK, ((one, "", False) for one in matches_made(keys).values()), acting_user)


def match_made(source: str, party: str) -> ModelMatch | None:
    """The match of the model that stands for a key; None if the last word about it is another."""
    return matches_made([(source, party)]).get((source, party))


def matches_made(keys: Iterable[Key]) -> dict[Key, ModelMatch]:
    """Key -> the match of the model that stands for it, of those whose last word is one."""
    standing = [key for key, last in names.last_words(keys).items() if last.method == "model" and not last.retracted]
    found: dict[Key, ModelMatch] = {}
    for some in names.together(standing):
        wanted = set(some)
        for one in ModelMatch.objects.filter(party__in={party for _source, party in some}).order_by("pk"):
            if (one.source, one.party) in wanted:
                found[one.source, one.party] = one
    return found


def note(kind: str, made: ModelMatch, *, said: str, right: bool, acting_user: User) -> None:
    """One check of one match."""
    _note(kind, [(made, said, right)], acting_user)


def _note(kind: str, checks: Iterable[tuple[ModelMatch, str, bool]], acting_user: User) -> None:
    now = timezone.now()
    MatchCheck.objects.bulk_create(
        (
            MatchCheck(
                kind=kind, source=made.source, party=made.party, name=made.name, proposed=made.partner, said=said, right=right,
                probability=made.probability, margin=made.margin, digest=made.digest, made_at=now, made_by=acting_user.username,
            )
            for made, said, right in checks
        ),
        batch_size=500,
    )  # fmt: skip
