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

    vectors_file = forms.FileField(
        label=_("Its vectors"), required=False, help_text=_("Test vectors in YAML: a framework is published with one for every level."),
        widget=forms.ClearableFileInput(attrs={"class": "input", "accept": ".yaml,.yml,text/yaml"}),
    )  # fmt: skip
    vectors = forms.CharField(
        label=_("Or their text"), required=False, strip=False, max_length=LARGEST,
        widget=forms.Textarea(attrs={"class": "textarea code", "rows": 12, "spellcheck": "false"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The texts, wherever they came from."""
        said = super().clean() or {}
        for file, text in (("file", "text"), ("vectors_file", "vectors")):
            said[text] = self._read(said, file, text)
        if not said["text"].strip() and not self.errors:
            self.add_error("text", _("Choose a file or write the text."))
        return said

    def _read(self, said: dict[str, Any], file: str, text: str) -> str:
        """The text of a file, or what was written; what is wrong with the file is said beside it."""
        upload, written = said.get(file), said.get(text) or ""
        if upload is not None and upload.size > LARGEST:
            self.add_error(file, _("At most 1 MB."))
        elif upload is not None:
            try:
                written = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error(file, _("This is not text in UTF-8."))
        return written.replace("\r\n", "\n")
