"""Marks: small drawings in SVG, coloured by class, positioned by attributes; nothing inline that a strict policy would refuse."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .formats import amount

Values = Sequence[int | None]


def percent(value: int, least: int, most: int) -> str:
    """Where a value lies on a range, as an x of SVG; beyond the ends it stays at the end."""
    share = Fraction(min(max(value, least), most) - least, (most - least) or 1)
    return f"{_plain(share * 100, 3)}%"


def bar(value: int | None, maximum: int | None, *, target: int | None = None, label: str = "") -> SafeString:
    """How much of the maximum: teal when full, copper below half, a dark tick at the target."""
    share = Fraction(min(max(value or 0, 0), maximum), maximum) if maximum else Fraction(0)
    kind = "full" if share >= 1 else "low" if share < Fraction(1, 2) else "f"
    tick = SafeString("")
    if target is not None and maximum:
        at = _plain(Fraction(96 * min(max(target, 0), maximum), maximum), 1)
        tick = format_html('<line class="tg" x1="{0}" x2="{0}" y1="-2" y2="10"/>', at)
    return format_html(
        '<svg class="mk" width="96" height="8" viewBox="0 0 96 8" role="img" aria-label="{}"><rect class="t" width="96" height="8" rx="2"/>'
        '<rect class="{}" width="{}" height="8" rx="2"/>{}</svg>',
        label or _("%(share)s of the maximum") % {"share": f"{round(share * 100)}%"}, kind, _plain(share * 96, 1), tick,
    )  # fmt: skip


def spark(values: Values, *, target: int | None = None, label: str = "") -> SafeString:
    """A line of the last values with a blue end; a dotted line at the target; gaps where there was nothing."""
    known = [value for value in values if value is not None]
    if not known:
        return SafeString("")
    span = [*known, target] if target is not None else known
    least, most = min(span), max(span)
    step = Fraction(80, max(len(values) - 1, 1))

    def height(value: int) -> str:
        return _plain(18 - Fraction((value - least) * 14, most - least) if most > least else Fraction(11), 1)

    points = [(_plain(2 + step * place, 1), height(value)) for place, value in enumerate(values) if value is not None]
    line = format_html_join(" ", "{},{}", points)
    ref = format_html('<line class="ref" x1="0" x2="88" y1="{0}" y2="{0}"/>', height(target)) if target is not None else SafeString("")
    return format_html(
        '<svg class="mk" width="88" height="22" viewBox="0 0 88 22" role="img" aria-label="{}">{}<polyline class="ln" points="{}"/>'
        '<circle class="pt" cx="{}" cy="{}" r="2.6"/></svg>',
        label or _("development over %(count)s periods") % {"count": len(values)}, ref, line, *points[-1],
    )  # fmt: skip


def contribution(value: int | None, largest: int, *, label: str = "") -> SafeString:
    """A gain to the right, a loss to the left of the middle; ``largest`` is the longest of its column."""
    length = Fraction(min(abs(value or 0), abs(largest)) * 56, abs(largest)) if largest else Fraction(0)
    left = 60 if (value or 0) >= 0 else 60 - length
    return format_html(
        '<svg class="mk" width="120" height="12" viewBox="0 0 120 12" role="img" aria-label="{}">'
        '<rect class="{}" x="{}" width="{}" y="1" height="10" rx="1.5"/><line class="base" x1="60" x2="60" y1="-6" y2="18"/></svg>',
        label or _("%(points)s points") % {"points": amount(value or 0, "points")},
        "up" if (value or 0) >= 0 else "down", _plain(Fraction(left), 1), _plain(length, 1),
    )  # fmt: skip


def triangle(up: bool) -> SafeString:
    """The mark of a change."""
    path = "M4 1 7.5 7h-7z" if up else "M4 7 .5 1h7z"
    return mark_safe(f'<svg viewBox="0 0 8 8" aria-hidden="true"><path d="{path}"/></svg>')


def _plain(value: Fraction | int, places: int) -> str:
    """A number for an attribute of SVG."""
    scaled = round(Fraction(value) * 10**places)
    digits = f"{abs(scaled):0{places + 1}d}"
    return f"{'-' if scaled < 0 else ''}{digits[:-places]}.{digits[-places:]}"
