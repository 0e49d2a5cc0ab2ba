"""Every partner through every region's scheme, at one cut and period: what `calc.regions` compares, scored from the facts.

Nothing is saved. All schemes read the same facts, the same masters and, where a rule looks back, the same earlier results.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from steelyard.calc import kpis
from steelyard.calc.framework.model import Framework
from steelyard.calc.regions import Gap, Outcome, gaps, schemes, variants
from steelyard.frameworks.house import regions_of
from steelyard.frameworks.queries import framework as framework_of
from steelyard.frameworks.queries import version as version_of
from steelyard.ledger.queries import head
from steelyard.ledger.scope import Scope

from . import files
from .kept import Kept
from .models import Run
from .overrides.queries import partner_of
from .scoring import Inputs, gather, knowing, score, subjects

if TYPE_CHECKING:
    from steelyard.frameworks.models import FrameworkVersion


@dataclass(frozen=True, slots=True)
class Share:
    """How many subjects a scheme scores by its own rule, how many of them the base scores too, and how many others regions."""

    code: str
    title: str
    scored: int
    by_base: int
    by_others: int
    differing: int


@dataclass(frozen=True)
class Replay:
    """What came of it. ``names``: the subjects that were replayed; ``gaps`` by region and subject."""

    base: FrameworkVersion
    period: str
    cut: int
    names: tuple[str, ...]
    shares: tuple[Share, ...]
    gaps: tuple[Gap, ...]

    @property
    def subjects(self) -> int:
        """How many were replayed."""
        return len(self.names)

    @property
    def differing(self) -> int:
        """How many subjects any region's scheme would score otherwise than the base."""
        return len({gap.subject for gap in self.gaps})


_kept: Kept[Replay] = Kept(8)


def periods(framework: str) -> list[str]:
    """The periods that the framework or one of its regions scored, the newest first."""
    codes = [framework, *(region.code for region in regions_of(framework))]
    found = Run.objects.filter(framework__code__in=codes).order_by("-period_start").values_list("period", flat=True)
    return list(dict.fromkeys(found))


def seen(whole: Replay, scope: Scope) -> Replay:
    """What a scope sees of it: its own partners, without the counts over all."""
    if scope.everything:
        return whole
    subjects = framework_of(whole.base).subject
    gaps = tuple(gap for gap in whole.gaps if partner_of(subjects, gap.subject) in scope.partners)
    held = [name for name in whole.names if partner_of(subjects, name) in scope.partners]
    return replace(whole, gaps=gaps, shares=(), names=tuple(held))


def replay(framework: str, period: str, cut: int | None = None) -> Replay:
    """Score every subject by the base and by every region's scheme, and compare. Raises `Refused` where a period cannot be scored."""
    base = version_of(framework)
    inputs = gather(framework_of(base), base.digest, period, head() if cut is None else cut)
    base = version_of(framework, on=inputs.as_of)
    regions = regions_of(framework, inputs.as_of)
    key = (base.digest, tuple(region.digest for region in regions), period, inputs.cut, inputs.run_id)
    return _kept.get(key, lambda: _made(base, regions, replace(inputs, framework=framework_of(base))))


def _made(version: FrameworkVersion, regions: list[FrameworkVersion], inputs: Inputs) -> Replay:
    base = framework_of(version)
    others = {region.code: framework_of(region) for region in regions}
    inputs = knowing(inputs, base, *others.values())
    ways = schemes(base, list(others.values()))
    plain = _outcomes(inputs, ways[0].framework)
    own = {code: _scored(inputs, framework) for code, framework in {version.code: base, **others}.items()}
    found: list[Gap] = []
    shares = []
    for region, way in zip(regions, ways[1:], strict=True):
        tried = [replace(one.framework, applies_to=way.framework.applies_to) for one in variants(base, others[region.code])]
        alone = {one.changed[0]: _outcomes(inputs, one) for one in tried}
        mine, same = own[region.code], region.base_id == version.pk
        differing = gaps(plain, others[region.code], _outcomes(inputs, way.framework), alone, mine, same_base=same)
        found += differing
        elsewhere = frozenset[str]().union(*(scored for code, scored in own.items() if code not in (region.code, version.code)))
        twice = (len(mine & own[version.code]), len(mine & elsewhere))
        shares.append(Share(region.code, region.title or region.code, len(mine), *twice, len(differing)))
    return Replay(version, inputs.period.label, inputs.cut, tuple(plain), tuple(shares), tuple(found))


def _outcomes(inputs: Inputs, framework: Framework) -> Mapping[str, Outcome]:
    """Total and earned level of every subject under one scheme."""
    rows = score(replace(inputs, framework=framework)).cards.results()
    return {
        files.SEPARATOR.join(row[name] for name in framework.subject): Outcome(row["total"], row["level"])
        for row in rows.iter_rows(named=True)
    }


def _scored(inputs: Inputs, framework: Framework) -> frozenset[str]:
    """The subjects that a framework scores by its own rule."""
    points = subjects(replace(inputs, framework=framework))
    return frozenset(files.SEPARATOR.join(points.subjects[position]) for position in kpis.applicable(framework, points))
