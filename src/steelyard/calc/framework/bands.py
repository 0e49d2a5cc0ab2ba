"""Bands: their ends, and the proof that every value the KPI can take is in exactly one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from ..units import DECIMALS, Exact
from .context import Context
from .model import Band, Kpi
from .numbers import spoken
from .section import Section, exact

KEYS = ("from", "above", "below", "to", "points")
Say = Callable[[Exact], str]


@dataclass(frozen=True, slots=True)
class Scale:
    """The values a KPI can take: multiples of ``step`` (None: any number) within ``range`` if it is known."""

    step: Fraction | None = None
    low: Exact | None = None
    high: Exact | None = None
    unit: str = "number"


def scale_of(kpi: Kpi | None) -> Scale:
    """The scale of a KPI: its grain, or the last digit of its `round:`."""
    if kpi is None or kpi.unit == "text":
        return Scale()
    decimals = DECIMALS[kpi.unit] if kpi.round is None else min(kpi.round, DECIMALS[kpi.unit])
    low, high = kpi.range or (None, None)
    return Scale(Fraction(1) / Fraction(10) ** decimals, low, high, kpi.unit)


def read_bands(context: Context, section: Section, key: str = "bands") -> tuple[Band, ...]:
    """The bands under a key, lowest first, with open upper ends closed by the next lower end."""
    found: list[Band] = []
    for item, place in section.items(key):
        part = Section(item, place.path, context.log, "a band", KEYS)
        part.require("points")
        for one, other in (("from", "above"), ("below", "to")):
            if part.has(one) and part.has(other):
                message = f"a band has `{one}` or `{other}`, not both"
                context.log.add("unknown-key", message, part.at(other), f"`{other}`", "keep one of the two")
        low = part.number("from") if part.has("from") else part.number("above")
        high = part.number("to") if part.has("to") else part.number("below")
        points = part.number("points")
        if points is not None:
            found.append(Band(low, part.has("from"), high, part.has("to"), points))
    found.sort(key=_lower_end)
    for position, band in enumerate(found[:-1]):
        if band.high is None and found[position + 1].low is not None:
            after = found[position + 1]
            found[position] = replace(band, high=after.low, high_closed=not after.low_closed)
    return tuple(found)


def _lower_end(band: Band) -> tuple[bool, Fraction, bool]:
    return (band.low is not None, Fraction(band.low or 0), not band.low_closed)


def check_bands(context: Context, section: Section, bands: tuple[Band, ...], scale: Scale, key: str = "bands") -> None:
    """Report gaps, overlaps and ends that leave values in no band, each with a witness value."""
    place = section.at(key)

    def say(value: Exact) -> str:
        return spoken(value, scale.unit)

    for band in bands:
        if band.low is not None and band.high is not None and not _holds_any(band, scale):
            found = f'"{_ends(band, say)}"'
            context.log.add("band-order", "a band holds no value", place, found, "write the lower end first")
    for band, after in pairwise(bands):
        found = f'"{_upper(band, say)}" and "{_lower(after, say)}"'
        overlap = _overlap(band, after, scale)
        if overlap is not None:
            message = f"{say(overlap)} is in two bands"
            context.log.add("band-overlap", message, place, found, _overlap_hint(band))
            continue
        gap = _gap(band, after, scale)
        if gap is not None:
            hint = f"write `{'below' if after.low_closed else 'to'}: {say(after.low or 0)}` or leave the upper end out"
            context.log.add("band-gap", f"no band holds {say(gap)}", place, f"between {found}", hint + _round_hint(scale))
    _check_ends(context, section, bands, scale, key)


def _check_ends(context: Context, section: Section, bands: tuple[Band, ...], scale: Scale, key: str) -> None:
    if not bands:
        return
    place = section.at(key)
    first, last = bands[0], bands[-1]

    def say(value: Exact) -> str:
        return spoken(value, scale.unit)

    if last.high is not None and not (scale.high is not None and _within(scale.high, last)):
        reach = f", the KPI may reach {say(scale.high)}" if scale.high is not None else ", nothing says how far the KPI goes"
        message = f"values above {say(last.high)} are in no band"
        found, hint = f'the top band ends "{_upper(last, say)}"{reach}', "leave the upper end out or set `range` of the KPI"
        context.log.add("band-end", message, place, found, hint, warning=scale.high is None)
    if first.low is not None and not (scale.low is not None and _within(scale.low, first)):
        reach = f", the KPI may fall to {say(scale.low)}" if scale.low is not None else ", nothing says how far the KPI goes"
        message = f"values below {say(first.low)} are in no band"
        found, hint = f'the lowest band begins "{_lower(first, say)}"{reach}', "leave the lower end out or set `range` of the KPI"
        context.log.add("band-end", message, place, found, hint, warning=scale.low is None)


def _within(value: Exact, band: Band) -> bool:
    above = band.low is None or value > band.low or (band.low_closed and value == band.low)
    below = band.high is None or value < band.high or (band.high_closed and value == band.high)
    return above and below


def _holds_any(band: Band, scale: Scale) -> bool:
    low, high = Fraction(band.low or 0), Fraction(band.high or 0)
    return _between(low, band.low_closed, high, band.high_closed, scale) is not None


def _overlap(band: Band, after: Band, scale: Scale) -> Exact | None:
    """A value in both of two neighbouring bands."""
    if after.low is None:  # two bands open below
        limits = [end for end in (band.high, after.high) if end is not None]
        return exact(Fraction(min(limits)) - (scale.step or 1)) if limits else 0
    if band.high is None:
        return _between(Fraction(after.low), after.low_closed, Fraction(after.low) + 1, True, scale)
    high, closed = Fraction(band.high), band.high_closed
    if after.high is not None and after.high <= high:
        high, closed = Fraction(after.high), after.high_closed and (closed or after.high < high)
    return _between(Fraction(after.low), after.low_closed, high, closed, scale)


def _gap(band: Band, after: Band, scale: Scale) -> Exact | None:
    """A value between two neighbouring bands that neither holds."""
    if band.high is None or after.low is None:
        return None
    return _between(Fraction(band.high), not band.high_closed, Fraction(after.low), not after.low_closed, scale, middle=True)


def _between(low: Fraction, low_closed: bool, high: Fraction, high_closed: bool, scale: Scale, *, middle: bool = False) -> Exact | None:
    """A value the KPI can take between two ends (the middle one if asked), or None."""
    if scale.step is None:
        if low < high:
            return exact((low + high) / 2) if middle or not low_closed else exact(low)
        return exact(low) if low == high and low_closed and high_closed else None
    least = ceil(low / scale.step) if low_closed else floor(low / scale.step) + 1
    most = floor(high / scale.step) if high_closed else ceil(high / scale.step) - 1
    if least > most:
        return None
    wanted = least
    if middle and least <= floor((low + high) / 2 / scale.step) <= most:
        wanted = floor((low + high) / 2 / scale.step)
    return exact(wanted * scale.step)


def _overlap_hint(band: Band) -> str:
    return "end the first with `below`" if band.high_closed else "end the first where the second begins"


def _round_hint(scale: Scale) -> str:
    digits = 2 if scale.unit == "percent" else 0
    return f", or round the KPI to {digits} digits (`round: {digits}`)" if scale.step is None or scale.step < 1 else ""


def _upper(band: Band, say: Say) -> str:
    return "without end" if band.high is None else f"{'to' if band.high_closed else 'below'} {say(band.high)}"


def _lower(band: Band, say: Say) -> str:
    return "without beginning" if band.low is None else f"{'from' if band.low_closed else 'above'} {say(band.low)}"


def _ends(band: Band, say: Say) -> str:
    return f"{_lower(band, say)} {_upper(band, say)}"
