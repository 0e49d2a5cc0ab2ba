"""The audit trail: who did what to what, before and after. Rows are only added; a database trigger refuses the rest."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One action. The actor is stored as a value, so that the trail outlives the account."""

    made_at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=250, db_index=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(max_length=500, default="", blank=True)
    origin = models.CharField(max_length=200, default="", blank=True)  # an address, "command line", an API token, a job

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.action} {self.subject} by {self.actor}"
