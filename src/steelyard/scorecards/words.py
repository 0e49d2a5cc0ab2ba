"""What a scorecard says in sentences, in the reader's language. Numbers are rounded for the eye; where a number is a limit to
reach, every digit of it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from steelyard.calc import causes
from steelyard.calc.change import Step
from steelyard.calc.cheapest import Move
from steelyard.calc.intervals import Interval
from steelyard.calc.next_level import NextLevel, Way
from steelyard.calc.units import DECIMALS, to_grain
from steelyard.ui import formats

from . import limits
from .cards import Card, Line
from .firm import Place
from .models import Override

CAUSES = {
    causes.DATA: gettext_lazy("the data"),
    causes.RESTATEMENT: gettext_lazy("corrected rows"),
    causes.ATTRIBUTION: gettext_lazy("whose rows they are"),
    causes.MASTERS: gettext_lazy("masters and assignments"),
    causes.TARGET: gettext_lazy("the target"),
    causes.WEIGHTS: gettext_lazy("other weights"),
    causes.RULES: gettext_lazy("a changed rule"),
    causes.FX: gettext_lazy("exchange rates"),
    causes.PEERS: gettext_lazy("the peers"),
    causes.OVERRIDE: gettext_lazy("an override"),
    causes.UNEXPLAINED: gettext_lazy("not explained"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One way up: what to do, where it stands, what it brings."""

    kpi: str
    what: str
    now: str
    gain: str
    enough: bool


def headline(card: Card, missing: NextLevel | None) -> str:
    """The answer of the page in one sentence."""
    if card.total is None:
        return _("No score in %(period)s.") % {"period": card.run.period}
    score = formats.amount(card.total, "points")
    if not card.framework.levels:
        if card.out_of is None:
            return _("%(score)s points.") % {"score": score}
        return _("%(score)s of %(most)s points.") % {"score": score, "most": formats.amount(card.out_of, "points", digits=0)}
    level = card.level_title or card.level or _("No level")
    if missing is None:
        top = limits.names(card.framework)[0]
        return _("%(level)s, the highest level.") % {"level": level} if card.level == top else f"{level}."
    above = missing.title or missing.level
    if missing.missing:
        short = formats.amount(missing.missing, "points", digits=_needed(missing.missing, "points", 1))
        return _("%(level)s, and %(points)s points short of %(next)s.") % {"level": level, "points": short, "next": above}
    if missing.held_back:
        return _("%(level)s, and held back from %(next)s: %(reason)s.") % {"level": level, "next": above, "reason": missing.held_back[0]}
    return _("%(level)s, and not yet %(next)s.") % {"level": level, "next": above}


def ways(card: Card, missing: NextLevel) -> list[Said]:
    """Every way up, those that are enough alone first."""
    return [_way(card, way) for way in missing.ways]


def _way(card: Card, way: Way) -> Said:
    line = card.line(way.kpi)
    value = limit(way.value, way.unit, card.framework.currency)
    what = _("%(kpi)s to %(value)s") % {"kpi": line.title, "value": value}
    stands = _("no data now") if way.now is None else _("now %(value)s") % {"value": spoken(way.now, way.unit, card.framework.currency)}
    return Said(way.kpi, what, stands, formats.amount(way.gain, "points"), way.enough)


def together(card: Card, missing: NextLevel) -> str:
    """The cheapest moves that are enough together, in one sentence; that none was found, where none was and no KPI is enough alone."""
    if missing.together is None:
        return "" if any(way.enough for way in missing.ways) else _("No combination of KPIs was found that is enough.")
    moves = [_move(card, move) for move in missing.together.moves]
    *most, last = moves
    return _("%(moves)s and %(last)s.") % {"moves": ", ".join(most), "last": last} if most else f"{last}."


def _move(card: Card, move: Move) -> str:
    line, currency = card.line(move.kpi), card.framework.currency
    values = {"kpi": line.title, "value": limit(move.value, move.unit, currency)}
    if isinstance(move.value, str):
        return _("%(kpi)s with the answer “%(value)s”") % values
    if not isinstance(move.now, int):
        return _("%(kpi)s to %(value)s, of which there is no data now") % values
    values["now"] = limit(move.now, move.unit, currency)
    up, down = _("%(kpi)s up from %(now)s to %(value)s"), _("%(kpi)s down from %(now)s to %(value)s")
    return (up if move.value > move.now else down) % values


