"""Every read of the ledger: the head, facts as of a cut, histories as of a cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db import connection
from django.db import models as django_models
from django.db.models import Q
from django.utils import timezone

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.facts import FACTS

from . import histories, live_tail, models, schema, segments
from .scope import EVERYTHING, Scope

Delivered = models.TailRow
TOO_LONG = timedelta(seconds=30)
MANY = 20_000  # rows of the tail

__all__ = [
    "EVERYTHING", "Delivered", "Part", "Scope", "chain_hash", "delivered", "facts", "head", "history", "kinds_held", "known_through",
    "parts", "same_histories", "tip",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a kind's facts at a cut: a segment, or the live tail (number 0).

    A part with ``carries_seq`` has the column ``commit_seq`` and may hold rows newer than the cut: use `scan`, which
    filters. ``fixed`` parts never change between cuts and may be cached by number.
    """

    number: int
    kind: str
    path: str
    rows: int
    added_seq: int
    last_seq: int
    carries_seq: bool
    first_date: date | None
    last_date: date | None
    segment: models.Segment | None
    frame: pl.DataFrame | None
    cut: int

    @property
    def fixed(self) -> bool:
        """Whether every row of the part is within the cut, so that its sums depend on its number alone."""
        return self.segment is not None and self.last_seq <= self.cut

    def scan(self, columns: Sequence[str] | None = None) -> pl.LazyFrame:
        """The part's rows up to the cut."""
        kind = schema.kind_named(self.kind)
        wanted = list(columns or schema.readable(kind))
        if self.segment is None:
            assert self.frame is not None
            return self.frame.lazy().select(wanted)
        return segments.scan(kind, [self.segment], self.cut, wanted)


def head() -> int:
    """The newest commit: the cut that sees everything. 0 in an empty ledger."""
    return tip()[0]


def tip() -> tuple[int, str]:
    """The newest commit and its hash: what is kept in memory about the ledger is true as long as this is."""
    with connection.cursor() as cursor:  # in plain words: each page asks, some several times
        cursor.execute("SELECT seq, hash FROM ledger_head WHERE id = 1")
        return cursor.fetchone() or (0, "")


def same_histories(kept: tuple[int, str], now: tuple[int, str]) -> bool:
    """Whether no master history changed between two tips, the first of which must lie on this chain."""
    if kept == now:
        return True
    known = models.Commit.objects.filter(seq=kept[0], hash=kept[1]) if kept[0] < now[0] else models.Commit.objects.none()
    return known.exists() and not models.Commit.objects.filter(seq__gt=kept[0], seq__lte=now[0]).exclude(histories={}).exists()


def facts_changed(after: int, until: int) -> bool:
    """Whether any commit later than one cut, up to another, said something about facts."""
    return models.Commit.objects.filter(seq__gt=after, seq__lte=until).exclude(facts={}, retired=[]).exists()


def anything_received() -> bool:
    """Whether single facts wait to be settled."""
    return models.TailRow.objects.filter(state=models.TailRow.RECEIVED).exists()


def anything_left_behind() -> bool:
    """Whether a single fact waits for longer than any should: the worker failed to settle it."""
    return models.TailRow.objects.filter(state=models.TailRow.RECEIVED, received_at__lt=timezone.now() - TOO_LONG).exists()


def many_live() -> bool:
    """Whether so many single facts lie in the tail that a segment would be quicker to read."""
    return models.TailRow.objects.filter(state=models.TailRow.LIVE)[MANY : MANY + 1].exists()


def anything_live() -> bool:
    """Whether single facts lie in the tail that could be sealed into a segment."""
    return models.TailRow.objects.filter(state=models.TailRow.LIVE).exists()


def delivered(*, actor: str, source: str = "", delivery: str = "") -> django_models.QuerySet[Delivered]:
    """Rows that somebody sent one by one and that are still remembered; of one source, of one delivery."""
    found = models.TailRow.objects.filter(actor=actor).exclude(outcome="reversal")
    found = found.filter(source=source) if source else found
    return found.filter(delivery=delivery) if delivery else found


def commits(numbers: Iterable[int]) -> dict[int, models.Commit]:
    """Who committed when and why, by number."""
    return models.Commit.objects.in_bulk(list(set(numbers)))


def numbers_of(actor: str, *, cause: str, most: int) -> list[int]:
    """The last commits of somebody for one cause, the newest first."""
    return list(models.Commit.objects.filter(actor=actor, cause=cause).order_by("-seq").values_list("seq", flat=True)[:most])


