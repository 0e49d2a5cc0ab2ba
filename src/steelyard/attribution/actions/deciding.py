"""Say which partner a name means: remembered for this source, for all facts that came and will come; and take it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from steelyard.audit.actions import record
from steelyard.calc.errors import Conflict, Problem, Refused
from steelyard.ledger.actions import committing
from steelyard.partners import actions as partners
from steelyard.partners import queries as partner_queries

from .. import names
from ..exact import Match, decided
from ..names import Key
from .noting import foresee, note_decisions, note_taken_back

if TYPE_CHECKING:
    from steelyard.accounts.models import User

DECIDED = "name decided"  # in the audit trail
NONE_OF_OURS = ""
Certainty = Mapping[str, tuple[int | None, int | None]]  # party -> probability, margin, in the grain of percents


def decide_name(
    *, source: str, party: str, partner: str, acting_user: User, reason: str = "", instead_of: str | None = None,
    certainty: tuple[int | None, int | None] = (None, None),
) -> bool:  # fmt: skip
    """A party key of a source means this partner ("": none of ours). False if that was decided already.

    Refused if the name does not wait; a conflict if somebody has just decided otherwise, unless that decision is named
    (``instead_of``): then this one takes its place. ``certainty``: what the model said of the partner, kept with it.
    """
    waiting, foreseen = names.find(source, party, also_decided=True), foresee([(source, party)])
    with committing(cause="rematched", acting_user=acting_user, note=_note(f"{party} of {source} decided", reason)):
        known = decided(party, source=source)
        if known is not None:
            if (known.partner or "") == partner:
                return False
            if instead_of is None or instead_of != (known.partner or ""):
                raise _conflict(party, known)
        if waiting is None:
            raise Refused(Problem("not_waiting", "no such name waits for a partner", "party", party, "look at the list again"))
        _known_partner(partner)
        note_decisions([(source, party)], partner=partner, foreseen=foreseen, acting_user=acting_user)
        partners.remember_matches(
            source=source, matches={party: partner}, method="person", acting_user=acting_user, note=reason, certainty={party: certainty}
        )
        after = {
            "source": source, "party": party, "title": waiting.title, "partner": partner, "rows": waiting.rows,
            "probability": certainty[0], "margin": certainty[1],
        }  # fmt: skip
        record(action=DECIDED, subject=f"aliases:{source} / {party}"[:250], after=after, acting_user=acting_user, reason=reason)
    return True


def decide_names(*, keys: Iterable[Key], partner: str, acting_user: User, reason: str = "") -> int:
    """All these names that still wait mean this partner ("": none of ours), in one commit; how many that were."""
    wanted = sorted(set(keys))
    _known_partner(partner)
    foreseen = foresee(_undecided(wanted))
    with committing(cause="rematched", acting_user=acting_user, note=_note(f"{len(wanted)} names decided together", reason)):
        left = _undecided(wanted)
        note_decisions(left, partner=partner, foreseen=foreseen, acting_user=acting_user)
        for source, parties in _by_source(left).items():
            matches = dict.fromkeys(parties, partner)
            partners.remember_matches(source=source, matches=matches, method="person", acting_user=acting_user, note=reason)
        done = len(left)
        if done:
            after = {"partner": partner, "names": done, "keys": [list(key) for key in wanted[:1_000]]}
            record(
                action=f"{DECIDED}, several",
                subject=f"aliases:{partner or 'none of ours'}",
                after=after,
                acting_user=acting_user,
                reason=reason,
            )
    return done


def take_back_name(*, source: str, party: str, acting_user: User, reason: str = "") -> bool:
    """The decision never was: the name waits again. False if it waits already."""
    return bool(take_back_names(keys=[(source, party)], acting_user=acting_user, reason=reason))


def take_back_names(*, keys: Iterable[Key], acting_user: User, reason: str = "") -> int:
    """These decisions never were, in one commit; how many stood."""
    with committing(cause="rematched", acting_user=acting_user, note=reason or "decision taken back"):
        standing = sorted(partner_queries.decided_among(set(keys)))
        note_taken_back(standing, acting_user=acting_user)
        for source, party in standing:
            partners.retire("aliases", source=source, party=party, acting_user=acting_user, reason=reason or "decision taken back")
    return len(standing)


def _undecided(keys: Iterable[Key]) -> list[Key]:
    """Those of the keys about which nothing is decided."""
    found = []
    for source, parties in _by_source(keys).items():
        decided_already = partner_queries.known_parties(parties, source=source)
        found += [(source, party) for party in parties if party not in decided_already]
    return found


def _by_source(keys: Iterable[Key]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source, party in keys:
        found.setdefault(source, []).append(party)
    return found


def _note(what: str, reason: str) -> str:
    return (f"{what}: {reason}" if reason else what)[:500]


def _known_partner(partner: str) -> None:
    if partner and not partner_queries.exists("partners", code=partner):
        raise Refused(Problem("unknown_partner", "there is no such partner", "partner", partner, "choose one of the list"))


def _conflict(party: str, known: Match) -> Conflict:
    found = known.partner or "none of ours"
    hint = "look at it again; a decision can be taken back"
    return Conflict(Problem("decided_meanwhile", "somebody has decided this name meanwhile", party, found, hint))
