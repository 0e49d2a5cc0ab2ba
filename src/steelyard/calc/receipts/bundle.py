"""What lies in a bundle: a receipt, and everything from which one subject's result is computed again.

`Bundle` is its content as calculation reads it; `write` makes the file, `read` takes it apart and refuses whatever is not
as it was written. `bundle.json` says of every other file how long it is and its hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

import polars as pl

from ..errors import Problem, Refused
from ..periods import FiscalCalendar
from ..resolve import Histories
from . import archive, tables
from .document import canonical, number_of
from .peers import Compared
from .readme import READMES

FORMAT = 1
_MANIFEST, _RECEIPT, _CALENDAR, _PEERS = "bundle.json", "receipt.json", "calendar.json", "peers.json"
_FRAMEWORK, _BASE, _CYCLES = "framework.yaml", "base.yaml", "review_days.json"
_ROWS, _MASTERS, _ENDING = "rows/", "masters/", ".jsonl"
_AGAIN = "download the bundle again"


@dataclass(frozen=True)
class Bundle:
    """The content of a bundle. ``earlier``: the texts of the subject's own earlier receipts that were read, oldest first."""

    receipt: str
    framework: str
    calendar: FiscalCalendar
    rows: Mapping[str, pl.DataFrame]  # by kind of fact
    histories: Histories
    peers: Sequence[Compared] = ()
    earlier: Sequence[str] = ()
    base: str = ""  # of a region's framework: the text that it extends
    cycles: Mapping[str, tuple[date, ...]] = field(default_factory=dict)  # review days, where standings turn on them
    made_by: str = ""


def write(bundle: Bundle) -> bytes:
    """The file of a bundle: the same content is the same bytes."""
    members = {name: text.encode() for name, text in READMES.items()}
    members |= {
        _RECEIPT: bundle.receipt.encode(),
        _FRAMEWORK: bundle.framework.encode(),
        _CALENDAR: _calendar_text(bundle.calendar).encode(),
    }
    if bundle.cycles:
        members[_CYCLES] = canonical({name: [day.isoformat() for day in days] for name, days in bundle.cycles.items()}).encode()
    members |= {_BASE: bundle.base.encode()} if bundle.base else {}
    compared = [{"of": one.of, "others": one.others, "values": list(one.values)} for one in bundle.peers]
    members[_PEERS] = canonical(compared).encode()
    members |= {f"{_ROWS}{kind}{_ENDING}": tables.to_text(frame).encode() for kind, frame in bundle.rows.items()}
    for item in fields(Histories):
        members[f"{_MASTERS}{item.name}{_ENDING}"] = tables.to_text(getattr(bundle.histories, item.name)).encode()
    members |= {f"earlier/{number:03}.json": text.encode() for number, text in enumerate(bundle.earlier, start=1)}
    return archive.pack({**members, _MANIFEST: _manifest(members, bundle.made_by).encode()})


def read(content: bytes) -> Bundle:
    """The content of a bundle's file; `Refused` with the first thing that is not as it was written."""
    members = archive.unpack(content)
    manifest = _checked(members)
    texts = {name: _text(data, name) for name, data in members.items()}
    for name in (_RECEIPT, _FRAMEWORK, _CALENDAR, _PEERS, *(f"{_MASTERS}{item.name}{_ENDING}" for item in fields(Histories))):
        if name not in texts:
            raise Refused(Problem("bundle-incomplete", "a file is missing in the bundle", name, hint=_AGAIN))
    masters = {item.name: _frame(texts, f"{_MASTERS}{item.name}{_ENDING}") for item in fields(Histories)}
    kinds = [name.removeprefix(_ROWS).removesuffix(_ENDING) for name in texts if name.startswith(_ROWS)]
    return Bundle(
        receipt=texts[_RECEIPT],
        framework=texts[_FRAMEWORK],
        calendar=_calendar(texts[_CALENDAR]),
        rows={kind: _frame(texts, f"{_ROWS}{kind}{_ENDING}") for kind in kinds},
        histories=Histories(**masters),
        peers=_peers(texts[_PEERS]),
        earlier=tuple(texts[name] for name in sorted(texts) if name.startswith("earlier/")),
        base=texts.get(_BASE, ""),
        cycles=_cycles(texts[_CYCLES]) if _CYCLES in texts else {},
        made_by=str(manifest.get("made_by", "")),
    )


