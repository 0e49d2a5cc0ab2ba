"""Numbers as people read them: thousands separators, percent signs, currencies."""

from __future__ import annotations

from fractions import Fraction

from ..formula.text import decimal_text
from ..units import Exact


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
