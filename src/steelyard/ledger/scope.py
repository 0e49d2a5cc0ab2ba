"""Whose facts a reader may see: required by every read, so that forgetting it is an error and never a leak."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything, or the keys listed. An empty scope sees nothing.

    ``parties`` holds the (source, party key) pairs whose facts are visible, a blank source meaning every source;
    ``partners`` the codes they were resolved from, for readers above the ledger that know partners.

    The pairs are a sieve and not the whole rule: a key that once meant another partner is in them for all its dates.
    Readers that show rows look further with `partners.facts.visible_facts`, which resolves each row on its own date.
    """

    everything: bool = False
    partners: frozenset[str] = field(default_factory=frozenset)
    parties: frozenset[tuple[str, str]] = field(default_factory=frozenset)


EVERYTHING = Scope(everything=True)
NOTHING = Scope()
