"""Forms of accounts. They only read what was typed; what is right is for the actions to say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from steelyard.calc.errors import Refused

_INPUT = {"class": "input"}


def say(form: forms.Form, refused: Refused) -> None:
    """Put each problem beside the field it is about; the others above the form."""
    for problem in refused.problems:
        text = f"{problem.message}. {problem.hint}".rstrip(". ") + "." if problem.hint else problem.message
        form.add_error(problem.where if problem.where in form.fields else None, text)


def _password(label: Any, autocomplete: str, hint: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={**_INPUT, "autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=1000, widget=widget, help_text=hint)


LONG_ENOUGH = _("At least 15 characters: a sentence you can remember is best.")


class SignIn(forms.Form):
    """Who, and their password."""

    username = forms.CharField(
        label=_("Username"),
        max_length=150,
        widget=forms.TextInput(attrs={**_INPUT, "autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = _password(_("Password"), "current-password")


class AskReset(forms.Form):
    """Where to send the link."""

    address = forms.CharField(
        label=_("E-mail address or username"), max_length=254, widget=forms.TextInput(attrs={**_INPUT, "autocomplete": "username"})
    )


class SetPassword(forms.Form):
    """A new password, once: who mistypes it asks for another link."""

    password = _password(_("New password"), "new-password", LONG_ENOUGH)


class ChangePassword(forms.Form):
    """The password so far, and the new one."""

    old = _password(_("Password so far"), "current-password")
    new = _password(_("New password"), "new-password", LONG_ENOUGH)


class Account(forms.Form):
    """What people change of themselves."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={**_INPUT, "autocomplete": "name"}))
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As the browser says")), *settings.LANGUAGES],
        widget=forms.Select(attrs={"class": "select"}),
    )  # fmt: skip


class NewToken(forms.Form):
    """What a program may do, and until when."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs=_INPUT), help_text=_("Which program uses it."))
    expires_on = forms.DateField(
        label=_("Works until"), widget=forms.DateInput(attrs={**_INPUT, "type": "date"}, format="%Y-%m-%d"), help_text=_("At most a year.")
    )
    scopes = forms.MultipleChoiceField(label=_("May"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "checkbox"}))

    def __init__(self, *args: Any, scopes: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["scopes"].choices = list(scopes)  # type: ignore[attr-defined]
        self.fields["expires_on"].initial = timezone.localdate() + timedelta(days=90)
