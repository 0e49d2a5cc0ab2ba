"""Numbers as people read them: thousands separators, percent signs, currencies; and read back exactly."""

from __future__ import annotations

import re
from fractions import Fraction

from ..formula.text import decimal_text
from ..units import Exact

_SPOKEN = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?(?: / [0-9]+)?(?: ?%)?")


def spoken(value: Exact, unit: str = "number", currency: str = "") -> str:
    """``0.975`` in percent -> ``97.5 %``; ``200000`` in money -> ``200,000 EUR``."""
    if unit == "percent":
        return f"{_grouped(Fraction(value) * 100)} %"
    if unit == "money" and currency:
        return f"{_grouped(value)} {currency}"
    if unit == "days":
        return f"{_grouped(value)} {'day' if value == 1 else 'days'}"
    return _grouped(value)


def _grouped(value: Exact) -> str:
    text = decimal_text(value)
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, dot, decimals = text.partition(".")
    if not whole.isdigit():  # a fraction without decimal text
        return sign + text
    return f"{sign}{int(whole):,}{dot}{decimals}"


def numbers_in(text: str) -> list[Exact]:
    """The numbers of a sentence, exactly as `spoken` wrote them."""
    found: list[Exact] = []
    for match in _SPOKEN.findall(text):
        plain = match.replace(",", "").replace(" ", "")
        value = Fraction(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
        found.append(int(value) if value.denominator == 1 else value)
    return found
