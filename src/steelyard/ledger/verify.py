"""Proof that nothing was altered: files, rows, commits, histories and the chain between them. Reads all, writes nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from steelyard.calc.errors import Problem
from steelyard.calc.facts import FACTS, Kind

from . import hashing, histories, live_tail, models, schema, segments
from .chain import link_hash
from .sealing import seals_of

_AT_A_TIME = 8 * segments.ROW_GROUP  # rows in memory at once
Seals = dict[tuple[str, int], list[hashing.Hashes]]


@dataclass(slots=True)
class Report:
    """What was found: problems (none is good) and how much was checked."""

    problems: list[Problem] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    seq: int = 0
    hash: str = ""

    @property
    def ok(self) -> bool:
        """Whether everything is as it was recorded."""
        return not self.problems

    def count(self, name: str, number: int = 1) -> None:
        """Add to a figure."""
        self.figures[name] = self.figures.get(name, 0) + number

    def add(self, code: str, message: str, where: str = "", found: object = "", hint: str = "restore from a backup") -> None:
        """Add a problem."""
        self.problems.append(Problem(code, message, where, str(found), hint))


def verify(*, checkpoint: str = "") -> Report:
    """Check everything against the chain. ``checkpoint`` is `seq:hash` as printed by an earlier run and kept elsewhere:
    with it, commits cut off the end of the chain are noticed too."""
    report = Report()
    commits = list(models.Commit.objects.order_by("seq"))
    _check_chain(report, commits)
    _check_checkpoint(report, commits, checkpoint)
    found: Seals = defaultdict(list)
    for segment in models.Segment.objects.filter(removed_at__isnull=True):
        _check_segment(report, segment, found)
    for kind in FACTS.values():
        _check_tail(report, kind, found)
    _check_retired(report, commits)
    _check_digests(report, commits, found)
    for model in histories.history_models():
        _check_history(report, commits, model)
    return report


def _check_chain(report: Report, commits: list[models.Commit]) -> None:
    """Numbers without gaps, each link over the one before it, the head at the end."""
    previous = ""
    for expected, commit in enumerate(commits, start=1):
        report.count("commits")
        where = f"commit {commit.seq}"
        if commit.seq != expected:
            report.add("chain_gap", "a commit is missing", f"commit {expected}", f"{commit.seq} in its place")
            previous = commit.previous_hash
            report.problems.extend(_link_problem(commit, previous, where))
            previous = commit.hash
            break
        report.problems.extend(_link_problem(commit, previous, where))
        previous = commit.hash
    head = models.Head.objects.filter(pk=1).first() or models.Head()
    last = commits[-1] if commits else models.Commit(seq=0, hash="")
    report.seq, report.hash = last.seq, last.hash
    if (head.seq, head.hash) != (last.seq, last.hash):
        report.add("head_differs", "the head does not point to the last commit", f"head {head.seq}", f"last commit {last.seq}")


def _link_problem(commit: models.Commit, previous: str, where: str) -> list[Problem]:
    problems = []
    if commit.previous_hash != previous:
        problems.append(Problem("chain_broken", "the commit does not follow the one before it", where))
    if commit.hash != link_hash(commit):
        problems.append(Problem("commit_altered", "the commit's content does not give its hash", where))
    return problems


def _check_checkpoint(report: Report, commits: list[models.Commit], checkpoint: str) -> None:
    if not checkpoint:
        return
    seq, _, expected = checkpoint.partition(":")
    found = next((commit.hash for commit in commits if str(commit.seq) == seq), None)
    if found != expected:
        report.add("checkpoint_differs", "the chain does not contain the checkpoint", f"commit {seq}", found or "no such commit")


def _check_segment(report: Report, segment: models.Segment, found: Seals) -> None:
    """One file: there, unaltered, with the rows and hashes it says."""
    path, where = segments.root() / segment.path, f"segment {segment.number} ({segment.path})"
    report.count("segments")
    if not path.is_file():
        report.add("file_missing", "the file is missing", where)
        return
    report.count("bytes", path.stat().st_size)
    if segments.file_digest(path) != segment.sha256:
        report.add("file_altered", "the file's bytes do not give its SHA-256", where)
        return
    kind, held = FACTS[segment.kind], 0
    lazy = segments.scan(kind, [segment], segment.last_seq, list(schema.readable(kind)))
    while (frame := lazy.slice(held, _AT_A_TIME).collect()).height:
        held += frame.height
        if segment.replaced_at is None:
            _collect(report, kind, frame, found, where)
    report.count("rows", held)
    if held != segment.rows:
        report.add("row_count", f"the file should hold {segment.rows} rows", where, held)


def _check_tail(report: Report, kind: Kind, found: Seals) -> None:
    rows = models.TailRow.objects.filter(kind=kind.name, state=models.TailRow.LIVE)
    frame = live_tail.frame_of(kind, rows.values_list("payload", "system", "row_id", "commit_seq"))
    if frame.height:
        report.count("tail rows", frame.height)
        _collect(report, kind, frame, found, f"tail of {kind.name}")


def _collect(report: Report, kind: Kind, frame: pl.DataFrame, found: Seals, where: str) -> None:
    """Compute every hash anew; gather the rows' seals by commit."""
    content = hashing.as_column("content_hash", hashing.row_hashes(frame, kind.schema, start=kind.name))
    wrong = int((content != frame.get_column("content_hash")).sum())
    if wrong:
        report.add("content_altered", "rows do not give their content hash", where, f"{wrong} rows")
    seals = seals_of(kind, frame.with_columns(content))
    seqs = frame.get_column(schema.COMMIT_SEQ).to_numpy()
    order = np.argsort(seqs, kind="stable")
    numbers, starts = np.unique(seqs[order], return_index=True)
    for number, part in zip(numbers, np.split(seals[order], starts[1:]), strict=True):
        found[kind.name, int(number)].append(part)


