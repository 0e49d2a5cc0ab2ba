"""What made-up firms are called with: towns, surnames, trades, institutions and legal forms, country by country."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_DATA: dict[str, Any] = yaml.load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)


@dataclass(frozen=True)
class Country:
    """One country's way to name firms."""

    code: str
    language: str
    towns: tuple[str, ...]
    surnames: tuple[str, ...]
    given: tuple[str, ...]
    forms: tuple[str, ...]
    form_first: bool = False


Lists = dict[str, list[str]]
TRADES: Lists = _DATA["trades"]
INSTITUTIONS: Lists = _DATA["institutions"]
PATRONS: Lists = _DATA["patrons"]
SURNAME_PARTS: dict[str, list[list[str]]] = _DATA["surname_parts"]  # beginnings and ends: most people have none of the commonest
COUNTRIES = tuple(Country(**told) for told in _DATA["countries"])
LINES: list[str] = _DATA["lines"]
TAILS: list[str] = _DATA["tails"]
SYLLABLES: list[str] = _DATA["syllables"]
ENDINGS: list[str] = _DATA["endings"]
DEPARTMENTS: list[str] = _DATA["departments"]
SHORT: Lists = _DATA["short"]  # how a word is abbreviated
LONG_FORMS: Lists = _DATA["long_forms"]  # how a legal form is written otherwise
