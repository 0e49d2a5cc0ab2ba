"""The form of a master's record, made from its declaration. It only reads what was typed; what is right is for the actions to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _said
from django.utils.translation import gettext_lazy as _

from steelyard.calc.facts.kind import Column
from steelyard.calc.units import DECIMALS, to_text

from .catalogue import Catalogue
from .master import Master
from .titles import column_title

_MOST_CHOICES = 300  # codes that a field offers; more are typed


def day_field(label: Any, hint: Any) -> forms.DateField:
    """A day that may stay empty."""
    widget = forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, required=False, widget=widget)


def reason_field() -> forms.CharField:
    """Why; kept in the audit trail."""
    widget = forms.TextInput(attrs={"class": "input"})
    return forms.CharField(label=_("Reason"), help_text=_("Kept in the audit trail."), required=False, max_length=500, widget=widget)


class Record(forms.Form):
    """The values of one record, from when to when they are true, and why. ``version``: what was read when the form was opened."""

    def __init__(self, catalogue: Catalogue, master: Master, *, adding: bool, data: Any = None, initial: Mapping[str, Any] | None = None):
        super().__init__(data, initial=dict(initial or {}))
        self.master = master
        for column in master.columns:
            if adding or column.name not in master.key:
                self.fields[column.name] = field_of(catalogue, master, column)
        if master.dated:
            self.fields["valid_from"] = day_field(
                _("True from"), _("Empty: it always was so.") if adding else _("Empty: it always was so, and what stood here was wrong.")
            )
            self.fields["last_day"] = day_field(_("Until"), _("The last day. Empty: for ever."))
        if adding and master.exclusive:
            self.fields["beside"] = forms.BooleanField(
                label=_("Whoever has the place keeps it too"), required=False, widget=forms.CheckboxInput(attrs={"class": "checkbox"})
            )
        self.fields["reason"] = reason_field()
        if not adding:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def values(self) -> dict[str, Any]:
        """What was typed into the master's own columns; blank is None."""
        return {column.name: self.cleaned_data[column.name] or None for column in self.master.columns if column.name in self.cleaned_data}


class Retirement(forms.Form):
    """From when on it is over."""

    valid_from = day_field(_("Over from"), _("The first day on which it is no longer so. Empty: it never was."))
    reason = reason_field()
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, master: Master, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if not master.dated:
            del self.fields["valid_from"]


def field_of(catalogue: Catalogue, master: Master, column: Column) -> forms.Field:
    """A column as a field: choices where there are few, text otherwise."""
    label = column_title(column.name)
    choices = choices_of(catalogue, master, column)
    common: dict[str, Any] = {"label": label, "required": column.required, "help_text": "" if choices else hint_of(column)}
    if choices:
        return forms.ChoiceField(choices=choices, widget=forms.Select(attrs={"class": "select"}), **common)
    if column.type == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"), **common)
    return forms.CharField(max_length=20_000, widget=forms.TextInput(attrs={"class": "input"}), **common)


def hint_of(column: Column) -> str:
    """What the catalogue says of a column, as a sentence; nothing that its title says already."""
    told = _said(column.meaning)
    sentence = told[:1].upper() + told[1:] + ("" if told.endswith(".") else ".")
    return "" if column.name in ("name", "city") else sentence


def choices_of(catalogue: Catalogue, master: Master, column: Column) -> list[tuple[str, Any]]:
    """Blank, and what may be chosen; nothing where it is to be typed."""
    if column.choices:
        return [("", "–"), *((choice, choice.capitalize()) for choice in column.choices)]
    if column.type == "yes/no":
        return [("", "–"), ("yes", _("Yes")), ("no", _("No"))]
    owner = catalogue.owner_of(master, column.name)
    if owner is None:
        return []
    rows = list(catalogue.queries.records(owner.name)[: _MOST_CHOICES + 1])
    if len(rows) > _MOST_CHOICES:
        return []
    named = [(getattr(row, owner.key[0]), getattr(row, "name", "")) for row in rows]
    told = [(code, f"{name} ({code})" if name else code) for code, name in named]
    return [("", "–"), *sorted(told, key=lambda pair: pair[1].casefold())]


def initial_of(master: Master, row: Any) -> dict[str, Any]:
    """What is known, as the form shows it; a change holds from today on unless another day is named."""
    found: dict[str, Any] = {"valid_from": timezone.localdate()} if master.dated else {}
    for column in master.columns:
        value = getattr(row, column.name)
        if isinstance(value, bool):
            value = "yes" if value else "no"
        elif column.type in DECIMALS and isinstance(value, int):
            value = to_text(value, column.type)
        found[column.name] = value
    return found
