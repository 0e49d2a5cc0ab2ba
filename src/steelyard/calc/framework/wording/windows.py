"""Windows in words: `the last 12 months, 1 year earlier`."""

from __future__ import annotations

from ..terms import Span, Window
from .language import Language
from .languages import language_of


def window_text(window: Window, grain: str = "period", language: str = "en") -> str:
    """A window as people read it; ``grain`` is what a period is."""
    return window_words(language_of(language), window, grain)


def window_words(language: Language, window: Window, grain: str) -> str:
    """A window in a language."""
    length = _length(language, window, grain)
    if not window.shift:
        return length
    return language.say("window.earlier", length=length, count=language.count(window.shift, _noun(window.shift_unit, grain)))


def span_words(language: Language, span: Span, grain: str, *, after: bool = True) -> str:
    """A span: `6 months`; ``after`` a preposition."""
    return language.count(span.count, _noun(span.unit, grain), after=after)


def _length(language: Language, window: Window, grain: str) -> str:
    if window.unit is None:
        return language.say("window.same")
    if window.unit in ("all time", "year to date"):
        return language.say(f"window.{window.unit}")
    noun = _noun(window.unit, grain)
    if window.count == 1:
        return language.say(f"window.one.{noun}")
    return language.say("window.last", count=language.count(window.count, noun))


def _noun(unit: str, grain: str) -> str:
    """What a unit is called; a period is the framework's grain, where that has a name."""
    unit = unit.removesuffix("s")
    return unit if unit != "period" or grain == "window" else grain
