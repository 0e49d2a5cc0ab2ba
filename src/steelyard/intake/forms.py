"""Forms of intake. They read what was typed; what is right is for the actions to say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _said
from django.utils.translation import gettext_lazy as _

from steelyard.calc.facts import FACTS, Kind
from steelyard.calc.units import to_grain

from .actions.landing import OWNERS
from .mappings import ColumnRule, Control, Covers
from .mappings import Mapping as FileMapping
from .titles import column_name, kind_choices

_INPUT = {"class": "input"}
TAKEN = (*FACTS, *OWNERS)  # kinds that files may bring
BY_HEADERS = "headers"


class Several(forms.FileInput):
    """A file control that takes several files."""

    allow_multiple_selected = True


def _kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("What is in it"), choices=lambda: kind_choices(TAKEN), widget=forms.Select(attrs={"class": "select"}))


def _source_field() -> forms.CharField:
    return forms.CharField(
        label=_("Where it comes from"), max_length=100, help_text=_("The system that wrote it, always by the same name."),
        widget=forms.TextInput(attrs={**_INPUT, "list": "sources", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class NewFile(forms.Form):
    """A file, what is in it, where it comes from, and how it is read."""

    file = forms.FileField(label=_("File"), help_text=_("CSV, TSV, XLSX, XLSB, ODS or Parquet."), widget=forms.FileInput())
    kind = _kind_field()
    source = _source_field()
    reading = forms.ChoiceField(
        label=_("How it is read"), required=False, widget=forms.Select(attrs={"class": "select"}),
        help_text=_("What was decided for this kind and source is remembered; the second file needs no click."),
    )  # fmt: skip
    lookups = forms.FileField(label=_("Look-up files"), required=False, help_text=_("Only if the mapping names any."), widget=Several())

    def __init__(self, *args: Any, readings: Sequence[tuple[str, Any]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        usual = [("", _("As the last file of this kind and source")), (BY_HEADERS, _("By its headers, whatever was decided before"))]
        self.fields["reading"].choices = [*usual, *readings]  # type: ignore[attr-defined]


class Columns(forms.Form):
    """Which column of the file means what, and how its texts are written."""

    def __init__(self, kind: Kind, headers: Sequence[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kind = kind
        choices = [("", _("not in the file")), *((header, header) for header in headers)]
        for column in kind.columns:
            self.fields[f"column_{column.name}"] = forms.ChoiceField(
                label=column_name(column.name), choices=choices, required=False, widget=forms.Select(attrs={"class": "select"})
            )
        selects: dict[str, tuple[Any, Sequence[tuple[str, Any]]]] = {
            "decimal": (_("Decimal mark"), [("", _("as found")), (".", _("point: 1,234.50")), (",", _("comma: 1.234,50"))]),
            "date_order": (
                _("Order of dates"),
                [("", _("as found")), ("YMD", _("year month day")), ("DMY", _("day month year")), ("MDY", _("month day year"))],
            ),
            "totals": (_("Rows of totals"), [("quarantine", _("refuse them, to be looked at")), ("drop", _("leave them out"))]),
            "negatives": (
                _("Negative rows"),
                [("refused", _("only if the row says return")), ("allowed", _("they are returns")), ("warn", _("returns; say so"))],
            ),
        }
        for name, (label, options) in selects.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=options, required=False, widget=forms.Select(attrs={"class": "select"})
            )
        texts = {
            "currency": (_("Currency, where no column says it"), 3),
            "header": (_("Row of the header"), 12),
            "sheet": (_("Sheet"), 100),
        }
        for name, (label, longest) in texts.items():
            self.fields[name] = forms.CharField(label=label, required=False, max_length=longest, widget=forms.TextInput(attrs=_INPUT))

    def clean_header(self) -> tuple[int, int] | None:
        """The last row of the header and how many rows it has, if it was said; 0 for a file without."""
        text = self.cleaned_data["header"].strip().casefold()
        if not text:
            return None
        if text in ("none", _said("none")):
            return 0, 1
        found = re.fullmatch(r"([1-9][0-9]{0,3})(?:\s*[-,–]\s*([1-9][0-9]{0,3}))?", text)
        if found is None or int(found[2] or found[1]) < int(found[1]):
            raise forms.ValidationError(_said("A row as the spreadsheet counts, such as 3; two rows as 3-4; or none."))
        last = int(found[2] or found[1])
        return last, last - int(found[1]) + 1

    def changed(self, mapping: FileMapping) -> FileMapping:
        """The mapping with what was chosen; rules of columns that stay keep everything else they say."""
        said = self.cleaned_data
        rules: dict[str, ColumnRule] = {}
        for column in self.kind.columns:
            header = said[f"column_{column.name}"]
            before = mapping.columns.get(column.name)
            if header:
                rules[column.name] = replace(before, header=header) if before and before.header is not None else ColumnRule(header=header)
            elif before is not None and before.header is None:  # a constant stays
                rules[column.name] = before
        last, rows = said["header"] or (mapping.dialect.header, mapping.dialect.header_rows)
        dialect = replace(mapping.dialect, header=last, header_rows=rows, sheet=said["sheet"].strip() or None)
        return replace(
            mapping, columns=rules, dialect=dialect, decimal=said["decimal"] or None, date_order=said["date_order"] or None,
            totals=said["totals"] or "quarantine", negatives=said["negatives"] or "refused", currency=said["currency"].strip() or None,
        )  # fmt: skip


def columns_initial(look: Mapping[str, Any], mapping: FileMapping) -> dict[str, Any]:
    """What the form of columns shows at first: what was understood."""
    found = {f"column_{name}": rule["header"] for name, rule in look["rules"].items() if rule["header"]}
    dialect = mapping.dialect
    first = dialect.header - dialect.header_rows + 1
    header = _("none") if not dialect.header else str(dialect.header) if dialect.header_rows == 1 else f"{first}-{dialect.header}"
    return found | {
        "decimal": mapping.decimal, "date_order": mapping.date_order, "totals": mapping.totals, "currency": mapping.currency,
        "negatives": mapping.negatives, "header": header, "sheet": dialect.sheet or "",
    }  # fmt: skip


class Scope(forms.Form):
    """What a file replaces, which days it covers, what its sender counted, and whether the next one needs a person."""

    replaces = forms.ChoiceField(choices=[("lines", ""), ("source", ""), ("partner", "")])
    covers = forms.BooleanField(required=False)
    first_day = forms.DateField(required=False)
    last_day = forms.DateField(required=False)
    party = forms.CharField(required=False, max_length=200)
    rows = forms.IntegerField(required=False, min_value=0)
    amount = forms.DecimalField(required=False, max_digits=18, decimal_places=4)
    at_once = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Days of coverage come in pairs, the first one first."""
        said = super().clean() or {}
        first, last = said.get("first_day"), said.get("last_day")
        if said.get("covers") and not (first and last):
            raise forms.ValidationError(_said("Say the first and the last day for which the file is complete."))
        if first and last and last < first:
            raise forms.ValidationError(_said("The last day is before the first."))
        return said

    def changed(self, mapping: FileMapping) -> FileMapping:
        """The mapping with what was said."""
        said = self.cleaned_data
        replaces = {"lines": (), "source": ("source", "period"), "partner": ("source", "partner", "period")}[said["replaces"]]
        covers = Covers(mapping.kind, said["first_day"], said["last_day"], said["party"].strip()) if said["covers"] else None
        amount = None if said["amount"] is None else to_grain(said["amount"], "money")
        control = Control(said["rows"], amount) if said["rows"] is not None or amount is not None else None
        return replace(mapping, replaces=replaces, covers=covers, control=control, bring_in="at once" if said["at_once"] else "ask")


