"""Leaves gathered into reasons: what a person would call one error, however many lines and partners it touches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .lines import Leaf

_MINOR = ("rounding", "unexplained")  # told last


@dataclass(frozen=True, slots=True)
class Reason:
    """Leaves with one cause and one key. ``amount``: what they add up to, over all subjects."""

    cause: str
    key: str
    leaves: tuple[Leaf, ...]

    @property
    def amount(self) -> int:
        """What it adds on the way from theirs to ours, over all subjects."""
        return sum(leaf.amount for leaf in self.leaves)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Whose figures it moves."""
        return tuple(dict.fromkeys(leaf.subject for leaf in self.leaves))

    def of(self, subject: str) -> tuple[Leaf, ...]:
        """The leaves of one subject."""
        return tuple(leaf for leaf in self.leaves if leaf.subject == subject)


def gather(leaves: Iterable[Leaf]) -> list[Reason]:
    """The reasons in the order in which they first occur; what is minor comes last."""
    grouped: dict[tuple[str, str], list[Leaf]] = {}
    for leaf in leaves:
        grouped.setdefault((leaf.cause, leaf.key), []).append(leaf)
    found = [Reason(cause, key, tuple(own)) for (cause, key), own in grouped.items()]
    return sorted(found, key=lambda reason: reason.cause in _MINOR)


def of_subject(reasons: Sequence[Reason], subject: str) -> list[Reason]:
    """The reasons that move a subject's figure, each with its own leaves only."""
    own = [(reason, reason.of(subject)) for reason in reasons]
    return [Reason(reason.cause, reason.key, leaves) for reason, leaves in own if leaves]
