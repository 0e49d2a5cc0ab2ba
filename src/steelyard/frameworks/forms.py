"""A framework as a file or as text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LARGEST = 1_000_000  # bytes


class NewVersion(forms.Form):
    """A file, or the text; the file goes first."""

    file = forms.FileField(
        label=_("File"), required=False, help_text=_("A framework in YAML."),
        widget=forms.ClearableFileInput(attrs={"class": "input", "accept": ".yaml,.yml,text/yaml"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or its text"), required=False, strip=False, max_length=LARGEST,
        widget=forms.Textarea(attrs={"class": "textarea code", "rows": 24, "spellcheck": "false"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The text, wherever it came from."""
        said = super().clean() or {}
        upload = said.get("file")
        if upload is not None:
            if upload.size > LARGEST:
                self.add_error("file", _("At most 1 MB."))
                return said
            try:
                said["text"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This is not text in UTF-8."))
        said["text"] = (said.get("text") or "").replace("\r\n", "\n")
        if not said["text"].strip() and not self.errors:
            self.add_error("text", _("Choose a file or write the text."))
        return said