class Undo(forms.Form):
    """Why a batch is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("Kept in the audit trail."), widget=forms.TextInput(attrs=_INPUT)
    )


def _day(label: Any, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={**_INPUT, "type": "date"}, format="%Y-%m-%d"))


class NothingToReport(forms.Form):
    """Who had nothing to report, of what, for which days."""

    kind = forms.ChoiceField(label=_("What"), choices=lambda: kind_choices(FACTS), widget=forms.Select(attrs={"class": "select"}))
    source = _source_field()
    party = forms.CharField(
        label=_("Whose"), required=False, max_length=200, widget=forms.TextInput(attrs=_INPUT),
        help_text=_("The partner's key at that source. Empty: everybody's of that source."),
    )  # fmt: skip
    first_day = _day(_("First day"))
    last_day = _day(_("Last day"))


class Authority(forms.Form):
    """Which of two systems counts, for whom, from when to when."""

    source = forms.ChoiceField(label=_("This one counts"), widget=forms.Select(attrs={"class": "select"}))
    whom = forms.ChoiceField(
        label=_("For whom"), choices=(("partner", _("this partner")), ("all", _("every partner of whom nothing else is said"))),
        widget=forms.Select(attrs={"class": "select"}), initial="partner",
    )  # fmt: skip
    first_day = _day(_("From"), required=False)
    last_day = _day(_("Until"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, widget=forms.TextInput(attrs=_INPUT))

    def __init__(self, sources: Sequence[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["source"].choices = [(source, source) for source in sources]  # type: ignore[attr-defined]


class MappingText(forms.Form):
    """A mapping as text."""

    text = forms.CharField(
        label=_("Mapping"), max_length=200_000, strip=False,
        widget=forms.Textarea(attrs={"class": "textarea code", "spellcheck": "false", "rows": 24}),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class Correction(forms.Form):
    """The cells of a refused row, as they should be."""

    def __init__(self, headers: Sequence[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.headers = list(headers)
        for place, header in enumerate(headers):
            self.fields[f"cell_{place}"] = forms.CharField(
                label=header,
                required=False,
                max_length=40_000,
                strip=False,
                widget=forms.TextInput(attrs={"class": "input", "spellcheck": "false"}),
            )

    def cells(self) -> list[str]:
        """What was typed, in the order of the headers."""
        return [self.cleaned_data[f"cell_{place}"] for place in range(len(self.headers))]
