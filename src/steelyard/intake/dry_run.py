"""A stored file on its way in through the pages: what bringing it in would do, as plain values that a page or a job keeps."""

from __future__ import annotations

import os
from collections.abc import Mapping as Keyed
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from steelyard.calc.errors import Problem, Refused

from . import actions, limits, mappings, proposing, queries, references, store
from .checking.columns import headers_used, rules_found
from .mappings import Mapping
from .outcome import Outcome, amounts_text
from .reading import RawTable, read
from .reading.signature import OLE, PARQUET, SHEETS, TEXTS, ZIP, what_is_in
from .understanding import Understanding

if TYPE_CHECKING:
    from steelyard.accounts.models import User

ASKED = ("sha256", "name", "kind", "source", "mapping", "lookups")  # mapping: YAML, blank for the remembered one
SAMPLES = 3
ENDINGS = {"text": sorted(TEXTS), "sheet": sorted(SHEETS), "parquet": [".parquet"]}
_WHOLE = (ZIP, PARQUET, OLE, b"\xff\xfe", b"\xfe\xff")  # files that begin so cannot be cut after a line
_COUNTS = ("rows_in", "accepted", "restated", "quarantined", "duplicates", "blank", "filtered", "unmatched", "reversed", "cut", "already")


def check_type(sha256: str, name: str) -> str:
    """``text``, ``sheet`` or ``parquet``; refused if the content is none of them, or not what the name's ending says."""
    with store.opened(sha256) as stream:  # a web process never holds a whole file
        found = what_is_in(stream, os.fstat(stream.fileno()).st_size, name)
    ending = f".{name.rsplit('.', 1)[-1].lower()}" if "." in name else ""
    known = next((kind for kind, endings in ENDINGS.items() if ending in endings), None)
    if known is None:
        taken = ", ".join(ending for endings in ENDINGS.values() for ending in endings)
        raise Refused(Problem("unknown_ending", "files with this ending are not taken", "file", f"`{ending}`", f"send one of {taken}"))
    if known != found:
        hint = f"a file like this ends with one of {', '.join(ENDINGS[found])}"
        raise Refused(Problem("extension_lies", f"the name ends with {ending}, the content is a {found} file", "file", name, hint))
    return found


def is_quick(size: int, form: str) -> bool:
    """Whether a file is small enough to be checked while somebody waits."""
    return size <= (limits.SHEET_AT_ONCE if form == "sheet" else limits.TEXT_AT_ONCE)


def refuse_slow(size: int, form: str) -> None:
    """Refused if a file is too large to be checked while somebody waits."""
    if not is_quick(size, form):
        most = limits.SHEET_AT_ONCE if form == "sheet" else limits.TEXT_AT_ONCE
        hint = "bring it in as any file: the worker reads it, refused rows wait with their reasons, and a batch of facts can be undone"
        raise Refused(Problem("too_large", f"at most {most:,} bytes are checked while you wait", "file", f"{size:,} bytes", hint))


def chosen_mapping(file: Keyed[str, Any]) -> Mapping | None:
    """The mapping that was chosen; None: the remembered one. Refused with every problem of its text."""
    if not file["mapping"]:
        return None
    mapping, problems = mappings.read_mapping(file["mapping"])
    if mapping is None:
        raise Refused(problems)
    return replace(mapping, source=file["source"])


def in_force(file: Keyed[str, Any]) -> Mapping:
    """The mapping that reads the file."""
    return chosen_mapping(file) or queries.mapping_for(file["kind"], file["source"])


def bring(file: Keyed[str, Any], *, acting_user: User) -> Outcome:
    """Bring the file in: the same call as its dry run, but that it writes."""
    return actions.commit(store.load(file["sha256"]), **_given(file), acting_user=acting_user)


def would_bring(file: Keyed[str, Any], *, acting_user: User) -> Outcome:
    """What `bring` would do with the file: the same call, but that it writes nothing."""
    return actions.preview(store.load(file["sha256"]), **_given(file), acting_user=acting_user)


