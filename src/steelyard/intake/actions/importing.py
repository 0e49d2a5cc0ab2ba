"""Import a file: the one function that previews and commits. Bytes first, then checked lines, then one commit."""

from __future__ import annotations

from collections.abc import Mapping as Keyed
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
from django.utils import timezone

from steelyard.attribution.actions import match_parties, match_waiting, remember_found
from steelyard.calc.errors import Problem, Refused
from steelyard.calc.facts import Kind
from steelyard.calc.units import DECIMALS, to_text
from steelyard.ledger import actions as ledger
from steelyard.ledger import queries as ledger_queries
from steelyard.ledger.failpoints import reach

from .. import causes, difference, limits, mappings, outcome, proposing, queries, references, store
from ..checking import Checked, check
from ..models import Batch, Upload
from ..outcome import Outcome
from ..reading import Unreadable, read
from ..reading.table import shown_row
from . import batches, landing, noticing, pacing, repeating
from .coverage import coverage_lines
from .receiving import receive, shown
from .remembering import remember_mapping

if TYPE_CHECKING:
    from steelyard.accounts.models import User


@dataclass(frozen=True, slots=True)
class _Job:
    """One file with everything that decides how it is read."""

    data: bytes
    name: str
    kind: Kind
    source: str
    mapping: mappings.Mapping
    files: Keyed[str, bytes]
    acting_user: User
    write: bool
    remembered: bool  # nobody named the mapping: it is the one of the last file
    replaying: bool

    @property
    def is_fact(self) -> bool:
        return self.kind.family == "fact"


def preview(
    data: bytes, *, name: str, kind: str, acting_user: User, source: str = "", mapping: mappings.Mapping | None = None,
    files: Keyed[str, bytes] | None = None,
) -> Outcome:  # fmt: skip
    """What `commit` would do with these bytes; only the raw file is stored."""
    return _import(data, name=name, kind=kind, acting_user=acting_user, source=source, mapping=mapping, files=files, write=False)


def commit(
    data: bytes, *, name: str, kind: str, acting_user: User, source: str = "", mapping: mappings.Mapping | None = None,
    files: Keyed[str, bytes] | None = None, replaying: bool = False,
) -> Outcome:  # fmt: skip
    """Load a file in one commit: facts or masters of one kind, from one source, read by one mapping.

    ``mapping`` None: the one remembered for kind and source, else columns are found by their headers. ``files``: the
    look-up files that the mapping names. Rows with problems wait in quarantine; a file that cannot be read is refused.

    Of bytes that were loaded before, only rows that still wait are posted. A master may be stated again as a whole, unless
    nobody states it: ``replaying`` reads stored bytes.
    """
    return _import(
        data, name=name, kind=kind, acting_user=acting_user, source=source, mapping=mapping, files=files, write=True, replaying=replaying
    )


def _import(
    data: bytes, *, name: str, kind: str, acting_user: User, source: str, mapping: mappings.Mapping | None,
    files: Keyed[str, bytes] | None, write: bool, replaying: bool = False,
) -> Outcome:  # fmt: skip
    """Import as the mapping says; a file that nobody wrote a mapping for and that is not read so is looked at closely."""
    given = {"name": name, "kind": kind, "acting_user": acting_user, "source": source, "files": files, "write": write}
    try:
        return _import_by(data, mapping=mapping, replaying=replaying, **given)  # type: ignore[arg-type]
    except Refused as refused:
        if mapping is not None or replaying or isinstance(refused, pacing.Stopped):
            raise
        better = proposing.instead(data, shown(name), kind, source, refused)
    done = _import_by(data, mapping=better, replaying=False, **given)  # type: ignore[arg-type]
    if write:
        batches.forget_refusal(store.digest(data), kind=kind, source=source)
    return replace(done, understood=better)


