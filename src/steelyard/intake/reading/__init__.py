"""Reading (pure): the bytes of a file -> a table of texts with the row numbers that a spreadsheet shows."""

from __future__ import annotations

from .read import read
from .table import Dialect, RawTable, Unreadable

__all__ = ["Dialect", "RawTable", "Unreadable", "read"]
