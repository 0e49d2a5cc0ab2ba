"""Codes of one width with zeros in front: those that a spreadsheet took the zeros from."""

from __future__ import annotations

from steelyard.calc.facts import Column

from .findings import Read

NAMES = ("document", "code", "party", "account")
LEAST_WIDTH = 4  # shorter ones are counted by people: 01, 2, 10
MANY = 10  # so many whole ones for each that is short, or the column has no width of its own


def find_lost_zeros(result: Read, column: Column) -> None:
    """Digits shorter than the column's codes, where those are all of one width and some begin with zeros."""
    if column.name not in NAMES and column.refers_to not in ("party", "product", "representative"):
        return
    texts = result.values
    if texts.len() <= MANY:
        return
    padded = texts.filter(texts.str.contains(r"^0\d+$").fill_null(False))
    widths = padded.str.len_bytes().unique()
    if widths.len() != 1 or widths[0] < LEAST_WIDTH:
        return
    width = int(widths[0])
    short = texts.str.contains(rf"^[1-9]\d{{0,{width - 2}}}$").fill_null(False)
    if not short.any() or int(short.sum()) * MANY > int(texts.str.contains(rf"^\d{{{width}}}$").sum()):
        return
    result.find(
        short, "id_damaged_by_spreadsheet", "a spreadsheet took the zeros in front of this code",
        f"codes of this column have {width} digits: format it as text in the source, then export again",
    )  # fmt: skip