def parsed(text: str, where: str) -> Any:
    """The value of a JSON text that was written in the one canonical way."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(Problem("bundle-unreadable", "the file is not JSON", where, str(error)[:200], _AGAIN)) from None
    if canonical(value) != text:
        raise Refused(Problem("bundle-altered", "the file is not written as it was", where, hint=_AGAIN))
    return value


def _manifest(members: Mapping[str, bytes], made_by: str) -> str:
    listed = {name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in members.items()}
    receipt = number_of(members[_RECEIPT].decode()) if _RECEIPT in members else ""
    return canonical({"format": FORMAT, "made_by": made_by, "receipt": receipt, "files": listed})


def _checked(members: dict[str, bytes]) -> Mapping[str, Any]:
    """The manifest, which must say of the other members exactly what they are."""
    text = _text(members.pop(_MANIFEST, b""), _MANIFEST)
    if not text:
        raise Refused(Problem("bundle-incomplete", "the list of the files is missing", _MANIFEST, hint=_AGAIN))
    manifest = parsed(text, _MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = str(manifest.get("format") if isinstance(manifest, dict) else text[:40])
        hint = f"this program reads format {FORMAT}; take the version of Steelyard that made the bundle, or a newer one"
        raise Refused(Problem("bundle-format", "the bundle is of another format", _MANIFEST, found, hint))
    listed = manifest.get("files")
    listed = listed if isinstance(listed, dict) else {}
    missing, added = [name for name in listed if name not in members], [name for name in members if name not in listed]
    problems = [Problem("bundle-incomplete", "a file is missing in the bundle", name, hint=_AGAIN) for name in missing]
    problems += [Problem("bundle-added", "a file was added to the bundle", name, hint=_AGAIN) for name in added]
    problems += [
        Problem("bundle-altered", "a file is not what it was when the bundle was made", name, hint=_AGAIN)
        for name, said in listed.items()
        if name in members and said != {"bytes": len(members[name]), "sha256": hashlib.sha256(members[name]).hexdigest()}
    ]
    if not problems and _manifest(members, str(manifest.get("made_by", ""))) != text:
        problems = [Problem("bundle-altered", "the list of the files is not what it was", _MANIFEST, hint=_AGAIN)]
    if problems:
        raise Refused(problems)
    return manifest


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Refused(Problem("bundle-unreadable", "the file is not text", name, str(error), _AGAIN)) from None


def _frame(texts: Mapping[str, str], name: str) -> pl.DataFrame:
    return tables.from_text(texts[name], name)


def _calendar_text(calendar: FiscalCalendar) -> str:
    told = {item.name: getattr(calendar, item.name) for item in fields(FiscalCalendar)}
    return canonical({**told, "dates": [day.isoformat() for day in calendar.dates]})


def _calendar(text: str) -> FiscalCalendar:
    told = parsed(text, _CALENDAR)
    try:
        return FiscalCalendar(**{**told, "dates": tuple(date.fromisoformat(day) for day in told["dates"])})
    except (TypeError, KeyError, ValueError) as error:
        raise Refused(Problem("bundle-unreadable", "the calendar cannot be read", _CALENDAR, str(error), _AGAIN)) from None


def _cycles(text: str) -> dict[str, tuple[date, ...]]:
    told = parsed(text, _CYCLES)
    try:
        return {name: tuple(map(date.fromisoformat, days)) for name, days in told.items()}
    except (AttributeError, TypeError, ValueError) as error:
        raise Refused(Problem("bundle-unreadable", "the review days cannot be read", _CYCLES, str(error), _AGAIN)) from None


def _peers(text: str) -> list[Compared]:
    told = parsed(text, _PEERS)
    try:
        return [Compared(one["of"], int(one["others"]), "", tuple(map(str, one["values"]))) for one in told]
    except (TypeError, KeyError, ValueError) as error:
        raise Refused(Problem("bundle-unreadable", "the peers cannot be read", _PEERS, str(error), _AGAIN)) from None
