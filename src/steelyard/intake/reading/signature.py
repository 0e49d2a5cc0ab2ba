"""What a file really is, by its first bytes, and whether its archive may be unpacked; decided before any work."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO

from steelyard.calc.errors import Problem, Refused

from .. import limits

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Excel, and anything encrypted by Office
PARQUET = b"PAR1"
PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"#!/")
PAGES = (b"<!doctype html", b"<html", b"<?xml", b"{\\rtf", b"%pdf")
_X12 = re.compile(rb"ISA([^A-Za-z0-9\s])[0-9]{2}\1.{10}\1")
_EDIFACT = re.compile(rb"UNA.{6}\s*UNB|UNB[^A-Za-z0-9\s]UN[A-Z0-9]{2}[^A-Za-z0-9]")
_AGAIN = "save the table again as XLSX, in a spreadsheet program"
SHEETS = {".xlsx", ".xlsm", ".xlsb", ".ods", ".xls"}
TEXTS = {".csv", ".tsv", ".txt", ".tab", ".psv", ".dat"}
_HEAD = 64 * 1024


def what_is(data: bytes, name: str) -> str:
    """``text``, ``sheet`` or ``parquet``; refuses what is none of them, whatever its extension says."""
    return what_is_in(io.BytesIO(data), len(data), name)


def what_is_in(stream: BinaryIO, size: int, name: str) -> str:
    """The same of an open file, without taking all of it into memory."""
    if not size:
        raise Refused(Problem("empty", "the file is empty", name, "0 bytes", "send the file again"))
    if size > limits.LARGEST_FILE:
        raise Refused(Problem("too_large", f"the file has {size:,} bytes; at most {limits.LARGEST_FILE:,} are read", name, hint="split it"))
    data = stream.read(_HEAD)
    if size == len(data) and not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Refused(Problem("empty", "nothing but blank lines stands in the file", name, f"{size:,} bytes", "send the file again"))
    if interchange := _interchange(data):
        hint = "send the same lines as CSV or XLSX, or one by one over REST"
        message = f"the file is {interchange}; interchanges are not read yet"
        raise Refused(Problem("interchange_not_read", message, name, repr(data[:16]), hint))
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(OLE):
        return _old_office(data + stream.read(), name)
    if data.startswith(ZIP):
        check_archive(stream, size, name)
        return "sheet"
    if data.startswith(PARQUET) and _ending(stream, size) == PARQUET:
        return "parquet"
    if data.startswith((b"PK", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!")):
        raise Refused(Problem("packed", "the file is packed or damaged", name, hint="unpack it and send the table itself"))
    if data.startswith(PROGRAMS[:3]) or start.startswith(PROGRAMS[3]) or start.startswith(PAGES):
        kind = "a web page or document" if start.startswith(PAGES) else "a program"
        raise Refused(Problem("not_a_table", f"the file is {kind}, not a table", name, repr(data[:16]), "save it as CSV or XLSX"))
    if _extension(name) in SHEETS:
        raise Refused(
            Problem("extension_lies", f"the name ends with {_extension(name)}, the content is not a spreadsheet", name, repr(data[:16]),
                    "rename it to .csv if it is text, or save it as XLSX")
        )  # fmt: skip
    return "text"


def _ending(stream: BinaryIO, size: int) -> bytes:
    stream.seek(max(size - len(PARQUET), 0))
    return stream.read()


def _interchange(data: bytes) -> str:
    """What an EDI file calls itself in its first segment."""
    start = data[:128].lstrip(b"\xef\xbb\xbf \t\r\n")
    if _X12.match(start):
        return "an X12 interchange"
    return "an EDIFACT interchange" if _EDIFACT.match(start) else ""


def _extension(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _old_office(data: bytes, name: str) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data[:65536] or "EncryptionInfo".encode("utf-16-le") in data:
        raise Refused(Problem("encrypted", "the file is protected by a password", name, hint="save it without a password"))
    if "Workbook".encode("utf-16-le") not in data and "Book".encode("utf-16-le") not in data:
        raise Refused(Problem("not_a_table", "an Office file, but not a spreadsheet", name, hint="save it as XLSX"))
    return "sheet"


def check_archive(stream: BinaryIO, size: int, name: str) -> None:
    """Refuse archives that are bombs, encrypted, name paths outside, or bring XML with entities; counts real bytes."""
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Refused(Problem("truncated", "the archive is damaged or cut off", name, str(error), "send the file again")) from error
    entries = archive.infolist()
    problem = _entries_problem(entries, name)
    if problem:
        raise Refused(problem)
    if not any(entry.filename in ("[Content_Types].xml", "content.xml") for entry in entries):
        raise Refused(Problem("not_a_table", "a zip archive, but not a spreadsheet", name, hint="unpack it and send the table itself"))
    total = 0
    for entry in entries:
        total = _unpack(archive, entry, total, size, name)


def _entries_problem(entries: list[zipfile.ZipInfo], name: str) -> Problem | None:
    names = [entry.filename for entry in entries]
    if len(entries) > limits.MOST_ENTRIES:
        found = f"{len(entries):,} entries"
        return Problem("archive_bomb", f"at most {limits.MOST_ENTRIES:,} entries of an archive are read", name, found, _AGAIN)
    if len(set(names)) != len(names):
        return Problem("bad_archive", "two entries of the archive have one name", name, hint="save the file again")
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or "\0" in entry.filename:
            return Problem("bad_archive", "an entry of the archive points outside it", name, ascii(entry.filename), _AGAIN)
        if entry.flag_bits & 1:
            return Problem("encrypted", "the file is protected by a password", name, hint="save it without a password")
        if (entry.external_attr >> 28) == 0xA:
            return Problem("bad_archive", "an entry of the archive is a link", name, ascii(entry.filename), _AGAIN)
    return None


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, total: int, packed: int, name: str) -> int:
    """Unpack one entry into nothing, counting; the total so far."""
    markup = entry.filename.endswith((".xml", ".rels", ".vml"))
    tail = b""
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(1 << 20):
                total += len(piece)
                if total > limits.LARGEST_UNPACKED or (total > limits.FREE_UNPACKED and total > limits.HIGHEST_RATIO * packed):
                    found = f"{packed:,} bytes unpack to more than {total:,}"
                    hint = f"at most {limits.LARGEST_UNPACKED:,} bytes and {limits.HIGHEST_RATIO} times the file"
                    raise Refused(Problem("archive_bomb", "the archive unpacks to too much", name, found, hint))
                if markup and (b"<!DOCTYPE" in (look := tail + piece) or b"<!ENTITY" in look):
                    raise Refused(Problem("bad_archive", "its XML declares a document type or entities", name, entry.filename, _AGAIN))
                tail = piece[-16:]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Refused(Problem("truncated", "the archive is damaged or cut off", name, str(error), "send the file again")) from error
    return total