def _import_by(
    data: bytes, *, name: str, kind: str, acting_user: User, source: str, mapping: mappings.Mapping | None,
    files: Keyed[str, bytes] | None, write: bool, replaying: bool = False,
) -> Outcome:  # fmt: skip
    declared = mappings.kind_named(kind)
    source = _source(source, mapping)
    wanted = replace(mapping, source=source) if mapping is not None else queries.mapping_for(kind, source)
    if wanted.kind != kind:
        raise Refused(Problem("wrong_mapping", "the mapping is for another kind", "kind", f"`{wanted.kind}`", f"this import is of {kind}"))
    if mapping is None and wanted != wanted.for_another_file():  # what was said of one file is not said of the next
        wanted = queries.mapping_of_bytes(store.digest(data), kind, source) or wanted.for_another_file()
    if mapping is None and (anew := proposing.said_for_each_file(wanted)) and not repeating.came_before(data, kind, source):
        raise Refused(anew)
    needed = {file: (files or {})[file] for file in references.lookup_files(wanted) if file in (files or {})}
    read_by = references.for_own_file(wanted, data)
    job = _Job(data, shown(name), declared, source, read_by, needed, acting_user, write, mapping is None, replaying)
    upload = receive(data, name=job.name, acting_user=acting_user)
    lookups = {file: receive(content, name=file, acting_user=acting_user) for file, content in needed.items()}
    reading = batches.reading_digest(job.mapping, lookups)
    while True:
        before = repeating.earlier(upload, kind=kind, source=source, reading=reading)
        if before is not None and job.is_fact and before.all_settled and not before.taken_back:
            return outcome.of_batch(before.batch, cut=ledger_queries.head(), settled=True)
        if not write:
            return _preview(job, before)
        batch = batches.begin(upload, name=job.name, kind=kind, source=source, reading=reading, lookups=lookups, acting_user=acting_user)
        reach("batch-begun")
        done = _commit(job, upload, batch, before, wanted)
        if done is not None:
            return done


def _source(source: str, mapping: mappings.Mapping | None) -> str:
    chosen = source or (mapping.source if mapping is not None else "")
    if not chosen:
        raise Refused(
            Problem(
                "no_source",
                "where the file comes from is not known",
                "source",
                hint="write `--source SYSTEM`, or `source:` into the mapping",
            )
        )
    if len(chosen) > 100 or not chosen.isprintable() or chosen != chosen.strip():  # `erp ` would be another system than `erp`
        raise Refused(Problem("bad_source", "a source is a short name", "source", ascii(chosen)[:60], "at most 100 characters"))
    return chosen


def _checked_beside(job: _Job, before: repeating.Earlier | None) -> tuple[Checked, ledger.Repeats | None]:
    """The check of the file, beside what became of the same bytes before."""
    checked = _checked(job)
    if before is None or not (job.is_fact or job.replaying):
        return checked, None
    checked, lines_wait = repeating.narrowed(checked, before, only_waiting_lines=not job.is_fact)
    return checked, ledger.Repeats(before.since, lines_wait, before.taken_back)


def _checked(job: _Job) -> Checked:
    """Read and check; a file that the remembered mapping cannot read may be an export of our own."""
    known = references.known(job.kind)
    try:
        table = read(job.data, job.name, job.mapping.dialect)
        told = references.for_own_export(job.mapping, table, job.kind)
        checked = check(table, told, job.kind, files=job.files, references=known)
        if job.remembered and not job.mapping.columns and (lost := proposing.lost_columns(checked, job.kind.name, job.source)):
            raise Refused(lost)
        return checked
    except Refused:
        exported = references.own_export(job.data, job.name, job.kind) if job.remembered else None
        if exported is None:
            raise
        own = mappings.Mapping(job.kind.name, job.source, extra="ignore", negatives="allowed")
        return check(exported, own, job.kind, references=known)


def _scope(job: _Job, checked: Checked) -> tuple[ledger.Replaces | None, list[Problem]]:
    """What the file replaces; nothing while rows of it wait in quarantine, because they may be among what is missing."""
    if not job.mapping.replaces or not job.is_fact:
        return None, []
    if checked.quarantined or checked.repeated:
        return None, [landing.left_in_place(checked.quarantined + checked.repeated)]
    covers = job.mapping.covers
    days = (covers.first_day, covers.last_day) if covers else None
    return landing.replaced_scope(checked, job.mapping.replaces, days), []


