"""The beam: the score as a poise on a graduated arm, with the limits of the levels, the interval and the former score."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from steelyard.calc.units import DECIMALS, divide

from .formats import amount
from .grades import letter, shade
from .marks import percent

POINT = 10 ** DECIMALS["points"]
HUNDRED = 100 * POINT
Place = Callable[[int], str]  # where a score lies, as an x
Limits = Sequence[tuple[str, int | None]]  # (name, the score it begins at), best first


@dataclass(frozen=True)
class Reading:
    """What the beam shows, in the grain of points."""

    score: int
    levels: Limits
    low: int | None = None
    high: int | None = None
    former: int | None = None

    def limits(self) -> list[int]:
        """The scores at which a better level begins, upwards."""
        return sorted({limit for _name, limit in self.levels if limit})

    def range(self) -> tuple[int, int]:
        """From where to where the arm reaches: one ordinary band below the lowest limit, and never short of a mark."""
        limits = self.limits()
        seen = [value for value in (self.score, self.low, self.former) if value is not None]
        most = max(HUNDRED, *seen, self.high or 0)
        if not limits:
            return min(0, *seen), most
        gaps = [upper - lower for lower, upper in zip(limits, [*limits[1:], most], strict=True)]
        least = min(limits[0] - min(gaps), *seen)
        return max(divide(least, 5 * POINT, "down") * 5 * POINT, 0) if least >= 0 else least, most

    def bands(self) -> list[tuple[str, int, int]]:
        """(name, from, to) from the lowest level up, as far as the arm reaches; levels without a limit in points are not drawn."""
        least, most = self.range()
        starts = [(name, max(limit or least, least)) for name, limit in reversed(self.levels) if limit is not None]
        if not starts:
            return []
        starts[0] = (starts[0][0], least)
        ends = [start for _name, start in starts[1:]] + [most]
        return [(name, start, end) for (name, start), end in zip(starts, ends, strict=True) if end > start]

    def sentence(self) -> str:
        """The whole beam in words."""
        words = [_("Score %(score)s on a scale from %(lowest)s to %(best)s") % {
            "score": amount(self.score, "points"), "lowest": self.levels[-1][0], "best": self.levels[0][0],
        } if self.levels else _("Score %(score)s") % {"score": amount(self.score, "points")}]  # fmt: skip
        if self.low is not None and self.high is not None:
            words.append(_("interval %(low)s to %(high)s") % {"low": amount(self.low, "points"), "high": amount(self.high, "points")})
        if self.former is not None:
            words.append(_("previous score %(former)s") % {"former": amount(self.former, "points")})
        return "; ".join(words)


def large(reading: Reading) -> SafeString:
    """The beam of a scorecard: it takes the width it is given; on a phone, ticks every five points only."""
    least, most = reading.range()
    names = [name for name, _limit in reading.levels]

    def at(value: int) -> str:
        return percent(value, least, most)

    drawn = [(_band(band, names, (least, most), place == 0),) for place, band in enumerate(reading.bands())]
    bands = format_html_join("", "{}", drawn)
    ticks = format_html_join("", '<line class="{0}" x1="{1}" x2="{1}" y1="26" y2="{2}"/>', _ticks(least, most, at))
    limits = format_html_join("", '<line class="bm" x1="{0}" x2="{0}" y1="17" y2="30"/>', ((at(limit),) for limit in reading.limits()))
    return format_html(
        '<svg class="beam" height="64" role="img" aria-label="{}">{}{}<line class="bm" x1="0" x2="100%" y1="26" y2="26"/>{}{}{}'
        '<svg x="{}" overflow="visible"><path class="hang" d="M0 17v27"/><circle cx="0" cy="17" r="3" class="poise"/>'
        '<path class="poise" d="M-6.5 44h13l3 16h-19z"/></svg></svg>',
        reading.sentence(), bands, ticks, limits, _interval(reading, at), _former(reading, at), at(reading.score),
    )  # fmt: skip


def small(reading: Reading, *, width: int = 176) -> SafeString:
    """The strip of a ranking: from 30 to 100, or lower where a score is; a 3 px mark on a pale interval."""
    least, most = min(30 * POINT, reading.score), max(HUNDRED, reading.score)

    def at(value: int) -> int:
        return divide((min(max(value, least), most) - least) * width, most - least)

    limits = format_html_join(
        "", '<line class="th" x1="{0}" x2="{0}" y1="5" y2="15"/>', ((at(limit),) for limit in reading.limits() if limit > least)
    )
    pale = SafeString("")
    if reading.low is not None and reading.high is not None:
        left = at(reading.low)
        pale = format_html('<rect class="ci" x="{}" width="{}" y="6" height="8" rx="2"/>', left, max(at(reading.high) - left, 1))
    return format_html(
        '<svg class="mk" width="{0}" height="20" viewBox="0 0 {0} 20" role="img" aria-label="{1}">'
        '<line class="base" x1="0" x2="{0}" y1="10" y2="10"/>{2}{3}<rect class="po" x="{4}" y="3" width="3" height="14" rx="1.5"/></svg>',
        width, reading.sentence(), limits, pale, at(reading.score) - 1,
    )  # fmt: skip


def _ticks(least: int, most: int, at: Place) -> Iterator[tuple[str, str, int]]:
    """One a point, longer ones every five and ten."""
    for point in range(-(-least // POINT), most // POINT + 1):
        down = 35 if point % 10 == 0 else 32 if point % 5 == 0 else 30
        yield "tick" if point % 5 == 0 else "tick m", at(point * POINT), down


def _band(band: tuple[str, int, int], names: Sequence[str], arm: tuple[int, int], first: bool) -> SafeString:
    """One level: its strip, its name, and where it begins."""
    (name, start, end), (least, most) = band, arm
    where = SafeString("")
    if not first:
        limit = amount(start, "points", digits=0 if start % POINT == 0 else 1)
        where = format_html('<tspan class="from" dx="6"><tspan class="desk">{} </tspan>{}</tspan>', _("from"), limit)
    return format_html(
        '<svg x="{}" width="{}" height="26" overflow="visible"><rect class="seg-{}" x="0" y="19" width="100%" height="7"/>'
        '<text x="0" y="13"><tspan class="l">{}</tspan>{}</text></svg>',
        percent(start, least, most), percent(end - start, 0, most - least), shade(name, names), letter(name, names), where,
    )  # fmt: skip


def _interval(reading: Reading, at: Place) -> SafeString:
    if reading.low is None or reading.high is None:
        return SafeString("")
    return format_html(
        '<line class="ci" x1="{0}" x2="{1}" y1="39" y2="39"/><line class="ci" x1="{0}" x2="{0}" y1="36" y2="42"/>'
        '<line class="ci" x1="{1}" x2="{1}" y1="36" y2="42"/>', at(reading.low), at(reading.high),
    )  # fmt: skip


def _former(reading: Reading, at: Place) -> SafeString:
    return SafeString("") if reading.former is None else format_html('<circle class="was" cx="{}" cy="39" r="3.5"/>', at(reading.former))
