"""What was compared and what came of it: never rewritten. Whom a part was shared with, and until when."""

from __future__ import annotations

from django.db import models


class Comparison(models.Model):
    """A workbook held against a run. Only added; a comparison that is no longer wanted is retired."""

    name = models.CharField(max_length=200)  # of the workbook's file, as it may be shown
    sha256 = models.CharField(max_length=64)  # of its bytes, kept by intake's store
    mapping = models.TextField(max_length=100_000)
    mapping_sha256 = models.CharField(max_length=64)
    run = models.ForeignKey("scorecards.Run", on_delete=models.PROTECT, related_name="comparisons")
    framework = models.CharField(max_length=100)
    period = models.CharField(max_length=40)
    whole = models.BooleanField()  # whether every partner of the workbook was compared, not only those somebody may see
    summary = models.JSONField()  # counts, what was read, problems, reasons: `telling.summary`
    result_sha256 = models.CharField(max_length=64)  # of the summary and all parts
    once = models.CharField(max_length=64, unique=True)  # of the order it came from: pressed twice, compared once
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    created_by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("framework", "period"), name="comparison_by_period"),)

    def __str__(self) -> str:
        return f"comparison {self.pk}: {self.name}"


class Part(models.Model):
    """What a comparison says of one subject: its figures with their steps, its reasons with their lines. Only added."""

    comparison = models.ForeignKey(Comparison, on_delete=models.PROTECT, related_name="parts")
    subject = models.CharField(max_length=300)
    partner = models.CharField(max_length=200, blank=True, db_index=True)  # whose it is; blank where partners are not scored
    name = models.CharField(max_length=300)  # as it was called when compared
    equal = models.BooleanField()
    told = models.JSONField()  # `telling.part`

    class Meta:
        ordering = ("comparison", "pk")
        constraints = (models.UniqueConstraint(fields=("comparison", "subject"), name="comparison_part_once"),)

    def __str__(self) -> str:
        return f"{self.subject} in comparison {self.comparison_id}"


class Retirement(models.Model):
    """That a comparison is no longer shown in lists, nor to partners. Only added."""

    comparison = models.OneToOneField(Comparison, on_delete=models.PROTECT, related_name="retirement")
    reason = models.CharField(max_length=500, blank=True)
    retired_at = models.DateTimeField()
    retired_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"comparison {self.comparison_id} retired"


class Share(models.Model):
    """That a partner may open its own part in the portal, until somebody takes it back."""

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="shares")
    partner = models.CharField(max_length=200, db_index=True)
    note = models.CharField(max_length=500, blank=True)  # what the partner is told
    shared_at = models.DateTimeField()
    shared_by = models.CharField(max_length=150)
    shared_by_name = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("part",), condition=models.Q(revoked_at=None), name="part_shared_once"),)

    def __str__(self) -> str:
        return f"{self.part} shared with {self.partner}"
