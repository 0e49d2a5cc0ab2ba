"""What actions refuse, said to a partner in their language. The actions speak English, to logs and programs too."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from steelyard.calc.errors import Problem, Refused

SAID = {
    "nothing-said": _("Say what is meant; one sentence is enough."),
    "too-long": _("This is too long: at most 5,000 characters."),
    "question-moved-on": _("Somebody else was quicker: look at the question again, then decide."),
    "user-exists": _("This username is taken; choose another."),
    "bad-username": _("A username has at most 150 characters, without slashes and without spaces around it."),
    "no-name": _("A name of at most 200 characters is needed."),
    "bad-email": _("This is not an e-mail address: write it as name@example.com."),
    "no-email": _("There is no e-mail address to send a link to: add one first."),
    "own-account": _("You cannot deactivate yourself; another administrator can."),
    "inactive-user": _("This person is deactivated: let them in again first."),
    "changed-meanwhile": _("Somebody else changed this person while you did. What you typed is still here: look, then save again."),
    "not-your-role": _("You can give these two roles only."),
    "not-your-partner": _("This person also sees another company, so only an administrator of the installation can change them."),
    "last-administrator": _("Nobody else could manage people then."),
}


def said(problem: Problem) -> str:
    """One problem in the reader's language; what nobody foresaw comes as it is."""
    known = SAID.get(problem.code)
    return str(known) if known is not None else translated(problem.message)


def tell(form: forms.Form, refused: Refused, **elsewhere: str) -> None:
    """Put each problem beside its field, else above the form. ``elsewhere``: action's name -> the form's."""
    for problem in refused.problems:
        where = elsewhere.get(problem.where, problem.where)
        form.add_error(where if where in form.fields else None, said(problem))
