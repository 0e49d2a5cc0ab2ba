"""Which mark divides whole numbers from decimals: decided once for a column, never for a cell."""

from __future__ import annotations

import polars as pl

from steelyard.calc.errors import Problem

# a mark with other than three digits after it, four or more before it, or a leading zero, can only be a decimal mark;
# two of the same kind can only group thousands
_DECIMAL = {
    ".": r"^[^.\d]*(?:[^.]*\.(?:\d{0,2}|\d{4,})|\d{4,}\.\d+|0+\.\d+)[^.\d]*$|,\d{3}\.\d",
    ",": r"^[^,\d]*(?:[^,]*,(?:\d{0,2}|\d{4,})|\d{4,},\d+|0+,\d+)[^,\d]*$|\.\d{3},\d",
}
_GROUP = {".": r"\.\d{3}\.\d{3}", ",": r",\d{3},\d{3}"}


def decide(texts: pl.Series, header: str, *, no_commas: bool = False) -> tuple[str, Problem | None]:
    """The decimal mark of a column, or a problem that says what to write into the mapping.

    ``no_commas``: the caller has seen that there is none, and a few decimals then settle it.
    """
    if no_commas and _speaks_for(texts.head(10_000), "."):
        return ".", None
    has_comma = bool(texts.str.contains(",", literal=True).any())
    has_point = bool(texts.str.contains(".", literal=True).any())
    if not has_comma and not has_point:
        return ".", None
    if not has_comma and _speaks_for(texts.head(10_000), "."):
        return ".", None
    point = _speaks_for(texts, ".") or (has_comma and _groups(texts, ","))
    comma = _speaks_for(texts, ",") or (has_point and _groups(texts, "."))
    if point != comma:
        return ("." if point else ","), None
    examples = texts.filter(texts.str.contains(r"[.,]")).head(3).to_list()
    said = "speaks for both" if point else "does not tell"
    return ".", Problem(
        "ambiguous_decimal", f"the column {said} whether a point or a comma begins the decimals", f"column `{header}`",
        ", ".join(f"`{example}`" for example in examples), "write `decimal: \".\"` or `decimal: \",\"` into the mapping",
    )  # fmt: skip


def _speaks_for(texts: pl.Series, mark: str) -> bool:
    return bool(texts.str.contains(_DECIMAL[mark]).any())


def _groups(texts: pl.Series, mark: str) -> bool:
    return bool(texts.str.contains(_GROUP[mark]).any())
