"""The bytes of documents: what may be stored, told by the bytes themselves and never by a name, and where it lies."""

from __future__ import annotations

import hashlib
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.text import slugify

from steelyard.calc.errors import Problem, Refused

LARGEST = 20 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
ALLOWED = "PDF, PNG, JPEG, XLSX, DOCX, CSV or plain text"


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes that lie in the home."""

    sha256: str
    size: int
    media_type: str
    ending: str


def place(sha256: str) -> Path:
    """Where the bytes of this hash lie."""
    return Path(settings.STEELYARD_HOME) / "documents" / sha256[:2] / sha256


def store(stream: IO[bytes]) -> Stored:
    """Check and keep the bytes of an upload, durably. The same bytes again are kept once."""
    content = stream.read(LARGEST + 1)  # what is really read counts: a header may say anything
    if len(content) > LARGEST:
        raise Refused(Problem("file-too-large", "a document is at most 20 MB", "file", hint="make it smaller or split it"))
    if not content:
        raise Refused(Problem("file-empty", "the file is empty", "file"))
    media_type, ending = _told(content)
    sha256 = hashlib.sha256(content).hexdigest()
    target = place(sha256)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f"{sha256}.{os.getpid()}.part")
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    return Stored(sha256, len(content), media_type, ending)


def name_of(title: str, ending: str) -> str:
    """The name of a download: made here from the title, never the name that came with the upload."""
    return f"{slugify(title)[:80] or 'document'}.{ending}"


def _told(content: bytes) -> tuple[str, str]:
    """Media type and ending by the first bytes, and for packed formats by what is inside."""
    if content.startswith(b"%PDF-"):
        return "application/pdf", "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", "jpg"
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" not in text and not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return ("text/csv", "csv") if any(mark in text.split("\n", 1)[0] for mark in ",;\t") else ("text/plain", "txt")
    raise Refused(_not_allowed("the bytes are none of these"))


def _packed(content: bytes) -> tuple[str, str]:
    import io

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
    except zipfile.BadZipFile as error:
        raise Refused(_not_allowed("a damaged archive")) from error
    names = {entry.filename for entry in entries}
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED or len(entries) > 10_000:
        raise Refused(Problem("file-too-large", "unpacked, the file is too large", "file"))
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Refused(_not_allowed("a file with macros"))
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"
    raise Refused(_not_allowed("an archive"))


def _not_allowed(found: str) -> Problem:
    return Problem("file-not-allowed", "a document of this type is not kept", "file", found, f"choose {ALLOWED}")