def spoken(value: int | str, unit: str, currency: str = "") -> str:
    """A value as lists show it."""
    if isinstance(value, str):
        return value
    text = formats.amount(value, unit, currency=currency if unit == "money" else "")
    return _days(text, value) if unit == "days" else text


def limit(value: int | str | None, unit: str, currency: str = "") -> str:
    """A value with every digit that it has."""
    if value is None:
        return _("no data")
    if isinstance(value, str):
        return value
    digits = _needed(value, unit, formats.DIGITS.get(unit, 0) if unit not in ("number", "days") else 0)
    text = formats.amount(value, unit, digits=digits, currency=currency if unit == "money" else "")
    return _days(text, value) if unit == "days" else text


def _days(number: str, value: int) -> str:
    return ngettext("%(number)s day", "%(number)s days", 1 if value == 10 ** DECIMALS["days"] else 2) % {"number": number}


def _needed(stored: int, unit: str, least: int) -> int:
    """How many decimals it takes to write a stored number out."""
    places = DECIMALS[unit] - (2 if unit == "percent" else 0)
    while places > least and stored % 10 == 0:
        stored, places = stored // 10, places - 1
    return max(places, least, 0)


def between(line: Line, currency: str) -> str:
    """The range that is best, where neither higher nor lower is: `30 to 60 days`."""
    if line.between is None:
        return ""
    low, high = (to_grain(end, line.unit) for end in line.between)
    # "30 to 60 days" says the unit once
    first = formats.amount(low, "days", digits=_needed(low, "days", 0)) if line.unit == "days" else limit(low, line.unit, currency)
    return _("%(low)s to %(high)s") % {"low": first, "high": limit(high, line.unit, currency)}


def cause(name: str) -> str:
    """Why a step of a change was taken, in words."""
    return str(CAUSES.get(name, name))


def step(told: Step, currency: str) -> str:
    """What a step of a change did to its KPI: `from 19.8 % to 33.0 %, 12 more rows`."""
    if told.text or not told.kpi:
        return told.text
    parts = []
    if told.value_moved:
        values = _two(told, currency, spoken)
        if values["before"] == values["now"]:
            values = _two(told, currency, limit)
        parts.append(_("from %(before)s to %(now)s") % values)
    if told.rows:
        count = formats.amount(abs(told.rows), "count")
        more = ngettext("%(count)s row more", "%(count)s rows more", told.rows)
        fewer = ngettext("%(count)s row fewer", "%(count)s rows fewer", -told.rows)
        parts.append((more if told.rows > 0 else fewer) % {"count": count})
    return ", ".join(parts)


def _two(told: Step, currency: str, say: Callable[[int | str, str, str], str]) -> dict[str, str]:
    ends = (("before", told.before), ("now", told.after))
    return {name: _("no data") if value is None else say(value, told.unit, currency) for name, value in ends}


def firmness(grade: str | None) -> str:
    """Whether the grade is firm, as a tag says it."""
    return {"firm": _("firm"), "borderline": _("borderline")}.get(grade or "", "")


def interval(found: Interval | None, unit: str, currency: str) -> str:
    """`81.2% to 95.0%`, that there are too few rows to say, or nothing where a KPI has no interval."""
    if found is None or found.kind == "none" or not found.observations:
        return ""
    if found.low is None or found.high is None:
        return _("too few rows")
    low, high = (formats.amount(end, unit, currency=currency if unit == "money" else "") for end in (found.low, found.high))
    return "" if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def place(found: Place | None) -> str:
    """`likely 4 to 11`, or that there is not enough to rank."""
    if found is None:
        return ""
    if not found.told:
        return _("not enough to rank")
    if found.low == found.high:
        return _("likely %(low)s") % {"low": found.low}
    return _("likely %(low)s to %(high)s") % {"low": found.low, "high": found.high}


def overridden(override: Override | None) -> str:
    """What two people put beside the score, as a list says it."""
    if override is None:
        return ""
    return _("overridden: %(says)s") % {"says": override.level or formats.amount(override.points or 0, "points")}


def no_data(policy: str | None) -> str:
    """What having no data meant for a KPI."""
    said = {
        "skip": _("not scored"),
        "zero": _("counts as 0 points"),
        "full": _("counts as full points"),
        "fail": _("counts as failed"),
        "points": _("counts as set points"),
        "carry": _("taken from an earlier period"),
    }
    return said.get(policy or "", "")
