"""A form's field as pages show it: which control has which look, and what a screen reader hears with it."""

from __future__ import annotations

from copy import copy
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.widgets import Input

LOOKS: tuple[tuple[type[forms.Widget], str], ...] = (  # the first that fits
    (forms.CheckboxSelectMultiple, ""),
    (forms.RadioSelect, ""),
    (forms.CheckboxInput, "checkbox checkbox-sm"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (Input, "input"),
)


def shown(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """What the template of a field needs."""
    widget = copy(bound.field.widget)
    if isinstance(widget, forms.NumberInput):  # a browser empties a number field that holds something else; what was typed stays
        widget.input_type = "text"
        widget.attrs = {**widget.attrs, "inputmode": "decimal"}
    ticks = isinstance(widget, forms.CheckboxInput)
    many = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    said = hint or bound.help_text
    described = [f"{bound.id_for_label}_hint"] * bool(said) + [f"{bound.id_for_label}_error"] * bool(bound.errors)
    attributes: dict[str, Any] = {"class": f"{widget.attrs.get('class', '')} {_look(widget)}".strip()}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    if many:
        attributes = {}
    control = bound.as_widget(widget=widget, attrs=attributes)
    return {"field": bound, "control": control, "hint": said, "ticks": ticks, "many": many, "wrong": bool(bound.errors)}


def _look(widget: forms.Widget) -> str:
    return next((look for kind, look in LOOKS if isinstance(widget, kind)), "")
