"""What the ledger remembers in the database: the chain of commits, the list of segments, the tail.

Facts themselves lie in Parquet segments; a row here makes a segment visible. Commits are never updated or deleted
(a trigger refuses it); segments and tail rows only move forward through their states.
"""

from __future__ import annotations

from django.db import models


class Head(models.Model):
    """The one row that writers lock: the newest commit, and a counter of layout changes for readers."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")
    layout = models.BigIntegerField(default=0)  # grows with every change of the list of segments or of the live tail

    def __str__(self) -> str:
        return f"head at {self.seq}"


class Counter(models.Model):
    """Numbers reserved ahead of use, so that a file has its name before it has its commit."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


class Commit(models.Model):
    """One link of the chain: everything that became known together. Its number is the data cut."""

    seq = models.BigIntegerField(primary_key=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    cause = models.CharField(max_length=20)
    actor = models.CharField(max_length=150)  # the user's name as a value: it outlives the account
    note = models.CharField(max_length=500, default="", blank=True)
    batch = models.BigIntegerField(default=0, db_index=True)
    made_at = models.DateTimeField()
    facts = models.JSONField(default=dict)  # kind -> {"rows", "digest", counts by cause}
    histories = models.JSONField(default=dict)  # model -> {"rows", "digest"}
    retired = models.JSONField(default=list)  # numbers of the segments this commit retired

    class Meta:
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"commit {self.seq}, {self.cause}"


class Segment(models.Model):
    """One immutable Parquet file of facts of one kind.

    Visible at a cut when ``added_seq <= cut`` and it is not yet retired there. A segment that carries the column
    ``commit_seq`` (sealed or compacted) holds rows of many commits and is filtered row by row. ``replaced_at`` says
    that compaction moved its rows elsewhere: readers no longer list it, its file stays until it is old enough.
    """

    number = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=40)
    path = models.CharField(max_length=200, unique=True)  # relative to the home
    rows = models.BigIntegerField()
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    first_date = models.DateField(null=True)
    last_date = models.DateField(null=True)
    schema_version = models.IntegerField()
    carries_seq = models.BooleanField(default=False)
    added_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()  # newest commit whose rows it holds
    retired_seq = models.BigIntegerField(null=True)
    replaced_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["kind", "added_seq"])]

    def __str__(self) -> str:
        return f"segment {self.number} of {self.kind}"


class TailRow(models.Model):
    """A single fact in real time: received (durable, acknowledged), live (its key resolved, part of a commit), sealed."""

    RECEIVED, LIVE, SEALED, SETTLED = "received", "live", "sealed", "settled"

    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=100)
    delivery = models.CharField(max_length=200, default="", blank=True)  # the sender's own id: re-delivery is recognised
    place = models.PositiveIntegerField(default=0)  # of the row within its delivery
    cancels = models.BooleanField(default=False)  # the payload is a key (without `line`: of a whole document) that counts no longer
    payload = models.JSONField()  # column -> value, dates as ISO text
    state = models.CharField(max_length=10, default=RECEIVED)
    outcome = models.CharField(max_length=20, default="", blank=True)  # new, restated, duplicate, outdated, cancelled, nothing to cancel
    actor = models.CharField(max_length=150)
    received_at = models.DateTimeField()
    commit_seq = models.BigIntegerField(null=True)
    row_id = models.BigIntegerField(null=True)
    system = models.JSONField(default=dict)  # the ledger's own columns, once live

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "kind"])]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "delivery", "place"], condition=~models.Q(delivery=""), name="one_row_a_place_of_a_delivery"
            ),
            models.UniqueConstraint(fields=["row_id"], condition=models.Q(row_id__isnull=False), name="one_tail_row_a_row_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} row {self.pk}, {self.state}"
