"""All cases, in the order of their numbers."""

from __future__ import annotations

from . import amounts, dates, encodings, headers, ids, money, rest, sheets
from .case import Case

MODULES = (encodings, amounts, ids, dates, money, headers, sheets, rest)
CASES: list[Case] = sorted((one for module in MODULES for one in module.CASES), key=lambda one: one.number)
