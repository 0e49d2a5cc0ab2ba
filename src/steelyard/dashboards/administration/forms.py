"""Forms of administration. They read what was typed; what is right is for the actions to say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steelyard.accounts.actions import Granted
from steelyard.accounts.permissions import ROLES

_INPUT = {"class": "input", "autocomplete": "off"}
KINDS = (
    ("territory", gettext_lazy("a territory with all below it")),
    ("partner", gettext_lazy("one partner")),
    ("representative", gettext_lazy("a representative's partners")),
)


def _text(label: Any, hint: Any = "", most: int = 200, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, help_text=hint, widget=forms.TextInput(attrs=_INPUT))


def _day(label: Any, hint: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={**_INPUT, "type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, help_text=hint, widget=widget)


class Person(forms.Form):
    """What is said of a person."""

    name = _text(gettext_lazy("Name"))
    email = _text(gettext_lazy("E-mail"), gettext_lazy("Where links to set a password go."), 254, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), required=False, choices=[("", gettext_lazy("As the browser says")), *settings.LANGUAGES],
        widget=forms.Select(attrs={"class": "select"}),
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "checkbox"})
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        people = [(name, role) for name, role in ROLES.items() if role.side != "program"]
        self.fields["roles"].choices = [(name, f"{_(role.title)}: {_(role.meaning)}") for name, role in people]  # type: ignore[attr-defined]


class Grant(forms.Form):
    """What a person gets to see."""

    kind = forms.ChoiceField(label=gettext_lazy("Sees"), choices=KINDS, widget=forms.Select(attrs={"class": "select"}))
    key = forms.CharField(
        label=gettext_lazy("Code"), max_length=200, help_text=gettext_lazy("Type a few letters of the code or the name."),
        widget=forms.TextInput(attrs={**_INPUT, "list": "grantable"}),
    )  # fmt: skip
    valid_from = _day(gettext_lazy("From"), gettext_lazy("Blank: at once."))
    last_day = _day(gettext_lazy("Until and including"), gettext_lazy("Blank: for good."))

    def granted(self) -> Granted:
        """What was typed; the day after the last one is the first without it."""
        values = self.cleaned_data
        last: date | None = values["last_day"]
        until = last + timedelta(days=1) if last and last < date.max else None
        return Granted(values["kind"], values["key"].strip(), values["valid_from"], until)


class NewPerson(Person):
    """A new person, with what they see first."""

    username = _text(gettext_lazy("Username"), gettext_lazy("They sign in with it; it never changes."), 150)
    kind = forms.ChoiceField(
        label=gettext_lazy("Sees"), required=False, choices=[("", gettext_lazy("what the role says")), *KINDS],
        widget=forms.Select(attrs={"class": "select"}),
    )  # fmt: skip
    key = forms.CharField(
        label=gettext_lazy("Code"), max_length=200, required=False, help_text=gettext_lazy("Of the territory, partner or representative."),
        widget=forms.TextInput(attrs={**_INPUT, "list": "grantable"}),
    )  # fmt: skip
    invite = forms.BooleanField(
        label=gettext_lazy("Send a link to set the password"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"class": "checkbox"}),
    )  # fmt: skip
    field_order = ["username", "name", "email", "language", "roles", "kind", "key", "invite"]


class Company(forms.Form):
    """The company's own settings."""

    name = _text(gettext_lazy("Name"))
    reporting_currency = _text(gettext_lazy("Reporting currency"), gettext_lazy("Three letters of ISO 4217, such as EUR."), 3)
    default_calendar = forms.ChoiceField(label=gettext_lazy("Usual calendar"), widget=forms.Select(attrs={"class": "select"}))
    currencies = _text(gettext_lazy("Other currencies in use"), gettext_lazy("With commas between them."), 500, required=False)
    reason = _text(gettext_lazy("Why"), gettext_lazy("Kept in the audit trail."), 500, required=False)

    def __init__(self, *args: Any, calendars: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["default_calendar"].choices = [(code, code) for code in calendars]  # type: ignore[attr-defined]