def _preview(job: _Job, before: repeating.Earlier | None) -> Outcome:
    checked, repeats = _checked_beside(job, before)
    replaces, notes = _scope(job, checked)
    changes = None
    if job.is_fact:
        found = ledger.classify(job.kind.name, checked.lines, source=job.source, replaces=replaces, repeats=repeats)
        landed, changes = landing.of_facts(checked, found), difference.of_classified(found)
        notes += noticing.noticed(found)
    else:
        landed = landing.of_master(checked, write=False, acting_user=job.acting_user, batch=0, note=job.name)
    unmatched = match_parties(landed.parties if job.is_fact else None, source=job.source).rows
    cut = ledger_queries.head()
    if before is not None and _nothing_new(checked, landed, before):
        return _already(job, checked, landed, before, cut)
    done = _outcome(job, checked, landed, batch=None, unmatched=unmatched, cut=cut, notes=notes)
    problems = _problems(checked, landed)
    reasons = {"causes": tuple(causes.grouped(checked, problems)), "bad": causes.bad_rows(problems), "span": causes.span(checked)}
    return replace(done, difference=changes, **reasons)  # type: ignore[arg-type]


def _commit(job: _Job, upload: Upload, batch: Batch, before: repeating.Earlier | None, wanted: mappings.Mapping) -> Outcome | None:
    """None: somebody else finished something about the same bytes meanwhile; look again."""
    prepared, known_at = None, ledger_queries.head()
    try:
        checked, repeats = _checked_beside(job, before)
        reach("checked")
        pacing.step(1, checked.rows_in)
        replaces, notes = _scope(job, checked)
        if job.is_fact:
            prepared = ledger.prepare(job.kind.name, checked.lines, source=job.source, batch=batch.pk, replaces=replaces, repeats=repeats)
            notes += noticing.noticed(prepared.classified)
        reach("lines-prepared")
        pacing.step(2, checked.rows_in)
    except Refused as refused:
        batches.refuse(batch, refused.problems)
        raise
    with ledger.committing(acting_user=job.acting_user, batch=batch.pk, note=job.name) as commit:
        locked = Batch.objects.select_for_update().filter(pk=batch.pk).first()
        if locked is not None and locked.status != Batch.RECEIVED:  # somebody else finished the same bytes meanwhile
            return outcome.of_batch(locked, cut=commit.seq - 1)
        if locked is None or before != repeating.earlier(upload, kind=job.kind.name, source=job.source, reading=batch.reading):
            return None
        if prepared is not None:
            landed = landing.of_facts(checked, prepared.into(commit).classified)
        else:
            landed = landing.of_master(checked, write=True, acting_user=job.acting_user, batch=batch.pk, note=job.name)
        if before is not None and _nothing_new(checked, landed, before):
            locked.delete()
            return _already(job, checked, landed, before, commit.seq - 1)
        meant = match_parties(landed.parties if job.is_fact else None, source=job.source)
        remember_found(meant, source=job.source, acting_user=job.acting_user, note=job.name)
        if job.is_fact and job.mapping.covers:
            lines = coverage_lines(job.mapping.covers, landed.accepted + landed.duplicates + checked.repeated, _today())
            ledger.prepare("coverage", lines, source=job.source, batch=batch.pk).into(commit)
        cut = commit.seq - 1 if commit.is_empty else commit.seq
        done = _outcome(job, checked, landed, batch=batch.pk, unmatched=meant.rows, cut=cut, notes=notes)
        comes_back = before is not None or job.replaying or job.mapping.ours
        locked.read_again = known_at
        locked.mapping = remember_mapping(wanted, acting_user=job.acting_user, anew=not comes_back)
        batches.finish(locked, done, checked, _problems(checked, landed), mapping=job.mapping, acting_user=job.acting_user)
        if job.kind.name in ("partners", "aliases"):
            match_waiting(acting_user=job.acting_user)
        reach("batch-finished")
    pacing.step(pacing.STEPS, checked.rows_in)
    return done


