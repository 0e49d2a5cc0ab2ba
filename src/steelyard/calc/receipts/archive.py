"""The file of a bundle: a zip that is written in exactly one way, so that the same members are the same bytes.

Members lie uncompressed, in the order of their names, without dates, attributes or comments. Any tool opens it; reading it
here is strict: what was read is written again and must be the same to the last byte. So no byte of the file can change
unnoticed, no member can hide between others, and nothing ever grows when it is opened.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from zlib import crc32

from ..errors import Problem, Refused

LARGEST = 2**31  # bytes
MOST_MEMBERS = 1_000
_NAME = re.compile(r"[A-Za-z0-9_]+(?:/[A-Za-z0-9_]+)*\.[a-z]+")  # no path leads out of the folder it is unpacked to
_DAY = 0x21  # 1980-01-01, the first day that a zip can name
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_LOCAL_HEAD, _CENTRAL_HEAD, _END_HEAD = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_VERSION, _PLAIN = 20, 0


def pack(members: Mapping[str, bytes]) -> bytes:
    """The members as one file."""
    content, directory = bytearray(), bytearray()
    for name in sorted(members):
        data, key = members[name], name.encode("ascii")
        about = (_VERSION, 0, _PLAIN, 0, _DAY, crc32(data), len(data), len(data), len(key), 0)
        directory += _CENTRAL_HEAD.pack(_CENTRAL, _VERSION, *about, 0, 0, 0, 0, len(content)) + key
        content += _LOCAL_HEAD.pack(_LOCAL, *about) + key + data
    if len(content) + len(directory) > LARGEST:
        raise Refused(Problem("bundle-too-large", "more rows than one bundle holds", found=f"{len(content):,} bytes"))
    end = _END_HEAD.pack(_END, 0, 0, len(members), len(members), len(directory), len(content), 0)
    return bytes(content + directory + end)


def unpack(content: bytes) -> dict[str, bytes]:
    """The members of a file that `pack` wrote; anything else is refused."""
    if not content.startswith(_LOCAL):
        found = "an empty file" if not content else repr(content[:12])
        raise Refused(Problem("not-a-bundle", "this is not a bundle of a receipt", found=found, hint="give the file as it was downloaded"))
    if len(content) > LARGEST:
        raise Refused(Problem("bundle-too-large", "the file is larger than any bundle", found=f"{len(content):,} bytes"))
    members: dict[str, bytes] = {}
    place = 0
    while content.startswith(_LOCAL, place):
        name, start, end = _member(content, place)
        if name in members or len(members) >= MOST_MEMBERS:
            raise _altered(f"a file within it comes twice, or there are more than {MOST_MEMBERS}", place, name)
        members[name] = content[start:end]
        place = end
    written = pack(members)
    if written != content:
        at = next((place for place, (one, other) in enumerate(zip(written, content, strict=False)) if one != other), 0)
        raise _altered("what frames the files within it is not as it was written", at or min(len(written), len(content)))
    return members


def _member(content: bytes, place: int) -> tuple[str, int, int]:
    """Name, first byte and end of the member whose head stands at a place."""
    if len(content) < place + _LOCAL_HEAD.size:
        raise _cut_short(content)
    _, _, _, method, _, _, _, packed, size, length, more = _LOCAL_HEAD.unpack_from(content, place)
    start = place + _LOCAL_HEAD.size + length
    name = content[place + _LOCAL_HEAD.size : start].decode("ascii", "replace")
    if method != _PLAIN or more or packed != size:
        hint = "give the file as it was downloaded; packed again by another program it cannot be verified"
        raise Refused(Problem("bundle-repacked", "the file was packed by another program", found=name or "no name", hint=hint))
    if len(content) < start + size:
        raise _cut_short(content)
    if not _NAME.fullmatch(name):
        raise _altered("a file within it has a name that none can have", place, name)
    return name, start, start + size


def _cut_short(content: bytes) -> Refused:
    return Refused(Problem("bundle-truncated", "the file is cut short", found=f"{len(content):,} bytes", hint="download it again"))


def _altered(what: str, place: int, found: str = "") -> Refused:
    return Refused(
        Problem("bundle-altered", what, f"byte {place}", ascii(found)[1:-1], "download it again; what differs was changed since")
    )
