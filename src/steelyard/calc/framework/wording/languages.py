"""Which languages frameworks are told in."""

from __future__ import annotations

from .english import ENGLISH
from .german import GERMAN
from .language import Language

LANGUAGES: dict[str, Language] = {language.code: language for language in (ENGLISH, GERMAN)}


def language_of(code: str) -> Language:
    """The language of a code such as `de` or `de-AT`; English where it has no templates."""
    return LANGUAGES.get(code.partition("-")[0].lower(), ENGLISH)
