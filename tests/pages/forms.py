"""The forms of pages, as a person fills them in: found in the pages themselves, so that a new form is tested unasked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from tests import company as told

from .reading import Page

ELSEWHERE = ("/sign-out", "/language", "/sign-in")  # these end or change the session itself
TYPED = {
    "text": "A word", "textarea": "One whole sentence.", "email": "somebody@steelyard.example", "number": "3", "date": "2026-01-05",
    "password": told.PASSWORD, "search": "", "url": "https://steelyard.example/",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One control: its value as the page shows it, and what else it offers."""

    name: str
    kind: str
    value: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass
class Form:
    """One form of a page."""

    page: str
    action: str
    method: str
    button: tuple[str, str] | None = None
    fields: list[Field] = field(default_factory=list)

    @property
    def has_file(self) -> bool:
        return any(one.kind == "file" for one in self.fields)

    @property
    def texts(self) -> list[str]:
        """Names of what a person types."""
        return [one.name for one in self.fields if one.kind in ("text", "textarea")]

    def filled(self, **given: str) -> dict[str, Any]:
        """What a person would send: what is there stays, what is blank gets something that makes sense."""
        values: dict[str, Any] = {}
        for one in self.fields:
            value = one.value or next((choice for choice in one.choices if choice), "") or TYPED.get(one.kind, "")
            if one.kind == "checkbox" and not one.value:
                continue
            if one.name not in values or one.kind != "radio":
                values.setdefault(one.name, []).append(value)
        if self.button:
            values.setdefault(self.button[0], []).append(self.button[1])
        return values | {name: [value] for name, value in given.items()}


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms, self.open = page, [], None
        self.text: Field | None = None
        self.select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = given.get("method", "get").lower()
            self.open = Form(self.page, urljoin(self.page, given.get("action") or self.page), method)
            self.forms.append(self.open)
        if self.open is None:
            return
        if tag == "button" and given.get("name") and self.open.button is None:
            self.open.button = (given["name"], given.get("value", ""))
        name, required = given.get("name", ""), "required" in given
        if tag == "input" and name and "disabled" not in given:
            self._input(given, name, required)
        elif tag == "textarea" and name:
            self.text = Field(name, "textarea", "", required)
        elif tag == "select" and name:
            self.select = Field(name, "select", "", required)
        elif tag == "option" and self.select is not None:
            value = given.get("value", "")
            chosen = value if "selected" in given else self.select.value
            self.select = replace(self.select, value=chosen, choices=(*self.select.choices, value))

    def _input(self, given: dict[str, str], name: str, required: bool) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button", "reset", "image"):
            return
        value = given.get("value", "")
        if kind in ("checkbox", "radio") and "checked" not in given:
            if kind == "checkbox":
                self.open.fields.append(Field(name, kind, "", required, (value or "on",)))
            else:
                self.open.fields.append(Field(name, kind, "", required, (value,)))
            return
        self.open.fields.append(Field(name, kind, value or ("on" if kind == "checkbox" else ""), required))

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text = replace(self.text, value=self.text.value + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.text is not None and self.open is not None:
            self.open.fields.append(replace(self.text, value=self.text.value.strip()))
            self.text = None
        elif tag == "select" and self.select is not None and self.open is not None:
            self.open.fields.append(self.select)
            self.select = None
        elif tag == "form":
            self.open = None


def forms_of(page: Page) -> list[Form]:
    """The forms of a page that write something."""
    if not page.is_html or page.status != 200:
        return []
    parser = _Forms(page.address)
    parser.feed(page.text)
    return [form for form in parser.forms if form.method == "post" and not form.action.startswith(ELSEWHERE)]
