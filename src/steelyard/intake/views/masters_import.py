"""A file of one master: checked first, loaded when somebody says so. The same reading and checking as every other import."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from steelyard.accounts.forms import say
from steelyard.accounts.gate import Asked, needs
from steelyard.calc.errors import Missing, Refused
from steelyard.masters.titles import MEANINGS, column_title, master_title

from .. import actions, dry_run, store
from ..mappings import KINDS

_SHA256 = re.compile(r"\A[0-9a-f]{64}\Z")


class MasterFile(forms.Form):
    """The file, and whose it is; a file that was checked is named by its hash, so that it need not be sent again."""

    file = forms.FileField(
        label=gettext_lazy("File"), required=False,
        help_text=gettext_lazy("CSV, TSV, XLSX, XLSB, ODS or Parquet; the first row names the columns."),
        widget=forms.FileInput(),
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("Where it comes from"), max_length=100, help_text=gettext_lazy("The system that keeps these data, or who does."),
        widget=forms.TextInput(attrs={"class": "input"}),
    )  # fmt: skip
    sha256 = forms.RegexField(_SHA256, required=False, widget=forms.HiddenInput)
    name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["file"].required = not (self.data.get("sha256") or self.initial.get("sha256"))


@needs("intake.write", post="intake.write")
def import_master(request: Asked, master: str) -> HttpResponse:
    """Check a file of this master, then load what is right in it; the other rows wait with their reasons."""
    kind = KINDS.get(master)
    if kind is None or kind.family != "master":
        raise Missing
    form = MasterFile(request.POST or None, request.FILES or None, initial={"source": "hand"})
    told: dict[str, Any] = {
        "master": kind, "title": master_title(master), "meaning": MEANINGS.get(master, ""),
        "columns": [{"name": column.name, "title": column_title(column.name), "required": column.required} for column in kind.columns],
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data.get("file")
        try:
            dry_run.refuse_slow(upload.size if upload else 0, "text")  # a web process never holds a large file
            data = upload.read() if upload else store.load(form.cleaned_data["sha256"])
            name = upload.name if upload else form.cleaned_data["name"] or "file"
            given: dict[str, Any] = {"name": name, "kind": master, "source": form.cleaned_data["source"], "acting_user": request.user}
            if request.POST.get("step") == "load" and not upload:
                done = actions.commit(data, **given)
                messages.success(request, _("Batch %(batch)s is loaded; it is cut %(cut)s.") % {"batch": done.batch, "cut": done.cut})
                return redirect("masters:list", master)
            told["outcome"] = outcome = actions.preview(data, **given)
            told |= {"new": outcome.accepted - outcome.restated, "sha256": store.store(data)}
            form = MasterFile(initial={"source": given["source"], "sha256": told["sha256"], "name": name})
        except Refused as refused:
            say(form, refused)
    return render(request, "intake/master_import.html", {"form": form, **told}, status=422 if form.errors else 200)