def dry_run(file: Keyed[str, Any], *, acting_user: User) -> dict[str, Any]:
    """What bringing it in would do. ``understood``: what was found and what must be said; ``reading``: the mapping that reads it;
    ``outcome`` with counts and problems, or ``problems`` why it cannot be read; ``look``: its columns and first values.
    """
    data = store.load(file["sha256"])
    told: dict[str, Any] = {name: file[name] for name in ASKED} | {"outcome": None, "problems": [], "look": None, "understood": None}
    try:
        mapping, found = reading_of(data, file)
        told["reading"] = mappings.to_yaml(mapping)
        told["look"] = _look(data, file, mapping)
        if found is not None:
            told["understood"] = found.as_dict()
            told["problems"] = [problem.as_dict() for problem in found.problems]
        if found is None or not (found.questions or found.problems):
            told["outcome"] = _told(actions.preview(data, **_given(file) | {"mapping": mapping}, acting_user=acting_user))
    except Refused as refused:
        told["problems"] = [problem.as_dict() for problem in refused.problems]
    return told


def understood(file: Keyed[str, Any]) -> dict[str, Any]:
    """The findings, the questions and the proposed mapping of a file, as plain values; nothing where it is one of our own."""
    try:
        mapping, found = reading_of(store.load(file["sha256"]), file)
    except Refused:
        return {}
    if found is None:
        return {}
    told = found.as_dict()
    return {"findings": told["findings"], "questions": told["questions"], "proposed": mappings.to_yaml(mapping)}


def reading_of(data: bytes, file: Keyed[str, Any]) -> tuple[Mapping, Understanding | None]:
    """The mapping that reads the file, and what was understood of it; nothing where no understanding is needed."""
    chosen = chosen_mapping(file)
    start = chosen or queries.mapping_for(file["kind"], file["source"])
    if references.for_own_file(start, data).ours:
        return start, None
    if chosen is None and (before := queries.mapping_of_bytes(file["sha256"], file["kind"], file["source"])) is not None:
        return before, proposing.propose(data, file["name"], file["kind"], file["source"], before)
    found = proposing.propose(data, file["name"], file["kind"], file["source"], chosen)
    if chosen is None and found.questions and references.own_export(data, file["name"], mappings.kind_named(file["kind"])) is not None:
        return Mapping(file["kind"], file["source"], extra="ignore"), None
    return replace(found.mapping, source=file["source"]), found


def _given(file: Keyed[str, Any]) -> dict[str, Any]:
    files = {name: store.load(sha256) for name, sha256 in file["lookups"].items()}
    return {"name": file["name"], "kind": file["kind"], "source": file["source"], "mapping": chosen_mapping(file), "files": files}


def _told(outcome: Outcome) -> dict[str, Any]:
    return {name: getattr(outcome, name) for name in _COUNTS} | {
        "amounts": amounts_text(outcome.amounts),
        "filters": outcome.filters,
        "notes": [note.as_dict() for note in outcome.notes],
        "examples": [example.as_dict() for example in outcome.examples],
        "preview": outcome.preview,
        "causes": list(outcome.causes),
        "bad": outcome.bad,
        "span": outcome.span,
        "difference": outcome.difference.as_dict() if outcome.difference and outcome.difference.changes_something else None,
    }


def _look(data: bytes, file: Keyed[str, Any], chosen: Mapping) -> dict[str, Any] | None:
    """The file as a person would see it in a spreadsheet; None if it cannot be read as a table at all."""
    mapping = references.for_own_file(chosen, data)
    kind = mappings.kind_named(file["kind"])
    try:
        table = _table(data, file["name"], mapping)
    except Refused:
        return None
    rules = rules_found(table.headers, mapping, kind)
    used = headers_used(rules, mapping)
    samples = [[(cell or "")[:60] for cell in row] for row in table.frame.head(SAMPLES).iter_rows()]
    return {
        "headers": list(table.headers),
        "samples": {header: [row[place] for row in samples] for place, header in enumerate(table.headers)},
        "rules": {name: {"header": rule.header, "constant": rule.constant} for name, rule in rules.items()},
        "unread": [header for header in table.headers if header not in used],
        "sheet": table.sheet,
        "ours": mapping.ours,
    }


def _table(data: bytes, name: str, mapping: Mapping) -> RawTable:
    """The table, of a large text only its beginning."""
    if len(data) > limits.LOOKED_AT and not data.startswith(_WHOLE):
        try:
            return read(data[: data.rfind(b"\n", 0, limits.LOOKED_AT) + 1], name, mapping.dialect)
        except Refused:  # cut within a quoted cell
            pass
    return read(data, name, mapping.dialect)
