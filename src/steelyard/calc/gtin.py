"""Trade item numbers (GTIN): 8, 12, 13 or 14 digits, the last of which checks the others; kept with 14, zeros in front."""

from __future__ import annotations

from stdnum import ean

LENGTHS = (8, 12, 13, 14)


def padded(text: str) -> str | None:
    """The number with 14 digits, if a text is written like one; hyphens and spaces in it mean nothing."""
    digits = text.replace(" ", "").replace("-", "").replace("\u00a0", "")
    return digits.zfill(14) if digits.isascii() and digits.isdigit() and len(digits) in LENGTHS else None


def is_right(number: str) -> bool:
    """Whether the check digit of a number with 14 digits is right."""
    return bool(ean.calc_check_digit(number[:-1]) == number[-1])


def expected(number: str) -> str:
    """The check digit that a number should have."""
    return str(ean.calc_check_digit(number[:-1]))
