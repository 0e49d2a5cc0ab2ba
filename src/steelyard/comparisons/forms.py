"""Forms of comparisons: the workbook and what it is held against; which sheet and column holds what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from steelyard.calc.facts import Kind

from .actions import LONGEST
from .workbook.understanding import ROLES, RoleSeen, SheetSeen, offered, understood

_SELECT = {"class": "select"}
_INPUT = {"class": "input", "autocomplete": "off", "spellcheck": "false"}
PART_TITLES = {"totals": _("Published figures"), "lines": _("Lines they counted"), "targets": _("Targets"), "rates": _("Currency rates")}


class NewComparison(forms.Form):
    """A workbook, and the scored period that it is held against."""

    file = forms.FileField(label=_("Workbook"), help_text=_("XLSX, XLSB, ODS or CSV, as the region made it."), widget=forms.FileInput())
    run = forms.ChoiceField(label=_("Held against"), widget=forms.Select(attrs=_SELECT), help_text=_("A period that was scored."))
    mapping = forms.ChoiceField(
        label=_("How it is read"),
        required=False,
        widget=forms.Select(attrs=_SELECT),
        help_text=_("You see it before anything is compared."),
    )

    def __init__(self, *args: Any, runs: Sequence[tuple[str, str]], mappings: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["run"].choices = list(runs)  # type: ignore[attr-defined]
        self.fields["mapping"].choices = [("", _("By its headers")), *mappings]  # type: ignore[attr-defined]


class Stored(forms.Form):
    """What a page carries of a workbook that is stored already."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    name = forms.CharField(max_length=200, widget=forms.HiddenInput)
    run = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class Columns(forms.Form):
    """Which sheet is what, in which row its header stands, which column is which; how texts are written."""

    decimal = forms.ChoiceField(
        label=_("Decimal mark"), required=False, widget=forms.Select(attrs=_SELECT),
        choices=[("", _("as found")), (".", _("point: 1,234.50")), (",", _("comma: 1.234,50"))],
    )  # fmt: skip
    date_order = forms.ChoiceField(
        label=_("Order of dates"), required=False, widget=forms.Select(attrs=_SELECT),
        choices=[("", _("as found")), ("YMD", _("year month day")), ("DMY", _("day month year")), ("MDY", _("month day year"))],
    )  # fmt: skip
    source = forms.CharField(
        label=_("Source whose keys the partners have"), required=False, max_length=100, widget=forms.TextInput(attrs=_INPUT)
    )

    def __init__(self, sheets: Sequence[SheetSeen], kinds: Mapping[str, Kind], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.sheets = {sheet.name: sheet for sheet in sheets}
        self.kinds = kinds
        names = [("", _("not in the workbook")), *((f"={name}", name or _("the file")) for name in self.sheets)]
        for role in ROLES:
            self.fields[f"{role}_sheet"] = forms.ChoiceField(
                label=PART_TITLES[role], choices=names, required=False, widget=forms.Select(attrs=_SELECT)
            )
            self.fields[f"{role}_header"] = forms.IntegerField(
                label=_("Row of the header"),
                min_value=1,
                max_value=1_000_000,
                required=False,
                widget=forms.NumberInput(attrs={**_INPUT, "min": 1}),
            )
            for column in offered(kinds[role]):
                self.fields[f"{role}__{column}"] = forms.CharField(required=False, max_length=500, widget=forms.Select(attrs=_SELECT))

    def offer(self, roles: Mapping[str, RoleSeen]) -> None:
        """Give every select the headers of the sheet that is chosen for it."""
        for role, seen in roles.items():
            sheet = self.sheets.get(seen.sheet)
            row = sheet.rows[seen.header - 1] if sheet is not None and seen.header <= len(sheet.rows) else ()
            headers = list(dict.fromkeys(text for text in row if text))
            for column in offered(self.kinds[role]):
                self.fields[f"{role}__{column}"].widget.choices = [("", _("not in the sheet")), *((text, text) for text in headers)]

    def roles(self) -> dict[str, RoleSeen]:
        """What was chosen. A sheet that is newly chosen, or read from another row, is understood by its headers."""
        found: dict[str, RoleSeen] = {}
        for role in ROLES:
            chosen = self.cleaned_data.get(f"{role}_sheet", "")
            if not chosen.startswith("=") or chosen[1:] not in self.sheets:
                continue
            sheet, header = self.sheets[chosen[1:]], self.cleaned_data.get(f"{role}_header") or 1
            row = sheet.rows[header - 1] if header <= len(sheet.rows) else ()
            columns = {
                name: text for name in offered(self.kinds[role]) if (text := self.cleaned_data.get(f"{role}__{name}", "")) and text in row
            }
            found[role] = RoleSeen(role, sheet.name, header, columns) if columns else understood(role, sheet, header, self.kinds[role])
        return found


def initial_of(roles: Mapping[str, RoleSeen]) -> dict[str, Any]:
    """What the form of columns shows of a guess."""
    found: dict[str, Any] = {}
    for role, seen in roles.items():
        found |= {f"{role}_sheet": f"={seen.sheet}", f"{role}_header": seen.header}
        found |= {f"{role}__{name}": text for name, text in seen.columns.items()}
    return found


class Sharing(forms.Form):
    """What the partner is told with its link."""

    note = forms.CharField(label=_("Note to the partner"), required=False, widget=forms.TextInput(attrs=_INPUT | {"maxlength": LONGEST}))


class Reason(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), required=False)
