"""Immutable framework versions: the text as people wrote it, the vectors that prove it, and when it was applied."""

from __future__ import annotations

from django.db import models


class FrameworkVersion(models.Model):
    """One version of a framework. The text is never changed; a correction is a new version. Its vectors may be added to later."""

    code = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    digest = models.CharField(max_length=64)  # of the text; of a region's, and of its base's
    vectors = models.TextField(blank=True, default="")
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="regions")  # what a region is a difference to
    effective = models.DateField(null=True)
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=150)  # stored as a value, like every actor

    class Meta:
        ordering = ("code", "version")
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="framework_version_unique"),
            models.UniqueConstraint(fields=("code", "digest"), name="framework_text_once"),
        )

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def base_text(self) -> str:
        """The text of the base that a region is a difference to; empty for a framework of its own."""
        return self.base.text if self.base else ""
