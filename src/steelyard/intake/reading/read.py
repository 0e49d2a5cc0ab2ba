"""The one way in: bytes and how to read them -> a raw table."""

from __future__ import annotations

from .delimited import read_delimited
from .parquet import read_parquet
from .sheets import read_sheet
from .signature import what_is
from .table import Dialect, RawTable


def read(data: bytes, name: str, dialect: Dialect | None = None) -> RawTable:
    """Read one table; refuses (with every reason) what is no table or would be read wrongly as a whole."""
    dialect = dialect or Dialect()
    kind = what_is(data, name)
    if kind == "sheet":
        return read_sheet(data, name, dialect)
    if kind == "parquet":
        return read_parquet(data, name, dialect)
    return read_delimited(data, name, dialect)
