"""Forms of reviews and cycles. They only parse; what is right, the actions say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from steelyard.records.forms import Keyed

from .answers import Answers, answers_of
from .rating import Item

_INPUT, _SELECT = {"class": "input"}, {"class": "select"}
_DATE = {"class": "input", "type": "date"}


LEFT_OUT = "none"  # chosen where a question is not answered


def answers_in(data: Mapping[str, Any], items: Sequence[Item]) -> Answers:
    """What was chosen and typed in the form of a review.

    Where *not answered* is chosen, the reason counts and no rating; else the rating. What is no number is told by the action.
    """
    said: dict[str, dict[str, str]] = {"rating": {}, "reference": {}, "reason": {}}
    for item in items:
        for name, told in said.items():
            if text := str(data.get(f"{name}-{item.question}", "")).strip():
                told[item.question] = text
        if said["rating"].get(item.question) == LEFT_OUT:
            del said["rating"][item.question]
    return answers_of(said["rating"], said["reference"], said["reason"])


class CycleForm(Keyed):
    """Which reviews to open."""

    framework = forms.ChoiceField(label=_("Standard"), widget=forms.Select(attrs=_SELECT))
    period = forms.CharField(label=_("Period"), max_length=40, widget=forms.TextInput(attrs=_INPUT), help_text=_("Such as 2025-Q4"))
    due_on = forms.DateField(label=_("Due on"), required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))

    def __init__(self, *args: Any, frameworks: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        self.frameworks = frameworks
        super().__init__(*args, **kwargs)
        self.fields["framework"].choices = frameworks  # type: ignore[attr-defined]


class RuleForm(Keyed):
    """When cycles open by themselves."""

    framework = forms.ChoiceField(label=_("Standard"), widget=forms.Select(attrs=_SELECT))
    days_after_end = forms.IntegerField(label=_("Opens so many days after the period"), min_value=0, widget=forms.NumberInput(attrs=_INPUT))
    days_to_review = forms.IntegerField(label=_("Days to review"), min_value=1, widget=forms.NumberInput(attrs=_INPUT))
    active = forms.BooleanField(label=_("Open by the calendar"), required=False, widget=forms.CheckboxInput(attrs={"class": "checkbox"}))

    def __init__(self, *args: Any, frameworks: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["framework"].choices = frameworks  # type: ignore[attr-defined]
