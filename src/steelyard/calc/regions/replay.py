"""Every partner through every region's scheme, with the same facts: whatever differs is a difference of configuration, and is named.

The caller scores the schemes; this makes them and compares what came out. Source of the method: METHODS.md, section 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..formula.nodes import Binary, Formula
from ..framework.model import Framework
from ..framework.read import read

TOGETHER = "together"  # no single setting moves the result alone; all of them do
BASE = "base"  # the region keeps to another version of the base


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scheme gives a subject: the total in its grain, None without one, and the level."""

    total: int | None
    level: str | None


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to score. ``region`` is empty for the base; ``path`` names the one setting that is tried alone."""

    region: str
    framework: Framework
    path: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A subject that a region's scheme would score otherwise than the base, and the settings that do it alone."""

    subject: str
    region: str
    own: bool  # whether the region scores this subject
    base: Outcome
    other: Outcome
    because: tuple[str, ...]

    @property
    def change(self) -> int | None:
        """How much the region's scheme gives more than the base."""
        return None if self.base.total is None or self.other.total is None else self.other.total - self.base.total


def schemes(base: Framework, regions: Sequence[Framework]) -> list[Scheme]:
    """The base and every region, each for all subjects that any of them scores."""
    whole = _for_all([base, *regions])
    return [Scheme("", replace(base, applies_to=whole)), *(Scheme(one.code, replace(one, applies_to=whole)) for one in regions)]


def variants(base: Framework, region: Framework) -> list[Scheme]:
    """The base with each setting of a region alone; one that cannot stand alone is left out. A region with one setting needs none."""
    found = []
    for path in region.changed if len(region.changed) > 1 else ():
        framework, _ = read(region.source, bases={region.extends: region.base}, only={path})
        if framework is not None:
            found.append(Scheme(region.code, framework, path))
    return found


def _for_all(frameworks: Sequence[Framework]) -> Formula | None:
    """Whom any of them scores: their rules joined by `or`; None is everybody."""
    rules = [one.applies_to for one in frameworks]
    found: Formula | None = rules[0]
    for rule in rules[1:]:
        if found is None or rule is None:
            return None
        found = Formula(f"({found.text}) or ({rule.text})", Binary(0, "or", found.tree, rule.tree), found.type)
    return found


def gaps(
    base: Mapping[str, Outcome],
    region: Framework,
    outcomes: Mapping[str, Outcome],
    alone: Mapping[str, Mapping[str, Outcome]],
    own: frozenset[str],
    *,
    same_base: bool = True,
) -> list[Gap]:
    """The subjects whose total or level a region's scheme changes, by subject.

    ``alone``: per setting, what it gives by itself. ``own``: the subjects the region scores. ``same_base``: whether the region is a
    difference to this very base.
    """
    found = []
    for subject in sorted(base):
        before, after = base[subject], outcomes.get(subject, Outcome(None, None))
        if before == after:
            continue
        because = [path for path, results in alone.items() if results.get(subject, before) != before]
        if len(region.changed) == 1 and same_base:
            because = list(region.changed)
        if not same_base:
            because.append(BASE)
        found.append(Gap(subject, region.code, subject in own, before, after, tuple(because) or (TOGETHER,)))
    return found
