"""Countries in the reader's language."""

from __future__ import annotations

from steelyard.ui.formats import locale


def country_name(code: str | None) -> str:
    """The name of a country; its code where the language has no name for it."""
    return locale().territories.get(code, code) if code else ""
