"""What attribution remembers besides aliases: credit rules, and which of them is in force since when."""

from __future__ import annotations

from django.db import models


class CreditRule(models.Model):
    """One version of a credit rule. The text is never changed; a correction is a new version."""

    code = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)  # stored as a value, like every actor
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("code", "version")
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="credit_rule_version"),
            models.UniqueConstraint(fields=("code", "digest"), name="credit_rule_text_once"),
        )

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class CreditChoice(models.Model):
    """That a rule is in force from now on; the newest one counts. Version 0: one of the rules that come with the product."""

    code = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.code} v{self.version} since {self.made_at:%Y-%m-%d}"
