"""What people fill in about scorecards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ScoreForm(forms.Form):
    """Which framework and period to score."""

    framework = forms.ChoiceField(label=_("Framework"), widget=forms.Select(attrs={"class": "select"}))
    period = forms.CharField(
        label=_("Period"),
        max_length=40,
        help_text=_("as the framework's grain has it: 2026-Q1, 2026-01, 2026"),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def __init__(self, *arguments: Any, frameworks: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["framework"].choices = frameworks  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    """Why a run is made public."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("for the log; whoever reads it later knows why this run"),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )


class OverrideForm(forms.Form):
    """A level or points to stand beside a score, why, and until when."""

    level = forms.ChoiceField(label=_("Level"), required=False)
    points = forms.DecimalField(
        label=_("Points"), required=False, decimal_places=6, max_digits=15, help_text=_("a level or points, one of the two")
    )
    expires = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("blank: the last day of the period; a year at most"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        help_text=_("the partner reads it beside the score"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *arguments: Any, levels: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["level"].choices = [("", "–"), *levels]  # type: ignore[attr-defined]
