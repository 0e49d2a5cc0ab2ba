"""What intake remembers: raw files, batches, quarantined rows, mappings. Facts themselves lie in the ledger."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from .reading.table import SHEET_STEP, shown_row

# every row of a file is in exactly one of these
BUCKETS = ("accepted", "quarantined", "duplicates", "blank", "filtered")


class Upload(models.Model):
    """The raw bytes of a file, stored under their SHA-256 before anybody reads them."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    name = models.CharField(max_length=255)  # as first sent; shown, never used as a path
    received_at = models.DateTimeField()
    actor = models.CharField(max_length=150)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.sha256[:12]})"


class MappingVersion(models.Model):
    """How files of one source and kind are read; the newest is used where none is given. Versions never change."""

    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=100)
    number = models.IntegerField()
    text = models.TextField()  # YAML
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    actor = models.CharField(max_length=150)

    class Meta:
        ordering = ["kind", "source", "number"]
        constraints = [models.UniqueConstraint(fields=["kind", "source", "number"], name="mapping_version")]

    def __str__(self) -> str:
        return f"{self.kind} from {self.source}, version {self.number}"


class Batch(models.Model):
    """One file (or nil report) on its way into the ledger. Its id is the batch number."""

    RECEIVED, COMMITTED, REFUSED, UNDONE = "received", "committed", "refused", "undone"

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True)
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    sheet = models.CharField(max_length=100, blank=True)
    mapping = models.ForeignKey(MappingVersion, on_delete=models.PROTECT, null=True)
    reading = models.CharField(max_length=64)  # digest of the mapping and of all look-up files
    lookups = models.JSONField(default=dict)  # file name -> sha256 of its upload
    status = models.CharField(max_length=10, default=RECEIVED)
    headers = models.JSONField(default=list)
    rows_in = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    restated = models.BigIntegerField(default=0)  # part of accepted
    quarantined = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    blank = models.BigIntegerField(default=0)
    filtered = models.BigIntegerField(default=0)
    unmatched = models.BigIntegerField(default=0)  # part of accepted
    reversed = models.BigIntegerField(default=0)  # lines taken out because the file replaces its scope
    filters = models.JSONField(default=dict)  # reason -> rows left out
    amounts = models.JSONField(default=dict)  # currency -> bucket -> decimal text
    notes = models.JSONField(default=list)  # warnings
    problems = models.JSONField(default=list)  # why it was refused
    covers = models.JSONField(default=dict)
    cut = models.BigIntegerField(null=True)  # the ledger's head when it was done
    read_again = models.BigIntegerField(default=0)  # the ledger's head when it was read again by itself
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)  # of its present status
    actor = models.CharField(max_length=150)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "source", "status"])]
        constraints = [
            models.CheckConstraint(
                name="batch_rows_conserved",
                condition=Q(rows_in=F("accepted") + F("quarantined") + F("duplicates") + F("blank") + F("filtered")),
            ),
            models.CheckConstraint(
                name="batch_parts_of_accepted",
                condition=Q(restated__lte=F("accepted"), unmatched__lte=F("accepted"), restated__gte=0, unmatched__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}: {self.name}"


class Delivery(models.Model):
    """A file handed in through the pages, with everything that was said about it so far: it can be left, and gone on with."""

    OPEN, LANDED, ASIDE = "open", "landed", "aside"

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT)
    name = models.CharField(max_length=255)  # as sent this time
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=100)
    mapping = models.TextField(blank=True)  # YAML; blank: as the last file of this kind and source, and what is found out
    lookups = models.JSONField(default=dict)  # file name -> sha256 of its upload
    version = models.IntegerField(default=0)  # counts what was said, so that two tabs do not overwrite each other
    state = models.CharField(max_length=10, default=OPEN)
    looked_by = models.BigIntegerField(null=True)  # the job that checks a large one, as it was said last
    job = models.BigIntegerField(null=True)  # that brings it in
    batch = models.ForeignKey(Batch, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    actor = models.CharField(max_length=150)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "-id"], name="delivery_state")]

    def __str__(self) -> str:
        return f"{self.name} from {self.source}"


class QuarantinedRow(models.Model):
    """A row that was not accepted, whole and raw, with every reason; resolved when a later file brings it right."""

    OPEN, RESOLVED = "open", "resolved"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="quarantine")
    source_row = models.BigIntegerField()  # as the spreadsheet shows it
    column = models.CharField(max_length=300, blank=True)  # header as written; of the first problem, as all below
    found = models.TextField(blank=True)
    code = models.CharField(max_length=40)
    message = models.TextField()
    hint = models.TextField(blank=True)
    others = models.JSONField(default=list)  # further problems of the row: column, found, code, message, hint
    cells = models.JSONField(default=list)  # the raw row
    state = models.CharField(max_length=10, default=OPEN)
    resolved_by = models.ForeignKey(Batch, on_delete=models.SET_NULL, null=True, related_name="resolved")

    class Meta:
        ordering = ["batch", "source_row", "id"]
        indexes = [models.Index(fields=["batch", "state", "source_row"]), models.Index(fields=["state", "code"])]

    def __str__(self) -> str:
        return f"row {self.source_row} of batch {self.batch_id}: {self.code}"

    @property
    def place(self) -> str:
        """Its row as people find it: the number, and which sheet where several were read."""
        return f"{self.source_row:,}" if self.source_row < SHEET_STEP else shown_row(self.source_row)


class DifferentSales(models.Model):
    """Somebody decided that two rows of two systems are two sales, though they look like one; by their keys, which stay."""

    kind = models.CharField(max_length=40)
    partner = models.CharField(max_length=200)
    day = models.DateField()
    first_source = models.CharField(max_length=100)  # the one that comes first by name
    first_key = models.BigIntegerField()
    first_ordinal = models.IntegerField()
    second_source = models.CharField(max_length=100)
    second_key = models.BigIntegerField()
    second_ordinal = models.IntegerField()
    actor = models.CharField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "first_key", "first_ordinal", "second_key", "second_ordinal"], name="different_sales_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.partner} on {self.day}: {self.first_source} and {self.second_source}"
