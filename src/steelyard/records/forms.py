"""Forms of questions, comments, views and documents. They only parse; what is right, the actions say."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from steelyard.calc.errors import Refused


class Keyed(forms.Form):
    """A form that carries a key of its own, so that pressing twice has one effect."""

    form_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_key"].initial = uuid4().hex

    def tell(self, refused: Refused) -> None:
        """Say what an action refused beside its field, or above the form."""
        for problem in refused.problems:
            text = f"{problem.message} · {problem.hint}" if problem.hint else problem.message
            self.add_error(problem.where if problem.where in self.fields else None, text)


class TextForm(Keyed):
    """Something to say."""

    text = forms.CharField(
        label=_("Text"), required=False, widget=forms.Textarea(attrs={"class": "textarea", "rows": 4, "maxlength": 5000})
    )


class CommentForm(TextForm):
    """A remark, and whether the partner may read it."""

    partner_sees = forms.BooleanField(
        label=_("The partner sees this"), required=False, widget=forms.CheckboxInput(attrs={"class": "checkbox"})
    )


class ViewForm(Keyed):
    """A list as it is shown, under a name."""

    name = forms.CharField(label=_("Name"), widget=forms.TextInput(attrs={"class": "input", "maxlength": 80}))
    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)


class TermsForm(Keyed):
    """How long an answer may take."""

    working_days = forms.IntegerField(
        label=_("Working days"), min_value=1, max_value=90, widget=forms.NumberInput(attrs={"class": "input"})
    )
    weekend = forms.MultipleChoiceField(
        label=_("Days of the week without work"), required=False, choices=[(str(day), name) for day, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "checkbox checkbox-sm"}),
    )  # fmt: skip
    holidays = forms.CharField(
        label=_("Holidays"), required=False, widget=forms.Textarea(attrs={"class": "textarea", "rows": 3}),
        help_text=_("Days such as 2026-12-25, separated by commas"),
    )  # fmt: skip


class DocumentForm(Keyed):
    """A file with a title."""

    title = forms.CharField(label=_("Title"), widget=forms.TextInput(attrs={"class": "input", "maxlength": 200}))
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(),
        help_text=_("PDF, PNG, JPEG, XLSX, DOCX, CSV or text, at most 20 MB"),
    )
