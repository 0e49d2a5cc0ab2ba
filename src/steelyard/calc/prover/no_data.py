"""No data beats bad data: a partner that reports nothing scores more than one that reports its worst."""

from __future__ import annotations

from dataclasses import dataclass

from ..framework.model import Place
from ..framework.numbers import spoken
from ..units import Blank, from_grain
from .backgrounds import Background
from .card import Card, Outcome
from .findings import Findings, Given

_HINT = {
    "skip": "choose `no_data: zero` where a report can be asked for; `needs_data` on the node limits what may be missing",
    "full": "choose `skip` or `zero`, unless no data truly is good news",
    "points": "choose fewer points, or `zero`",
    "carry": "a value may be carried over for a shorter time",
}


@dataclass(frozen=True, slots=True)
class _Gain:
    name: str
    gain: int
    without: Given
    bad: Given
    outcomes: tuple[Outcome, Outcome]


def check_no_data(card: Card, backgrounds: list[Background], findings: Findings) -> None:
    """One finding for each policy, naming all its KPIs, with the one that gains most as witness."""
    if card.framework.scorecard is None:
        return
    asked: list[tuple[str, Given, Given]] = []
    for one in card.inputs.values():
        if one.part == "kpis" and one.ways and card.framework.kpis[one.name].no_data.policy not in ("zero", "fail"):
            for base in backgrounds:
                asked.append((one.name, {**base.given, one.name: Blank("no data")}, {**base.given, one.name: one.worst}))
    found = card.outcomes([given for _, *both in asked for given in both])
    best: dict[str, _Gain] = {}
    for place, (name, without, bad) in enumerate(asked):
        first, second = found[2 * place], found[2 * place + 1]
        if first.total is None or second.total is None or first.total <= second.total:
            continue
        gain = _Gain(name, first.total - second.total, without, bad, (first, second))
        if name not in best or gain.gain > best[name].gain:
            best[name] = gain
    for policy in ("skip", "carry", "points", "full"):
        gains = [gain for name, gain in best.items() if card.framework.kpis[name].no_data.policy == policy]
        if gains:
            _report(card, policy, gains, findings)


def _report(card: Card, policy: str, gains: list[_Gain], findings: Findings) -> None:
    most = max(gains, key=lambda gain: gain.gain)
    others = [gain.name for gain in gains if gain is not most]
    kpi = card.framework.kpis[most.name]
    points = spoken(from_grain(most.gain, "points"))
    message = f"no data for `{most.name}` earns {points} points more than its worst value"
    if others:
        few = ", ".join(f"`{name}`" for name in others[:8])
        message += f"; the same is true, with less, of {few}" + (f" and {len(others) - 8} more" if len(others) > 8 else "")
    worst = card.say(most.name, most.bad[most.name])
    found = f"no data: {card.says(most.outcomes[0])}; {worst}: {card.says(most.outcomes[1])} (`no_data: {policy}`)"
    place = Place(f"kpis.{kpi.name}.no_data", kpi.place.line, kpi.place.column)
    findings.add("no-data-beats-bad", message, place, found, _HINT[policy], witness=card.witness(most.without, most.bad))
