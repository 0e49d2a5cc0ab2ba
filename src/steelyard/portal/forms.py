"""Forms of the portal. They only read what was typed; what is right is for the actions to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from steelyard.records.forms import Keyed

_INPUT = {"class": "input"}
ROLES = (
    ("partner_user", _("User: scorecards, orders, questions, documents")),
    ("partner_administrator", _("Administrator: the same, and acknowledges scorecards and manages people")),
)


class Say(Keyed):
    """Something to say about a number."""

    text = forms.CharField(
        label=_("Your question"), required=False, max_length=5000,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 5, "maxlength": 5000}),
    )  # fmt: skip


class Person(forms.Form):
    """What is said of a colleague."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={**_INPUT, "autocomplete": "off"}))
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={**_INPUT, "autocomplete": "off"}),
        error_messages={"invalid": _("This is not an e-mail address: write it as name@example.com.")},
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As the browser says")), *settings.LANGUAGES],
        widget=forms.Select(attrs={"class": "select"}),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("May do"), choices=ROLES, widget=forms.RadioSelect(attrs={"class": "radio"}))


class NewPerson(Person):
    """A colleague who is to sign in."""

    username = forms.CharField(
        label=_("Username"), max_length=100,
        widget=forms.TextInput(attrs={**_INPUT, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    field_order = ("name", "email", "username", "language", "role")


class ChangedPerson(Person):
    """The same for somebody who is there; ``seen`` is the version that the form was made of."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


def first(data: Any, name: str, longest: int = 300) -> str:
    """A value of an address or form, never longer than anybody types."""
    return str(data.get(name, ""))[:longest]
