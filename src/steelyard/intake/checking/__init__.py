"""Checking (pure): raw texts + a mapping -> lines as the ledger stores them, and every problem of every other row."""

from __future__ import annotations

from .amounts import Amounts, by_currency
from .check import Checked, References, check

__all__ = ["Amounts", "Checked", "References", "by_currency", "check"]
