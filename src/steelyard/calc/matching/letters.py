"""Letters of any alphabet as ASCII capitals, and which names hold letters that nobody should take for others by machine."""

from __future__ import annotations

import unicodedata

# what NFKD leaves as it is, because the letter has no accent that could be taken off
LATIN = {
    "ß": "SS", "ẞ": "SS", "ø": "O", "Ø": "O", "ł": "L", "Ł": "L", "đ": "D", "Đ": "D", "ð": "D", "Ð": "D", "þ": "TH", "Þ": "TH",
    "æ": "AE", "Æ": "AE", "œ": "OE", "Œ": "OE", "ı": "I", "ħ": "H", "Ħ": "H", "ŧ": "T", "Ŧ": "T", "ŋ": "N", "Ŋ": "N", "ə": "E", "Ə": "E",
}  # fmt: skip
# as they are read; a name with any of these is for a person to decide, but its neighbours can be found
_GREEK = "A V G D E Z I TH I K L M N X O P R S S T Y F CH PS O"
_CYRILLIC = "A B V G D E ZH Z I I K L M N O P R S T U F KH TS CH SH SHCH - Y - E YU YA I I E G"
GREEK = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", _GREEK.split(), strict=True))
CYRILLIC = dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ", _CYRILLIC.split(), strict=True)) | {"ъ": "", "ь": ""}
_READ = LATIN | {letter: read for table in (GREEK, CYRILLIC) for small, read in table.items() for letter in (small, small.upper())}
_DROPPED = frozenset(".'’‘`´ʼ\"“”„")  # written or left out without another meaning


def capitals(text: str) -> str:
    """ASCII capitals, digits and single spaces: accents off, ``&`` and ``+`` as AND, dots and apostrophes dropped."""
    if text.isascii():
        folded = text
    else:
        folded = "".join(_READ.get(letter, letter) for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    plain = folded.upper().translate(_TABLE)
    if not plain.isascii():
        plain = "".join(letter if letter.isascii() else " " for letter in plain)
    return " ".join(plain.split())


def _as_written(code: int) -> str:
    letter = chr(code)
    if letter in _DROPPED:
        return ""
    if letter in "&+":
        return " AND "
    return letter if letter.isalnum() else " "


_TABLE = {code: _as_written(code) for code in range(128)} | {ord(letter): "" for letter in _DROPPED}


def same_letters(name: str) -> str:
    """A name as it is compared to the letter: compatibility forms folded, case folded, spaces collapsed."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def foreign(text: str) -> bool:
    """Whether a name has letters outside the Latin ones we know, or marks that are not seen: look-alikes are made of these."""
    if text.isascii():
        return False
    for letter in unicodedata.normalize("NFKD", text):
        if letter.isascii() or letter in LATIN or unicodedata.combining(letter):
            continue
        if letter.isalnum() or unicodedata.category(letter) in ("Cf", "Cc", "Co", "Cn"):
            return True
    return False
