"""Bytes -> UTF-8 bytes, with the encoding that was found; a byte that fits no encoding stays visible, never replaced."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from steelyard.calc.errors import Problem, Refused

from .. import limits

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_MULTI = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_VOWELS = "аеёиоуыэюяіїєαεηιουωάέήίόύώ"
_FEW = 0.25  # of the letters beyond ASCII; written languages have a third and more


@dataclass(frozen=True, slots=True)
class Decoded:
    """``utf8`` is valid UTF-8 without mark; where ``damaged`` has byte offsets, ``utf8`` is as in the file instead."""

    utf8: bytes
    encoding: str
    damaged: tuple[int, ...] = ()
    notes: tuple[Problem, ...] = ()


def decode(data: bytes, declared: str | None, name: str) -> Decoded:
    """Decide the encoding once for the file: its mark, what the mapping declares, UTF-8, else the best guess with a warning."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _as_declared(data[len(mark) :], encoding, name)
    if declared:
        return _as_declared(data, declared, name)
    if data.isascii():
        return _wide_without_mark(data, name) or Decoded(data, "utf-8")
    damaged = _damage(data)
    if not damaged:
        return Decoded(data, "utf-8")
    wide = _wide_without_mark(data, name)
    if wide:
        return wide
    rows = {data.count(b"\n", 0, offset) for offset in damaged[:100]}
    well_formed = len(_MULTI.findall(data)) - len(damaged)
    lines = data.count(b"\n")
    if well_formed >= len(damaged) or (lines >= 100 and len(rows) <= max(1, lines // 10_000) and len(damaged) < 100):
        return Decoded(data, "utf-8", damaged)
    return _guessed(data, name)


def _as_declared(data: bytes, declared: str, name: str) -> Decoded:
    try:
        encoding = codecs.lookup(declared).name
    except LookupError as error:
        raise Refused(Problem("unknown_encoding", "the mapping names an encoding that does not exist", name, f"`{declared}`",
                              "utf-8, windows-1252, iso-8859-15, utf-16, shift_jis, gb18030, ...")) from error  # fmt: skip
    if encoding == "utf-8":
        return Decoded(data, "utf-8", _damage(data))
    try:
        return Decoded(data.decode(encoding).encode("utf-8"), encoding)
    except UnicodeError as error:
        place = getattr(error, "start", 0)
        raise Refused(
            Problem("wrong_encoding", f"byte {place:,} is not {declared}", name, repr(data[place : place + 8]), "correct `encoding:`")
        ) from error


def _damage(data: bytes) -> tuple[int, ...]:
    """Offsets of the bytes that are not UTF-8, at most a thousand."""
    found: list[int] = []
    start = 0
    view = memoryview(data)
    while len(found) < 1000:
        try:
            codecs.utf_8_decode(view[start:], "strict", True)
            break
        except UnicodeDecodeError as error:
            found.extend(range(start + error.start, start + error.end))
            start += error.end
    return tuple(found)


def _wide_without_mark(data: bytes, name: str) -> Decoded | None:
    """UTF-16 without its mark shows as a NUL in every second byte."""
    sample = data[: limits.SNIFFED]
    for encoding, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        if len(sample) >= 8 and sample[offset::2].count(0) > 0.4 * len(sample) / 2 and sample[1 - offset :: 2].count(0) == 0:
            return _as_declared(data, encoding, name)
    return None


def _guessed(data: bytes, name: str) -> Decoded:
    guess = _guess(data)
    text = data.decode(guess)
    samples = sorted(set(re.findall(r"\w*[^\x00-\x7f]+\w*", text)))[: limits.EXAMPLES]
    note = Problem(
        "encoding_guessed", f"the file is not UTF-8 and was read as {guess}", name, ", ".join(samples),
        f"if the words look right, write `encoding: {guess}` into the mapping", "warning",
    )  # fmt: skip
    return Decoded(text.encode("utf-8"), guess, notes=(note,))


def _guess(data: bytes) -> str:
    """Western unless the bytes speak against it: in Western words letters beyond ASCII stand among ASCII letters."""
    first = _HIGH.search(data)
    sample = data[max(0, (first.start() if first else 0) - 1024) :][: limits.SNIFFED]
    try:
        words = re.findall(r"\w*[^\x00-\x7f\W]+\w*", data.decode("cp1252"))
        mixed = sum(1 for word in words if re.search("[a-zA-Z]", word))
        if 2 * mixed >= len(words):
            return "cp1252"
    except UnicodeError:
        words = []
    for match in from_bytes(sample):
        try:
            data.decode(match.encoding)
        except UnicodeError:
            continue
        return _greek_instead(data, match.encoding)
    return "iso8859_15"


def _greek_instead(data: bytes, guess: str) -> str:
    """Greek where the guess is Cyrillic almost without vowels: a few short words are too little for statistics of letters."""
    try:
        cyrillic, greek = data.decode(guess), data.decode("iso8859_7")
    except UnicodeError:
        return guess
    is_cyrillic = re.search("[\u0400-\u04ff]", cyrillic) is not None
    return "iso8859_7" if is_cyrillic and _vowels(cyrillic) < _FEW <= _vowels(greek) else guess


def _vowels(text: str) -> float:
    """The share of vowels among the letters beyond ASCII."""
    letters = [letter for letter in text.lower() if letter.isalpha() and not letter.isascii()]
    return sum(1 for letter in letters if letter in _VOWELS) / max(len(letters), 1)