def actors_of(history: str) -> list[str]:
    """Everybody who ever said something in a history, named by its table's label."""
    return sorted(models.Commit.objects.filter(histories__has_key=history).order_by().values_list("actor", flat=True).distinct())


def numbers_by(actor: str) -> django_models.QuerySet[models.Commit, int]:
    """The numbers of somebody's commits, to be asked for within another question."""
    return models.Commit.objects.filter(actor=actor).order_by().values_list("seq", flat=True)


def commits_by(actor: str, *, after: int, until: int) -> list[models.Commit]:
    """What somebody committed later than one cut and up to another."""
    return list(models.Commit.objects.filter(actor=actor, seq__gt=after, seq__lte=until))


def chain_hash(cut: int) -> str:
    """The hash of the commit at a cut: two ledgers that agree on it hold the same facts and histories up to there."""
    return models.Commit.objects.filter(seq=cut).values_list("hash", flat=True).first() or ""


def parts(kind_name: str, cut: int | None = None) -> list[Part]:
    """The segments and the live tail that hold a kind's facts at a cut, read as one consistent listing.

    Sealing moves rows from the tail to a segment between two statements of a reader; the layout counter tells, and
    the reader looks again.
    """
    kind = schema.kind_named(kind_name)
    while True:
        now = live_tail.at_head()
        at = now.seq if cut is None else cut
        listed = list(listed_segments(kind_name, at))
        kept = live_tail.read(kind, now)
        if live_tail.at_head().layout == now.layout:
            break
    live_tail.keep(kind, kept)
    tail = kept.frame if at >= now.seq else kept.frame.filter(pl.col(schema.COMMIT_SEQ) <= at)
    found = [
        Part(
            segment.number, kind_name, segment.path, segment.rows, segment.added_seq, segment.last_seq,
            segment.carries_seq, segment.first_date, segment.last_date, segment, None, at,
        )
        for segment in listed
    ]  # fmt: skip
    if tail.height:
        first, last = (tail[kind.date].min(), tail[kind.date].max()) if kind.date else (None, None)
        seqs = tail[schema.COMMIT_SEQ]
        low, high = int(seqs.min()), int(seqs.max())  # type: ignore[arg-type]
        found.append(Part(0, kind_name, "", tail.height, low, high, True, first, last, None, tail, at))  # type: ignore[arg-type]
    return found


def kinds_held() -> list[str]:
    """The kinds of which any fact was ever added, in the catalogue's order: pages that look at every kind look at these."""
    in_segments = models.Segment.objects.order_by().values_list("kind", flat=True)
    held = set(in_segments.union(models.TailRow.objects.order_by().values_list("kind", flat=True)))
    return [name for name in FACTS if name in held]


def listed_segments(kind_name: str, cut: int) -> django_models.QuerySet[models.Segment]:
    """The segments visible at a cut."""
    return models.Segment.objects.filter(
        Q(retired_seq__isnull=True) | Q(retired_seq__gt=cut), kind=kind_name, added_seq__lte=cut, replaced_at__isnull=True
    )


def facts(kind_name: str, *, cut: int | None = None, scope: Scope, columns: Sequence[str] | None = None) -> pl.LazyFrame:
    """The facts of a kind as of a cut (default: the head), as far as the scope sees them.

    Rows come as they were added: a corrected row appears with its reversal (``sign`` -1), so that signed sums are right
    and multiplicities net out. Columns: the kind's own, `schema.LEDGER_COLUMNS` and ``commit_seq``.
    """
    kind = schema.kind_named(kind_name)
    readable = schema.readable(kind)
    wanted = list(columns) if columns is not None else list(readable)
    for name in wanted:
        if name not in readable:
            hint = did_you_mean(name, readable)
            raise Refused(Problem("unknown_column", f"{kind_name} has no such column", found=name, hint=hint))
    needed = wanted if scope.everything else list(dict.fromkeys([*wanted, "source", schema.party_column(kind)]))
    empty = pl.LazyFrame(schema={name: readable[name] for name in needed})
    if not scope.everything and not scope.parties:
        return empty.select(wanted)
    frame = pl.concat([empty, *(part.scan(needed) for part in parts(kind_name, cut))])
    if scope.everything:
        return frame
    return frame.filter(_seen(scope, schema.party_column(kind))).select(wanted)


