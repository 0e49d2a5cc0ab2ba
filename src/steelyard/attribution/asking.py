"""What the model in use says about names as sources write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from steelyard.calc.matching.verdicts import Verdict, verdicts
from steelyard.calc.units import to_grain

from .known import known
from .models_in_use import InUse, in_use


@dataclass(frozen=True)
class Proposal:
    """The one partner that every name of a key is accepted for; probability and margin of the least sure, in the grain of percents."""

    partner: str
    name: str
    probability: int
    margin: int


def asked(names: Sequence[str], model: InUse | None = None) -> list[Verdict]:
    """What the model says about each name, in order."""
    return list(verdicts(names, known().index, (model or in_use()).model)) if names else []


def proposals(called: Mapping[str, Sequence[str]], model: InUse | None = None) -> dict[str, Proposal]:
    """Key -> proposal, for the keys whose every name the model would accept, all for one partner. ``called``: key -> its names."""
    names = sorted({name for own in called.values() for name in own})
    said = dict(zip(names, asked(names, model), strict=True))
    found: dict[str, Proposal] = {}
    for key, own in called.items():
        told = [(said[name], name) for name in own]
        partners = {verdict.first.code if verdict.accepts and verdict.first else "" for verdict, _name in told}
        if len(partners) == 1 and (partner := partners.pop()):
            verdict, name = min(told, key=lambda pair: pair[0].nearest[0].probability)
            found[key] = Proposal(partner, name, percent(verdict.nearest[0].probability), percent(verdict.margin))
    return found


def nearest(names: Sequence[str], most: int) -> dict[str, int]:
    """The likeliest partners over all these names of one party, the likeliest first, in the grain of percents."""
    found: dict[str, int] = {}
    for verdict in asked(names):
        for one in verdict.nearest:
            found[one.code] = max(percent(one.probability), found.get(one.code, 0))
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:most])


def percent(share: float) -> int:
    """A probability as it is stored."""
    return to_grain(Decimal(str(share)), "percent")
