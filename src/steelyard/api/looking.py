"""What was sent, looked at before anything is written: the same rules as for files, every problem named at its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from steelyard.calc.errors import Missing, Problem, Refused, did_you_mean
from steelyard.calc.facts import FACTS, Kind
from steelyard.intake.limits import MOST_SENT
from steelyard.intake.sent_rows import SentRow, checked
from steelyard.masters.typed import stored
from steelyard.partners.queries import known_parties

from .problems import Refusal

VERSION = "source_version"
_MOST_VERSION = 2**63 - 1


@dataclass(frozen=True)
class Looked:
    """Rows of one request, with what is wrong with each, and the places of good ones whose party means no partner yet."""

    kind: Kind
    source: str
    delivery: str
    rows: Sequence[SentRow]
    cancels: bool
    unmatched: frozenset[int]


def look_at(
    kind_name: str, rows: Sequence[Mapping[str, Any]], places: Sequence[str], *, source: str, delivery: str = "", atomic: bool = True,
    cancels: bool = False,
) -> Looked:  # fmt: skip
    """Check rows; ``places`` say where each stands in the request. Refused if none is good, or one is not and ``atomic``."""
    kind = FACTS.get(kind_name)
    if kind is None:
        raise Missing
    if len(rows) > MOST_SENT:
        hint = "send it in parts, or as a file"
        raise Refusal(413, Problem("too_many_rows", f"at most {MOST_SENT:,} rows are taken at once", "", f"{len(rows):,} rows", hint))
    _refuse_unknown(kind, rows, places, cancels)
    source = named(source, delivery)
    found = [_key(kind, row) for row in rows] if cancels else _checked(kind, rows, source)
    problems = [_placed(problem, place) for row, place in zip(found, places, strict=True) for problem in row.problems]
    if problems and (atomic or all(row.problems for row in found)):
        raise Refused(problems)
    unmatched = frozenset() if cancels else _unmatched(found, source)
    return Looked(kind, source, delivery, found, cancels, unmatched)


def _refuse_unknown(kind: Kind, rows: Sequence[Mapping[str, Any]], places: Sequence[str], cancels: bool) -> None:
    """A name that we do not know is a mistake of the program that sends: nothing of the request is taken."""
    known = frozenset(kind.key if cancels else (*kind.by_name, VERSION))
    strange = [(name, place) for row, place in zip(rows, places, strict=True) for name in row if name not in known]
    if strange:
        what = "a key" if cancels else "rows"
        message = f"{what} of {kind.name} {'has' if cancels else 'have'} no such column"
        raise Refusal(
            400, *(_placed(Problem("unknown_field", message, name, "", did_you_mean(name, known)), place) for name, place in strange)
        )


def named(source: str, delivery: str = "") -> str:
    """The source, tidied; refused if it or the delivery cannot be shown."""
    source, problems = source.strip(), []
    if not source or not source.isprintable():
        problems.append(Problem("bad_source", "a source is a short name", "source", ascii(source)[:60], "at most 100 characters"))
    if not delivery.isprintable():
        problems.append(Problem("bad_delivery", "a delivery's id is printable", "delivery", ascii(delivery)[:60]))
    if problems:
        raise Refused(problems)
    return source


def _checked(kind: Kind, rows: Sequence[Mapping[str, Any]], source: str) -> list[SentRow]:
    found = checked(kind, [{name: value for name, value in row.items() if name != VERSION} for row in rows], source=source)
    for row, sent in zip(found, rows, strict=True):
        version = sent.get(VERSION)
        if version is None:
            continue
        text = str(version)
        if isinstance(version, bool) or not (text.isascii() and text.isdecimal() and int(text) <= _MOST_VERSION):
            message = "a version is a whole number that grows with each correction"
            row.problems.append(Problem("bad_version", message, VERSION, text[:60]))
        else:
            row.values = {**row.values, VERSION: int(text)}
    return found


def _key(kind: Kind, row: Mapping[str, Any]) -> SentRow:
    """The key of what is to be cancelled."""
    found = SentRow()
    for name, value in row.items():
        plain = (value.strip() or None) if isinstance(value, str) else value
        try:
            if (given := stored(kind.by_name[name], plain)) is not None:
                found.values[name] = given
        except (ValueError, TypeError, ArithmeticError):
            found.problems.append(Problem("bad_value", f"this is not a {kind.by_name[name].type} value", name, str(value)[:100]))
    needed = [name for name in kind.key if name != "line"]
    found.problems += [Problem("required", "a value is required here", name) for name in needed if name not in found.values]
    return found


def _placed(problem: Problem, place: str) -> Problem:
    return replace(problem, where=".".join(part for part in (place, problem.where) if part))


def _unmatched(rows: Sequence[SentRow], source: str) -> frozenset[int]:
    """Places of good rows whose party means no partner yet."""
    parties = {place: row.values["party"] for place, row in enumerate(rows) if not row.problems and "party" in row.values}
    known = known_parties(set(parties.values()), source=source) if parties else set()
    return frozenset(place for place, party in parties.items() if party not in known)
