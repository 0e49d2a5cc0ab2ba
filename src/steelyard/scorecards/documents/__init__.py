"""A scorecard as a document: tagged PDF for archives and for screen readers, in the reader's language, drawn without a network.

All words and numbers are made here; the template only sets them. Letters come from Inter or DejaVu where the machine has
them, else from the fonts that typst brings.
"""

from __future__ import annotations

import json
import re
from datetime import UTC
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from steelyard.ui import formats, grades
from steelyard.ui.charts import signed

from .. import limits, pages, words
from ..cards import Card, Line
from ..pages import Whose

TEMPLATE = Path(__file__).parent / "scorecard.typ"


def scorecard(card: Card, whose: Whose, *, company: str = "") -> bytes:
    """The document of a card."""
    import typst  # a large library that few requests need

    made = card.run.created_at
    return typst.compile(
        str(TEMPLATE),
        sys_inputs={"data": json.dumps(content(card, whose, company=company), ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],  # for archives, and for screen readers
        timestamp=int(made.timestamp()),
    )


def file_name(card: Card) -> str:
    """`scorecard-life-science-2025-Q4-GB-0001.pdf`: nothing in it that a file system or a header would mind."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{card.framework.code}-{card.run.period}-{card.subject}").strip("-")
    return f"scorecard-{plain}.pdf"


def content(card: Card, whose: Whose, *, company: str = "") -> dict[str, Any]:
    """Every word and number of the document, in order."""
    told = pages.told(card, by_cause=True)
    missing = told["missing"]
    level_names = limits.names(card.framework)
    place = ", ".join(part for part in (whose.city, whose.country) if part)
    made = card.run.created_at.astimezone(UTC)
    return {
        "lang": (translation.get_language() or "en").split("-")[0],
        "made": [made.year, made.month, made.day],
        "company": company,
        "title": f"{_('Scorecard')} {whose.name}, {card.run.period}",
        "eyebrow": " · ".join(part for part in (whose.name, place, whose.territory or "") if part),
        "framework": f"{card.framework.title or card.framework.code}, {card.run.period}",
        "headline": told["headline"],
        "state": [
            *([] if card.publication else [_("Not published")]),
            *([_("Grade: %(firm)s") % told] if told["firm"] else []),
            *_override(card),
        ],
        "letter": grades.letter(card.level, level_names),
        "shade": grades.shade(card.level, level_names),
        "score": "–" if card.total is None else formats.amount(card.total, "points"),
        "since": " ".join(text for text in (_since(card), told["held"], told["over_time"], told["whole"]) if text),
        "beam": _beam(card),
        "heads": [_("KPI"), _("Actual"), _("Target"), _("Points"), _("Change")],
        "sections": [_section(card, part) for part in told["sections"]],
        "taken": [[item.title, item.text, signed(item.points, "points", digits=2)] for item in card.taken],
        "sum": [_("Score"), _points(card.total, card.out_of), "" if card.change is None else signed(card.change, "points")],
        "missing": None if missing is None else _missing(card, told),
        "requirements": [[gate.rule, _("holds") if gate.holds else gate.text, gate.holds] for gate in card.requirements],
        "requirements_title": _("Requirements"),
        "why": _why(card, told),
        "provenance_title": _("Provenance"),
        "provenance": provenance(card),
    }


def provenance(card: Card) -> list[list[str]]:
    """What the figures rest on."""
    run, counted = card.run, card.counted
    found = [
        [_("Framework"), f"{card.framework.title or card.framework.code} v{run.framework.version}"],
        [_("Period"), f"{run.period}, {formats.day(run.period_start)}"],
        [_("Cut"), str(run.cut)],
        [_("Rows counted"), formats.amount(counted[0], "count")],
        [_("Not counted"), formats.amount(counted[1], "count")],
    ]
    if run.known_through:
        found.append([_("Data to"), formats.day(run.known_through)])
    if card.earlier:
        found.append([_("Earlier results read"), ", ".join(one.period for one in card.earlier)])
    if card.framework.convert.rates:
        found.append([_("Rates"), card.framework.convert.rates])
    if card.publication:
        found.append([_("Published"), formats.moment(card.publication.published_at)])  # not by whom: the partner reads this too
    return [*found, [_("Receipt"), card.receipt]]


def _override(card: Card) -> list[str]:
    """What two people put beside the score, until when and why; not who: the partner reads this too."""
    if (one := card.override) is None:
        return []
    says = one.level or formats.amount(one.points or 0, "points")
    text = _("overridden: %(says)s until %(day)s (%(reason)s)")
    return [text % {"says": says, "day": formats.day(one.expires), "reason": one.reason}]


def _since(card: Card) -> str:
    if card.total is None:
        return card.reason
    if card.change is None or card.before is None:
        return ""
    return _("%(change)s since %(period)s") % {"change": signed(card.change, "points"), "period": card.before.period}


def _beam(card: Card) -> dict[str, Any] | None:
    """The levels as parts of the arm, and where the score and the former one lie; in thousandths."""
    if card.total is None or not card.levels:
        return None
    most = max(card.out_of or 0, card.total, 1)
    names = [name for name, _start in card.levels]
    rising = card.levels[::-1]
    ends = [start for _name, start in rising[1:]] + [most]

    def at(value: int) -> int:
        return min(max(value, 0), most) * 1000 // most

    bands = [
        {
            "name": name,
            "from": at(start),
            "to": at(end),
            "shade": grades.shade(name, names),
            "text": formats.amount(start, "points", digits=0),
        }
        for (name, start), end in zip(rising, ends, strict=True)
    ]
    former = card.before.total if card.before else None
    return {"bands": bands, "at": at(card.total), "former": None if former is None else at(former)}


def _section(card: Card, part: dict[str, Any]) -> dict[str, Any]:
    section, currency = part["section"], card.framework.currency
    rows = []
    for row in part["rows"]:
        line = row["line"]
        actual = _("no data") if line.value is None else words.spoken(line.value, line.unit, currency)
        target = row["best"] if line.target is None else words.spoken(line.target, line.unit, currency)
        share = min(max(line.points or 0, 0), line.maximum) * 1000 // line.maximum if line.maximum else 0
        change = "" if not line.change else signed(line.change, "points")
        points = _("not scored") if line.points is None else _points(line.points, line.maximum)
        rows.append({
            "title": line.title, "sub": _below(line, row["interval"]), "actual": actual, "target": target, "points": points,
            "share": share, "change": change, "rose": (line.change or 0) >= 0,
        })  # fmt: skip
    return {"title": section.title, "points": _points(section.points, section.maximum) if section.title else "", "rows": rows}


def _below(line: Line, interval: str) -> str:
    return "; ".join(part for part in (line.reason or line.meaning, interval) if part)


def _points(points: int | None, most: int | None) -> str:
    if points is None:
        return "–"
    text = formats.amount(points, "points")
    return text if most is None else f"{text} / {formats.amount(most, 'points', digits=0 if most % 10**6 == 0 else 1)}"


def _missing(card: Card, told: dict[str, Any]) -> dict[str, Any]:
    missing = told["missing"]
    said = [item["way"] for item in (*told["ways"], *told["more_ways"])]
    title = _("Missing for %(level)s") % {"level": missing.title or missing.level}
    together = f"{_('The least that was found to be enough:')} {told['together']}" if missing.together else told["together"]
    rows = [[way.what, way.now, f"+{way.gain}", _("enough alone") if way.enough else _("at most")] for way in said]
    return {"title": title, "held_back": list(missing.held_back), "together": together, "rows": rows}


def _why(card: Card, told: dict[str, Any]) -> dict[str, Any] | None:
    waterfall = told["waterfall"]
    if waterfall is None or card.before is None:
        return None
    largest = told["largest"] or 1
    rows = [
        {
            "title": item.title,
            "text": "; ".join(f"{one.cause}: {one.text}" if one.text else one.cause for one in item.causes),
            "amount": signed(item.amount, "points", digits=2),
            "share": abs(item.amount) * 1000 // largest,
            "rose": item.amount >= 0,
        }
        for item in told["moved"]
    ]
    return {
        "title": _("Why it changed"),
        "start": [card.before.period, formats.amount(waterfall.start, "points", digits=2)],
        "end": [card.run.period, formats.amount(waterfall.end, "points", digits=2)],
        "rows": rows,
        "causes": " · ".join(f"{capfirst(name)} {signed(amount, 'points', digits=2)}" for name, amount in told["causes"]),
        "note": waterfall.note,
    }