def _check_retired(report: Report, commits: list[models.Commit]) -> None:
    """Segments are retired by the commits that say so, and by no other."""
    said = {(number, commit.seq) for commit in commits for number in commit.retired}
    listed = set(models.Segment.objects.filter(retired_seq__isnull=False).values_list("number", "retired_seq"))
    for number, seq in sorted(said ^ listed):
        report.add("retirement_differs", "the commit and the list of segments disagree on a retirement", f"commit {seq}", number)


def _check_digests(report: Report, commits: list[models.Commit], found: Seals) -> None:
    """The rows found for each commit give the digest it recorded; no rows belong to no commit."""
    for commit in commits:
        for kind, recorded in commit.facts.items():
            parts = found.pop((kind, commit.seq), [])
            seals = np.concatenate(parts) if parts else np.empty(0, dtype=np.uint64)
            where = f"commit {commit.seq}, {kind}"
            if len(seals) != recorded["rows"]:
                report.add("row_count", f"the commit recorded {recorded['rows']} rows", where, len(seals))
            elif hashing.digest(seals) != recorded["digest"]:
                report.add("digest_differs", "the rows do not give the digest that the commit recorded", where)
    for kind, seq in sorted(found):
        report.add("unknown_commit", "rows say they belong to a commit that did not record them", f"commit {seq}, {kind}")


def _check_history(report: Report, commits: list[models.Commit], model: type[histories.History]) -> None:
    """The rows of one history give, commit by commit, the digests recorded."""
    label = model._meta.label_lower
    names = [field.attname for field in histories.value_fields(model)]
    at = names.index("commit_seq")
    rows: dict[int, list[Any]] = defaultdict(list)
    for values in model._default_manager.values_list(*names):
        rows[values[at]].append(values)
        report.count("history rows")
    for commit in commits:
        recorded = commit.histories.get(label)
        here = rows.pop(commit.seq, [])
        if recorded is None and not here:
            continue
        where = f"commit {commit.seq}, {label}"
        if recorded is None or len(here) != recorded["rows"]:
            report.add("history_count", f"the commit recorded {recorded['rows'] if recorded else 0} rows", where, len(here))
        elif histories.rows_digest(model, here) != recorded["digest"]:
            report.add("history_altered", "the history rows do not give the digest that the commit recorded", where)
    for seq in sorted(rows):
        report.add("unknown_commit", "history rows say they belong to a commit that does not exist", f"commit {seq}, {label}")
