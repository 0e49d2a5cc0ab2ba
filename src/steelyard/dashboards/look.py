"""The component page: every part of the pages in every state, with invented figures. What is not here is not used elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steelyard.accounts.gate import needs
from steelyard.calc.errors import Problem
from steelyard.calc.units import Blank
from steelyard.ui import charts

POINT = 1_000_000
GRADES = ("A", "B", "C", "D", "E")
WORDS = ("Leading", "Strong", "Adequate", "Weak", "Critical")
LIMITS = tuple((name, limit * POINT) for name, limit in zip(GRADES, (80, 65, 50, 35, 0), strict=True))
QUARTERS = ("Q4 24", "Q1 25", "Q2 25", "Q3 25", "Q4 25", "Q1 26", "Q2 26", "Q3 26")


class Sample(forms.Form):
    """One field of each kind; what is sent shows how a field says what is wrong."""

    name = forms.CharField(
        label=gettext_lazy("Partner name"), help_text=gettext_lazy("As on the agreement"), initial="Nordvik Diagnostik AB"
    )
    target = forms.IntegerField(label=gettext_lazy("Target, Q4"))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=[("SEK", "SEK, Swedish krona"), ("EUR", "EUR, Euro")])
    retired = forms.CharField(label=gettext_lazy("Retired on"), required=False, disabled=True, initial="not retired")


@needs("staff")
def look(request: HttpRequest) -> HttpResponse:
    """Show them all."""
    form = Sample({"name": "Nordvik Diagnostik AB", "target": "1.911.000 €", "currency": "SEK"})
    return render(request, "dashboards/look.html", {**_figures(), **_charts(), **_lists(), "form": form})


def _figures() -> dict[str, Any]:
    return {
        "levels": GRADES, "words": WORDS, "limits": LIMITS, "many": ("Platinum", "Gold", "Silver", "Bronze", "Copper", "Iron", "Clay"),
        "four": ("Platinum", "Gold", "Silver", "Bronze"), "blank": Blank(_("8 of 20 orders")),
        "score": 76_900_000, "low": 74_800_000, "high": 78_700_000, "former": 73_100_000, "up": 3_800_000, "down": -2_200_000,
        "fewer": -2, "more": 2, "money": 482_000_000_000, "share": 968_000_000, "days": 74_000, "nothing": 0, "count": 64,
        "rising": (4, 5, 3, 6, 7, 6, 8, 9), "falling": (9, 8, 8, 6, 7, 5, 4, 4), "gappy": (4, None, 5, 7, None, 6, 8, 9),
        "gain": 1_600_000, "loss": -2_200_000, "largest": 2_240_000,
        "heat": (("q1", "0–34"), ("q2", "35–49"), ("q3", "50–61"), ("q4", "62–71"), ("q5", "72–81"), ("q6", "82–90"), ("q7", "91–100")),
    }  # fmt: skip


def _charts() -> dict[str, Any]:
    scores = (66.2, 68, 67.4, 70.3, 71.1, 72.4, 73.1, 76.9)
    peers = (63.4, 64, 64.8, 65.1, 66, 66.7, 67.2, 68.4)
    steps = (
        ("Sell-through", 24),
        ("On-time reports", 20),
        ("Growth", 16),
        ("Fill rate", 10),
        ("New accounts", -10),
        ("Days of stock", -22),
    )
    moves = [(name, _points(value / 10)) for name, value in steps]
    months = ["Apr", "May", "Jun", "Jul", "Aug", "Sep"]
    sold = [("Immunoassay", _thousands(296, 310, 305, 318, 301, 338)), ("Coagulation", _thousands(69, 74, 78, 80, 77, 84))]
    counts = ((10, 28, 16, 7, 3), (9, 27, 18, 8, 2), (8, 26, 19, 7, 3))
    return {
        "over_time": charts.lines(
            [(quarter, _points(value)) for quarter, value in zip(QUARTERS, scores, strict=True)],
            peers=[_points(value) for value in peers],
            band=[(_points(value - 9.6), _points(value + 8.3)) for value in peers],
            limits=[limit for _name, limit in LIMITS], name="Nordvik", peers_name=_("peers"),
        ),
        "change": charts.waterfall(("Q2 26", _points(73.1)), moves, ("Q3 26", _points(76.9))),
        "spread": charts.stacked(
            [(quarter, dict(zip(GRADES, row, strict=True))) for quarter, row in zip(reversed(QUARTERS[-3:]), counts, strict=True)], GRADES
        ),
        "sales": charts.columns(months, sold, currency="EUR"),
    }  # fmt: skip


def _lists() -> dict[str, Any]:
    at = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
    return {
        "problems": [
            Problem("unreadable-number", _("The amount is not a number"), "row 17, column H", "1.911,00 €", _("write 1911.00")),
            Problem("late", _("The report came after its due date"), "September", severity="warning"),
        ],
        "entries": [
            {"title": _("Waits for approval"), "text": "Ilse Kofler", "at": at, "current": True},
            {"title": _("Target changed from 1,911,000 to 1,950,000"), "text": "Astrid Lindqvist", "at": at},
            {"title": _("Scored"), "at": at.date()},
        ],
    }


def _points(value: float) -> int:
    return round(value * POINT)


def _thousands(*values: int) -> list[int]:
    return [value * 1000 * 10**4 for value in values]