def _nothing_new(checked: Checked, landed: landing.Landed, before: repeating.Earlier) -> bool:
    """Whether the bytes that were loaded before bring nothing this time, and none of their waiting rows is settled."""
    return not landed.accepted and not landed.reversed and checked.quarantined + landed.quarantined >= len(before.open)


def _already(job: _Job, checked: Checked, landed: landing.Landed, before: repeating.Earlier, cut: int) -> Outcome:
    """The outcome of bytes that bring nothing new: that of the batch which had loaded them."""
    done = _outcome(job, checked, landed, batch=before.batch.pk, unmatched=0, cut=cut, notes=[])
    return replace(done, name=before.batch.name, already=before.batch.pk, notes=(), examples=(), preview={})


def _today() -> date:
    return timezone.localdate()


def _problems(checked: Checked, landed: landing.Landed) -> pl.DataFrame:
    return (
        pl.concat([checked.problems, landed.problems]).sort("position", maintain_order=True) if landed.problems.height else checked.problems
    )


def _outcome(
    job: _Job, checked: Checked, landed: landing.Landed, *, batch: int | None, unmatched: int, cut: int, notes: list[Problem]
) -> Outcome:
    if job.mapping.replaces and landed.quarantined and not any(note.code == "nothing_replaced" for note in notes):
        notes = [*notes, landing.left_in_place(landed.quarantined)]
    sums = checked.amounts
    both = dict(sums.quarantined)
    for currency, value in landed.sums.get("quarantined", {}).items():
        both[currency] = both.get(currency, 0) + value
    repeated = dict(landed.sums.get("duplicates", {}))
    for currency, value in checked.repeated_amounts.items():
        repeated[currency] = repeated.get(currency, 0) + value
    amounts = outcome.buckets(**{
        "in": sums.total, "accepted": landed.sums.get("accepted", {}), "quarantined": both,
        "duplicates": repeated, "filtered": sums.filtered,
    })  # fmt: skip
    done = Outcome(
        job.name, job.kind.name, job.source, batch, checked.rows_in, landed.accepted, landed.restated,
        checked.quarantined + landed.quarantined, landed.duplicates + checked.repeated, checked.blank,
        sum(checked.filtered.values()), unmatched, amounts, cut, landed.reversed, None, checked.filtered,
        (*checked.table.notes, *checked.notes, *notes), tuple(_examples(job, checked, landed)), _first_values(checked),
    )  # fmt: skip
    done.assert_conserved()
    return done


def _first_values(checked: Checked) -> dict[str, list[str]]:
    """How the first cells of each column were read: what a person confirms in a preview."""
    lines = checked.lines
    return {
        name: [_natural(checked.kind, name, value) for value in lines[name].drop_nulls().head(limits.EXAMPLES)] for name in checked.read
    }


def _natural(kind: Kind, name: str, value: object) -> str:
    unit = kind.by_name[name].type
    return to_text(value, unit) if isinstance(value, int) and unit in DECIMALS else str(value)


def _examples(job: _Job, checked: Checked, landed: landing.Landed) -> list[Problem]:
    """The first fifty problems, each with its place."""
    numbers = checked.table.source_rows
    found = [replace(one.problem, where=_where(job, checked, one)) for one in checked.table.unreadable[:50]]
    for row in _problems(checked, landed).head(50 - len(found)).iter_rows(named=True):
        where = f"{job.name}, row {shown_row(numbers[row['position']])}, column `{row['column']}`"
        text = outcome.shown_text(row["found"])
        found.append(Problem(row["code"], row["message"], where, f"`{text}`" if text else "", row["hint"]))
    return found


def _where(job: _Job, checked: Checked, row: Unreadable) -> str:
    column = checked.table.column_of(row)
    return f"{job.name}, row {shown_row(row.source_row)}" + (f", column `{column}`" if column else "")