def _seen(scope: Scope, party_column: str) -> pl.Expr:
    """Whether a row's source and party are among the pairs; pairs without a source are of every source."""
    party = pl.col(party_column)
    everywhere = sorted(key for source, key in scope.parties if not source)
    pairs = sorted(f"{source}\x1f{key}" for source, key in scope.parties if source)
    pair = pl.concat_str(pl.col("source"), party, separator="\x1f")
    among = party.is_in(sorted({key for _, key in scope.parties}))  # first, and alone: it reads few row groups, which are sorted by party
    return among & (party.is_in(everywhere) | pair.is_in(pairs)).fill_null(False)


def rows_numbered(kind_name: str, row_ids: pl.Series, columns: Sequence[str], *, cut: int) -> pl.DataFrame:
    """The rows with these numbers, as they stand in the ledger."""
    from . import lookup  # it reads through this module

    return lookup.by_row_id(schema.kind_named(kind_name), row_ids, cut, list(dict.fromkeys(["row_id", *columns])))


def corrected_keys(kind_name: str, after: int, until: int) -> pl.DataFrame:
    """key_hash and ordinal of the rows that stood at one cut and were reversed since, up to another cut."""
    columns = ["row_id", "sign", "reverses_row_id", "key_hash", "ordinal"]
    late = [
        part.scan([*columns, schema.COMMIT_SEQ]).filter(pl.col(schema.COMMIT_SEQ) > after).select(columns).collect()
        for part in parts(kind_name, until)
        if part.last_seq > after
    ]
    readable = schema.readable(schema.kind_named(kind_name))
    rows = pl.concat([pl.DataFrame(schema={name: readable[name] for name in columns}), *late])
    stood = ~pl.col("reverses_row_id").is_in(rows["row_id"].implode())
    return rows.filter((pl.col("sign") < 0) & stood).select("key_hash", "ordinal").unique()


def rewritten(after: int, until: int) -> set[str]:
    """The kinds whose rows were put in new segments as a whole between two cuts, so that their numbers are others."""
    return set(models.Segment.objects.filter(retired_seq__gt=after, retired_seq__lte=until).values_list("kind", flat=True))


def rows_of_commit(kind_name: str, seq: int, columns: Sequence[str]) -> pl.DataFrame:
    """What one commit added: new rows, and reversals of those it took out."""
    readable = schema.readable(schema.kind_named(kind_name))
    wanted = list(dict.fromkeys([*columns, schema.COMMIT_SEQ]))
    found = [
        part.scan(wanted).filter(pl.col(schema.COMMIT_SEQ) == seq).select(list(columns)).collect()
        for part in parts(kind_name, seq)
        if part.added_seq <= seq <= part.last_seq
    ]
    return pl.concat([pl.DataFrame(schema={name: readable[name] for name in columns}), *found])


def known_through(cut: int | None = None) -> date | None:
    """The last day the data know about: the latest date of a fact that happens (flows), or covered by a report."""
    latest: list[date] = []
    for kind in map(FACTS.__getitem__, kinds_held()):
        if kind.flow and kind.date:
            latest += _latest(kind.name, kind.date, cut)
    latest += _latest("coverage", "until", cut, received="received_on")
    return max(latest, default=None)


def _latest(kind_name: str, day: str, cut: int | None, received: str | None = None) -> list[date]:
    """The latest day with a positive net number of rows, as a list of at most one."""
    frame = facts(kind_name, cut=cut, scope=EVERYTHING, columns=[day, "sign", *([received] if received else [])])
    if received:
        frame = frame.filter(pl.col(received).is_not_null())
    net = frame.group_by(day).agg(pl.col("sign").cast(pl.Int64).sum()).filter(pl.col("sign") > 0)
    found = net.select(pl.col(day).max()).collect().item()
    return [] if found is None else [found]


def history(model: type[histories.History], cut: int | None = None) -> pl.DataFrame:
    """Every row of a history known at a cut, in the order it became known: values, validity, ``commit_seq``."""
    fields = histories.value_fields(model)
    rows = model._default_manager.filter(commit_seq__lte=head() if cut is None else cut).order_by("commit_seq", "pk")
    return pl.DataFrame(
        list(rows.values_list(*(field.attname for field in fields))),
        schema={field.attname: _dtype(field) for field in fields},
        orient="row",
    )


def _dtype(field: django_models.Field[Any, Any]) -> pl.DataType:
    if isinstance(field, django_models.DateField):
        return pl.Date()
    if isinstance(field, django_models.BooleanField):
        return pl.Boolean()
    if isinstance(field, django_models.IntegerField | django_models.ForeignKey):
        return pl.Int64()
    return pl.String()
