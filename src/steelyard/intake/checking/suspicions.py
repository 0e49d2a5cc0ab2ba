"""What is accepted and worth a second look: letters that look like others, signs nobody sees, data of private persons.

Warnings name the column and how many rows; of personal data never what was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Keyed

import polars as pl

from steelyard.calc.errors import Problem
from steelyard.calc.facts import Kind

from ..reading import RawTable
from .columns import Bound

LOOKED_THROUGH = 50_000  # rows of each column in which personal data are looked for
_UNSEEN = r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
_LATIN = r"[A-Za-z\u00c0-\u024f]"
_LOOKS_LATIN = r"[\p{Greek}\p{Cyrillic}\p{Armenian}\p{Cherokee}\p{Coptic}]"
_NAMES = ("party_name", "end_customer", "name")

_IDS = (
    r"\b\d{3}-\d{2}-\d{4}\b|\b756\.\d{4}\.\d{4}\.\d{2}\b|\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b|\b\d{6}[-+]\d{4}\b"
    r"|\b\d{8}-?[A-Z]\b|\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b|\b\d{3} \d{3} \d{4}\b"
)
_BORN = (
    r"(?i)(?:\bborn\b|\bgeb(?:\.|oren)|\bd\.?o\.?b\b|\bbirth|\bn[ée]e? le\b|\bnato il\b|\bnacid)"
    r"\D{0,12}\d{1,4}[./-]\d{1,2}[./-]\d{2,4}"
)
PERSONAL = {  # what it is called -> how it looks
    "e-mail addresses": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}",
    "telephone numbers": r"(?:\+|\b00)[1-9]\d{0,2}[ ()./-]*\d(?:[ ()./-]*\d){6,}|\b0\d{1,4}[ /-]\d{3,}[ /-]?\d{2,}\b",
    "dates of birth": _BORN,
    "personal identity numbers": _IDS,
}
_BIRTH = re.compile(r"birth|geburt|\bdob\b|naissance|nascita|nacimiento", re.IGNORECASE)
_PATIENT = re.compile(r"patient|versicherten|insured person|social security|\bssn\b|\bahv\b", re.IGNORECASE)


def suspicions(kind: Kind, bound: Keyed[str, Bound], table: RawTable) -> list[Problem]:
    """Every warning of this sort about a file."""
    return [*_lookalikes(kind, bound), *_personal(kind, bound, table)]


def _lookalikes(kind: Kind, bound: Keyed[str, Bound]) -> Iterator[Problem]:
    for name, one in bound.items():
        if kind.by_name[name].refers_to != "party" and name not in _NAMES:
            continue
        texts = one.texts.drop_nulls().unique()
        unseen = texts.filter(texts.str.contains(_UNSEEN))
        if unseen.len():
            hint = "it is not taken for the same name without them; a person decides"
            yield _warning("unseen_signs", "names hold signs that nobody sees", one.header, f"{unseen.len():,} different names", hint)
        mixed = texts.filter(texts.str.contains(_LATIN) & texts.str.contains(_LOOKS_LATIN))
        if mixed.len() and (strange := _confusable(mixed)):
            found = ", ".join(f"`{text[:60]}`" for text in strange[:3])
            hint = "it is not taken for the name that it looks like; a person decides"
            yield _warning("lookalike_letters", "names mix letters of two alphabets that look alike", one.header, found, hint)


def _confusable(texts: pl.Series) -> list[str]:
    from confusable_homoglyphs import confusables  # its tables take a moment, and hardly any file needs them

    return [text for text in texts.sort().head(1000) if confusables.is_dangerous(text, preferred_aliases=["latin"])]


def _personal(kind: Kind, bound: Keyed[str, Bound], table: RawTable) -> Iterator[Problem]:
    """Free texts, and whatever stands in columns that nobody reads: the raw file is kept."""
    known = {one.header: kind.by_name[name] for name, one in bound.items()}
    for index, header in enumerate(table.headers):
        column = known.get(header)
        if column is not None and (column.type != "text" or column.refers_to or column.choices or column.name in (*kind.key, kind.date)):
            continue
        texts = table.frame.get_column(f"c{index}").head(LOOKED_THROUGH)
        found = [f"{what} in {rows:,} rows" for what, pattern in PERSONAL.items() if (rows := int(texts.str.contains(pattern).sum()))]
        found += [what for what, says in _HEADERS.items() if says(header) and (texts != "").any()]
        if found:
            hint = "leave the column out of the file, or have it made anonymous; what was sent is kept"
            yield _warning("personal_data", "this column seems to hold data of private persons", header, ", ".join(found), hint)


_HEADERS: dict[str, Callable[[str], object]] = {"its name speaks of birth": _BIRTH.search, "its name speaks of patients": _PATIENT.search}


def _warning(code: str, message: str, header: str, found: str, hint: str) -> Problem:
    return Problem(code, message, f"column `{header}`", found, hint, "warning")
